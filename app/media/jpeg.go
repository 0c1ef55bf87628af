package media

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"iter"
)

// maxScans bounds the scans of a JPEG, however small. Encoders make about ten of a
// progressive JPEG. Each may take less than a hundred bytes, but makes the decoder go
// over all pixels again.
const maxScans = 100

var errScans = errors.New("jpeg: too many scans")

// countScans counts all byte sequences that image/jpeg could take for the head of a
// scan (marker, length, 1 to 4 components), without parsing the file. The count is never
// too low, and hardly ever too high: other data rarely contains such a sequence.
func (s *source) countScans() error {
	for components := byte(1); components <= 4; components++ {
		s.scans += bytes.Count(s.data, []byte{0xff, markSOS, 0, 6 + 2*components, components})
	}
	if s.scans > maxScans {
		return broken(errScans)
	}
	return nil
}

// visitsJPEG returns the visits of all scans. A scan that is not progressive costs more:
// all pixels are calculated anew.
func (s *source) visitsJPEG() int {
	for marker := range headersJPEG(s.data) {
		if marker == markSOF2 {
			return s.scans
		}
	}
	return 3 * s.scans
}

var errNoFrame = errors.New("jpeg: no frame")

// sizeJPEG returns the size of the first frame.
func sizeJPEG(data []byte) (w, h int, err error) {
	for marker, body := range headersJPEG(data) {
		if markSOF0 <= marker && marker <= markSOF2 {
			var frame jpegFrame
			if !frame.parse(marker, body) {
				break
			}
			return frame.width, frame.height, nil
		}
	}
	return 0, 0, errNoFrame
}

// headersJPEG yields the segments before the first scan: the marker and the body of each.
func headersJPEG(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for rest := skip(data, 2); ; {
			marker, body := nextSegment(&rest)
			if marker == 0 || marker == markEOI || marker == markSOS || !yield(marker, body) {
				return
			}
		}
	}
}

// decodeJPEG decodes a JPEG, also if the end marker is lost.
func decodeJPEG(r io.Reader) (image.Image, error) {
	return jpeg.Decode(io.MultiReader(r, bytes.NewReader([]byte{0xff, markEOI})))
}
