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

// maxSourceSide is the longest accepted side, in pixels. No JPEG, GIF or WebP
// can have a longer one. The tables for resizing grow with the side.
const maxSourceSide = 65535

// A format is an accepted image format.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	meta   imagemeta.ImageFormat // zero if the format has no EXIF
}

var (
	jpegFormat = &format{jpeg.DecodeConfig, jpeg.Decode, imagemeta.JPEG}
	pngFormat  = &format{png.DecodeConfig, png.Decode, imagemeta.PNG}
	webpFormat = &format{webp.DecodeConfig, webp.Decode, imagemeta.WebP}
	gifFormat  = &format{gif.DecodeConfig, decodeGIF, 0}
)

// A source is an upload whose headers were read and are within the limits. The
// image is not decoded yet.
type source struct {
	*format
	data          []byte
	width, height int
	pixels        int  // to decode; of all frames for an animation
	animated      bool // GIF whose frames are all kept
}

// inspect recognises an upload and checks the limits. It reads the headers
// only.
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

// measure sets width, height and pixels.
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

// reader returns a reader of the data that fails when ctx has ended: there is
// no other way to stop a decoder.
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

// orientation returns the EXIF orientation, 1 to 8, which tells how the camera
// was held. Without EXIF, or with damaged EXIF, it is 1: no rotation.
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

// broken returns an ErrBroken with a cause.
func broken(cause any) error { return fmt.Errorf("%w: %v", ErrBroken, cause) }

// recoverBroken must be deferred. It turns the panic of a decoder on hostile
// bytes into ErrBroken.
func recoverBroken(err *error) {
	if p := recover(); p != nil {
		*err = broken(p)
	}
}
