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
	if err := signIn(r); err != nil {
		if applied, ok := errors.AsType[appliedError](err); ok {
			return applied.answer(r)
		}
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

// signIn begins a session. sns.Invalid if the username or the password of the form is wrong, an
// appliedError if both are right for an account that nobody has accepted.
func signIn(r *request.Request) error {
	attempt, err := request.NewAttempt(r, r.Value("username"))
	if err != nil {
		return err
	}
	application, err := applicationFor(r, &attempt)
	if err != nil {
		return err
	}
	if err := attempt.Allow(r); err != nil {
		return err
	}
	err = sns.CheckPassword(r.Ctx(), r.Value("password"), attempt.Hash)
	if errors.Is(err, sns.ErrSignIn) {
		r.FailedSignIns.Inc()
		request.Record(r, request.SignInFailed, attempt.User, "from", attempt.From())
		return sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	if err != nil {
		return err
	}
	if attempt.User == 0 {
		return appliedError{application}
	}
	if err := r.SignIn(attempt.Credentials()); err != nil {
		return err
	}
	request.Record(r, request.SignedIn, attempt.User, "from", attempt.From())
	return nil
}

// Delete ends the session of the browser with its streams and sockets, and makes
// the browser forget the pages in its cache.
func (Sessions) Delete(r *request.Request) error {
	if err := r.SignOut(); err != nil {
		return err
	}
	return r.RedirectWithToast("/sign-in", "done.signed_out")
}
