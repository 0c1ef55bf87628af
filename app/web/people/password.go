package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Update changes the password of who knows the present one, and signs
// out every other device.
func (Passwords) Update(r *request.Request) error {
	err := updatePassword(r)
	if inv, status := r.Problems(err); inv != nil {
		v := newSettings(r)
		v.Password.Form = view.NewForm().WithProblems(r.Locale, inv)
		return passwordPage(r, status, v)
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.password")
	}
	v := newSettings(r)
	v.Password.Done = true
	return passwordPage(r, http.StatusOK, v)
}

// confirmPassword returns sns.Invalid unless current_password of the form is the
// viewer's password.
func confirmPassword(r *request.Request) error {
	if err := r.Limit(request.LimitPassword); err != nil {
		return err
	}
	_, hash, err := r.Store.Credentials(r.Ctx(), r.Viewer.Username)
	if err != nil {
		return err
	}
	err = sns.CheckPassword(r.Ctx(), r.Value("current_password"), hash)
	if errors.Is(err, sns.ErrSignIn) {
		return sns.Invalid{{Field: "current_password", Key: "password.wrong"}}
	}
	return err
}

func updatePassword(r *request.Request) error {
	if err := confirmPassword(r); err != nil {
		return err
	}
	password, p := sns.Password("password", r.Value("password"))
	if p == nil && sns.NormalPassword(r.Value("password_confirm")) != password {
		p = &sns.Problem{Field: "password_confirm", Key: "password.differs"}
	}
	if p != nil {
		return sns.Invalid{*p}
	}
	hash, err := sns.HashPassword(r.Ctx(), password)
	if err != nil {
		return err
	}
	// None is kept, and this device gets a new one: a copy of its cookie ends, too.
	ended, err := r.Store.SetPassword(r.Ctx(), r.Viewer.ID, hash, "")
	if err != nil {
		return err
	}
	if err := r.SignIn(request.Credentials{UserID: r.Viewer.ID, PasswordHash: hash}); err != nil {
		return err
	}
	r.Disconnect(ended...)
	return nil
}

func passwordPage(r *request.Request, status int, v view.Settings) error {
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "user/_password", Data: v.Password})
	}
	return settingsPage(r, status, v)
}
