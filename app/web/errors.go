package web

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
)

// errSlowDown is the answer to somebody who does too much at once.
type errSlowDown struct{ wait time.Duration }

func (e errSlowDown) Error() string { return "rate limit: wait " + e.wait.String() }

// seconds is how long to wait, at least one.
func (e errSlowDown) seconds() int { return max(1, int(math.Ceil(e.wait.Seconds()))) }

// problem is a page of its own for an error: what happened, what to do.
type problem struct {
	status int
	key    string // its texts are error.KEY and error.KEY_help
	args   []any
}

// problemOf maps an error to what a person is told.
func problemOf(err error) problem {
	if slow, ok := errors.AsType[errSlowDown](err); ok {
		return problem{http.StatusTooManyRequests, "slow", []any{"Seconds", slow.seconds()}}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem{status: http.StatusRequestEntityTooLarge, key: "large"}
	}
	switch {
	case errors.Is(err, sns.ErrNotFound):
		return problem{status: http.StatusNotFound, key: "missing"}
	case errors.Is(err, errOutside):
		return problem{status: http.StatusForbidden, key: "outside"}
	case errors.Is(err, errSignedOut):
		return problem{status: http.StatusUnauthorized, key: "gone"}
	case errors.Is(err, errNotAdmin):
		return problem{status: http.StatusForbidden, key: "admin"}
	case errors.Is(err, errNotMentor):
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
	case errors.Is(err, errForeign):
		return problem{status: http.StatusForbidden, key: "foreign"}
	case errors.Is(err, errBadRequest):
		return problem{status: http.StatusBadRequest, key: "request"}
	case errors.Is(err, errTooLarge):
		return problem{status: http.StatusRequestEntityTooLarge, key: "large"}
	case errors.Is(err, errMethod):
		return problem{status: http.StatusMethodNotAllowed, key: "missing"}
	case errors.Is(err, live.ErrClosed):
		return problem{status: http.StatusServiceUnavailable, key: "server"}
	}
	return problem{status: http.StatusInternalServerError, key: "server"}
}

// What one may not do in a room, for two reasons: one is outside, or does not
// lead it.
var (
	errOutside   = fmt.Errorf("outside the room: %w", sns.ErrForbidden)
	errNotMentor = fmt.Errorf("not the mentor: %w", sns.ErrForbidden)
)

// errSignedOut is a form whose sender was signed out, or may do something else,
// since it began to arrive.
var errSignedOut = errors.New("signed out meanwhile")

// errBadRequest is a request that no form of ours makes.
var errBadRequest = errors.New("malformed request")

// errForeign is a request that another site made in the viewer's browser.
var errForeign = errors.New("cross-origin request")

// errTooLarge is a text beyond what any field takes.
var errTooLarge = errors.New("field too large")

// errMethod is a route that exists, asked in a way that does not.
var errMethod = errors.New("method not allowed")

// fail answers an error: a page, or for htmx a toast that leaves the page as
// it is, so that nothing typed is lost. What is our fault is logged, once.
func (s *services) fail(c *gin.Context, r *request, err error) {
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

// warn logs what went wrong with a part of an answer, which says so itself.
func (r *request) warn(what string, err error) {
	r.Log.WarnContext(r.ctx(), what, "route", r.FullPath(), "error", err)
}

// problem sends the page or the toast of a problem.
func (r *request) problem(p problem) error {
	title, help := r.T("error."+p.key, p.args...), r.T("error."+p.key+"_help", p.args...)
	if r.htmx() {
		r.Header("HX-Reswap", "none")
		return r.fragments(p.status, part{name: "shared/_toast", data: help, target: "#toasts", swap: "beforeend"})
	}
	return r.page(p.status, "shared/error", page{Title: title, Data: errorView{Title: title, Help: help, Missing: p.status == http.StatusNotFound}})
}

// refusal is what a form shows again for an error that its sender can mend:
// what is wrong with which field, and the status. Of any other error it
// returns nothing.
func (r *request) refusal(err error) (sns.Invalid, int) {
	if inv, ok := errors.AsType[sns.Invalid](err); ok {
		return inv, http.StatusUnprocessableEntity
	}
	if errors.Is(err, sns.ErrUnavailable) {
		r.warn("not done for now", err)
		return sns.Invalid{{Field: "form", Key: "error.unavailable_help"}}, http.StatusServiceUnavailable
	}
	if slow, ok := errors.AsType[errSlowDown](err); ok {
		r.Header("Retry-After", strconv.Itoa(slow.seconds()))
		return sns.Invalid{{Field: "form", Key: "error.slow_help", Args: map[string]any{"Seconds": slow.seconds()}}}, http.StatusTooManyRequests
	}
	return nil, 0
}

// sayNo refuses what was asked for by a button, which has no field to say it
// beside: in passing, or on a page of its own.
func (r *request) sayNo(status int, inv sns.Invalid) error {
	text := newForm().withProblems(r.locale, inv).Summary()
	if r.htmx() {
		r.Header("HX-Reswap", "none")
		return r.fragments(status, part{name: "shared/_toast", data: text, target: "#toasts", swap: "beforeend"})
	}
	title := r.T("error.refused")
	return r.page(status, "shared/error", page{Title: title, Data: errorView{Title: title, Help: text}})
}

// errorView is the page of a problem.
type errorView struct {
	Title, Help string
	Missing     bool
}
