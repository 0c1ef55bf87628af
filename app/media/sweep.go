package media

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// sweepBatch is the number of files that are checked at once.
const sweepBatch = 250 // a file may belong to two images: at most 500 names

// Sweep deletes files that failures have left behind: files of images
// that are unused and were last changed before the given time, and temporary
// files of the same age. inUse returns which of at most 500 image names a
// database row uses. Sweep ignores files that are not from this package. It
// returns the number of deleted files, also together with an error of the
// folder, inUse or ctx.
//
// The time between now and before must be longer than a request takes from
// saving an image to committing the row that uses the image.
func (f *Folder) Sweep(ctx context.Context, before time.Time, inUse func(context.Context, []string) (map[string]bool, error)) (int, error) {
	removed := 0
	err := f.eachStale(ctx, before, inUse, func(names []string) error {
		n, err := f.removeAll(names)
		removed += n
		return err
	})
	return removed, err
}

// Stale returns how many files Sweep would delete.
func (f *Folder) Stale(ctx context.Context, before time.Time, inUse func(context.Context, []string) (map[string]bool, error)) (n int, err error) {
	err = f.eachStale(ctx, before, inUse, func(names []string) error { n += len(names); return nil })
	return n, err
}

// eachStale passes the files that Sweep deletes to use, batch by batch.
func (f *Folder) eachStale(ctx context.Context, before time.Time, inUse func(context.Context, []string) (map[string]bool, error), use func([]string) error) error {
	dir, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(sweepBatch)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		stale, err := staleOf(ctx, entries, before, inUse)
		if err == nil {
			err = use(stale)
		}
		if err != nil {
			return err
		}
	}
}

// staleOf returns the files of one batch that Sweep deletes.
func staleOf(ctx context.Context, entries []fs.DirEntry, before time.Time, inUse func(context.Context, []string) (map[string]bool, error)) ([]string, error) {
	var stale, candidates, names []string
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !isOld(entry, before):
		case isTemp(name):
			stale = append(stale, name)
		case ValidName(name):
			candidates = append(candidates, name)
			names = append(names, owners(name)...)
		}
	}
	if len(names) == 0 {
		return stale, nil
	}
	used, err := inUse(ctx, names)
	if err != nil {
		return nil, err
	}
	return append(stale, unused(candidates, used)...), nil
}

// isOld reports whether entry is a regular file that was last changed before
// the given time. A file that has vanished meanwhile is not old.
func isOld(entry fs.DirEntry, before time.Time) bool {
	info, err := entry.Info()
	return err == nil && info.Mode().IsRegular() && info.ModTime().Before(before)
}

// isTemp reports whether name belongs to a temporary file of this package.
func isTemp(name string) bool {
	name, ok := strings.CutPrefix(name, tempPrefix)
	name, ok2 := strings.CutSuffix(name, tempSuffix)
	return ok && ok2 && ValidName(name)
}

// unused returns the files of which no owner is in used.
func unused(files []string, used map[string]bool) []string {
	var out []string
next:
	for _, name := range files {
		for _, owner := range owners(name) {
			if used[owner] {
				continue next
			}
		}
		out = append(out, name)
	}
	return out
}

// removeAll deletes files and returns the number of deleted files.
func (f *Folder) removeAll(names []string) (int, error) {
	for i, name := range names {
		if err := remove(f.path(name)); err != nil {
			return i, err
		}
	}
	return len(names), nil
}
