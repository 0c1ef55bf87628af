package media

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// FilesOf returns the names of the files that an image may have: for screens, of the thumbnail
// and the image itself.
func FilesOf(name string) []string {
	if !imageName.MatchString(name) {
		return nil
	}
	return append(sizeNames(name), Thumb(name), name)
}

// Put writes a file of an image from a backup, in place of the same one. The file is complete
// on the disk before it gets its name.
func (f *Folder) Put(name string, r io.Reader) error {
	if !ValidName(name) {
		return fmt.Errorf("media: %q is not the name of a file of an image", name)
	}
	temp := f.newTemp()
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // nginx reads the images
	if err != nil {
		return noSpace(err)
	}
	_, err = io.Copy(out, r)
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil {
		err = os.Rename(temp, f.path(name))
	}
	if err != nil {
		_ = remove(temp)
		return noSpace(err)
	}
	return nil
}
