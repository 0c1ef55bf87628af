package request

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	sloggin "github.com/samber/slog-gin"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// An Upload is a form with images, read as it arrives: no image waits for the others,
// in memory or in a temporary file.
type Upload struct {
	Values   url.Values    // text fields
	Images   []media.Image // saved images; the handler keeps them or calls Discard
	Problems sns.Invalid   // what is wrong with images
	Sent     int           // number of images sent, saved or not
	Slow     error         // SlowDownError or media.ErrBusy: too many images for now

	Documents []Document // of ReadDocuments; the handler closes them

	budget int               // bytes that further text fields may have
	texts  map[string]string // keys of texts that say of these files what others say of images
}

// mostFiles bounds the images of a form. Nobody chooses more by mistake: the rest of
// the form is not read.
const mostFiles = 200

// A saver saves one image of a form, of a person.
type saver func(ctx context.Context, person int64, image io.Reader) (media.Image, error)

// A keeper keeps one file of a form, and returns how to give it up again.
type keeper func(u *Upload, file io.Reader, name string) (undo func(), err error)

// ReadUpload reads a form, with or without files. File fields have the given name (empty:
// any), and save gets the first most of them. A problem with an image is a problem of the
// form: the other fields are read all the same. The caller keeps or discards the
// images. If the viewer was signed out while the form arrived, ReadUpload discards
// the images and returns ErrSignedOut.
func (r *Request) ReadUpload(name string, most int, save saver) (*Upload, error) {
	return r.readForm(&Upload{}, name, most, func(u *Upload, file io.Reader, _ string) (func(), error) {
		image, err := save(r.Ctx(), r.person(), file)
		if err != nil {
			return nil, err
		}
		u.Images = append(u.Images, image)
		return func() {
			u.Images = u.Images[:len(u.Images)-1]
			r.Discard([]media.Image{image})
		}, nil
	})
}

// person returns by what number the viewer takes turns at images. The guests of a network have one
// number together, which is below those of users.
func (r *Request) person() int64 {
	if r.Viewer != nil {
		return r.Viewer.ID
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(r.Network()))
	return -1 - int64(sum.Sum64()>>1) //nolint:gosec // one bit less than the sum
}

// readForm reads a form into u.
func (r *Request) readForm(u *Upload, name string, most int, keep keeper) (*Upload, error) {
	begun := time.Now()
	err := readUpload(r, u, name, most, keep)
	if err == nil {
		err = checkArrival(r, begun)
	}
	if err != nil {
		r.Discard(u.Images)
		u.CloseDocuments()
		return nil, err
	}
	return u, nil
}

func readUpload(r *Request, u *Upload, name string, most int, keep keeper) error {
	u.Values, u.budget = url.Values{}, MaxForm
	mediaType, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if mediaType != "multipart/form-data" {
		r.Request.Body = http.MaxBytesReader(r.Writer, r.Request.Body, MaxForm)
		if err := r.parseForm(); err != nil {
			return err
		}
		u.Values = r.Request.PostForm
		return nil
	}
	reader, err := r.Request.MultipartReader()
	if err != nil {
		return ErrBadRequest
	}
	r.Request.PostForm = u.Values // for Value and From, and for resend if reading fails
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = u.readPart(r, part, name, most, keep)
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			u.problem(name, "image.all")
			return nil
		}
		if err != nil {
			return uploadError(r.Ctx(), err)
		}
	}
}

// uploadError separates errors of the sender, a broken connection or a malformed
// body, from errors of this program.
func uploadError(ctx context.Context, err error) error {
	if ctx.Err() != nil && !isLate(ctx) {
		return ctx.Err()
	}
	if errors.Is(err, media.ErrNoSpace) || errors.Is(err, ErrTooLarge) {
		return err
	}
	return bodyError(ctx, err)
}

