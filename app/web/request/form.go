package request

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// Bounds of a request's body, in bytes.
const (
	MaxForm   = 512 << 10
	MaxUpload = sns.PostImagesMax*(10<<20) + 24<<20 // the images and room to read a too large one to its end
)

// SlowBody is how long a body may take to arrive until its sender is looked at
// once more: meanwhile they may have been signed out, deleted, or demoted.
const SlowBody = 2 * time.Second

// arrived tells whether the viewer is still who they were when the body began to
// come: ErrSignedOut otherwise.
func (r *Request) arrived(begun time.Time) error {
	if r.Viewer == nil || time.Since(begun) < SlowBody {
		return nil
	}
	_, user, err := r.Store.Session(r.Ctx(), r.Viewer.Session, r.Now)
	if errors.Is(err, sns.ErrNotFound) || err == nil && user.Role != r.Viewer.Role {
		return ErrSignedOut
	}
	return err
}

// ParseForm reads the fields of a form that bears no files.
func (r *Request) ParseForm() error {
	begun := time.Now()
	err := r.Request.ParseForm() // first: the other one forgets this one's error
	if err == nil {
		err = r.Request.ParseMultipartForm(MaxForm)
	}
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		return r.arrived(begun)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return ErrBadRequest
}

// Value is a field of the parsed form.
func (r *Request) Value(name string) string { return r.Request.PostForm.Get(name) }

// ValueOr is a field of the parsed form, or other when it was not sent.
func (r *Request) ValueOr(name, other string) string {
	if !r.Request.PostForm.Has(name) {
		return other
	}
	return r.Value(name)
}

// ID is the number in the route; what is no number names nothing.
func (r *Request) ID() (int64, error) {
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, sns.ErrNotFound
	}
	return id, nil
}

// Cursor is an optional id of the query, such as ?before=17; 0 is none.
func (r *Request) Cursor(name string) (int64, error) {
	raw := r.Query(name)
	if raw == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || id < 0 {
		return 0, ErrBadRequest
	}
	return id, nil
}

// FormKey is the optional key of a form; one that we did not make is refused.
func FormKey(raw string) (string, error) {
	if len(raw) > 64 {
		return "", ErrBadRequest
	}
	for _, c := range raw {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return "", ErrBadRequest
		}
	}
	return raw, nil
}
