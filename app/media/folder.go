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

// inspectingSlots is how many uploads are in memory to have their headers read.
const inspectingSlots = 2

// Folder is the folder of the images. A Folder is safe for concurrent use, also
// by several replicas that share the folder.
type Folder struct {
	dir string
	// inspecting has a slot for each upload whose headers are read, which takes no time.
	inspecting *semaphore.Weighted
	// decoding bounds the memory of the images at work: decoded images are large.
	decoding *turns
	maxWork  time.Duration
}

// Open opens the folder dir and makes the folder if it is missing. Open writes
// a test file and returns an error if that fails. Images at work take memory bytes
// together (see Memory), unless one alone takes more.
func Open(dir string, memory int64) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be made: %w", dir, err)
	}
	f := &Folder{dir: dir, inspecting: semaphore.NewWeighted(inspectingSlots), decoding: newTurns(memory), maxWork: maxWork}
	probe := f.newTemp()
	err := writeTemp(probe, nil)
	if err = errors.Join(err, remove(probe)); err != nil {
		return nil, fmt.Errorf("folder of images %q cannot be written: %w", dir, err)
	}
	return f, nil
}

// Save saves the image in r for a post of a person (or Nobody): at most MaxSide pixels on
// the longer side (more for a long capture), with a thumbnail of at most ThumbSide and with
// Sizes, both of the top of a Tall image. Save reads at most MaxBytes + 1 bytes of r. It
// returns an error of this package, of r or of ctx, and leaves no files behind after an
// error. People take turns at decoding, which stops when ctx ends.
func (f *Folder) Save(ctx context.Context, person int64, r io.Reader) (Image, error) {
	return f.save(ctx, person, r, source.post)
}

// SaveAvatar saves the image in r as a profile image: the square in the middle,
// at most AvatarPx pixels wide, not animated, without a thumbnail. The errors
// are those of Save.
func (f *Folder) SaveAvatar(ctx context.Context, person int64, r io.Reader) (Image, error) {
	return f.save(ctx, person, r, source.avatar)
}

// A renderer makes the files of an upload: source.post or source.avatar.
type renderer func(source, context.Context) (rendition, error)

func (f *Folder) save(ctx context.Context, person int64, r io.Reader, render renderer) (Image, error) {
	up, err := f.receive(r)
	if err != nil {
		return Image{}, err
	}
	defer up.close()
	made, err := f.render(ctx, person, up, render)
	if err != nil {
		return Image{}, err
	}
	return f.keep(made)
}

// render inspects an upload, waits for the turn of the person and renders the upload. An
// upload that waits is not in memory, unless it is small.
func (f *Folder) render(ctx context.Context, person int64, up upload, render renderer) (rendition, error) {
	memory, err := f.memory(ctx, up)
	if err != nil {
		return rendition{}, err
	}
	done, err := f.decoding.take(ctx, person, memory)
	if err != nil {
		return rendition{}, err
	}
	defer release(memory, done)
	src, err := up.source()
	if err != nil {
		return rendition{}, err
	}
	return work(ctx, src, render, f.maxWork)
}

// memory inspects an upload and returns how many bytes the work on it takes.
func (f *Folder) memory(ctx context.Context, up upload) (int64, error) {
	if err := f.inspecting.Acquire(ctx, 1); err != nil {
		return 0, err
	}
	defer f.inspecting.Release(1)
	src, err := up.source()
	if err != nil {
		return 0, err
	}
	return src.memory(), nil
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

// release ends a turn. After a big image, release first returns the memory (up to 830 MB)
// to the system: the next image would otherwise be decoded while the garbage of this one
// is still in memory.
func release(memory int64, done func()) {
	if memory >= bigMemory {
		debug.FreeOSMemory()
	}
	done()
}

// Open opens a file of an image for http.ServeContent. The error matches
// fs.ErrNotExist if the file does not exist or name is not a ValidName.
func (f *Folder) Open(name string) (*os.File, error) {
	if !ValidName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(f.path(name))
}

// Has reports whether the folder has the file of an image.
func (f *Folder) Has(name string) bool {
	info, err := os.Stat(f.path(name))
	return ValidName(name) && err == nil && info.Mode().IsRegular()
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
