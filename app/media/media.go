// Package media keeps the images people upload: it recognises them by their
// bytes, limits them, turns them upright, makes them small, encodes them anew
// (so that nothing of the camera's metadata remains), saves them under names
// nobody can guess, and deletes them.
package media

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"regexp"
	"strings"
)

// Limits of what is taken and sizes of what is made of it.
const (
	MaxBytes  = 10 << 20   // of an upload
	MaxPixels = 50_000_000 // of an upload, width × height
	MaxSide   = 2048       // pixels of a saved image's longer side
	ThumbSide = 720        // pixels of a thumbnail's longer side
	AvatarPx  = 256        // pixels of a profile image's sides
)

// What Save and SaveAvatar refuse, and why. Errors of reading the upload and of
// a cancelled context are passed on as they are.
var (
	ErrTooLarge      = errors.New("media: more than 10 MB")
	ErrTooManyPixels = errors.New("media: more than 50 megapixels")
	ErrHEIC          = errors.New("media: HEIC, HEIF and AVIF are not supported")
	ErrUnsupported   = errors.New("media: not a JPEG, PNG, GIF or WebP image")
	ErrBroken        = errors.New("media: the image is truncated or corrupt")
	ErrNoSpace       = errors.New("media: the image cannot be written")
)

// Image is a saved image. Name is its file name in the folder and in
// /uploads/:name; Width and Height are pixels of the full size, after turning
// and shrinking.
type Image struct {
	Name          string
	Width, Height int
}

var (
	lower     = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")
	imageName = regexp.MustCompile(`^[a-z2-7]{32}\.(jpg|png|gif)$`)
	thumbName = regexp.MustCompile(`^[a-z2-7]{32}-thumb\.(jpg|png)$`)
)

// newName makes an image's name of 160 random bits and ext (".jpg").
func newName(ext string) string {
	var b [20]byte
	rand.Read(b[:]) // never fails
	return lower.EncodeToString(b[:]) + ext
}

// Thumb is the name of the thumbnail of the image called name. An animation's
// thumbnail is a PNG of its first frame.
func Thumb(name string) string {
	if stem, ok := strings.CutSuffix(name, ".gif"); ok {
		return stem + "-thumb.png"
	}
	dot := max(0, strings.LastIndexByte(name, '.'))
	return name[:dot] + "-thumb" + name[dot:]
}

// ValidName says whether name is one this package could have given to an image
// or a thumbnail. No other name is looked for in the folder.
func ValidName(name string) bool {
	return imageName.MatchString(name) || thumbName.MatchString(name)
}

// owners are the names of the images the file called name may belong to: itself,
// or for a thumbnail the images that Thumb would give this name.
func owners(name string) []string {
	if imageName.MatchString(name) {
		return []string{name}
	}
	image := strings.Replace(name, "-thumb", "", 1)
	if stem, ok := strings.CutSuffix(image, ".png"); ok {
		return []string{image, stem + ".gif"}
	}
	return []string{image}
}
