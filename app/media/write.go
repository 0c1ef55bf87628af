package media

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// A file is a file to write.
type file struct {
	name string
	data []byte
}

// write writes all files or none, under new names. Every error is an ErrNoSpace with
// the cause.
func (f *Folder) write(files []file) error {
	err := f.put(files)
	if err != nil {
		for _, file := range files {
			_ = remove(f.path(file.name)) // Sweep deletes the rest if this fails
		}
	}
	return err
}

// put writes files, under new names or in place of the same files. Each file is
// complete on the disk before it gets its name: a crash leaves only temporary files
// behind, which Sweep deletes. Every error is an ErrNoSpace with the cause; some files
// may then be written.
func (f *Folder) put(files []file) (err error) {
	temps := make([]string, len(files))
	defer func() {
		if err != nil {
			for _, temp := range temps { // also of files not begun: remove ignores those
				_ = remove(temp)
			}
			err = noSpace(err)
		}
	}()
	for i, file := range files {
		temps[i] = f.newTemp()
		if err := writeTemp(temps[i], file.data); err != nil {
			return err
		}
	}
	for i, file := range files {
		if err := os.Rename(temps[i], f.path(file.name)); err != nil {
			return err
		}
	}
	return f.sync()
}

// writeTemp writes a new file and flushes the data to the disk.
func writeTemp(path string, data []byte) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// sync flushes the folder, so that new names survive a crash of the machine.
// Windows and some network file systems cannot flush a folder, and need not.
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

// newTemp returns the path of a new temporary file.
func (f *Folder) newTemp() string { return f.path(tempPrefix + newName(".png") + tempSuffix) }
