package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
)

// Limits of an animation. An image beyond the limits becomes a still.
const (
	maxFrames      = 2000
	maxFramePixels = MaxSide * MaxSide // of the screen, and of each frame
	maxMoving      = 250_000_000       // pixels of all frames, by what a slow machine does in maxWork
)

// countFrames decides whether the GIF is kept as an animation: several frames,
// and within all limits. Otherwise only the first frame is used.
func (s *source) countFrames() error {
	g, err := parseGIF(s.data, maxFrames+1)
	if err != nil {
		return broken(err)
	}
	total, largest := 0, s.width*s.height
	for _, f := range g.frames {
		total += f.width * f.height
		largest = max(largest, f.width*f.height)
	}
	s.moving = len(g.frames) > 1
	s.animated = s.moving && len(g.frames) <= maxFrames && total <= maxMoving && largest <= maxFramePixels
	return nil
}

// decodeGIF decodes the first frame and draws the frame at its place on the
// screen.
func decodeGIF(ctx context.Context, data []byte) (image.Image, error) {
	g, err := parseGIF(data, 1)
	if err != nil {
		return nil, err
	}
	frame, err := g.frames[0].decode(ctx, g.colours)
	if err != nil {
		return nil, err
	}
	screen := image.Rect(0, 0, g.width, g.height)
	if frame.Rect == screen {
		return frame, nil
	}
	m := image.NewRGBA(screen)
	draw.Draw(m, frame.Rect, frame, frame.Rect.Min, draw.Src)
	return m, nil
}

// animation renders an animation: all frames are encoded anew, one after the
// other, without comments. The thumbnail is a PNG of the first frame.
func (s source) animation(ctx context.Context) (rendition, error) {
	g, err := parseGIF(s.data, maxFrames)
	if err != nil {
		return rendition{}, broken(err)
	}
	full, err := g.encode(ctx)
	if err != nil {
		return rendition{}, broken(err)
	}
	w, h := fit(s.width, s.height, ThumbSide)
	first, err := s.upright(ctx, w, h)
	if err != nil {
		return rendition{}, err
	}
	thumb, err := first.encode(extPNG)
	return rendition{width: s.width, height: s.height, ext: extGIF, full: full, thumb: thumb}, err
}

// encode encodes all frames up to the first that cannot be decoded.
func (g gifFile) encode(ctx context.Context) ([]byte, error) {
	var out []byte
	for _, f := range g.frames {
		frame, err := f.decode(ctx, g.colours)
		if errors.Is(err, errGIF) && out != nil {
			break
		}
		if err != nil {
			return nil, err
		}
		head, body, err := g.encodeFrame(f, g.clip(frame))
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = append(head, g.repetitions()...)
		}
		out = append(out, body...)
	}
	return append(out, gifTrailer), nil
}

// clip returns the part of a frame on the screen. Of a frame that is outside,
// clip returns a transparent pixel, since the frame still takes its time.
func (g gifFile) clip(frame *image.Paletted) *image.Paletted {
	on := frame.SubImage(image.Rect(0, 0, g.width, g.height)).(*image.Paletted)
	if on.Rect.Empty() {
		return image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Transparent, color.Black})
	}
	return on
}

// encodeFrame encodes a frame as a GIF of its own, and returns the header and
// the blocks of the frame.
func (g gifFile) encodeFrame(f gifFrame, m *image.Paletted) (head, body []byte, err error) {
	one := &gif.GIF{
		Image:    []*image.Paletted{m},
		Delay:    []int{int(f.control[1]) | int(f.control[2])<<8},
		Disposal: []byte{f.control[0] >> 2 & 7},
		Config:   image.Config{Width: g.width, Height: g.height},
	}
	if p := opaquePalette(g.colours); len(p) > 0 {
		one.Config.ColorModel = p
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, one); err != nil {
		return nil, nil, err
	}
	all := b.Bytes()
	start := gifHeader + tableBytes(all[10])
	return all[:start:start], all[start : len(all)-1], nil
}

// repetitions returns the extension that says how often the animation runs, or
// nil for once.
func (g gifFile) repetitions() []byte {
	if g.loop == nil {
		return nil
	}
	return append([]byte("\x21\xff\x0bNETSCAPE2.0\x03\x01"), g.loop[0], g.loop[1], 0)
}
