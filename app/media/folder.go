package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"golang.org/x/sync/semaphore"
)

// bigPixels is where an image is big: decoding one takes up to 16 bytes a pixel
// (a progressive JPEG), so that a big one is decoded alone.
const bigPixels = 16_000_000

// maxDecoding bounds the time spent on one image, its waiting aside. Honest ones
// of 50 megapixels take a few seconds on a slow machine.
const maxDecoding = 20 * time.Second

// maxLoaded is how many uploads are in memory as a whole at once: those that are
// decoded, and as many that are ready to be.
const maxLoaded = 4

// Folder is where the images are. It may be used by many goroutines, and by
// several replicas that share the folder.
type Folder struct {
	dir string
	// loaded has a place for each upload in memory.
	loaded *semaphore.Weighted
	// decoding has two places, since decoded images are large: a small image
	// takes one of them, a big one both.
	decoding    *semaphore.Weighted
	maxDecoding time.Duration
}

// Open opens the folder dir, making it if it is missing, and checks by trying
// that files can be written there.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be made: %w", dir, err)
	}
	f := &Folder{dir: dir, loaded: semaphore.NewWeighted(maxLoaded), decoding: semaphore.NewWeighted(2), maxDecoding: maxDecoding}
	probe := file{name: newName(".png")}
	err := f.writeTemp(probe)
	if err = errors.Join(err, remove(f.temp(probe.name))); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be written: %w", dir, err)
	}
	return f, nil
}

// Save saves the image in r for a post: at most MaxSide pixels on its longer
// side, with a thumbnail of at most ThumbSide. The errors are this package's,
// r's or ctx's; after any of them nothing is left behind. Of r, at most MaxBytes
// and one more byte are read. An upload waits on the disk, in the folder; an image
// that takes longer than 20 s to decode is ErrBroken, and one whose ctx ends is
// not decoded to its end.
func (f *Folder) Save(ctx context.Context, r io.Reader) (Image, error) {
	return f.save(ctx, r, source.post)
}

// SaveAvatar saves the image in r as a profile image: the square in its middle,
// at most AvatarPx pixels wide, never animated, without a thumbnail. Its errors
// are those of Save.
func (f *Folder) SaveAvatar(ctx context.Context, r io.Reader) (Image, error) {
	return f.save(ctx, r, source.avatar)
}

// renderer makes of a source what is to be saved: source.post or source.avatar.
type renderer func(source, context.Context) (rendition, error)

func (f *Folder) save(ctx context.Context, r io.Reader, render renderer) (Image, error) {
	up, err := f.receive(r)
	if err != nil {
		return Image{}, err
	}
	defer up.close()
	if err := f.loaded.Acquire(ctx, 1); err != nil {
		return Image{}, err
	}
	defer f.loaded.Release(1)
	made, err := f.render(ctx, up, render)
	if err != nil {
		return Image{}, err
	}
	return f.keep(made)
}

// render looks at an upload and makes of it what is to be saved.
func (f *Folder) render(ctx context.Context, up upload, render renderer) (rendition, error) {
	data, err := up.bytes()
	if err != nil {
		return rendition{}, err
	}
	src, err := inspect(data)
	if err != nil {
		return rendition{}, err
	}
	return f.inTurn(ctx, src, render)
}

// keep writes what was made, under a new name.
func (f *Folder) keep(made rendition) (Image, error) {
	name := newName(made.ext)
	var files []file
	if made.thumb != nil {
		files = append(files, file{Thumb(name), made.thumb})
	}
	files = append(files, file{name, made.full})
	if err := f.write(files); err != nil {
		return Image{}, err
	}
	return Image{Name: name, Width: made.width, Height: made.height}, nil
}

// inTurn waits for a place to decode src in and makes of it what is to be saved.
func (f *Folder) inTurn(ctx context.Context, src source, render renderer) (rendition, error) {
	places := int64(1)
	if src.pixels > bigPixels {
		places = 2
	}
	if err := f.decoding.Acquire(ctx, places); err != nil {
		return rendition{}, err
	}
	defer f.release(places)
	limited, cancel := context.WithTimeout(ctx, f.maxDecoding)
	defer cancel()
	made, err := render(src, limited)
	if ended := ctx.Err(); ended != nil {
		return rendition{}, ended
	}
	return made, err
}

// release gives places back. The memory of a big image, up to 800 MB, is
// collected first, or the next would be decoded beside its remains.
func (f *Folder) release(places int64) {
	if places > 1 {
		debug.FreeOSMemory()
	}
	f.decoding.Release(places)
}

// Open opens an image or a thumbnail for http.ServeContent. A name that is not
// ValidName is fs.ErrNotExist, as is a file that is not there.
func (f *Folder) Open(name string) (*os.File, error) {
	if !ValidName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(f.path(name))
}

// Delete deletes the images called names and their thumbnails. Files that are
// not there are no error; a name no image can have is one, and deletes nothing.
func (f *Folder) Delete(names ...string) error {
	var errs []error
	for _, name := range names {
		if !imageName.MatchString(name) {
			errs = append(errs, fmt.Errorf("media: %q is not the name of an image", name))
			continue
		}
		errs = append(errs, remove(f.path(name)), remove(f.path(Thumb(name))))
	}
	return errors.Join(errs...)
}

// remove removes a file that may be missing.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }
