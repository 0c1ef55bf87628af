package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"iter"

	"golang.org/x/image/webp"
)

// maxSourceSide is the longest accepted side, in pixels. No JPEG, GIF or WebP
// can have a longer one. The tables for resizing grow with the side.
const maxSourceSide = 65535

// A format is an accepted image format.
type format struct {
	// size returns the width and height of an image, even if the image is
	// damaged.
	size func([]byte) (w, h int, err error)
	// config and decode are nil for a GIF, which decodeGIF decodes.
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// mend returns an image that decode accepts, made of the undamaged part of an
	// image that decode has refused, or nil if there is no such part.
	mend func([]byte) io.Reader
}

var (
	jpegFormat = &format{sizeJPEG, jpeg.DecodeConfig, decodeJPEG, mendJPEG}
	pngFormat  = &format{sizePNG, png.DecodeConfig, png.Decode, mendPNG}
	webpFormat = &format{sizeWebP, webp.DecodeConfig, decodeWebP, mendWebP}
	gifFormat  = &format{size: sizeGIF}
)

func sizeWebP(data []byte) (w, h int, err error) {
	c, err := webp.DecodeConfig(bytes.NewReader(data))
	return c.Width, c.Height, err
}

// A source is an upload whose headers were read and are within the limits. The
// image is not decoded yet.
type source struct {
	*format
	uploaded      []byte // as sent
	data          []byte // to decode
	width, height int
	frame         image.Rectangle // place of the decoded image within width and height
	pixels        int             // of a frame
	scans         int             // of a JPEG
	moving        bool            // several frames
	animated      bool            // GIF whose frames are all kept
}

// inspect recognises an upload and checks the limits. It reads the headers
// only.
func inspect(data []byte) (src source, err error) {
	defer recoverBroken(&err)
	src = source{uploaded: data, data: data}
	if src.format, err = recognise(data); err != nil {
		return source{}, err
	}
	if src.format == webpFormat {
		src.data = plainWebP(data)
	}
	if err := src.measure(); err != nil {
		return source{}, err
	}
	switch src.format {
	case gifFormat:
		err = src.countFrames()
	case pngFormat:
		src.moving = countChunks(chunksPNG(data), "fcTL") > 1
	case webpFormat:
		src.moving = countChunks(chunks(skip(data, 12)), "ANMF") > 1
	case jpegFormat:
		err = src.countScans()
	}
	if err == nil {
		err = src.budget()
	}
	return src, err
}

// measure sets width, height, frame and pixels.
func (s *source) measure() error {
	w, h, err := s.size(s.data)
	if err != nil {
		return broken(err)
	}
	s.width, s.height = w, h
	s.frame = image.Rect(0, 0, w, h)
	if s.format == webpFormat {
		s.placeWebP()
	}
	s.pixels = s.width * s.height
	if s.width <= 0 || s.height <= 0 {
		return broken("no pixels")
	}
	if max(s.width, s.height) > maxSourceSide || s.pixels > MaxPixels {
		return ErrTooManyPixels
	}
	return nil
}

// image decodes the image.
func (s source) image(ctx context.Context) (image.Image, error) {
	if s.format == gifFormat {
		return decodeGIF(ctx, s.data)
	}
	m, err := s.decodeFrame(ctx)
	if screen := image.Rect(0, 0, s.width, s.height); err == nil && s.frame != screen {
		whole := image.NewRGBA(screen)
		draw.Draw(whole, s.frame, m, m.Bounds().Min, draw.Src)
		return whole, nil
	}
	return m, err
}

// decodeFrame decodes the frame. If the image is damaged, decodeFrame decodes the part
// that is left.
func (s source) decodeFrame(ctx context.Context) (image.Image, error) {
	m, err := s.decodeSame(s.reader(ctx))
	if err == nil || ctx.Err() != nil {
		return m, err
	}
	mended := s.mend(s.data)
	if mended == nil {
		return nil, err
	}
	s.freeDecoded() // of the first attempt
	return s.decodeSame(&stoppable{ctx, mended})
}

// decodeSame decodes an image whose decoder sees the size that was measured. A
// damaged file can have two sizes, and only one was checked.
func (s source) decodeSame(r io.Reader) (image.Image, error) {
	var head bytes.Buffer
	config, err := s.config(io.TeeReader(r, &head))
	if err != nil {
		return nil, err
	}
	if config.Width != s.frame.Dx() || config.Height != s.frame.Dy() {
		return nil, errors.New("a second size")
	}
	return s.decode(io.MultiReader(&head, r))
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

// firstChunk returns the body of the first chunk of the given name, or nil.
func firstChunk(chunks iter.Seq2[string, []byte], name string) []byte {
	for found, body := range chunks {
		if found == name {
			return body
		}
	}
	return nil
}

// countChunks returns the number of chunks of the given name.
func countChunks(chunks iter.Seq2[string, []byte], name string) int {
	n := 0
	for found := range chunks {
		if found == name {
			n++
		}
	}
	return n
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
