package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// maxFrames bounds an animation kept as one: a frame costs memory for its
// colours, however few its pixels.
const maxFrames = 2000

// decodeGIF decodes the first frame, in its place on the whole picture.
func decodeGIF(r io.Reader) (image.Image, error) {
	var head bytes.Buffer
	config, err := gif.DecodeConfig(io.TeeReader(r, &head))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(io.MultiReader(&head, r))
	if err != nil {
		return nil, err
	}
	whole := image.Rect(0, 0, config.Width, config.Height)
	if frame.Bounds() == whole {
		return frame, nil
	}
	m := image.NewRGBA(whole)
	draw.Draw(m, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return m, nil
}

// countFrames decides whether the GIF is an animation to keep: of several
// frames, small enough, and bounded in all. Otherwise its first frame is taken.
func (s *source) countFrames() error {
	frames, pixels, err := scanGIF(s.data)
	if err != nil {
		return broken(err)
	}
	s.animated = 1 < frames && frames <= maxFrames && pixels <= MaxPixels && max(s.width, s.height) <= MaxSide
	if s.animated {
		s.pixels = max(s.pixels, pixels)
	}
	return nil
}

// animation renders an animation: every frame encoded anew, without comments,
// and a PNG of the first frame as its thumbnail.
func (s source) animation(ctx context.Context) (rendition, error) {
	frames, err := gif.DecodeAll(s.reader(ctx))
	if err != nil {
		return rendition{}, broken(err)
	}
	var full bytes.Buffer
	if err := gif.EncodeAll(&full, frames); err != nil {
		return rendition{}, broken(err)
	}
	w, h := fit(s.width, s.height, ThumbSide)
	first, err := s.upright(ctx, w, h)
	if err != nil {
		return rendition{}, err
	}
	thumb, err := encodePNG(first.image())
	return rendition{s.width, s.height, ".gif", full.Bytes(), thumb}, err
}

var (
	errGIF       = errors.New("gif: it ends early")
	errAmbiguous = errors.New("gif: an extension of a wrong size")
)

// scanGIF counts a GIF's frames and their pixels without decoding them: a small
// file may hold thousands of frames, each of the full size when decoded. Whatever
// image/gif would read in another way is errAmbiguous.
func scanGIF(data []byte) (frames, pixels int, err error) {
	const header = 13
	if len(data) < header {
		return 0, 0, errGIF
	}
	rest := skip(data, header+tableBytes(data[10]))
	for len(rest) > 0 {
		switch rest[0] {
		case 0x21: // extension: a label, blocks
			if isAmbiguous(rest) {
				return 0, 0, errAmbiguous
			}
			rest = skipBlocks(skip(rest, 2))
		case 0x2c: // frame: place and size, colours, code size, blocks
			if len(rest) < 10 {
				return 0, 0, errGIF
			}
			frames++
			pixels += (int(rest[5]) | int(rest[6])<<8) * (int(rest[7]) | int(rest[8])<<8)
			rest = skipBlocks(skip(rest, 11+tableBytes(rest[9])))
		case 0x3b: // end
			return frames, pixels, nil
		default:
			return 0, 0, errors.New("gif: unknown block")
		}
	}
	return 0, 0, errGIF
}

// isAmbiguous says whether image/gif sees the end of an extension elsewhere: it
// takes the first block of a text for 12 bytes long, whatever its length, and
// does not take an application's first block of length 0 for the last. It knows
// no other extensions than these, comments (read as here) and graphic controls
// (one block of 4 bytes, anything else being an error).
func isAmbiguous(extension []byte) bool {
	const text, application = 0x01, 0xff
	if len(extension) < 3 {
		return false // cut off, in any reading
	}
	label, size := extension[1], extension[2]
	return label == text && size != 12 || label == application && size == 0
}

// tableBytes is the size of the colour table that flags announce.
func tableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// skip is what follows n bytes of b, nothing if there are not as many.
func skip(b []byte, n int) []byte { return b[min(n, len(b)):] }

// skipBlocks is what follows a row of blocks, each with its length in front, the
// last of length 0.
func skipBlocks(b []byte) []byte {
	for len(b) > 0 && b[0] != 0 {
		b = skip(b, 1+int(b[0]))
	}
	return skip(b, 1)
}
