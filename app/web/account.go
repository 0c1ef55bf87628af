package web

import (
	"errors"
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// signUpView is account/sign_up.
type signUpView struct {
	Form  form
	Check checkView
}

// checkView is account/_check: whether a username may be had.
type checkView struct {
	Text string // empty: nothing was checked
	OK   bool
}

// showSignUp shows the form of a new account.
func (r *request) showSignUp() error {
	if r.viewer != nil {
		return r.redirect("/")
	}
	return r.signUpPage(http.StatusOK, signUpView{})
}

func (r *request) signUpPage(status int, v signUpView) error {
	return r.page(status, "account/sign_up", page{Title: r.T("signup.title"), Plain: true, Data: v})
}

// checkUsername says whether a username may be had, always with 200.
func (r *request) checkUsername() error {
	err := r.limitAddress(limitNameCheck)
	var check checkView
	if slow, ok := errors.AsType[errSlowDown](err); ok {
		check.Text = r.T("error.slow_help", "Seconds", slow.seconds())
	} else if check, err = r.check(r.Query("username")); err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "account/_check", data: check})
}

func (r *request) check(raw string) (checkView, error) {
	if raw == "" {
		return checkView{}, nil
	}
	name, p := sns.Username(raw)
	if p != nil {
		return checkView{Text: r.locale.TWith(p.Key, p.Args)}, nil
	}
	taken, err := r.Store.UsernameTaken(r.ctx(), name)
	if err != nil {
		return checkView{}, err
	}
	if taken {
		return checkView{Text: r.T("username.taken")}, nil
	}
	return checkView{Text: r.T("username.free"), OK: true}, nil
}

// signUpNew makes an account and signs it in. The button 중복확인 sends the
// same form without JavaScript, and only wants to know about the name.
func (r *request) signUpNew() error {
	if err := r.parse(); err != nil {
		return err
	}
	kept := newForm("username", r.value("username"), "email", r.value("email"))
	if r.value("check") != "" {
		return r.checkOnly(kept)
	}
	user, err := r.makeUser()
	if inv, status := r.refusal(err); inv != nil {
		if inv, err = r.alsoTaken(inv); err != nil {
			return err
		}
		return r.signUpPage(status, signUpView{Form: kept.withProblems(r.locale, inv)})
	}
	if err != nil {
		return err
	}
	if err := r.signIn(user); err != nil {
		return err
	}
	return r.redirectSaying("/", "done.welcome")
}

// checkOnly answers the button 중복확인 without JavaScript.
func (r *request) checkOnly(kept form) error {
	err := r.limitAddress(limitNameCheck)
	if inv, status := r.refusal(err); inv != nil {
		return r.signUpPage(status, signUpView{Form: kept.withProblems(r.locale, inv)})
	}
	check, err := r.check(r.value("username"))
	if err != nil {
		return err
	}
	return r.signUpPage(http.StatusOK, signUpView{Form: kept, Check: check})
}

// alsoTaken adds that the name is taken to what else is wrong with the form:
// one should not have to send it twice to learn that. It counts as a check of
// the name, and is left out when there were too many.
func (r *request) alsoTaken(inv sns.Invalid) (sns.Invalid, error) {
	if slices.ContainsFunc(inv, func(p sns.Problem) bool { return p.Field == "username" || p.Field == "form" }) {
		return inv, nil
	}
	if r.limitAddress(limitNameCheck) != nil {
		return inv, nil
	}
	taken, err := r.Store.UsernameTaken(r.ctx(), r.value("username"))
	if taken {
		inv = append(sns.Invalid{{Field: "username", Key: "username.taken"}}, inv...)
	}
	return inv, err
}

// makeUser makes the account of the form; sns.Invalid says what is wrong.
func (r *request) makeUser() (credentials, error) {
	f, err := sns.SignUp{
		Username: r.value("username"), Password: r.value("password"),
		Confirmation: r.value("password_confirm"), Email: r.value("email"),
	}.Check()
	if err != nil {
		return credentials{}, err
	}
	if err := r.limitAddress(limitSignUp); err != nil {
		return credentials{}, err
	}
	hash, err := sns.HashPassword(r.ctx(), f.Password)
	if err != nil {
		return credentials{}, err
	}
	id, err := r.Store.CreateUser(r.ctx(), store.NewUser{
		Username: f.Username, Email: f.Email, PasswordHash: hash, Role: sns.RoleUser, CreatedAt: r.now,
	})
	if errors.Is(err, sns.ErrConflict) {
		return credentials{}, sns.Invalid{{Field: "username", Key: "username.taken"}}
	}
	return credentials{id, hash}, err
}

// signInView is account/sign_in.
type signInView struct {
	Form form
	Next string
}

// showSignIn shows the form to sign in, which leads back to ?next=.
func (r *request) showSignIn() error {
	next := localPath(r.Query("next"))
	if r.viewer != nil {
		return r.redirect(next)
	}
	return r.signInPage(http.StatusOK, signInView{Next: next})
}

func (r *request) signInPage(status int, v signInView) error {
	return r.page(status, "account/sign_in", page{Title: r.T("signin.title"), Plain: true, Data: v})
}

// signInKnown signs in who knows the password. It says and takes the same
// whether the name or the password is wrong.
func (r *request) signInKnown() error {
	if err := r.parse(); err != nil {
		return err
	}
	username, next := r.value("username"), localPath(r.value("next"))
	user, err := r.knownUser(username)
	if err == nil {
		err = r.signIn(user)
	}
	if inv, status := r.refusal(err); inv != nil {
		return r.signInPage(status, signInView{Form: newForm("username", username).withProblems(r.locale, inv), Next: next})
	}
	if err != nil {
		return err
	}
	return r.redirect(next)
}

// knownUser returns the user of the name and password of the form.
func (r *request) knownUser(username string) (credentials, error) {
	name := sns.FoldUsername(username)
	for _, l := range []struct {
		limit
		whom string
	}{
		{limitSignInAddress, r.network()},
		{limitSignInBoth, r.network() + " " + name},
		{limitSignInName, name}, // last: who was refused before it costs the name nothing
	} {
		if err := r.Limits.take(r.ctx(), l.limit, l.whom); err != nil {
			return credentials{}, err
		}
	}
	user, hash, err := r.Store.Credentials(r.ctx(), username)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return credentials{}, err
	}
	err = sns.CheckPassword(r.ctx(), r.value("password"), hash)
	if errors.Is(err, sns.ErrSignIn) {
		return credentials{}, sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	return credentials{user, hash}, err
}

// signOutNow ends the session, its streams included, and lets the browser
// forget the pages it has kept.
func (r *request) signOutNow() error {
	if r.viewer != nil {
		if err := r.signOut(); err != nil {
			return err
		}
	}
	r.Header("Clear-Site-Data", `"cache"`)
	return r.redirectSaying("/sign-in", "done.signed_out")
}
