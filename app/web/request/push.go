package request

import "xxsns/app/view"

// pushCookie is the name of the cookie that holds the account whose user wants to be told of
// notices in this browser. The cookie stays at sign-out, after which the server and the browser
// forget the subscription: with it the browser subscribes again by itself when the user is back.
const pushCookie = "push"

// pushLife is how long the cookie stays, in seconds.
const pushLife = 365 * 24 * 60 * 60

// WantPushes remembers whether the viewer wants to be told of notices in this browser.
func (r *Request) WantPushes(on bool) {
	if on {
		setCookie(r.Writer, r.Request, cookieNames(r.Request, pushCookie)[0], view.Itoa(r.Viewer.ID), pushLife)
	} else {
		deleteCookie(r.Writer, r.Request, pushCookie)
	}
}

// WantsPushes reports whether the viewer wants to be told of notices in this browser.
func (r *Request) WantsPushes() bool {
	for _, cookie := range r.Request.CookiesNamed(cookieNames(r.Request, pushCookie)[0]) {
		if cookie.Value == view.Itoa(r.Viewer.ID) {
			return true
		}
	}
	return false
}
