package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// slowBody is how long a body may take to arrive until its sender is looked at
// once more: meanwhile they may have been signed out, deleted, or demoted.
const slowBody = 2 * time.Second

// arrived tells whether the viewer is still who they were when the body began to
// come: errSignedOut otherwise.
func (r *request) arrived(begun time.Time) error {
	if r.viewer == nil || time.Since(begun) < slowBody {
		return nil
	}
	_, user, err := r.Store.Session(r.ctx(), r.viewer.Session, r.now)
	if errors.Is(err, sns.ErrNotFound) || err == nil && user.Role != r.viewer.Role {
		return errSignedOut
	}
	return err
}

// parse reads the fields of a form that bears no files.
func (r *request) parse() error {
	begun := time.Now()
	err := r.Request.ParseForm() // first: the other one forgets this one's error
	if err == nil {
		err = r.Request.ParseMultipartForm(maxForm)
	}
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		return r.arrived(begun)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return errBadRequest
}

// value is a field of the parsed form.
func (r *request) value(name string) string { return r.Request.PostForm.Get(name) }

// valueOr is a field of the parsed form, or other when it was not sent.
func (r *request) valueOr(name, other string) string {
	if !r.Request.PostForm.Has(name) {
		return other
	}
	return r.value(name)
}

// id is the number in the route; what is no number names nothing.
func (r *request) id() (int64, error) {
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, sns.ErrNotFound
	}
	return id, nil
}

// cursor is an optional id of the query, such as ?before=17; 0 is none.
func (r *request) cursor(name string) (int64, error) {
	raw := r.Query(name)
	if raw == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || id < 0 {
		return 0, errBadRequest
	}
	return id, nil
}

// formKey is the optional key of a form; one that we did not make is refused.
func formKey(raw string) (string, error) {
	if len(raw) > 64 {
		return "", errBadRequest
	}
	for _, c := range raw {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return "", errBadRequest
		}
	}
	return raw, nil
}
