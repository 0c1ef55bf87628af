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

// write writes all files or none. Each file is complete on the disk before it
// gets its final name: a crash leaves only temporary files behind, which Sweep
// deletes. Every error is an ErrNoSpace with the cause.
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

// undo deletes what write has made. Sweep deletes the rest if undo fails.
func (f *Folder) undo(files []file) {
	for _, file := range files {
		_ = remove(f.temp(file.name))
		_ = remove(f.path(file.name))
	}
}

// writeTemp writes a file under a temporary name and flushes the data to the
// disk.
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

// temp returns the path of the temporary file that becomes the file name.
func (f *Folder) temp(name string) string { return f.path(tempPrefix + name + tempSuffix) }
