package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"iter"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// A pngHeader is the header chunk of a PNG.
type pngHeader struct {
	width, height int
	depth, colour byte // bits of a sample, and colour type
	interlaced    bool
}

// Colour types of a PNG.
const (
	pngGray      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGrayAlpha = 4
	pngRGBAlpha  = 6
)

var errNoHeader = errors.New("png: no header")

// headerPNG reads the header chunk. It ignores the checksum.
func headerPNG(data []byte) (pngHeader, error) {
	const start, end = 16, 29
	if len(data) < end || string(data[12:start]) != "IHDR" {
		return pngHeader{}, errNoHeader
	}
	w, h := binary.BigEndian.Uint32(data[start:]), binary.BigEndian.Uint32(data[start+4:])
	return pngHeader{int(w), int(h), data[24], data[25], data[28] != 0}, nil
}

func sizePNG(data []byte) (w, h int, err error) {
	header, err := headerPNG(data)
	return header.width, header.height, err
}

// pixelBits returns the number of bits of a pixel.
func (h pngHeader) pixelBits() int {
	samples := map[byte]int{pngRGB: 3, pngGrayAlpha: 2, pngRGBAlpha: 4}
	return max(1, samples[h.colour]) * int(h.depth)
}

// visitsPNG returns the visits for the bytes of a pixel, which cost half as much again if the
// pixels come in several passes.
func (s *source) visitsPNG() int {
	h, _ := headerPNG(s.data) // measure has read the header
	size := (h.pixelBits() + 7) / 8
	if h.interlaced {
		return 3 * size
	}
	return 2 * size
}

// chunksPNG yields the chunks of a PNG, without regard to their checksums. A
// last chunk that is cut off has a shorter body.
func chunksPNG(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for data = skip(data, len(pngSignature)); len(data) >= 8; {
			size, name, rest := int(binary.BigEndian.Uint32(data)), string(data[4:8]), data[8:]
			if !yield(name, rest[:min(size, len(rest))]) {
				return
			}
			data = skip(rest, size+4)
		}
	}
}

// appendPNG appends a chunk.
func appendPNG(b []byte, name string, body []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	start := len(b)
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// colours returns the chunks for the palette and the transparent colour, as
// far as image/png accepts them.
func (h pngHeader) colours(data []byte) []byte {
	var palette, transparent []byte
	for name, body := range chunksPNG(data) {
		switch {
		case name == "PLTE" && palette == nil && h.colour == pngPalette:
			palette = body[:min(len(body), 3<<min(h.depth, 8))/3*3]
		case name == "tRNS" && transparent == nil:
			transparent = body[:min(len(body), h.transparentBytes(palette))]
		}
	}
	var out []byte
	if len(palette) > 0 {
		out = appendPNG(out, "PLTE", palette)
	}
	if n := len(transparent); n > 0 && (h.colour == pngPalette || n == h.transparentBytes(nil)) {
		out = appendPNG(out, "tRNS", transparent)
	}
	return out
}

// transparentBytes returns the largest number of bytes of a tRNS chunk.
func (h pngHeader) transparentBytes(palette []byte) int {
	return map[byte]int{pngGray: 2, pngRGB: 6, pngPalette: len(palette) / 3}[h.colour]
}

// packedPNG returns the compressed pixels of a PNG, without the two bytes of
// the zlib header.
func packedPNG(data []byte) io.Reader {
	var parts []io.Reader
	left := 2
	for name, body := range chunksPNG(data) {
		if name == "IDAT" {
			cut := min(left, len(body))
			left -= cut
			parts = append(parts, bytes.NewReader(body[cut:]))
		}
	}
	return io.MultiReader(parts...)
}
