package people

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form to sign up, if the community or the invitation of ?invitation= lets the
// guest in. A viewer who is signed in goes to the timeline.
func (Accounts) New(r *request.Request) error {
	if r.Viewer != nil {
		return r.Redirect("/")
	}
	d, err := openDoor(r, r.Query("invitation"))
	if err != nil {
		return answerDoor(r, err)
	}
	return signUpPage(r, http.StatusOK, d, view.SignUp{})
}

func signUpPage(r *request.Request, status int, d door, v view.SignUp) error {
	d.show(r, &v)
	return r.Page(status, "account/sign_up", view.Page{Title: r.T("signup.title"), Plain: true, Data: v})
}

// CheckUsername shows whether ?username= is valid and free. The status is always
// 200, also after too many checks: the answer is a hint beside the field.
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
	name, p := sns.NewUsername(raw)
	if p != nil {
		return view.UsernameCheck{Text: r.Locale.TWith(p.Key, p.Args)}, nil
	}
	if r.Viewer != nil && name == r.Viewer.Username {
		return view.UsernameCheck{Text: r.T("name.same")}, nil
	}
	taken, err := usernameTaken(r, name)
	if err != nil {
		return view.UsernameCheck{}, err
	}
	if taken != "" {
		return view.UsernameCheck{Text: r.T(taken)}, nil
	}
	return view.UsernameCheck{Text: r.T("username.free"), OK: true}, nil
}

// usernameTaken returns the key of a sentence if another account than the viewer's has the
// username, or one that looks alike, and otherwise "".
func usernameTaken(r *request.Request, name string) (key string, err error) {
	by := int64(0)
	if r.Viewer != nil {
		by = r.Viewer.ID
	}
	taken, alike, err := r.Store.UsernameTaken(r.Ctx(), name, by, r.Now)
	switch {
	case taken:
		key = "username.taken"
	case alike:
		key = "username.alike"
	}
	return key, err
}

// Create makes an account and signs the user in, or keeps the application for an account.
// Without JavaScript the button 중복확인 sends the same form with the field check: Create then
// checks the username and makes no account.
func (Accounts) Create(r *request.Request) error {
	d, err := openDoor(r, r.Value("invitation"))
	if err != nil {
		return answerDoor(r, err)
	}
	typed := r.Typed("username", "email", "apply", "age")
	if r.Value("check") != "" {
		return checkPage(r, d, typed)
	}
	credentials, err := createUser(r, d)
	if problems, status := r.Problems(err); problems != nil {
		if problems, err = addTaken(r, problems); err != nil {
			return err
		}
		return signUpPage(r, status, d, view.SignUp{Form: typed.WithProblems(r.Locale, problems)})
	}
	if errors.Is(err, sns.ErrInvitation) { // another guest was faster
		_, err = openDoor(r, r.Value("invitation"))
		return answerDoor(r, cmp.Or(err, sns.ErrConflict))
	}
	if err != nil {
		return err
	}
	if d.applies() {
		request.Record(r, request.Applied, 0)
		return r.Redirect(waitingPath)
	}
	if err := r.SignIn(credentials); err != nil {
		return err
	}
	request.Record(r, request.SignedUp, credentials.UserID)
	return r.RedirectWithToast("/", "done.welcome")
}

// checkPage answers the button 중복확인 without JavaScript.
func checkPage(r *request.Request, d door, typed view.Form) error {
	if err := r.LimitAddress(request.LimitNameCheck); err != nil {
		return r.Again(err, typed, func(status int, f view.Form) error {
			return signUpPage(r, status, d, view.SignUp{Form: f})
		})
	}
	check, err := checkUsername(r, r.Value("username"))
	if err != nil {
		return err
	}
	return signUpPage(r, http.StatusOK, d, view.SignUp{Form: typed, Check: check})
}

// addTaken adds to the problems of a form that the username is taken, since
// createUser finds that out only for a form without problems: a guest would mend the
// form and learn about the username at the second try. After too many checks of
// usernames, addTaken adds nothing.
func addTaken(r *request.Request, problems sns.Invalid) (sns.Invalid, error) {
	if slices.ContainsFunc(problems, func(p sns.Problem) bool { return p.Field == "username" || p.Field == "form" }) {
		return problems, nil
	}
	if r.LimitAddress(request.LimitNameCheck) != nil {
		return problems, nil
	}
	taken, err := usernameTaken(r, r.Value("username"))
	if taken != "" {
		problems = append(sns.Invalid{{Field: "username", Key: taken}}, problems...)
	}
	return problems, err
}

// createUser makes the account of the form, or keeps the application for it. sns.Invalid if a
// field is not valid or the username is taken, sns.ErrInvitation if the invitation was used up
// meanwhile.
func createUser(r *request.Request, d door) (request.Credentials, error) {
	form, err := sns.SignUp{
		Username: r.Value("username"), Password: r.Value("password"),
		Confirmation: r.Value("password_confirm"), Email: r.Value("email"),
	}.Check()
	content, err := d.check(r, err)
	if err != nil {
		return request.Credentials{}, err
	}
	if err := r.LimitAddress(request.LimitSignUp); err != nil {
		return request.Credentials{}, err
	}
	if err := checkFree(r, form.Username); err != nil {
		return request.Credentials{}, err
	}
	hash, err := sns.HashPassword(r.Ctx(), form.Password)
	if err != nil {
		return request.Credentials{}, err
	}
	u := store.NewUser{
		Username: form.Username, Email: form.Email, PasswordHash: hash, Role: sns.RoleUser, Invitation: d.invitation.ID, CreatedAt: r.Now,
	}
	var id int64
	if d.applies() {
		err = r.Store.ApplyForAccount(r.Ctx(), store.NewApplication{NewUser: u, Content: content})
	} else {
		id, err = r.Store.CreateUser(r.Ctx(), u)
	}
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: "username", Key: "username.taken"}}
	}
	return request.Credentials{UserID: id, PasswordHash: hash, Username: form.Username}, err
}
