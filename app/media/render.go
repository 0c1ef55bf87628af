package media

import (
	"context"
	"math"
)

// A rendition holds the encoded files of an upload.
type rendition struct {
	width, height int
	ext           string
	full, thumb   []byte   // thumb is nil if there is none
	sizes         [][]byte // files for screens, narrowest first
	sized         string   // extension of the sizes, or empty without any
	stilled       bool     // the upload moved
}

// document renders an image alone, without a thumbnail and sizes for screens.
func (s source) document(ctx context.Context) (out rendition, err error) {
	defer recoverBroken(&err)
	if s.animated {
		return s.animation(ctx)
	}
	_, out, err = s.still(ctx)
	return out, err
}

// still renders an image that does not move, in its full size.
func (s source) still(ctx context.Context) (pic picture, out rendition, err error) {
	w, h := fullSize(s.width, s.height)
	if pic, err = s.upright(ctx, w, h); err != nil {
		return pic, out, err
	}
	out, err = s.rendition(pic)
	return pic, out, err
}

// post renders the image of a post with its thumbnail and its sizes for screens.
func (s source) post(ctx context.Context) (_ rendition, err error) {
	defer recoverBroken(&err)
	if s.animated {
		return s.animation(ctx)
	}
	pic, out, err := s.still(ctx)
	if err != nil {
		return rendition{}, err
	}
	if out.thumb = out.full; max(out.width, out.height) > ThumbSide {
		if out.thumb, err = pic.thumbnail().encode(out.ext); err != nil {
			return rendition{}, err
		}
	}
	err = out.addSizes(ctx, pic)
	return out, err
}

// forScreens renders the sizes for screens of an image that post has rendered before
// there were sizes.
func (s source) forScreens(ctx context.Context) (out rendition, err error) {
	defer recoverBroken(&err)
	pic, err := s.upright(ctx, s.width, s.height)
	if err != nil {
		return rendition{}, err
	}
	err = out.addSizes(ctx, pic)
	return out, err
}

// avatar renders a profile image.
func (s source) avatar(ctx context.Context) (_ rendition, err error) {
	defer recoverBroken(&err)
	w, h := cover(s.width, s.height, AvatarPx)
	pic, err := s.upright(ctx, w, h)
	if err != nil {
		return rendition{}, err
	}
	return s.rendition(pic.square())
}

// rendition encodes a picture of the source.
func (s source) rendition(pic picture) (rendition, error) {
	full, err := pic.encode(pic.ext())
	return rendition{width: pic.width(), height: pic.height(), ext: pic.ext(), full: full, stilled: s.moving}, err
}

// upright decodes the image, resizes it to w × h pixels, rotates it upright and
// converts its colours to sRGB.
func (s source) upright(ctx context.Context, w, h int) (picture, error) {
	m, err := s.image(ctx)
	if err != nil {
		return picture{}, broken(err)
	}
	pic := newPicture(m, w, h)
	s.freeDecoded()
	return pic.turn(s.orientation()).sRGB(s.conversion()), nil
}

// fullSize returns the size in which a w × h image is saved: the longer side is
// reduced to MaxSide. Of an image that is longer than 2.5 times its width, such
// as a capture of a whole page, or wider than 2.5 times its height, the area is
// reduced to longPixels instead, but the shorter side not below longSide: text
// would become too small to read.
func fullSize(w, h int) (int, int) {
	short, long := min(w, h), max(w, h)
	if 2*long <= 5*short {
		return fit(w, h, MaxSide)
	}
	if w*h <= longPixels || short <= longSide {
		return w, h
	}
	side := int(math.Sqrt(float64(longPixels) * float64(short) / float64(long)))
	return cover(w, h, max(side, longSide))
}

// fit returns the size of a w × h image after its longer side is reduced to
// limit.
func fit(w, h, limit int) (int, int) { return scale(w, h, limit, max(w, h)) }

// cover returns the size of a w × h image after its shorter side is reduced to
// limit.
func cover(w, h, limit int) (int, int) { return scale(w, h, limit, min(w, h)) }

// scale multiplies w and h by limit/side, rounded, to at least one pixel. A
// side within the limit changes nothing.
func scale(w, h, limit, side int) (int, int) {
	if side <= limit {
		return w, h
	}
	return max(1, (w*limit+side/2)/side), max(1, (h*limit+side/2)/side)
}
