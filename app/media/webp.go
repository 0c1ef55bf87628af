package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"iter"
)

// plainWebP returns a still WebP with the pixels only: of the first frame, if the WebP
// is animated. A chunk that is cut off stays so.
func plainWebP(data []byte) []byte {
	for id, body := range chunks(skip(data, 12)) {
		if id == "ANMF" && len(body) > 16 {
			return still(body[6:12], body[16:])
		}
	}
	return still(canvasWebP(data), skip(data, 12))
}

// canvasWebP returns the size in the VP8X chunk, as in an ANMF chunk, or nil.
func canvasWebP(data []byte) []byte {
	for id, body := range chunks(skip(data, 12)) {
		if id == "VP8X" && len(body) >= 10 {
			return body[4:10]
		}
	}
	return nil
}

// placeWebP sets the size of an animated WebP, and the place of the first frame.
func (s *source) placeWebP() {
	const unit = 2 // pixels of an offset
	size, place := canvasWebP(s.uploaded), firstChunk(chunks(skip(s.uploaded, 12)), "ANMF")
	if size == nil || len(place) < 6 {
		return
	}
	w, h := uint24(size)+1, uint24(size[3:])+1
	frame := s.frame.Add(image.Pt(unit*uint24(place), unit*uint24(place[3:])))
	if frame.In(image.Rect(0, 0, w, h)) {
		s.width, s.height, s.frame = w, h, frame
	}
}

// uint24 returns the number in the first three bytes of b, lowest byte first.
func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// still makes a WebP from one frame. size is the width and the height, each
// minus one and in three bytes, as in an ANMF chunk. frame holds the chunks of
// the frame.
func still(size, frame []byte) []byte {
	var out []byte
	for id, body := range chunks(frame) {
		switch id {
		case "ALPH":
			if size == nil || out != nil {
				continue
			}
			const alpha = 1 << 4
			out = appendChunk(out, "VP8X", append([]byte{alpha, 0, 0, 0}, size...))
			out = appendChunk(out, id, body)
		case "VP8L":
			return riff(appendChunk(nil, id, body)) // has its own alpha
		case "VP8 ":
			return riff(appendChunk(out, id, body))
		}
	}
	return riff(nil)
}

func riff(chunks []byte) []byte { return appendChunk(nil, "RIFF", append([]byte("WEBP"), chunks...)) }

// mendWebP returns the WebP, which is from plainWebP, with zeros added to the
// pixels: lost areas continue the colours around. It returns nil if there are
// no pixels.
func mendWebP(data []byte) io.Reader {
	const header = 10
	at := 12
	for id, body := range chunks(skip(data, at)) {
		at += 8
		if id != "VP8 " && id != "VP8L" {
			at += len(body) + len(body)&1
			continue
		}
		w, h, err := sizeWebP(data)
		if err != nil || len(body) <= header {
			return nil
		}
		lost := (w*h/2 + 4096) &^ 1
		if id == "VP8L" {
			lost *= 16 // each pixel takes up to four codes, even of zeros
		}
		head := bytes.Clone(data[:at])
		body = body[:len(body)&^1]
		binary.LittleEndian.PutUint32(head[at-4:], uint32(len(body)+lost))
		binary.LittleEndian.PutUint32(head[4:], uint32(at-8+len(body)+lost))
		return io.MultiReader(bytes.NewReader(head), bytes.NewReader(body), io.LimitReader(zeroReader{}, int64(lost)))
	}
	return nil
}

// zeroReader reads as zeros without an end.
type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// chunks yields the RIFF chunks in data: a name of four letters and a body
// each. A last chunk that is cut off has a shorter body. Some programs leave
// out the zero behind a chunk of odd size.
func chunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(data) >= 8 {
			id, size, rest := string(data[:4]), int(binary.LittleEndian.Uint32(data[4:])), data[8:]
			if !yield(id, rest[:min(size, len(rest))]) {
				return
			}
			data = skip(rest, size)
			if size%2 == 1 && len(data) > 0 && data[0] == 0 {
				data = data[1:]
			}
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
