package mediatest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"slices"
	"sync"
)

// PNG returns an opaque photo with a comment and EXIF.
func PNG(width, height int) []byte {
	return WithChunks(EncodePNG(Photo(width, height)),
		Chunk("tEXt", []byte("Comment\x00taken at home")), Chunk("eXIf", EXIF(1)))
}

// EncodePNG encodes m as PNG, without metadata.
func EncodePNG(m image.Image) []byte {
	var b bytes.Buffer
	check(png.Encode(&b, m))
	return b.Bytes()
}

// WithChunks returns a PNG with chunks inserted after the header.
func WithChunks(png []byte, chunks ...[]byte) []byte {
	const header = 8 + 25 // signature and IHDR
	return slices.Insert(slices.Clone(png), header, slices.Concat(chunks...)...)
}

// Chunk returns a PNG chunk.
func Chunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// BombPNG returns 17 KB that decode to 144 megapixels of one colour.
var BombPNG = sync.OnceValue(func() []byte { return GrayPNG(12000, 12000) })

// GrayPNG returns a black PNG of one bit per pixel.
func GrayPNG(width, height int) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	line := make([]byte, 1+(width+7)/8)
	for range height {
		_, err := z.Write(line)
		check(err)
	}
	check(z.Close())
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", append(head, 1, 0, 0, 0, 0)),
		Chunk("IDAT", packed.Bytes()), Chunk("IEND", nil))
}
