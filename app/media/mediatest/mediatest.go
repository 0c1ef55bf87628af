// Package mediatest makes images for tests: photos as phones send them,
// unsupported formats, and images that attack a decoder.
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

// Corners are the colours in the corners of an upright photo: upper left, upper
// right, lower left, lower right. The colours fade into each other.
var Corners = [4]color.RGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {230, 230, 230, 255}}

// Photo returns a photo with the colours of Corners and the noise of a camera.
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

// blend returns the colour at x, y.
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

// Upright reports whether m shows a whole Photo the right way up.
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

// near reports whether two colours differ only as far as JPEG and fading allow.
func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	const far = 60 << 8
	return max(r1, r2)-min(r1, r2) < far && max(g1, g2)-min(g1, g2) < far && max(b1, b2)-min(b1, b2) < far
}

// PhoneJPEG returns a photo as a phone stores it: width × height pixels in the
// file, an EXIF orientation of 1 to 8 that rotates it upright (5 to 8 swap the
// sides), the name of the camera, the GPS position, an XMP packet and a
// comment.
func PhoneJPEG(width, height, orientation int) []byte {
	var b bytes.Buffer
	check(jpeg.Encode(&b, lay(width, height, orientation), &jpeg.Options{Quality: 90}))
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"
	return slices.Insert(b.Bytes(), 2, slices.Concat(
		Segment(0xe1, append([]byte("Exif\x00\x00"), EXIF(orientation)...)),
		Segment(0xe1, []byte(xmp)), Segment(0xfe, []byte("서준의 전화기")))...)
}

// Segment returns a JPEG segment. marker is the second byte of the marker, such
// as 0xe1 for APP1.
func Segment(marker byte, body []byte) []byte {
	size := len(body) + 2
	return append([]byte{0xff, marker, byte(size >> 8), byte(size)}, body...)
}

// lay returns a photo as stored in a file with the given EXIF orientation.
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

// show returns the upright position of the pixel at x, y of the file. The
// comments are those of the EXIF standard: the visual sides of row 0 and column
// 0.
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

// AnimatedGIF returns an animation with a comment: a square of 8 × 8 pixels
// moves over 64 × 48 pixels, 5 pixels to the right per frame of 0.1 s, in a
// loop.
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

// BrokenJPEG returns a photo that is cut off before its first pixel.
func BrokenJPEG() []byte {
	b, _, _ := bytes.Cut(PhoneJPEG(640, 480, 1), []byte("\xff\xda"))
	return b
}

// HEIC returns a file that starts like a photo of an iPhone with its default
// settings.
func HEIC() []byte {
	head := "\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEMiPrmiafheictmap"
	return append([]byte(head), make([]byte, 4096)...)
}

//go:embed photo.webp
var photo []byte

// WebP returns an opaque photo of 64 × 48 pixels with EXIF (GPS) and XMP.
func WebP() []byte { return slices.Clone(photo) }

// Large returns a valid photo with 30 MB appended, as phones append a video.
func Large() []byte {
	return append(PhoneJPEG(640, 480, 1), make([]byte, 30_000_000)...)
}

// check panics if err is not nil: the inputs of tests are always valid.
func check(err error) {
	if err != nil {
		panic(err)
	}
}
