package media

import (
	"context"
	"errors"
	"io"
	"os"
)

// Usage is how many bytes the images of a folder take: as they were saved, and their thumbnails
// and Sizes.
type Usage struct{ Images, Sizes int64 }

// Usage adds up the files of the images. Usage looks at every file, which takes a second for a
// hundred thousand. Files that vanish meanwhile are left out.
func (f *Folder) Usage(ctx context.Context) (u Usage, err error) {
	dir, err := os.Open(f.dir)
	if err != nil {
		return u, err
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(sweepBatch)
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return u, err
		}
		for _, entry := range entries {
			info, err := entry.Info()
			switch name := entry.Name(); {
			case err != nil: // gone
			case imageName.MatchString(name):
				u.Images += info.Size()
			case ValidName(name):
				u.Sizes += info.Size()
			}
		}
	}
}
