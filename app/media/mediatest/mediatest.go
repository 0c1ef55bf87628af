// Package mediatest makes the images that tests upload: what phones send, what
// is not taken, and what is meant to do harm.
package mediatest

import (
	"bytes"
	_ "embed"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"slices"
)

// Corners are the colours of a photo's corners when it is upright: upper left,
// upper right, lower left, lower right. Between them one fades into the other.
var Corners = [4]color.RGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {230, 230, 230, 255}}

// Photo paints a photo with Corners and the noise a camera makes.
func Photo(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	noise := uint32(1)
	for y := range height {
		for x := range width {
			noise = noise*1664525 + 1013904223
			c := blend(x, y, width, height)
			for i := range 3 {
				m.Pix[m.PixOffset(x, y)+i] = c[i] + uint8(noise>>29)
			}
			m.Pix[m.PixOffset(x, y)+3] = 255
		}
	}
	return m
}

// blend is the colour between the corners at x, y.
func blend(x, y, width, height int) (c [3]uint8) {
	right, down := x*256/width, y*256/height
	for i := range c {
		channel := func(c color.RGBA) int { return int([3]uint8{c.R, c.G, c.B}[i]) }
		top := channel(Corners[0])*(256-right) + channel(Corners[1])*right
		bottom := channel(Corners[2])*(256-right) + channel(Corners[3])*right
		c[i] = uint8((top*(256-down) + bottom*down) >> 16)
	}
	return c
}

// Upright says whether m shows a whole Photo the right way up.
func Upright(m image.Image) bool {
	b := m.Bounds()
	dx, dy := b.Dx()/20, b.Dy()/20
	for i, want := range Corners {
		x, y := b.Min.X+dx, b.Min.Y+dy
		if i%2 == 1 {
			x = b.Max.X - 1 - dx
		}
		if i/2 == 1 {
			y = b.Max.Y - 1 - dy
		}
		if !near(m.At(x, y), want) {
			return false
		}
	}
	return true
}

// near says whether two colours are alike, as far as JPEG and fading allow.
func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	const far = 60 << 8
	return max(r1, r2)-min(r1, r2) < far && max(g1, g2)-min(g1, g2) < far && max(b1, b2)-min(b1, b2) < far
}

// PhoneJPEG is a photo as a phone stores it: of width × height pixels as they
// lie in the file, with an EXIF orientation of 1 to 8 that turns it upright (5
// to 8 swap the sides), the camera's name, the place it was taken at (GPS), an
// XMP packet and a comment.
func PhoneJPEG(width, height, orientation int) []byte {
	var b bytes.Buffer
	check(jpeg.Encode(&b, lay(width, height, orientation), &jpeg.Options{Quality: 90}))
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"
	return slices.Insert(b.Bytes(), 2, slices.Concat(
		Segment(0xe1, append([]byte("Exif\x00\x00"), EXIF(orientation)...)),
		Segment(0xe1, []byte(xmp)), Segment(0xfe, []byte("서준의 전화기")))...)
}

// Segment is a JPEG segment: a marker's second byte, such as 0xe1 for APP1, and
// what it holds.
func Segment(marker byte, body []byte) []byte {
	size := len(body) + 2
	return append([]byte{0xff, marker, byte(size >> 8), byte(size)}, body...)
}

// lay paints a photo as it lies in the file when the EXIF orientation is what
// turns it upright.
func lay(width, height, orientation int) *image.RGBA {
	if orientation == 1 {
		return Photo(width, height)
	}
	w, h := width, height
	if orientation >= 5 {
		w, h = h, w
	}
	upright, m := Photo(w, h), image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			right, down := show(x, y, width, height, orientation)
			m.SetRGBA(x, y, upright.RGBAAt(right, down))
		}
	}
	return m
}

// show is where the pixel at x, y of the file is seen, by the EXIF standard's
// words: which visual side row 0 and column 0 are.
func show(x, y, width, height, orientation int) (int, int) {
	left, right, top, bottom := x, width-1-x, y, height-1-y
	switch orientation {
	case 2: // row 0 is the top, column 0 the right
		return right, top
	case 3: // bottom, right
		return right, bottom
	case 4: // bottom, left
		return left, bottom
	case 5: // left, top
		return top, left
	case 6: // right, top
		return bottom, left
	case 7: // right, bottom
		return bottom, right
	case 8: // left, bottom
		return top, right
	}
	return left, top
}

// AnimatedGIF is a square of 8 × 8 pixels that walks over 64 × 48, to the right
// by 5 pixels a frame, for 0.1 s each, over and over, with a comment.
func AnimatedGIF(frames int) []byte {
	colours := color.Palette{color.RGBA{30, 30, 220, 255}, color.RGBA{220, 30, 30, 255}}
	g := &gif.GIF{Config: image.Config{ColorModel: colours, Width: 64, Height: 48}}
	for i := range frames {
		m := image.NewPaletted(image.Rect(0, 0, 64, 48), colours)
		for p := range 8 * 8 {
			m.SetColorIndex((i*5)%56+p%8, 20+p/8, 1)
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 10)
	}
	var b bytes.Buffer
	check(gif.EncodeAll(&b, g))
	end := b.Len() - 1
	return slices.Insert(b.Bytes(), end, []byte("\x21\xfe\x0dtaken at home\x00")...)
}

// TruncatedJPEG is the first half of a photo.
func TruncatedJPEG() []byte {
	b := PhoneJPEG(640, 480, 1)
	return b[:len(b)/2]
}

// HEIC begins as the photos of an iPhone do that was not told to be compatible.
func HEIC() []byte {
	head := "\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEMiPrmiafheictmap"
	return append([]byte(head), make([]byte, 4096)...)
}

//go:embed photo.webp
var photo []byte

// WebP is an opaque photo of 64 × 48 pixels with EXIF (GPS) and XMP.
func WebP() []byte { return slices.Clone(photo) }

// Large is a whole photo, with what phones append to one (a film, say): 30 MB.
func Large() []byte {
	return append(PhoneJPEG(640, 480, 1), make([]byte, 30_000_000)...)
}

// check panics: what tests make must be right.
func check(err error) {
	if err != nil {
		panic(err)
	}
}
