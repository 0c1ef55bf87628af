package export

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Folder is the path of the folder of exports, which no other user of the machine may read
// and which is served to nobody but the owner of a file.
type Folder string

const (
	extension = ".zip"
	unready   = ".part" // of a file that is being written
)

// fileName matches the names of files in the folder.
var fileName = regexp.MustCompile(`^[A-Z2-7]{26}\.zip(\.part)?$`)

func (f Folder) path(name string) string { return filepath.Join(string(f), name) }

// Open opens the file of an export. fs.ErrNotExist if the file is gone, or never was.
func (f Folder) Open(name string) (*os.File, error) {
	if !fileName.MatchString(name + extension) {
		return nil, fs.ErrNotExist
	}
	return os.Open(f.path(name + extension))
}

// write writes the file of an export, and returns the size. The file gets its name when it is
// whole.
func (f Folder) write(name string, fill func(io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return 0, err
	}
	part := f.path(name + extension + unready)
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	buffered := bufio.NewWriterSize(out, 64<<10)
	err = errors.Join(fill(buffered), buffered.Flush())
	if err == nil {
		err = out.Sync()
	}
	info, errStat := out.Stat()
	if err = errors.Join(err, errStat, out.Close()); err != nil {
		return 0, err
	}
	return info.Size(), os.Rename(part, f.path(name+extension))
}

// Usage returns how many bytes the files of exports take.
func (f Folder) Usage() (size int64, err error) {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) { // nothing was exported yet
		return 0, nil
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && fileName.MatchString(entry.Name()) {
			size += info.Size()
		}
	}
	return size, err
}

// sweep deletes files of which named returns no name.
func (f Folder) sweep(ctx context.Context, named func(context.Context, []string) (map[string]bool, error)) error {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) { // nothing was exported yet
		return nil
	}
	if err != nil {
		return err
	}
	var names, files []string
	for _, entry := range entries {
		if fileName.MatchString(entry.Name()) {
			files = append(files, entry.Name())
			name, _, _ := strings.Cut(entry.Name(), ".")
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	used, err := named(ctx, names)
	if err != nil {
		return err
	}
	var errs []error
	for i, name := range names {
		if !used[name] {
			errs = append(errs, os.Remove(f.path(files[i])))
		}
	}
	return errors.Join(errs...)
}
