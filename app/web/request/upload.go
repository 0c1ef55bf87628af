package request

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// Upload is a form with images, read as it arrives: no image waits in memory
// or in a temporary file for the others.
type Upload struct {
	Values   url.Values
	room     int // bytes that the text fields to come may have
	Images   []media.Image
	Problems sns.Invalid
	Sent     int   // how many images were sent, good or bad
	Slow     error // SlowDownError: too many images for now
}

func (u *Upload) read(r *Request, part *multipart.Part, name string, most int, save saver) error {
	if part.FormName() != name || part.FileName() == "" {
		return u.readValue(part)
	}
	if u.Sent++; u.Sent > absurd {
		return ErrTooLarge
	}
	if u.Sent > most {
		if u.Sent == most+1 {
			u.problem(name, "image.most", "Max", most)
		}
		_, err := io.Copy(io.Discard, part)
		return err
	}
	if u.Slow = errors.Join(u.Slow, r.Limit(LimitUpload)); u.Slow != nil {
		_, err := io.Copy(io.Discard, part)
		return err
	}
	image, err := save(r.Ctx(), part)
	if err == nil {
		u.Images = append(u.Images, image)
		return nil
	}
	key, ok := imageProblem(err)
	if !ok {
		return err
	}
	if errors.Is(err, media.ErrNoSpace) {
		r.Log.ErrorContext(r.Ctx(), "image not saved", "error", err)
	}
	u.problem(name, key, "Name", shortName(part.FileName()))
	_, err = io.Copy(io.Discard, part)
	return err
}

// readValue reads a text field: all of them together have no more than a form
// without images may have.
func (u *Upload) readValue(part *multipart.Part) error {
	u.room -= len(part.FormName()) + partCost
	value, err := io.ReadAll(io.LimitReader(part, int64(max(u.room, 0))+1))
	if err != nil {
		return err
	}
	if u.room -= len(value); u.room < 0 {
		return ErrTooLarge
	}
	// A file field left empty arrives as a file without a name.
	if part.FormName() != "" && part.FileName() == "" && part.Header.Get("Content-Type") != "application/octet-stream" {
		u.Values.Add(part.FormName(), string(value))
	}
	return nil
}

func (u *Upload) problem(field, key string, args ...any) {
	p := sns.Problem{Field: field, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i].(string)] = args[i+1]
	}
	u.Problems = append(u.Problems, p)
}

// absurd is more images than anybody chooses by mistake; the rest of such a form
// is not read.
const absurd = 200

// saver keeps one image of a form.
type saver func(context.Context, io.Reader) (media.Image, error)

// ReadUpload is readForm for a sender who is still signed in when it has come.
func (r *Request) ReadUpload(name string, most int, save saver) (*Upload, error) {
	begun := time.Now()
	u, err := r.readForm(name, most, save)
	if err != nil {
		return nil, err
	}
	if err := r.checkArrival(begun); err != nil {
		r.Discard(u.Images)
		return nil, err
	}
	return u, nil
}

// readForm reads a form whose file fields have the given name; at most most
// images are kept, by save. What is wrong with an image is a problem of the
// form, and the rest of the form is read all the same. The caller must keep or
// discard the images.
func (r *Request) readForm(name string, most int, save saver) (*Upload, error) {
	u := &Upload{Values: url.Values{}, room: MaxForm}
	mediaType, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if mediaType != "multipart/form-data" {
		r.Request.Body = http.MaxBytesReader(r.Writer, r.Request.Body, MaxForm)
		if err := r.parseForm(); err != nil {
			return nil, err
		}
		u.Values = r.Request.PostForm
		return u, nil
	}
	reader, err := r.Request.MultipartReader()
	if err != nil {
		return nil, ErrBadRequest
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err == nil {
			err = u.read(r, part, name, most, save)
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			u.problem(name, "image.all")
			return u, nil
		}
		if err != nil {
			r.Discard(u.Images)
			return nil, uploadError(r.Ctx(), err)
		}
	}
}

// uploadError tells a connection that broke, or a body that is no form, from
// failures of ours.
func uploadError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, media.ErrNoSpace) || errors.Is(err, ErrTooLarge) {
		return err
	}
	return errors.Join(ErrBadRequest, err)
}

// partCost is what a field costs beside its name and value, so that many empty
// ones are bounded, too.
const partCost = 64

// imageProblem is what to tell about an image that was not saved.
func imageProblem(err error) (key string, ok bool) {
	for _, known := range []struct {
		err error
		key string
	}{
		{media.ErrTooLarge, "image.bytes"},
		{media.ErrTooManyPixels, "image.pixels"},
		{media.ErrHEIC, "image.heic"},
		{media.ErrUnsupported, "image.kind"},
		{media.ErrBroken, "image.broken"},
		{media.ErrNoSpace, "image.space"},
	} {
		if errors.Is(err, known.err) {
			return known.key, true
		}
	}
	return "", false
}

// shortName is a file's name as it may stand in a sentence.
func shortName(name string) string {
	name = filepath.Base(name)
	if !utf8.ValidString(name) {
		return "?"
	}
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:20]) + "…" + string(runes[len(runes)-15:])
	}
	return name
}

// Discard deletes the images of a form that came to nothing. It looks first
// whether a row shows them after all: the answer to a commit may be what got
// lost. What cannot be looked up or deleted now, the sweep finds later.
func (r *Request) Discard(images []media.Image) {
	if len(images) == 0 {
		return
	}
	names := make([]string, len(images))
	for i, image := range images {
		names[i] = image.Name
	}
	used, err := r.Store.ImagesInUse(context.WithoutCancel(r.Ctx()), names)
	if err == nil {
		err = r.Images.Delete(slices.DeleteFunc(names, func(name string) bool { return used[name] })...)
	}
	if err != nil {
		r.Log.WarnContext(r.Ctx(), "images left to the sweep", "error", err)
	}
}
