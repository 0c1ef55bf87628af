package request

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	sloggin "github.com/samber/slog-gin"

	"xxsns/app/live"
	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/view"
)

// A SlowDownError says that a limit is reached, and how long to wait.
type SlowDownError = sns.SlowDownError

// A problem is the answer to an error: the status, and the texts about what happened
// and what to do.
type problem struct {
	status int
	key    string // of the texts error.KEY and error.KEY_help
	args   []any
}

// StatusOf returns the HTTP status of the answer to an error.
func StatusOf(err error) int { return problemOf(err).status }

// problemOf maps an error to its answer. An error that is not listed is an error of
// this program: 500.
func problemOf(err error) problem {
	if slow, ok := errors.AsType[SlowDownError](err); ok {
		return problem{http.StatusTooManyRequests, "slow", []any{"Seconds", slow.Seconds()}}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem{status: http.StatusRequestEntityTooLarge, key: "large"}
	}
	if other, ok := errors.AsType[OtherAccountError](err); ok {
		return problem{http.StatusConflict, "account", []any{"Name", other.Viewer}}
	}
	switch {
	case errors.Is(err, ErrCrowd):
		return problem{http.StatusTooManyRequests, "crowd", []any{"Seconds", crowdSeconds}}
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
	case errors.Is(err, ErrSuspended):
		return problem{status: http.StatusForbidden, key: "suspended"}
	case errors.Is(err, ErrReset):
		return problem{status: http.StatusNotFound, key: "reset"}
	case errors.Is(err, sns.ErrForbidden):
		return problem{status: http.StatusForbidden, key: "forbidden"}
	case errors.Is(err, sns.ErrRoomFull):
		return problem{status: http.StatusConflict, key: "full"}
	case errors.Is(err, sns.ErrRoomEnded):
		return problem{status: http.StatusConflict, key: "ended"}
	case errors.Is(err, sns.ErrSettling):
		return problem{status: http.StatusConflict, key: "settling"}
	case errors.Is(err, sns.ErrNoSpace):
		return problem{status: http.StatusServiceUnavailable, key: "space"}
	case errors.Is(err, sns.ErrUnavailable), outOfFiles(err):
		return problem{status: http.StatusServiceUnavailable, key: "unavailable"}
	case errors.Is(err, ErrForeign):
		return problem{status: http.StatusForbidden, key: "foreign"}
	case errors.Is(err, ErrLate):
		return problem{status: http.StatusRequestTimeout, key: "late"}
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

// Why the viewer may not act in a room.
var (
	ErrOutside   = fmt.Errorf("outside the room: %w", sns.ErrForbidden)
	ErrNotMentor = fmt.Errorf("not the mentor: %w", sns.ErrForbidden)
)

// ErrSignedOut means that the viewer was signed out, or got another role, while the
// form arrived.
var ErrSignedOut = errors.New("signed out meanwhile")

// ErrReset means that a link for a new password, or of a mail, was used, is too old, or never was one.
var ErrReset = errors.New("no link for a password")

// ErrBadRequest means that no form or link of this program makes such a request.
var ErrBadRequest = errors.New("malformed request")

// ErrCrowd means that the viewer's network has too much open (see network.Gate).
var ErrCrowd = errors.New("too much is open from one network")

// crowdSeconds is when to try again after ErrCrowd: most requests are answered within a
// moment.
const crowdSeconds = 5

// ErrForeign means that another site made the request in the viewer's browser.
var ErrForeign = errors.New("cross-origin request")

// ErrTooLarge means that a text is longer than any field may be.
var ErrTooLarge = errors.New("field too large")

// ErrMethod means that the route exists, but not for this method.
var ErrMethod = errors.New("method not allowed")

// ErrNotAdmin means that the viewer would have to be an administrator.
var ErrNotAdmin = fmt.Errorf("not an administrator: %w", sns.ErrForbidden)

// Fail answers the error of a handler: with a page, or with a toast if htmx asks. A
// toast leaves the page and all that was typed as they are. Fail logs errors of this
// program; nobody else does. r may be nil if there is no template to render.
func (s *Services) Fail(c *gin.Context, r *Request, err error) {
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(499) // the browser hung up and reads no answer
		c.Abort()
		return
	}
	p := problemOf(err)
	recordRefused(s, c, r, err)
	if !s.Shortage.Tell(err) && (p.status == http.StatusInternalServerError || errors.Is(err, sns.ErrUnavailable)) {
		s.Log.ErrorContext(c.Request.Context(), "request failed", sloggin.RequestIDKey, requestID(c), "method", c.Request.Method, "route", c.FullPath(), "error", err)
	}
	if p.status == http.StatusTooManyRequests {
		c.Header("Retry-After", strconv.Itoa(p.args[1].(int)))
	}
	c.Abort()
	if r == nil || c.Writer.Written() {
		c.Status(p.status)
		return
	}
	if err := answerProblem(r, p); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "error page not rendered", sloggin.RequestIDKey, requestID(c), "error", err)
		c.Status(p.status)
	}
}

