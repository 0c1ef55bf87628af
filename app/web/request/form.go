package request

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// Bounds of a request's body, in bytes. MaxUpload holds the images of a post, and
// room to read one that is too large to its end.
const (
	MaxForm   = 512 << 10
	MaxPush   = 8 << 10 // a push subscription, or a form of a few fields
	MaxUpload = sns.PostImagesMax*(10<<20) + 24<<20
)

// SlowBody is how long a body may take before the viewer's session is checked
// again: the viewer may have been signed out, deleted or demoted meanwhile.
const SlowBody = 2 * time.Second

// checkArrival returns an OtherAccountError if the form was shown to another account
// than the viewer's, and ErrSignedOut if the body took longer than SlowBody and the
// viewer's session has ended, the viewer's role has changed, or the viewer was suspended,
// since begun.
func checkArrival(r *Request, begun time.Time) error {
	if r.Viewer == nil {
		return nil
	}
	if err := r.CheckAccount(); err != nil {
		return err
	}
	if time.Since(begun) < SlowBody {
		return nil
	}
	_, user, err := r.Store.Session(r.Ctx(), r.Viewer.Session, r.Clock())
	if errors.Is(err, sns.ErrNotFound) || err == nil && (user.Role != r.Viewer.Role || user.Suspended(r.Clock())) {
		return ErrSignedOut
	}
	return err
}

// Form makes a handler of one that reads form fields: Form parses the body first.
// Handlers of forms with files call ReadUpload instead.
func Form(h Handler) Handler {
	return func(r *Request) error {
		if err := r.parseForm(); err != nil {
			return err
		}
		return h(r)
	}
}

func (r *Request) parseForm() error {
	begun := time.Now()
	err := r.Request.ParseForm() // first: ParseMultipartForm hides an error of ParseForm
	if err == nil {
		err = r.Request.ParseMultipartForm(MaxForm)
	}
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		return checkArrival(r, begun)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return bodyError(r.Ctx(), err)
}

// Value returns a field of the form, or "".
func (r *Request) Value(name string) string { return r.Request.PostForm.Get(name) }

// ValueOr returns a field of the form, or other if the form has no such field.
func (r *Request) ValueOr(name, other string) string {
	if !r.Request.PostForm.Has(name) {
		return other
	}
	return r.Value(name)
}

// Bool returns a field of the form that is true or false; anything else is
// ErrBadRequest.
func (r *Request) Bool(name string) (bool, error) {
	on, err := strconv.ParseBool(r.Value(name))
	if err != nil {
		return false, ErrBadRequest
	}
	return on, nil
}

// Typed returns the named fields as they were typed, to show the form again.
func (r *Request) Typed(names ...string) view.Form {
	f := make(view.Form, len(names))
	for _, name := range names {
		f[name] = view.Field{Value: r.Value(name)}
	}
	return f
}

// Again shows a form again if the sender can mend err: show gets the status of
// the answer, and the typed fields with what is wrong beside them. Again returns
// any other error as it is.
func (r *Request) Again(err error, typed view.Form, show func(status int, f view.Form) error) error {
	problems, status := r.Problems(err)
	if problems == nil {
		return err
	}
	return show(status, typed.WithProblems(r.Locale, problems))
}

// Number returns a number in the route, such as the id of a post. Anything but a
// positive number names nothing: sns.ErrNotFound.
func (r *Request) Number(param string) (int64, error) {
	n, err := strconv.ParseInt(r.Param(param), 10, 64)
	if err != nil || n < 1 {
		return 0, sns.ErrNotFound
	}
	return n, nil
}

// Cursor returns an id of the query, such as ?before=17, or 0 if the query has
// none. Anything but a number is ErrBadRequest.
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

// FormKey checks the key of a form, which may be empty: the same key twice is the
// same form twice. A key that this program did not make is ErrBadRequest.
func FormKey(raw string) (string, error) {
	if raw != "" && !sns.ValidKey(raw) {
		return "", ErrBadRequest
	}
	return raw, nil
}
