package media

import (
	"context"
	"time"
)

// maxWork bounds the work on an image, in time of the processor: waiting does not count,
// neither for a turn nor on a busy machine. Harmless images of 52 megapixels take a
// second, on a slow machine three.
const maxWork = 5 * time.Second * slowdown

// maxVisits bounds how many pixels a decoder visits, by what a slow machine does in
// maxWork. The visits are known from the headers, before anything is decoded.
const maxVisits = 16 * MaxPixels

// budget refuses an image that takes too much work.
func (s *source) budget() error {
	if s.visits() > maxVisits/s.pixels {
		return ErrTooMuchWork
	}
	return nil
}

// visits returns how often the decoder visits each pixel, as seen by the time it takes.
// The work on an animation is bounded by countFrames.
func (s *source) visits() int {
	switch s.format {
	case jpegFormat:
		return s.visitsJPEG()
	case pngFormat:
		return s.visitsPNG()
	}
	return 1
}

// A worker is the context of the work on an image, on one goroutine. The context ends
// with ErrTooMuchWork when more than most is spent.
type worker struct {
	context.Context
	spent func() time.Duration
	most  time.Duration
}

// Err returns why the work must stop, or nil.
func (w worker) Err() error {
	if err := w.Context.Err(); err != nil {
		return err
	}
	if w.spent() > w.most {
		return ErrTooMuchWork
	}
	return nil
}

// work renders src within most. The error is ErrTooMuchWork if that is not enough.
func work(ctx context.Context, src source, render renderer, most time.Duration) (rendition, error) {
	spent, end := startClock()
	defer end()
	w := worker{ctx, spent, most}
	made, err := render(src, w)
	if ctx.Err() != nil {
		return rendition{}, ctx.Err()
	}
	if err != nil && w.Err() != nil {
		return rendition{}, w.Err()
	}
	return made, err
}
