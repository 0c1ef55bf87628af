package media

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ownerFile holds the id of the database to which the images belong. The name
// is not valid for an image.
const ownerFile = ".owner"

// Owner returns the id that SetOwner has written, or "".
func (f *Folder) Owner() (string, error) {
	owner, err := os.ReadFile(filepath.Join(f.dir, ownerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(owner)), err
}

// SetOwner writes the id of the database to which the images belong.
func (f *Folder) SetOwner(owner string) error {
	return os.WriteFile(filepath.Join(f.dir, ownerFile), []byte(owner+"\n"), 0o644) //nolint:gosec // no secret
}

// Names returns the names of at most most images in the folder, in no order.
func (f *Folder) Names(most int) ([]string, error) {
	dir, err := os.Open(f.dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var names []string
	for len(names) < most {
		entries, err := dir.ReadDir(most)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if imageName.MatchString(e.Name()) && len(names) < most {
				names = append(names, e.Name())
			}
		}
	}
	return names, nil
}
