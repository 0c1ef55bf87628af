package media

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// sizes are the widths, in pixels, at which the images of posts are also kept: of a
// phone, of a phone with many pixels, and of a desk.
var sizes = [...]int{480, 960, 1440}

// A Size is a file of an image that is Width pixels wide. A Size of a Tall image shows
// the top alone, as the thumbnail does.
type Size struct {
	Name  string
	Width int
}

// Sizes returns the files of an image that is width pixels wide, narrowest first. sized
// is the Sized of the image; without one there are no such files. The last file is as
// wide as the image, or as the largest of the sizes.
func Sizes(name string, width int, sized string) []Size {
	if sized == "" {
		return nil
	}
	stem, _, _ := strings.Cut(name, ".")
	var out []Size
	for _, w := range widths(width) {
		out = append(out, Size{sizeName(stem, sizes[len(out)], sized), w})
	}
	return out
}

// widths returns the widths of the files for screens of an image of a width, or none
// if the image is no wider than the smallest of the sizes.
func widths(width int) []int {
	if width <= sizes[0] {
		return nil
	}
	var out []int
	for _, size := range sizes {
		out = append(out, min(size, width))
		if size >= width {
			break
		}
	}
	return out
}

// sizeName returns the name of the file for one of the sizes of the image with the
// given stem.
func sizeName(stem string, size int, ext string) string {
	return fmt.Sprintf("%s-%d.%s", stem, size, ext)
}

// sizeNames returns the names of all files for screens that an image may have.
func sizeNames(name string) (names []string) {
	stem, ext, _ := strings.Cut(name, ".")
	for _, size := range sizes {
		names = append(names, sizeName(stem, size, ext), sizeName(stem, size, extWebP))
	}
	return names
}

// addSizes renders the files for screens. They are WebP if that takes fewer bytes,
// which the first file decides for all: a photo full of detail stays JPEG. If WebP
// fails, as on a system where a program may not make code, nothing is lost but bytes.
func (r *rendition) addSizes(ctx context.Context, pic picture) error {
	top, ext := pic.top(), pic.ext()
	for i, width := range widths(pic.width()) {
		if err := ctx.Err(); err != nil {
			return err
		}
		sized := top.resize(width, max(1, (top.height()*width+top.width()/2)/top.width()))
		data, err := sized.encode(ext)
		if err != nil {
			return err
		}
		if i == 0 {
			if small, err := sized.encode(extWebP); err == nil && len(small) < len(data) {
				data, ext = small, extWebP
			}
		}
		r.sizes, r.sized = append(r.sizes, data), ext
	}
	return nil
}

// sizeFiles returns the files for screens of the image with the given name.
func (r *rendition) sizeFiles(name string) (files []file) {
	stem, _, _ := strings.Cut(name, ".")
	for i, data := range r.sizes {
		files = append(files, file{sizeName(stem, sizes[i], r.sized), data})
	}
	return files
}

// AddSizes makes the Sizes of a saved image that has none, and returns its Sized. A
// moving image gets none, nor does an image that cannot be decoded. The error matches
// fs.ErrNotExist if there is no such image, or is ErrNoSpace, or one of the folder or of
// ctx. Several processes may call AddSizes for the same image, also at the same time:
// the files are the same.
func (f *Folder) AddSizes(ctx context.Context, name string) (sized string, err error) {
	file, err := f.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if strings.HasSuffix(name, extGIF) {
		return "", nil
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return "", err
	}
	made, err := f.render(ctx, Nobody, upload{small: data}, source.forScreens)
	if err != nil {
		return "", ctx.Err()
	}
	return made.sized, f.put(made.sizeFiles(name))
}
