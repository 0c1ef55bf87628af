package media

import (
	"image"
	"io"

	"golang.org/x/image/webp"
)

// decodeWebP decodes a WebP. The samples of a lossy WebP span a part of a byte
// only, 16 to 235 and 16 to 240; x/image/webp returns them as if they spanned
// all of it (golang/go#40173), with dull colours.
func decodeWebP(r io.Reader) (image.Image, error) {
	m, err := webp.Decode(r)
	switch m := m.(type) {
	case *image.YCbCr:
		widen(m)
	case *image.NYCbCrA:
		widen(&m.YCbCr)
	}
	return m, err
}

// widen stretches the samples of m over all of a byte.
func widen(m *image.YCbCr) {
	luma, chroma := stretch(16, 0, 219), stretch(128, 128, 224)
	for i, v := range m.Y {
		m.Y[i] = luma[v]
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = chroma[m.Cb[i]], chroma[m.Cr[i]]
	}
}

// stretch returns a table that maps samples of the given span to a span of 255,
// and centre to target.
func stretch(centre, target, span int) (table [256]uint8) {
	for v := range table {
		d := (v - centre) * 255
		half := span / 2
		if d < 0 {
			half = -half
		}
		table[v] = uint8(min(max((d+half)/span+target, 0), 255))
	}
	return table
}
