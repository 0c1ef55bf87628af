package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form to sign in, which leads back to ?next=.
func (Sessions) New(r *request.Request) error {
	next := request.LocalPath(r.Query("next"))
	if r.Viewer != nil {
		return r.Redirect(next)
	}
	return signInPage(r, http.StatusOK, view.SignIn{Next: next})
}

func signInPage(r *request.Request, status int, v view.SignIn) error {
	return r.Page(status, "account/sign_in", view.Page{Title: r.T("signin.title"), Plain: true, Data: v})
}

// Create signs in who knows the password. It says and takes the same
// whether the name or the password is wrong.
func (Sessions) Create(r *request.Request) error {
	username, next := r.Value("username"), request.LocalPath(r.Value("next"))
	user, err := authenticate(r, username)
	if err == nil {
		err = r.SignIn(user)
	}
	if inv, status := r.Problems(err); inv != nil {
		return signInPage(r, status, view.SignIn{Form: view.NewForm("username", username).WithProblems(r.Locale, inv), Next: next})
	}
	if err != nil {
		return err
	}
	return r.Redirect(next)
}

// authenticate returns the user of the name and password of the form.
func authenticate(r *request.Request, username string) (request.Credentials, error) {
	name := sns.FoldUsername(username)
	for _, l := range []struct {
		limit request.Limit
		key   string
	}{
		{request.LimitSignInAddress, r.Network()},
		{request.LimitSignInBoth, r.Network() + " " + name},
		{request.LimitSignInName, name}, // last: who was refused before it costs the name nothing
	} {
		if err := r.Limits.Take(r.Ctx(), l.limit, l.key); err != nil {
			return request.Credentials{}, err
		}
	}
	user, hash, err := r.Store.Credentials(r.Ctx(), username)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return request.Credentials{}, err
	}
	err = sns.CheckPassword(r.Ctx(), r.Value("password"), hash)
	if errors.Is(err, sns.ErrSignIn) {
		return request.Credentials{}, sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	return request.Credentials{UserID: user, PasswordHash: hash}, err
}

// Delete ends the session, its streams included, and lets the browser
// forget the pages it has kept.
func (Sessions) Delete(r *request.Request) error {
	if r.Viewer != nil {
		if err := r.SignOut(); err != nil {
			return err
		}
	}
	r.Header("Clear-Site-Data", `"cache"`)
	return r.RedirectWithToast("/sign-in", "done.signed_out")
}
