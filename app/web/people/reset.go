package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the form of a new password to whoever has the link. request.ErrReset if the link
// works no more, or never did.
func (Resets) Show(r *request.Request) error {
	reset, err := loadReset(r)
	if err != nil {
		return err
	}
	return resetPage(r, http.StatusOK, reset, view.NewForm())
}

// loadReset returns the link that the route names. Each try counts for the address: nobody can
// guess a token, and nobody shall try.
func loadReset(r *request.Request) (sns.Reset, error) {
	if err := r.LimitAddress(request.LimitReset); err != nil {
		return sns.Reset{}, err
	}
	reset, err := r.Store.Reset(r.Ctx(), request.TokenID(r.Param("token")))
	if errors.Is(err, sns.ErrNotFound) || err == nil && !reset.Works(r.Now) {
		err = request.ErrReset
	}
	return reset, err
}

func resetPage(r *request.Request, status int, reset sns.Reset, f view.Form) error {
	r.Header("Referrer-Policy", "no-referrer") // the address is a secret
	return r.Show(status, "account/_reset", "account/reset", view.Page{
		Title: r.T("reset.title"), Plain: true, Socket: true,
		Data: view.Reset{Path: "/reset/" + r.Param("token"), Name: reset.User.Username, Form: f},
	})
}

// Update sets the password of the form, ends all sessions of the user, and leads to signing in.
func (Resets) Update(r *request.Request) error {
	reset, err := loadReset(r)
	if err != nil {
		return err
	}
	if err := setPassword(r, reset); err != nil {
		return r.Again(err, r.Typed(), func(status int, f view.Form) error { return resetPage(r, status, reset, f) })
	}
	return r.RedirectWithToast("/sign-in", "done.password_reset")
}

func setPassword(r *request.Request, reset sns.Reset) error {
	hash, err := newPassword(r, reset.User.Username)
	if err != nil {
		return err
	}
	ended, err := r.Store.UseReset(r.Ctx(), reset, hash, r.Now)
	if errors.Is(err, sns.ErrConflict) {
		return request.ErrReset
	}
	if err != nil {
		return err
	}
	request.Record(r, request.PasswordChanged, reset.User.ID, "by", "link")
	request.RecordEnded(r, reset.User.ID, len(ended), "password")
	r.Disconnect(ended...)
	return nil
}
