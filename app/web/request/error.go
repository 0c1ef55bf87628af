package request

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/view"
)

// SlowDownError is the answer to somebody who does too much at once.
type SlowDownError struct{ Wait time.Duration }

func (e SlowDownError) Error() string { return "rate limit: wait " + e.Wait.String() }

// Seconds is how long to wait, at least one.
func (e SlowDownError) Seconds() int { return max(1, int(math.Ceil(e.Wait.Seconds()))) }

// problem is a page of its own for an error: what happened, what to do.
type problem struct {
	status int
	key    string // its texts are error.KEY and error.KEY_help
	args   []any
}

// StatusOf returns the HTTP status of the answer to an error.
func StatusOf(err error) int { return problemOf(err).status }

// problemOf maps an error to what a person is told.
func problemOf(err error) problem {
	if slow, ok := errors.AsType[SlowDownError](err); ok {
		return problem{http.StatusTooManyRequests, "slow", []any{"Seconds", slow.Seconds()}}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem{status: http.StatusRequestEntityTooLarge, key: "large"}
	}
	switch {
	case errors.Is(err, sns.ErrNotFound):
		return problem{status: http.StatusNotFound, key: "missing"}
	case errors.Is(err, ErrOutside):
		return problem{status: http.StatusForbidden, key: "outside"}
	case errors.Is(err, ErrSignedOut):
		return problem{status: http.StatusUnauthorized, key: "gone"}
	case errors.Is(err, ErrNotAdmin):
		return problem{status: http.StatusForbidden, key: "admin"}
	case errors.Is(err, ErrNotMentor):
		return problem{status: http.StatusForbidden, key: "mentor"}
	case errors.Is(err, sns.ErrForbidden):
		return problem{status: http.StatusForbidden, key: "forbidden"}
	case errors.Is(err, sns.ErrRoomFull):
		return problem{status: http.StatusConflict, key: "full"}
	case errors.Is(err, sns.ErrRoomEnded):
		return problem{status: http.StatusConflict, key: "ended"}
	case errors.Is(err, sns.ErrSettling):
		return problem{status: http.StatusConflict, key: "settling"}
	case errors.Is(err, sns.ErrUnavailable):
		return problem{status: http.StatusServiceUnavailable, key: "unavailable"}
	case errors.Is(err, ErrForeign):
		return problem{status: http.StatusForbidden, key: "foreign"}
	case errors.Is(err, ErrBadRequest):
		return problem{status: http.StatusBadRequest, key: "request"}
	case errors.Is(err, ErrTooLarge):
		return problem{status: http.StatusRequestEntityTooLarge, key: "large"}
	case errors.Is(err, ErrMethod):
		return problem{status: http.StatusMethodNotAllowed, key: "missing"}
	case errors.Is(err, live.ErrClosed):
		return problem{status: http.StatusServiceUnavailable, key: "server"}
	}
	return problem{status: http.StatusInternalServerError, key: "server"}
}

// What one may not do in a room, for two reasons: one is outside, or does not
// lead it.
var (
	ErrOutside   = fmt.Errorf("outside the room: %w", sns.ErrForbidden)
	ErrNotMentor = fmt.Errorf("not the mentor: %w", sns.ErrForbidden)
)

// ErrSignedOut is a form whose sender was signed out, or may do something else,
// since it began to arrive.
var ErrSignedOut = errors.New("signed out meanwhile")

// ErrBadRequest is a request that no form of ours makes.
var ErrBadRequest = errors.New("malformed request")

// ErrForeign is a request that another site made in the viewer's browser.
var ErrForeign = errors.New("cross-origin request")

// ErrTooLarge is a text beyond what any field takes.
var ErrTooLarge = errors.New("field too large")

// ErrMethod is a route that exists, asked in a way that does not.
var ErrMethod = errors.New("method not allowed")

// ErrNotAdmin is what somebody may not do who is no administrator.
var ErrNotAdmin = fmt.Errorf("not an administrator: %w", sns.ErrForbidden)

// Fail answers an error: a page, or for htmx a toast that leaves the page as
// it is, so that nothing typed is lost. What is our fault is logged, once.
func (s *Services) Fail(c *gin.Context, r *Request, err error) {
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(499) // the browser went away: nobody is there to be told
		c.Abort()
		return
	}
	p := problemOf(err)
	if p.status == http.StatusInternalServerError || errors.Is(err, sns.ErrUnavailable) {
		s.Log.ErrorContext(c.Request.Context(), "request failed", "method", c.Request.Method, "route", c.FullPath(), "error", err)
	}
	if p.status == http.StatusTooManyRequests {
		c.Header("Retry-After", strconv.Itoa(p.args[1].(int)))
	}
	c.Abort()
	if r == nil || c.Writer.Written() {
		c.Status(p.status)
		return
	}
	if err := r.problem(p); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "error page not rendered", "error", err)
		c.Status(p.status)
	}
}

// Warn logs what went wrong with a part of an answer, which says so itself.
func (r *Request) Warn(what string, err error) {
	r.Log.WarnContext(r.Ctx(), what, "route", r.FullPath(), "error", err)
}

// problem answers with the page or toast of a problem.
func (r *Request) problem(p problem) error {
	title, help := r.T("error."+p.key, p.args...), r.T("error."+p.key+"_help", p.args...)
	return r.errorPage(p.status, view.ErrorPage{Title: title, Help: help, Missing: p.status == http.StatusNotFound})
}

// Refuse answers a button, which has no field to show a problem beside, with what
// is wrong: in a toast, or on a page.
func (r *Request) Refuse(status int, problems sns.Invalid) error {
	text := view.NewForm().WithProblems(r.Locale, problems).Summary()
	return r.errorPage(status, view.ErrorPage{Title: r.T("error.refused"), Help: text})
}

// errorPage answers htmx with a toast, which leaves the page and all that was typed
// as they are, and everything else with a page.
func (r *Request) errorPage(status int, v view.ErrorPage) error {
	if r.HTMX() {
		r.Header("HX-Reswap", "none")
		return r.Fragments(status, toast(v.Help))
	}
	return r.Page(status, "shared/error", view.Page{Title: v.Title, Data: v})
}

// Problems returns what is wrong with a form, and the status of the answer, if err
// is an error that the sender can mend: sns.Invalid, sns.ErrUnavailable or
// SlowDownError. For any other error Problems returns nil.
func (r *Request) Problems(err error) (sns.Invalid, int) {
	if inv, ok := errors.AsType[sns.Invalid](err); ok {
		return inv, http.StatusUnprocessableEntity
	}
	if errors.Is(err, sns.ErrUnavailable) {
		r.Warn("not done for now", err)
		return sns.Invalid{{Field: "form", Key: "error.unavailable_help"}}, http.StatusServiceUnavailable
	}
	if slow, ok := errors.AsType[SlowDownError](err); ok {
		r.Header("Retry-After", strconv.Itoa(slow.Seconds()))
		return sns.Invalid{{Field: "form", Key: "error.slow_help", Args: map[string]any{"Seconds": slow.Seconds()}}}, http.StatusTooManyRequests
	}
	return nil, 0
}
