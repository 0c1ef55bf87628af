package media

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"math"
)

// jpegQuality is a quality at which photos look unchanged and take half the
// bytes of quality 90.
const jpegQuality = 82

// A rendition holds the encoded files of an upload.
type rendition struct {
	width, height int
	ext           string
	full, thumb   []byte // thumb is nil if there is none
	stilled       bool   // the upload moved
}

// post renders the image of a post with its thumbnail.
func (s source) post(ctx context.Context) (_ rendition, err error) {
	defer recoverBroken(&err)
	if s.animated {
		return s.animation(ctx)
	}
	w, h := fullSize(s.width, s.height)
	pic, err := s.upright(ctx, w, h)
	if err != nil {
		return rendition{}, err
	}
	out, err := encode(pic)
	if err != nil {
		return rendition{}, err
	}
	out.stilled = s.moving
	if out.thumb = out.full; max(w, h) <= ThumbSide {
		return out, nil
	}
	thumb, err := encode(pic.thumbnail())
	out.thumb = thumb.full
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
	out, err := encode(pic.square())
	out.stilled = s.moving
	return out, err
}

// upright decodes the image, resizes it to w × h pixels, rotates it upright and
// converts its colours to sRGB.
func (s source) upright(ctx context.Context, w, h int) (picture, error) {
	m, err := s.image(ctx)
	if err != nil {
		return picture{}, broken(err)
	}
	return newPicture(m, w, h).turn(s.orientation()).sRGB(s.conversion()), nil
}

// encode encodes an opaque picture as JPEG, and a transparent picture as PNG.
func encode(pic picture) (rendition, error) {
	out := rendition{width: pic.width(), height: pic.height()}
	var err error
	if pic.opaque {
		out.ext = ".jpg"
		out.full, err = encodeJPEG(pic.image())
	} else {
		out.ext = ".png"
		out.full, err = encodePNG(pic.image())
	}
	return out, err
}

func encodeJPEG(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: jpegQuality})
	return b.Bytes(), err
}

func encodePNG(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
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
