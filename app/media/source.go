package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp"
)

// maxSourceSide is the longest side taken, in pixels; no JPEG, GIF or WebP can
// have a longer one. Tables made for resizing grow with it.
const maxSourceSide = 65535

// format is a kind of image that is taken.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	meta   imagemeta.ImageFormat // zero: it has no EXIF
}

var (
	jpegFormat = &format{jpeg.DecodeConfig, jpeg.Decode, imagemeta.JPEG}
	pngFormat  = &format{png.DecodeConfig, png.Decode, imagemeta.PNG}
	webpFormat = &format{webp.DecodeConfig, webp.Decode, imagemeta.WebP}
	gifFormat  = &format{gif.DecodeConfig, decodeGIF, 0}
)

// source is an upload that was looked at and found within the limits, but is
// not decoded yet.
type source struct {
	*format
	data          []byte
	width, height int
	pixels        int  // to be decoded: of all frames, for an animation
	animated      bool // a GIF whose frames are kept
}

// inspect recognises an upload and checks its limits, reading its headers only.
func inspect(data []byte) (src source, err error) {
	defer recoverBroken(&err)
	src = source{data: data}
	if src.format, err = recognise(data); err != nil {
		return source{}, err
	}
	if src.format == webpFormat {
		src.data = firstFrame(data)
	}
	if err := src.measure(); err != nil {
		return source{}, err
	}
	switch src.format {
	case gifFormat:
		err = src.countFrames()
	case jpegFormat:
		err = src.countScans()
	}
	return src, err
}

// measure finds the width and height.
func (s *source) measure() error {
	config, err := s.config(bytes.NewReader(s.data))
	if err != nil {
		return broken(err)
	}
	s.width, s.height, s.pixels = config.Width, config.Height, config.Width*config.Height
	if s.width <= 0 || s.height <= 0 {
		return broken("no pixels")
	}
	if max(s.width, s.height) > maxSourceSide || s.pixels > MaxPixels {
		return ErrTooManyPixels
	}
	return nil
}

// reader reads the data until ctx has ended: decoders can be stopped no other way.
func (s source) reader(ctx context.Context) io.Reader {
	return &stoppable{ctx, bytes.NewReader(s.data)}
}

type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// orientation is the EXIF orientation, 1 to 8, as the camera was held. Without
// one, or with damaged EXIF, it is 1: the image is shown as it lies.
func (s source) orientation() int {
	found := 1
	if s.meta == 0 {
		return found
	}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(s.data), ImageFormat: s.meta, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Namespace == "IFD0" && t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if v, ok := t.Value.(uint16); ok && 1 <= v && v <= 8 {
				found = int(v)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// broken is ErrBroken with its cause.
func broken(cause any) error { return fmt.Errorf("%w: %v", ErrBroken, cause) }

// recoverBroken, deferred, turns a panic of a decoder over hostile bytes into
// ErrBroken.
func recoverBroken(err *error) {
	if p := recover(); p != nil {
		*err = broken(p)
	}
}
