package backup

import (
	"errors"
	"io"
)

// Verify reads a whole backup and returns its manifest. The error matches ErrDamaged or
// ErrNoBackup, and names all damaged entries. progress may be nil.
func Verify(in io.Reader, progress func(Item)) (Header, Manifest, error) {
	r, err := NewReader(in)
	if err != nil {
		return Header{}, Manifest{}, err
	}
	defer r.Close()
	var unread error
	for {
		item, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return r.Header, r.Manifest(), unread
		case err != nil && item == nil:
			return r.Header, Manifest{}, err // names what is unread, too
		case err == nil && item.Table != "":
			for _, err = range item.Rows() {
				if err != nil {
					break
				}
			}
		}
		unread = errors.Join(unread, err) // the entries after it are read all the same
		if progress != nil {
			progress(*item)
		}
	}
}
