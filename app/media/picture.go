package media

import (
	"image"
	"image/draw"
	"xxsns/app/media/raster"
)

// A picture is an image in a form that is fast to resize, rotate and encode:
// one plane of gray or RGBA (alpha-premultiplied), or three planes Y, Cb and
// Cr, the latter two of half the width and height. Photos stay in Y, Cb and Cr
// from the decoder to the encoder, which saves half the samples of RGBA and two
// conversions.
type picture struct {
	planes []raster.Plane
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
func planes(m image.Image) []raster.Plane {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.YCbCr:
		return planesYCbCr(m)
	case *image.NYCbCrA:
		if m.Opaque() {
			return planesYCbCr(&m.YCbCr)
		}
	case *image.Gray:
		return []raster.Plane{{Pix: m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], Stride: m.Stride, W: b.Dx(), H: b.Dy(), N: 1}}
	case *image.RGBA:
		return []raster.Plane{{Pix: m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], Stride: m.Stride, W: b.Dx(), H: b.Dy(), N: 4}}
	}
	rgba := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(rgba, rgba.Rect, m, b.Min, draw.Src)
	return planes(rgba)
}

// planesYCbCr returns the planes of m, with the subsampling of m.
func planesYCbCr(m *image.YCbCr) []raster.Plane {
	b := m.Rect
	y, c := m.YOffset(b.Min.X, b.Min.Y), m.COffset(b.Min.X, b.Min.Y)
	cw := m.COffset(b.Max.X-1, b.Min.Y) - c + 1
	ch := (m.COffset(b.Min.X, b.Max.Y-1)-c)/m.CStride + 1
	return []raster.Plane{
		{Pix: m.Y[y:], Stride: m.YStride, W: b.Dx(), H: b.Dy(), N: 1},
		{Pix: m.Cb[c:], Stride: m.CStride, W: cw, H: ch, N: 1},
		{Pix: m.Cr[c:], Stride: m.CStride, W: cw, H: ch, N: 1},
	}
}

func (p picture) width() int  { return p.planes[0].W }
func (p picture) height() int { return p.planes[0].H }

// resize returns p resampled to w × h pixels.
func (p picture) resize(w, h int) picture {
	return p.each(func(i int, pl raster.Plane) raster.Plane {
		if i > 0 {
			return pl.Resize((w+1)/2, (h+1)/2)
		}
		return pl.Resize(w, h)
	})
}

// turn returns p rotated upright according to an EXIF orientation.
func (p picture) turn(orientation int) picture {
	if orientation == 1 {
		return p
	}
	return p.each(func(_ int, pl raster.Plane) raster.Plane { return pl.Turn(orientation) })
}

// square returns the square in the middle of p.
func (p picture) square() picture {
	side := min(p.width(), p.height())
	// Even offsets: half of them must be a whole number for the planes Cb and
	// Cr.
	x, y := (p.width()-side)/2&^1, (p.height()-side)/2&^1
	return p.each(func(i int, pl raster.Plane) raster.Plane {
		if i > 0 {
			return pl.Crop(x/2, y/2, (side+1)/2, (side+1)/2)
		}
		return pl.Crop(x, y, side, side)
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
	return p.each(func(i int, pl raster.Plane) raster.Plane {
		if i > 0 {
			return pl.Crop(0, 0, pl.W, min(pl.H, Tall*w/2))
		}
		return pl.Crop(0, 0, w, Tall*w)
	})
}

// each returns a picture of the planes that f returns.
func (p picture) each(f func(i int, pl raster.Plane) raster.Plane) picture {
	out := picture{planes: make([]raster.Plane, len(p.planes)), opaque: p.opaque}
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
		return &image.YCbCr{Y: a.Pix, Cb: p.planes[1].Pix, Cr: p.planes[2].Pix, YStride: a.Stride,
			CStride: p.planes[1].Stride, SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: rect}
	case a.N == 4:
		return &image.RGBA{Pix: a.Pix, Stride: a.Stride, Rect: rect}
	}
	return &image.Gray{Pix: a.Pix, Stride: a.Stride, Rect: rect}
}
