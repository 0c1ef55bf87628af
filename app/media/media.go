// Package media keeps the images that users upload. It recognises images by
// their bytes, limits, rotates, shrinks and re-encodes them (so that no
// metadata of the camera remains), saves them under unguessable names, and
// deletes them.
package media

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"regexp"
	"strings"
)

// Limits of uploads, and sizes of saved images.
const (
	MaxBytes  = 10 << 20   // per upload
	MaxPixels = 52_000_000 // per upload, width × height; phones make 8192 × 6144
	MaxSide   = 2048       // longer side of a saved image, in pixels
	ThumbSide = 720        // longer side of a thumbnail, in pixels; of a Tall image, the shorter
	Tall      = 2          // ratio of height to width beyond which a thumbnail shows the top alone
	AvatarPx  = 256        // width and height of a profile image, in pixels
)

// Limits of saved images beyond a ratio of 1:2.5, in place of MaxSide.
const (
	longPixels = 8_000_000 // width × height
	longSide   = 1080      // shorter side, in pixels, which is kept even beyond longPixels
)

// Errors of Save and SaveAvatar. Errors of the reader and of the context are
// returned unchanged.
var (
	ErrTooLarge      = errors.New("media: more than 10 MB")
	ErrTooManyPixels = errors.New("media: more than 52 megapixels")
	ErrHEIC          = errors.New("media: HEIC and HEIF are not supported")
	ErrAVIF          = errors.New("media: AVIF is not supported")
	ErrUnsupported   = errors.New("media: not a JPEG, PNG, GIF or WebP image")
	ErrBroken        = errors.New("media: the image is truncated or corrupt")
	ErrTooMuchWork   = errors.New("media: decoding takes too long")
	ErrNoSpace       = errors.New("media: the image cannot be written")
	ErrBusy          = errors.New("media: too many images wait")
)

// Image is a saved image. Name is the file name in the folder and in
// /uploads/:name. Width and Height are pixels of the full size, after rotation
// and shrinking.
type Image struct {
	Name          string
	Width, Height int
	// Sized is the extension of the image's Sizes, or empty if there are none.
	Sized string
	// Stilled reports that the upload moved and the saved image does not.
	Stilled bool
}

var (
	lower     = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")
	imageName = regexp.MustCompile(`^[a-z2-7]{32}\.(jpg|png|gif)$`)
	thumbName = regexp.MustCompile(`^[a-z2-7]{32}-thumb\.(jpg|png)$`)
	sizedName = regexp.MustCompile(`^[a-z2-7]{32}-(480|960|1440)\.(jpg|png|webp)$`)
)

// newName returns a name of 160 random bits with the extension ext (".jpg").
func newName(ext string) string {
	var b [20]byte
	rand.Read(b[:]) // never fails
	return lower.EncodeToString(b[:]) + ext
}

// Thumb returns the name of the thumbnail of an image. The thumbnail of an
// animation is a PNG of the first frame.
func Thumb(name string) string {
	if stem, ok := strings.CutSuffix(name, ".gif"); ok {
		return stem + "-thumb.png"
	}
	dot := max(0, strings.LastIndexByte(name, '.'))
	return name[:dot] + "-thumb" + name[dot:]
}

// ValidName reports whether a file of an image of this package can have the name.
// The folder never looks up other names.
func ValidName(name string) bool {
	return imageName.MatchString(name) || thumbName.MatchString(name) || sizedName.MatchString(name)
}

// owners returns the names of the images to which a file may belong: an image belongs
// to itself, another file to each image that can have such a file.
func owners(name string) []string {
	if imageName.MatchString(name) {
		return []string{name}
	}
	stem, rest, _ := strings.Cut(name, "-")
	switch _, ext, _ := strings.Cut(rest, "."); {
	case rest == "thumb.png":
		return []string{stem + ".png", stem + ".gif"}
	case ext == extWebP:
		return []string{stem + ".jpg", stem + ".png"}
	default:
		return []string{stem + "." + ext}
	}
}