// requestID returns the id of a request, by which the lines of the log about it are found.
func requestID(c *gin.Context) string { return c.Writer.Header().Get(sloggin.RequestIDHeaderKey) }

// recordRefused records the errors that mean that somebody may act in another's name. r
// may be nil.
func recordRefused(s *Services, c *gin.Context, r *Request, err error) {
	var user int64
	if r != nil && r.Viewer != nil {
		user = r.Viewer.ID
	}
	if errors.Is(err, ErrForeign) {
		record(s, c, CrossOrigin, user, "route", c.FullPath(), "origin", Start(c.GetHeader("Origin"), 200))
	}
	if _, other := errors.AsType[OtherAccountError](err); other {
		record(s, c, OtherAccount, user, "route", c.FullPath())
	}
}

// Warn logs an error that the answer shows in its own words.
func (r *Request) Warn(what string, err error) {
	r.Log.WarnContext(r.Ctx(), what, "route", r.FullPath(), "error", err)
}

// answerProblem answers with the page or toast of a problem.
func answerProblem(r *Request, p problem) error {
	title, help := r.T("error."+p.key, p.args...), r.T("error."+p.key+"_help", p.args...)
	page := view.ErrorPage{Title: title, Help: help, Missing: p.status == http.StatusNotFound}
	// The text of another site must not stand behind a button of ours.
	if p.key != "foreign" && !r.HTMX() {
		page.Again = resend(r)
	}
	return errorPage(r, p.status, page)
}

// Refuse answers a button, which has no field to show a problem beside, with what
// is wrong: in a toast, or on a page.
func (r *Request) Refuse(status int, problems sns.Invalid) error {
	text := view.NewForm().WithProblems(r.Locale, problems).Summary()
	return errorPage(r, status, view.ErrorPage{Title: r.T("error.refused"), Help: text})
}

// errorPage answers htmx with a toast, which leaves the page and all that was typed
// as they are, and everything else with a page.
func errorPage(r *Request, status int, v view.ErrorPage) error {
	if r.HTMX() {
		r.Header("HX-Reswap", "none")
		return r.Fragments(status, toast(v.Help))
	}
	return r.Page(status, "shared/error", view.Page{Title: v.Title, Data: v})
}

// busySeconds is when to try again to send images that found no place in the queue.
const busySeconds = 10

// busyStatus is the status of a form whose images found no place in the queue. htmx shows
// no answer of 500 and above.
func busyStatus(r *Request) int {
	if r.Partial() {
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

// Problems returns what is wrong with a form, and the status of the answer, if err
// is an error that the sender can mend: sns.Invalid, sns.ErrUnavailable, media.ErrBusy or
// SlowDownError. For any other error Problems returns nil.
func (r *Request) Problems(err error) (sns.Invalid, int) {
	if inv, ok := errors.AsType[sns.Invalid](err); ok {
		return inv, http.StatusUnprocessableEntity
	}
	if errors.Is(err, sns.ErrUnavailable) {
		r.Warn("not done for now", err)
		return sns.Invalid{{Field: "form", Key: "error." + problemOf(err).key + "_help"}}, http.StatusServiceUnavailable
	}
	if errors.Is(err, media.ErrBusy) {
		r.Header("Retry-After", strconv.Itoa(busySeconds))
		return sns.Invalid{{Field: "form", Key: "image.busy"}}, busyStatus(r)
	}
	if slow, ok := errors.AsType[SlowDownError](err); ok {
		r.Header("Retry-After", strconv.Itoa(slow.Seconds()))
		return sns.Invalid{{Field: "form", Key: "error.slow_help", Args: map[string]any{"Seconds": slow.Seconds()}}}, http.StatusTooManyRequests
	}
	return nil, 0
}
