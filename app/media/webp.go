package media

import (
	"encoding/binary"
	"iter"
)

// firstFrame converts an animated WebP, which the decoder cannot read, to a
// still WebP of the first frame, without the frame's position on the canvas.
// Other data is returned unchanged.
func firstFrame(data []byte) []byte {
	for id, body := range chunks(skip(data, 12)) {
		if id == "ANMF" && len(body) > 16 {
			return still(body[6:12], body[16:])
		}
	}
	return data
}

// still makes a WebP from one frame. size is the width and the height, each
// minus one and in three bytes, as in an ANMF chunk. frame holds the chunks of
// the frame.
func still(size, frame []byte) []byte {
	var out []byte
	for id, body := range chunks(frame) {
		switch id {
		case "ALPH":
			const alpha = 1 << 4
			out = appendChunk(out, "VP8X", append([]byte{alpha, 0, 0, 0}, size...))
			out = appendChunk(out, id, body)
		case "VP8 ", "VP8L":
			out = appendChunk(out, id, body)
			return appendChunk(nil, "RIFF", append([]byte("WEBP"), out...))
		}
	}
	return appendChunk(nil, "RIFF", []byte("WEBP"))
}

// chunks yields the RIFF chunks in data: a name of four letters and a body
// each. It stops at a truncated chunk.
func chunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			id, size, rest := string(data[:4]), int(binary.LittleEndian.Uint32(data[4:])), data[8:]
			if size > len(rest) || !yield(id, rest[:size]) {
				return
			}
			data = skip(rest, size+size&1)
		}
	}
}

func appendChunk(b []byte, id string, body []byte) []byte {
	b = append(b, id...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}
