package people

import (
	"errors"
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form of a new account.
func (Accounts) New(r *request.Request) error {
	if r.Viewer != nil {
		return r.Redirect("/")
	}
	return signUpPage(r, http.StatusOK, view.SignUp{})
}

func signUpPage(r *request.Request, status int, v view.SignUp) error {
	return r.Page(status, "account/sign_up", view.Page{Title: r.T("signup.title"), Plain: true, Data: v})
}

// CheckUsername says whether a username may be had, always with 200.
func (Accounts) CheckUsername(r *request.Request) error {
	err := r.LimitAddress(request.LimitNameCheck)
	var check view.UsernameCheck
	if slow, ok := errors.AsType[request.SlowDownError](err); ok {
		check.Text = r.T("error.slow_help", "Seconds", slow.Seconds())
	} else if check, err = checkUsername(r, r.Query("username")); err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "account/_check", Data: check})
}

func checkUsername(r *request.Request, raw string) (view.UsernameCheck, error) {
	if raw == "" {
		return view.UsernameCheck{}, nil
	}
	name, p := sns.Username(raw)
	if p != nil {
		return view.UsernameCheck{Text: r.Locale.TWith(p.Key, p.Args)}, nil
	}
	taken, err := r.Store.UsernameTaken(r.Ctx(), name)
	if err != nil {
		return view.UsernameCheck{}, err
	}
	if taken {
		return view.UsernameCheck{Text: r.T("username.taken")}, nil
	}
	return view.UsernameCheck{Text: r.T("username.free"), OK: true}, nil
}

// Create makes an account and signs it in. The button 중복확인 sends the
// same form without JavaScript, and only wants to know about the name.
func (Accounts) Create(r *request.Request) error {
	kept := view.NewForm("username", r.Value("username"), "email", r.Value("email"))
	if r.Value("check") != "" {
		return showCheck(r, kept)
	}
	user, err := createUser(r)
	if inv, status := r.Problems(err); inv != nil {
		if inv, err = alsoTaken(r, inv); err != nil {
			return err
		}
		return signUpPage(r, status, view.SignUp{Form: kept.WithProblems(r.Locale, inv)})
	}
	if err != nil {
		return err
	}
	if err := r.SignIn(user); err != nil {
		return err
	}
	return r.RedirectWithToast("/", "done.welcome")
}

// showCheck answers the button 중복확인 without JavaScript.
func showCheck(r *request.Request, kept view.Form) error {
	err := r.LimitAddress(request.LimitNameCheck)
	if inv, status := r.Problems(err); inv != nil {
		return signUpPage(r, status, view.SignUp{Form: kept.WithProblems(r.Locale, inv)})
	}
	check, err := checkUsername(r, r.Value("username"))
	if err != nil {
		return err
	}
	return signUpPage(r, http.StatusOK, view.SignUp{Form: kept, Check: check})
}

// alsoTaken adds that the name is taken to what else is wrong with the form:
// one should not have to send it twice to learn that. It counts as a check of
// the name, and is left out when there were too many.
func alsoTaken(r *request.Request, inv sns.Invalid) (sns.Invalid, error) {
	if slices.ContainsFunc(inv, func(p sns.Problem) bool { return p.Field == "username" || p.Field == "form" }) {
		return inv, nil
	}
	if r.LimitAddress(request.LimitNameCheck) != nil {
		return inv, nil
	}
	taken, err := r.Store.UsernameTaken(r.Ctx(), r.Value("username"))
	if taken {
		inv = append(sns.Invalid{{Field: "username", Key: "username.taken"}}, inv...)
	}
	return inv, err
}

// createUser makes the account of the form; sns.Invalid says what is wrong.
func createUser(r *request.Request) (request.Credentials, error) {
	f, err := sns.SignUp{
		Username: r.Value("username"), Password: r.Value("password"),
		Confirmation: r.Value("password_confirm"), Email: r.Value("email"),
	}.Check()
	if err != nil {
		return request.Credentials{}, err
	}
	if err := r.LimitAddress(request.LimitSignUp); err != nil {
		return request.Credentials{}, err
	}
	hash, err := sns.HashPassword(r.Ctx(), f.Password)
	if err != nil {
		return request.Credentials{}, err
	}
	id, err := r.Store.CreateUser(r.Ctx(), store.NewUser{
		Username: f.Username, Email: f.Email, PasswordHash: hash, Role: sns.RoleUser, CreatedAt: r.Now,
	})
	if errors.Is(err, sns.ErrConflict) {
		return request.Credentials{}, sns.Invalid{{Field: "username", Key: "username.taken"}}
	}
	return request.Credentials{UserID: id, PasswordHash: hash}, err
}
