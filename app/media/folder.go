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

// bigPixels is the size in pixels above which an image is decoded alone:
// decoding takes up to 16 bytes per pixel (for a progressive JPEG).
const bigPixels = 16_000_000

// maxDecoding bounds the time of decoding and rendering an image, without the
// wait for a slot. Harmless images of 52 megapixels take a few seconds on a
// slow machine.
const maxDecoding = 20 * time.Second

// maxLoaded bounds the uploads that are loaded into memory at once: those being
// decoded, and as many that wait for a decoding slot.
const maxLoaded = 4

// Folder is the folder of the images. A Folder is safe for concurrent use, also
// by several replicas that share the folder.
type Folder struct {
	dir string
	// loaded has a slot for each upload in memory.
	loaded *semaphore.Weighted
	// decoding has two slots, since decoded images are large: a small image
	// takes one slot, a big image both.
	decoding    *semaphore.Weighted
	maxDecoding time.Duration
}

// Open opens the folder dir and makes the folder if it is missing. Open writes
// a test file and returns an error if that fails.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be made: %w", dir, err)
	}
	f := &Folder{dir: dir, loaded: semaphore.NewWeighted(maxLoaded), decoding: semaphore.NewWeighted(2), maxDecoding: maxDecoding}
	probe := f.newTemp()
	err := writeTemp(probe, nil)
	if err = errors.Join(err, remove(probe)); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be written: %w", dir, err)
	}
	return f, nil
}

// Save saves the image in r for a post: at most MaxSide pixels on the longer side
// (more for a long capture), with a thumbnail of at most ThumbSide and with Sizes, both
// of the top of a Tall image. Save reads at most MaxBytes + 1 bytes of r. It returns an
// error of this package, of r or of ctx, and leaves no files behind after an error. An
// image that takes longer than 20 s to decode is ErrBroken; decoding stops when ctx
// ends.
func (f *Folder) Save(ctx context.Context, r io.Reader) (Image, error) {
	return f.save(ctx, r, source.post)
}

// SaveAvatar saves the image in r as a profile image: the square in the middle,
// at most AvatarPx pixels wide, not animated, without a thumbnail. The errors
// are those of Save.
func (f *Folder) SaveAvatar(ctx context.Context, r io.Reader) (Image, error) {
	return f.save(ctx, r, source.avatar)
}

// A renderer makes the files of an upload: source.post or source.avatar.
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

// render loads and inspects an upload, and renders it.
func (f *Folder) render(ctx context.Context, up upload, render renderer) (rendition, error) {
	data, err := up.bytes()
	if err != nil {
		return rendition{}, err
	}
	src, err := inspect(data)
	if err != nil {
		return rendition{}, err
	}
	return f.renderInSlot(ctx, src, render)
}

// keep writes the files of a rendition under a new name.
func (f *Folder) keep(made rendition) (Image, error) {
	name := newName("." + made.ext)
	files := made.sizeFiles(name)
	if made.thumb != nil {
		files = append(files, file{Thumb(name), made.thumb})
	}
	files = append(files, file{name, made.full})
	if err := f.write(files); err != nil {
		return Image{}, err
	}
	return Image{Name: name, Width: made.width, Height: made.height, Sized: made.sized, Stilled: made.stilled}, nil
}

// renderInSlot waits for a decoding slot and renders src.
func (f *Folder) renderInSlot(ctx context.Context, src source, render renderer) (rendition, error) {
	slots := int64(1)
	if src.pixels > bigPixels {
		slots = 2
	}
	if err := f.decoding.Acquire(ctx, slots); err != nil {
		return rendition{}, err
	}
	defer f.release(slots)
	limited, cancel := context.WithTimeout(ctx, f.maxDecoding)
	defer cancel()
	made, err := render(src, limited)
	if ended := ctx.Err(); ended != nil {
		return rendition{}, ended
	}
	return made, err
}

// release frees slots. After a big image, it first returns the memory (up to
// 830 MB) to the system: the next image would otherwise be decoded while the
// garbage of this one is still in memory.
func (f *Folder) release(slots int64) {
	if slots > 1 {
		debug.FreeOSMemory()
	}
	f.decoding.Release(slots)
}

// Open opens a file of an image for http.ServeContent. The error matches
// fs.ErrNotExist if the file does not exist or name is not a ValidName.
func (f *Folder) Open(name string) (*os.File, error) {
	if !ValidName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(f.path(name))
}

// Delete deletes images with all their files. Missing files are no error. A
// name that no image can have is an error, and nothing is deleted for that
// name.
func (f *Folder) Delete(names ...string) error {
	var errs []error
	for _, name := range names {
		if !imageName.MatchString(name) {
			errs = append(errs, fmt.Errorf("media: %q is not the name of an image", name))
			continue
		}
		for _, file := range append(sizeNames(name), Thumb(name), name) {
			errs = append(errs, remove(f.path(file)))
		}
	}
	return errors.Join(errs...)
}

// remove deletes a file. A missing file is no error.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }
