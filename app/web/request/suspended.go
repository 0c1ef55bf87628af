package request

import (
	"errors"
	"fmt"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// ErrSuspended means that the viewer is suspended.
var ErrSuspended = fmt.Errorf("suspended: %w", sns.ErrForbidden)

// openToSuspended are the routes that a suspended viewer may use. The right to have a post hidden
// that harms one, and to object to that, does not depend on an account; the rules and the page
// about privacy say what was broken, and what is kept.
var openToSuspended = map[string]bool{
	"/appeal": true, "/rules": true, "/privacy": true, "/sign-out": true, "/me.css": true, "/offline": true, "/manifest.json": true,
	"/takedown": true, "/takedown/:token": true, "/takedown/:token/object": true,
}

// Suspended reports whether the viewer is suspended: no stream is open to them.
func (r *Request) Suspended() bool { return r.Viewer != nil && r.Viewer.Suspended(r.Now) }

// barred reports whether the viewer is suspended and the route is none of those that are left.
func (r *Request) barred() bool { return r.Suspended() && !openToSuspended[r.FullPath()] }

// refuseSuspended answers a suspended viewer: with the page that says why, with a toast if
// htmx asks, and a stream or socket as if nobody were signed in, so that it stays closed.
func refuseSuspended(r *Request) error {
	switch {
	case r.FullPath() == "/live" || r.FullPath() == "/rooms/:id/socket":
		r.Status(http.StatusUnauthorized)
		return nil
	case r.HTMX():
		return ErrSuspended
	}
	return r.SuspensionPage(http.StatusForbidden, view.NewForm())
}

// takedownsShown is how many takedowns the page of a suspended viewer links to.
const takedownsShown = 20

// SuspensionPage shows the viewer's latest suspension, with f as the form of the appeal. Without
// one, or after its end, the page says that the viewer is not suspended.
func (r *Request) SuspensionPage(status int, f view.Form) error {
	s, err := r.Store.LastSuspension(r.Ctx(), r.Viewer.ID)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	takedowns, err := r.Store.TakedownsOn(r.Ctx(), r.Viewer.ID, takedownsShown)
	if err != nil {
		return err
	}
	v := view.Suspended{Suspension: r.Locale.Suspension(s, r.Now), Form: f, MayAppeal: s.MayAppeal(r.Now), Takedowns: r.Locale.TakedownLinks(takedowns)}
	return r.Show(status, "suspension/_state", "suspension/show", view.Page{
		Title: r.T("suspension.title"), Plain: true, Socket: true, Data: v, // a stream would be refused
	})
}
