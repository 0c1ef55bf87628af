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

// sweepBatch is how many names are asked for at once.
const sweepBatch = 250 // a thumbnail may stand for two images: at most 500 names

// Sweep removes what failures have left behind: images and thumbnails that were
// last changed before the given time and that nothing uses, and temporary files
// as old. inUse answers which of at most 500 image names a row uses. Files this
// package has not made are left alone. It returns how many files it has removed,
// also when it ends early with an error of the folder, inUse or ctx.
//
// before must lie further back than the time between saving an image and
// committing the row that uses it.
func (f *Folder) Sweep(ctx context.Context, before time.Time, inUse func(context.Context, []string) (map[string]bool, error)) (int, error) {
	dir, err := os.Open(f.dir)
	if err != nil {
		return 0, err
	}
	defer dir.Close()
	removed := 0
	for {
		entries, err := dir.ReadDir(sweepBatch)
		if errors.Is(err, io.EOF) {
			return removed, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return removed, err
		}
		n, err := f.sweepBatch(ctx, entries, before, inUse)
		removed += n
		if err != nil {
			return removed, err
		}
	}
}

// sweepBatch sweeps the files of one batch.
func (f *Folder) sweepBatch(ctx context.Context, entries []fs.DirEntry, before time.Time, inUse func(context.Context, []string) (map[string]bool, error)) (int, error) {
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
	if len(names) > 0 {
		used, err := inUse(ctx, names)
		if err != nil {
			return 0, err
		}
		stale = append(stale, unused(candidates, used)...)
	}
	return f.removeAll(stale)
}

// isOld says whether entry is a file last changed before the given time. One
// that has vanished since is not.
func isOld(entry fs.DirEntry, before time.Time) bool {
	info, err := entry.Info()
	return err == nil && info.Mode().IsRegular() && info.ModTime().Before(before)
}

// isTemp says whether name is that of a temporary file of this package.
func isTemp(name string) bool {
	name, ok := strings.CutPrefix(name, tempPrefix)
	name, ok2 := strings.CutSuffix(name, tempSuffix)
	return ok && ok2 && ValidName(name)
}

// unused picks the files none of whose owners is in used.
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

// removeAll removes files and returns how many it has removed.
func (f *Folder) removeAll(names []string) (int, error) {
	for i, name := range names {
		if err := remove(f.path(name)); err != nil {
			return i, err
		}
	}
	return len(names), nil
}
