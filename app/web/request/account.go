package request

import (
	"cmp"
	"net/http"
	"net/url"

	"xxsns/app/view"
)

// AccountHeader names the account to which a page was shown, in the requests of scripts.
// Forms have a field account, streams and sockets a parameter of the query.
const AccountHeader = "X-Account"

// An OtherAccountError means that the page that sends a request was shown to another
// account than the viewer's: in the same browser somebody has signed in since.
type OtherAccountError struct{ Viewer string }

// Error returns the text for the log.
func (e OtherAccountError) Error() string { return "the page was shown to another account" }

// CheckAccount returns an OtherAccountError if the request names another account than
// the viewer's, who must be signed in. A request that names none is the viewer's: a
// program that is no browser sends such requests, and so does a page of an older version.
func (r *Request) CheckAccount() error {
	shown := cmp.Or(r.Value("account"), r.GetHeader(AccountHeader), r.Query("account"))
	if shown == "" || shown == view.Itoa(r.Viewer.ID) {
		return nil
	}
	return OtherAccountError{r.Viewer.Username}
}

// showAnew makes htmx load the whole page again if a page of another account asks for a
// fragment. Any other request, which may come with typed text, is refused with err.
func showAnew(r *Request, err error) error {
	if !r.reads() || !r.HTMX() {
		return err
	}
	r.Header("HX-Refresh", "true")
	r.Header("Cache-Control", "no-store")
	r.Status(http.StatusOK)
	r.Writer.WriteHeaderNow()
	return nil
}

// askSignIn leads a browser without a session to the sign-in page, which leads back. The
// texts of a form that was sent after the session had ended go along: after signing in,
// the sender can send the form again.
func askSignIn(r *Request) error {
	next := r.From()
	if hadSession(r) && !r.HTMX() {
		if again := resend(r); again != nil {
			return r.SignInPage(http.StatusUnauthorized, view.SignIn{Next: LocalPath(again.Action), Again: again})
		}
	}
	return r.Redirect("/sign-in?next=" + url.QueryEscape(next))
}

// SignInPage answers with the form to sign in.
func (r *Request) SignInPage(status int, v view.SignIn) error {
	v.Mail = r.Mails != nil
	return r.Page(status, "account/sign_in", view.Page{Title: r.T("signin.title"), Plain: true, Data: v})
}