// readPart reads a text field, or saves an image. An image that is not saved is read
// to its end, so that the next part can be read.
func (u *Upload) readPart(r *Request, part *multipart.Part, name string, most int, keep keeper) error {
	if part.FileName() == "" {
		return u.readValue(part)
	}
	if part.FormName() != name {
		return drain(part)
	}
	if u.Sent++; u.Sent > mostFiles {
		return ErrTooLarge
	}
	if u.Sent > most {
		if u.Sent == most+1 {
			u.problem(name, "image.most", "Max", most)
		}
		return drain(part)
	}
	if u.Slow = errors.Join(u.Slow, r.Limit(LimitUpload)); u.Slow != nil {
		return drain(part)
	}
	sent := &countingReader{Reader: part}
	undo, err := keep(u, sent, part.FileName())
	if err == nil {
		if err = limitBytes(r, sent.n); err == nil {
			return nil
		}
		undo()
	}
	if errors.Is(err, media.ErrBusy) {
		u.Slow = err
		return drain(part)
	}
	key, ok := imageProblem(err)
	if !ok {
		return err
	}
	if errors.Is(err, media.ErrNoSpace) {
		r.Log.ErrorContext(r.Ctx(), "image not saved", sloggin.RequestIDKey, requestID(r.Context), "error", err)
	}
	u.problem(name, key, "Name", shortName(part.FileName()))
	return drain(part)
}

// A countingReader counts the bytes read.
type countingReader struct {
	io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// errDayFull means that the viewer has sent as many bytes of images as a day allows.
var errDayFull = errors.New("too many bytes of images in a day")

// limitBytes counts the bytes of an image against the limit of a day. errDayFull.
func limitBytes(r *Request, n int) error {
	err := refusedBy(r, LimitUploadMB.Name, 0, r.Limits.TakeN(r.Ctx(), LimitUploadMB, r.limitKey(), 1+n>>20))
	if _, full := errors.AsType[SlowDownError](err); full {
		return errDayFull
	}
	return err
}

func drain(part io.Reader) error {
	_, err := io.Copy(io.Discard, part)
	return err
}

// partCost is added to the bytes of each text field, so that the budget also bounds
// the number of empty fields.
const partCost = 64

// readValue reads a text field. All text fields together may be as large as a form
// without images; beyond that, readValue returns ErrTooLarge.
func (u *Upload) readValue(part *multipart.Part) error {
	u.budget -= len(part.FormName()) + partCost
	value, err := io.ReadAll(io.LimitReader(part, int64(max(u.budget, 0))+1))
	if err != nil {
		return err
	}
	if u.budget -= len(value); u.budget < 0 {
		return ErrTooLarge
	}
	// Browsers send an empty file field as a file without a name.
	if part.FormName() != "" && part.Header.Get("Content-Type") != "application/octet-stream" {
		u.Values.Add(part.FormName(), string(value))
	}
	return nil
}

func (u *Upload) problem(field, key string, args ...any) {
	p := sns.Problem{Field: field, Key: cmp.Or(u.texts[key], key), Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i].(string)] = args[i+1]
	}
	u.Problems = append(u.Problems, p)
}

// imageProblem returns the key of the text about an image that was not saved, or
// false if the error is not about the image.
func imageProblem(err error) (key string, ok bool) {
	for _, problem := range []struct {
		err error
		key string
	}{
		{media.ErrTooLarge, "image.bytes"},
		{media.ErrTooManyPixels, "image.pixels"},
		{media.ErrHEIC, "image.heic"},
		{media.ErrAVIF, "image.avif"},
		{media.ErrUnsupported, "image.kind"},
		{media.ErrBroken, "image.broken"},
		{media.ErrTooMuchWork, "image.work"},
		{media.ErrNoSpace, "image.space"},
		{errDayFull, "image.day"},
	} {
		if errors.Is(err, problem.err) {
			return problem.key, true
		}
	}
	return "", false
}

// shortName returns the name of a file, cut in the middle, to stand in a sentence.
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

// Done returns the key of a toast about the form: key, or still if a moving image was
// saved as a still image, which the sender must know.
func (u *Upload) Done(key, still string) string {
	if slices.ContainsFunc(u.Images, func(i media.Image) bool { return i.Stilled }) {
		return still
	}
	return key
}

// Discard deletes the images of a form that changed nothing. An image that a row
// shows stays: a commit may have succeeded although its answer was lost. The sweep
// deletes later what cannot be checked or deleted now.
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
