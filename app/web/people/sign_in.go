package people

import (
	"errors"
	"net/http"
	"net/url"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form to sign in. Signing in leads back to ?next=; a viewer who is
// signed in goes there at once.
func (Sessions) New(r *request.Request) error {
	next := request.LocalPath(r.Query("next"))
	if r.Viewer != nil {
		return r.Redirect(next)
	}
	return r.SignInPage(http.StatusOK, view.SignIn{Next: next})
}

// Create signs a user in. The answer and its duration are the same for an unknown
// username and for a wrong password.
func (Sessions) Create(r *request.Request) error {
	next, again := request.LocalPath(r.Value("next")), formAgain(r)
	credentials, err := authenticate(r)
	if err == nil {
		err = r.SignIn(credentials)
	}
	if err != nil {
		return r.Again(err, r.Typed("username"), func(status int, f view.Form) error {
			return r.SignInPage(status, view.SignIn{Form: f, Next: next, Again: again})
		})
	}
	if again != nil {
		return r.Page(http.StatusOK, "account/resume", view.Page{Title: r.T("resume.title"), Plain: true, Data: again})
	}
	return r.Redirect(next)
}

// formAgain returns the form that was sent after the session had ended, or nil.
func formAgain(r *request.Request) *view.Resend {
	values, err := url.ParseQuery(r.Value("again"))
	if err != nil {
		return nil
	}
	return view.NewResend(request.LocalPath(r.Value("again_action")), values, r.Value("again_files") != "")
}

// authenticate returns the credentials of the form, or sns.Invalid if the username
// or the password is wrong.
func authenticate(r *request.Request) (request.Credentials, error) {
	name := sns.FoldUsername(r.Value("username"))
	for _, l := range []struct {
		limit request.Limit
		key   string
	}{
		{request.LimitSignInAddress, r.Network()},
		{request.LimitSignInBoth, r.Network() + " " + name},
		{request.LimitSignInName, name}, // last: an attempt that another limit stops must not lock the name
	} {
		if err := r.Limits.Take(r.Ctx(), l.limit, l.key); err != nil {
			return request.Credentials{}, err
		}
	}
	user, hash, err := r.Store.Credentials(r.Ctx(), r.Value("username"))
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return request.Credentials{}, err
	}
	err = sns.CheckPassword(r.Ctx(), r.Value("password"), hash)
	if errors.Is(err, sns.ErrSignIn) {
		return request.Credentials{}, sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	return request.Credentials{UserID: user, PasswordHash: hash}, err
}

// Delete ends the session of the browser with its streams and sockets, and makes
// the browser forget the pages in its cache.
func (Sessions) Delete(r *request.Request) error {
	if err := r.SignOut(); err != nil {
		return err
	}
	return r.RedirectWithToast("/sign-in", "done.signed_out")
}
