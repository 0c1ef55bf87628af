package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Update changes the viewer's password, if the present password in the form is
// right, and signs out every other device.
func (Passwords) Update(r *request.Request) error {
	if err := updatePassword(r); err != nil {
		return r.Again(err, r.Typed(), func(status int, f view.Form) error {
			return passwordPage(r, status, view.Password{Form: f})
		})
	}
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.password")
	}
	return passwordPage(r, http.StatusOK, view.Password{Done: true})
}

func passwordPage(r *request.Request, status int, v view.Password) error {
	v.Name = r.Viewer.Username
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "user/_password", Data: v})
	}
	settings := newSettings(r)
	settings.Password = v
	return settingsPage(r, status, settings)
}

func updatePassword(r *request.Request) error {
	if err := confirmPassword(r); err != nil {
		return err
	}
	hash, err := newPassword(r, r.Viewer.Username)
	if err != nil {
		return err
	}
	// The session of this device ends, too, and SignIn begins a new session: the
	// password may be changed because a thief has a copy of the cookie.
	ended, err := r.Store.SetPassword(r.Ctx(), r.Viewer.ID, hash, "")
	if err != nil {
		return err
	}
	request.Record(r, request.PasswordChanged, r.Viewer.ID, "by", "user")
	request.RecordEnded(r, r.Viewer.ID, len(ended)-1, "password") // this session goes on in a new one
	if err := r.SignIn(request.Credentials{UserID: r.Viewer.ID, PasswordHash: hash, Username: r.Viewer.Username}); err != nil {
		return err
	}
	r.Disconnect(ended...)
	return nil
}

// newPassword returns the hash of the new password in the form of a user, or sns.Invalid.
func newPassword(r *request.Request, username string) (string, error) {
	password, p := sns.Password("password", r.Value("password"), username)
	if p == nil && sns.NormalPassword(r.Value("password_confirm")) != password {
		p = &sns.Problem{Field: "password_confirm", Key: "password.differs"}
	}
	if p != nil {
		return "", sns.Invalid{*p}
	}
	return sns.HashPassword(r.Ctx(), password)
}

// confirmPassword returns sns.Invalid unless the field current_password is the
// viewer's password, which then is proved for sns.ProofLife.
func confirmPassword(r *request.Request) error {
	_, err := confirmPasswordIn(r, "current_password")
	return err
}

// confirmPasswordIn is confirmPassword with a field of another name, and returns the hash of the
// password.
func confirmPasswordIn(r *request.Request, field string) (hash string, err error) {
	if err := r.Limit(request.LimitPassword); err != nil {
		return "", err
	}
	_, hash, err = r.Store.Credentials(r.Ctx(), r.Viewer.Username)
	if err != nil {
		return "", err
	}
	err = sns.CheckPassword(r.Ctx(), r.Value(field), hash)
	if errors.Is(err, sns.ErrSignIn) {
		request.Record(r, request.PasswordWrong, r.Viewer.ID)
		return "", sns.Invalid{{Field: field, Key: "password.wrong"}}
	}
	if err != nil {
		return "", err
	}
	return hash, r.Store.ProveSession(r.Ctx(), r.Viewer.Session, r.Now)
}

// provePassword is confirmPassword, unless the password was proved less than
// sns.ProofLife ago. Without a password in the form, the sns.Invalid asks for one.
func provePassword(r *request.Request) error {
	switch {
	case r.Viewer.Proved:
		return nil
	case r.Value("current_password") == "":
		return sns.Invalid{{Field: "ask", Key: "password.again"}}
	}
	return confirmPassword(r)
}
