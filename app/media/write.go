package media

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// file is a file to be written.
type file struct {
	name string
	data []byte
}

// write writes all files or none. Each is complete on the disk before it gets
// its name, so that a crash leaves temporary files at worst, and Sweep removes
// those. Every failure is ErrNoSpace, with its cause.
func (f *Folder) write(files []file) (err error) {
	defer func() {
		if err != nil {
			f.undo(files)
			err = noSpace(err)
		}
	}()
	for _, file := range files {
		if err := f.writeTemp(file); err != nil {
			return err
		}
	}
	for _, file := range files {
		if err := os.Rename(f.temp(file.name), f.path(file.name)); err != nil {
			return err
		}
	}
	return f.sync()
}

// undo removes whatever write has made. What cannot be removed now is left to
// Sweep.
func (f *Folder) undo(files []file) {
	for _, file := range files {
		_ = remove(f.temp(file.name))
		_ = remove(f.path(file.name))
	}
}

// writeTemp writes a file's data to the disk under its temporary name.
func (f *Folder) writeTemp(file file) error {
	out, err := os.OpenFile(f.temp(file.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(file.data)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// sync makes new names in the folder survive a crash of the machine. Windows
// and some network file systems cannot do that for a folder, and need not.
func (f *Folder) sync() error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

const tempPrefix, tempSuffix = ".", ".tmp"

// temp is the path of the temporary file that becomes the file called name.
func (f *Folder) temp(name string) string { return f.path(tempPrefix + name + tempSuffix) }
