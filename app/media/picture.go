package media

import (
	"image"
	"image/draw"
)

// A picture is an image in a form that is fast to resize, rotate and encode:
// one plane of gray or RGBA (alpha-premultiplied), or three planes Y, Cb and
// Cr, the latter two of half the width and height. Photos stay in Y, Cb and Cr
// from the decoder to the encoder, which saves half the samples of RGBA and two
// conversions.
type picture struct {
	planes []plane
	opaque bool
}

// newPicture makes a picture of w × h pixels from a decoded image.
func newPicture(m image.Image, w, h int) picture {
	opaque, ok := m.(interface{ Opaque() bool })
	pic := picture{planes: planes(m), opaque: ok && opaque.Opaque()}
	return pic.resize(w, h)
}

// planes returns the planes of m. Images other than gray, RGBA or opaque Y, Cb,
// Cr are converted to RGBA.
func planes(m image.Image) []plane {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.YCbCr:
		return planesYCbCr(m)
	case *image.NYCbCrA:
		if m.Opaque() {
			return planesYCbCr(&m.YCbCr)
		}
	case *image.Gray:
		return []plane{{m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, b.Dx(), b.Dy(), 1}}
	case *image.RGBA:
		return []plane{{m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride, b.Dx(), b.Dy(), 4}}
	}
	rgba := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(rgba, rgba.Rect, m, b.Min, draw.Src)
	return planes(rgba)
}

// planesYCbCr returns the planes of m, with the subsampling of m.
func planesYCbCr(m *image.YCbCr) []plane {
	b := m.Rect
	y, c := m.YOffset(b.Min.X, b.Min.Y), m.COffset(b.Min.X, b.Min.Y)
	cw := m.COffset(b.Max.X-1, b.Min.Y) - c + 1
	ch := (m.COffset(b.Min.X, b.Max.Y-1)-c)/m.CStride + 1
	return []plane{
		{m.Y[y:], m.YStride, b.Dx(), b.Dy(), 1},
		{m.Cb[c:], m.CStride, cw, ch, 1},
		{m.Cr[c:], m.CStride, cw, ch, 1},
	}
}

func (p picture) width() int  { return p.planes[0].w }
func (p picture) height() int { return p.planes[0].h }

// resize returns p resampled to w × h pixels.
func (p picture) resize(w, h int) picture {
	return p.each(func(i int, pl plane) plane {
		if i > 0 {
			return pl.resize((w+1)/2, (h+1)/2)
		}
		return pl.resize(w, h)
	})
}

// turn returns p rotated upright according to an EXIF orientation.
func (p picture) turn(orientation int) picture {
	if orientation == 1 {
		return p
	}
	return p.each(func(_ int, pl plane) plane { return pl.turn(orientation) })
}

// square returns the square in the middle of p.
func (p picture) square() picture {
	side := min(p.width(), p.height())
	// Even offsets: half of them must be a whole number for the planes Cb and
	// Cr.
	x, y := (p.width()-side)/2&^1, (p.height()-side)/2&^1
	return p.each(func(i int, pl plane) plane {
		if i > 0 {
			return pl.crop(x/2, y/2, (side+1)/2, (side+1)/2)
		}
		return pl.crop(x, y, side, side)
	})
}

// thumbnail returns p with a longer side of ThumbSide at most. Of a tall picture,
// thumbnail returns the top, at most ThumbSide wide.
func (p picture) thumbnail() picture {
	w, h := p.width(), p.height()
	if h <= Tall*w {
		return p.resize(fit(w, h, ThumbSide))
	}
	return p.top().resize(cover(w, Tall*w, ThumbSide))
}

// top returns the part of p that lists show: the top of a tall picture, such as a
// capture of a whole page, which could not be recognised as a whole, or else all of p.
func (p picture) top() picture {
	w, h := p.width(), p.height()
	if h <= Tall*w {
		return p
	}
	return p.each(func(i int, pl plane) plane {
		if i > 0 {
			return pl.crop(0, 0, pl.w, min(pl.h, Tall*w/2))
		}
		return pl.crop(0, 0, w, Tall*w)
	})
}

// each returns a picture of the planes that f returns.
func (p picture) each(f func(i int, pl plane) plane) picture {
	out := picture{planes: make([]plane, len(p.planes)), opaque: p.opaque}
	for i, pl := range p.planes {
		out.planes[i] = f(i, pl)
	}
	return out
}

// image returns p as an image for the encoders.
func (p picture) image() image.Image {
	rect, a := image.Rect(0, 0, p.width(), p.height()), p.planes[0]
	switch {
	case len(p.planes) == 3:
		return &image.YCbCr{Y: a.pix, Cb: p.planes[1].pix, Cr: p.planes[2].pix, YStride: a.stride,
			CStride: p.planes[1].stride, SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: rect}
	case a.n == 4:
		return &image.RGBA{Pix: a.pix, Stride: a.stride, Rect: rect}
	}
	return &image.Gray{Pix: a.pix, Stride: a.stride, Rect: rect}
}
