package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// A File is a backup that is being written beside its name. Only Commit gives the file its
// name: who finds a file of that name has a whole backup.
type File struct {
	*os.File
	path string
}

// Unfinished ends the name of a file that is not a whole backup. A process that dies leaves the file
// behind; Create deletes what an earlier process has left of the same name.
const Unfinished = ".unfinished"

// Create begins a file, which only its owner may read.
func Create(path string) (*File, error) {
	if err := os.Remove(path + Unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.OpenFile(path+Unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator chose the path
	if err != nil {
		return nil, err
	}
	return &File{f, path}, nil
}

// Commit flushes the file to the disk and gives it its name.
func (f *File) Commit() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(f.path))
}

// Abort deletes the file.
func (f *File) Abort() { _ = errors.Join(f.Close(), os.Remove(f.Name())) }

// syncFolder flushes a folder, so that a new name survives a crash of the machine. File systems
// that cannot need not.
func syncFolder(path string) error {
	dir, err := os.Open(path) //nolint:gosec // the operator chose the path
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

var datedName = regexp.MustCompile(`^xxsns-\d{8}-\d{6}\.tar$`)

// DatedName returns the name of a backup in a folder of backups. The names sort by time.
func DatedName(at time.Time) string { return "xxsns-" + at.UTC().Format("20060102-150405") + ".tar" }

// Rotate deletes the oldest backups of a folder that DatedName has named, but keep, and
// returns the deleted names.
func Rotate(folder string, keep int) (gone []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var dated []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && datedName.MatchString(entry.Name()) {
			dated = append(dated, entry.Name())
		}
	}
	slices.Sort(dated)
	for len(dated) > keep {
		if err := os.Remove(filepath.Join(folder, dated[0])); err != nil {
			return gone, fmt.Errorf("delete an old backup: %w", err)
		}
		gone, dated = append(gone, dated[0]), dated[1:]
	}
	return gone, nil
}

// OpenFile opens a backup for reading. "-" is standard input.
func OpenFile(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(path) //nolint:gosec // the operator chose the path
}
