package media

import (
	"bytes"
	"errors"
)

// maxScans bounds the scans of a JPEG. Encoders make about ten; each may go over
// the whole picture again for less than a hundred bytes.
const maxScans = 100

var errScans = errors.New("jpeg: too many scans")

// countScans refuses a JPEG of more than maxScans. It counts what image/jpeg
// could take for the head of a scan (marker, length, 1 to 4 components), wherever
// it stands: never too few, and in other data hardly ever one.
func (s *source) countScans() error {
	scans := 0
	for components := byte(1); components <= 4; components++ {
		scans += bytes.Count(s.data, []byte{0xff, 0xda, 0, 6 + 2*components, components})
	}
	if scans > maxScans {
		return broken(errScans)
	}
	return nil
}
