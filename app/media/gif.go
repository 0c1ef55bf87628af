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

// maxFrames bounds the frames of an animation: each frame needs memory for a
// palette, however small the frame is.
const maxFrames = 2000

// decodeGIF decodes the first frame and draws the frame at its place on the
// canvas.
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

// countFrames decides whether the GIF is kept as an animation: several frames,
// and within all limits. Otherwise only the first frame is used.
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

// animation renders an animation: all frames are encoded anew, without
// comments, and the thumbnail is a PNG of the first frame.
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

// scanGIF counts the frames of a GIF and their pixels without decoding them: a
// small file may hold thousands of frames of full size. scanGIF returns
// errAmbiguous if image/gif would read the file differently, since image/gif
// might then find more frames.
func scanGIF(data []byte) (frames, pixels int, err error) {
	const header = 13
	if len(data) < header {
		return 0, 0, errGIF
	}
	rest := skip(data, header+tableBytes(data[10]))
	for len(rest) > 0 {
		switch rest[0] {
		case 0x21: // extension: label, blocks
			if isAmbiguous(rest) {
				return 0, 0, errAmbiguous
			}
			rest = skipBlocks(skip(rest, 2))
		case 0x2c: // frame: position and size, palette, code size, blocks
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

// isAmbiguous reports whether image/gif finds the end of an extension at
// another place than scanGIF. image/gif takes the first block of a plain text
// extension for 12 bytes, whatever its length, and does not take a first block
// of length 0 in an application extension for the last. The other extensions
// are safe: comments are read as here, and image/gif refuses a graphic control
// extension unless it is one block of 4 bytes.
func isAmbiguous(extension []byte) bool {
	const text, application = 0x01, 0xff
	if len(extension) < 3 {
		return false // cut off; image/gif fails as well
	}
	label, size := extension[1], extension[2]
	return label == text && size != 12 || label == application && size == 0
}

// tableBytes returns the size of the colour table that the flags announce.
func tableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// skip returns b without the first n bytes, or an empty slice if b is shorter.
func skip(b []byte, n int) []byte { return b[min(n, len(b)):] }

// skipBlocks returns the bytes after a sequence of blocks. Each block starts
// with its length; the last one has the length 0.
func skipBlocks(b []byte) []byte {
	for len(b) > 0 && b[0] != 0 {
		b = skip(b, 1+int(b[0]))
	}
	return skip(b, 1)
}
