package people

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Update changes the viewer's e-mail address, if the password in the form is right, or mails
// the link once more that confirms the address. ErrNotFound without mail.
func (Emails) Update(r *request.Request) error {
	if r.Mails == nil {
		return sns.ErrNotFound
	}
	again := r.Value("again") != ""
	if err := updateEmail(r, again); err != nil {
		return r.Again(err, r.Typed("email"), func(status int, f view.Form) error {
			return emailPage(r, status, view.Email{Form: f})
		})
	}
	r.Mails.Wake()
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.email")
	}
	return emailPage(r, http.StatusOK, view.Email{Done: true})
}

func updateEmail(r *request.Request, again bool) error {
	if again {
		return confirmAgain(r)
	}
	if err := confirmPassword(r); err != nil {
		return err
	}
	address, p := sns.Email(r.Value("email"))
	if p != nil {
		return sns.Invalid{*p}
	}
	if err := r.Store.SetEmail(r.Ctx(), r.Viewer.ID, address, r.Now); err != nil {
		return err
	}
	request.Record(r, request.EmailChanged, r.Viewer.ID)
	return nil
}

// confirmAgain mails the link once more.
func confirmAgain(r *request.Request) error {
	if err := r.Limit(request.LimitConfirm); err != nil {
		return err
	}
	box, err := r.Store.Mailbox(r.Ctx(), r.Viewer.ID)
	if err != nil || box.Confirmed {
		return err
	}
	return r.Store.QueueMail(r.Ctx(), sns.Mail{User: r.Viewer.ID, Kind: sns.MailConfirm, To: box.Address, CreatedAt: r.Now})
}

// emailPage answers with the form of the address.
func emailPage(r *request.Request, status int, v view.Email) error {
	if !r.Partial() {
		settings := newSettings(r)
		settings.Email = &v
		return settingsPage(r, status, settings)
	}
	if err := loadEmail(r, &v); err != nil {
		return err
	}
	return r.Fragments(status, request.Fragment{Name: "user/_email", Data: v})
}

// loadEmail fills in the viewer's address.
func loadEmail(r *request.Request, v *view.Email) (err error) {
	v.Name = r.Viewer.Username
	v.Mailbox, err = r.Store.Mailbox(r.Ctx(), r.Viewer.ID)
	return err
}

// AskConfirm shows the button that confirms an address: programs that look into mails follow
// links, and press no button. request.ErrReset if the link works no more, or never did.
func (Emails) AskConfirm(r *request.Request) error {
	_, box, err := loadConfirm(r)
	if err != nil {
		return err
	}
	return confirmPage(r, box)
}

// Confirm confirms an address. Errors are those of AskConfirm.
func (Emails) Confirm(r *request.Request) error {
	user, box, err := loadConfirm(r)
	if err != nil {
		return err
	}
	err = r.Store.ConfirmEmail(r.Ctx(), user, box.Address, r.Now)
	if errors.Is(err, sns.ErrNotFound) {
		return request.ErrReset
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(r.Request.URL.Path)
	}
	box.Confirmed = true
	return confirmPage(r, box)
}

func confirmPage(r *request.Request, box sns.Mailbox) error {
	r.Header("Referrer-Policy", "no-referrer") // the address is a secret
	return r.Show(http.StatusOK, "account/_confirm", "account/confirm", view.Page{
		Title: r.T("address.confirm"), Plain: true, Socket: true, Data: view.ConfirmEmail{Path: r.Request.URL.Path, Mailbox: box},
	})
}

// loadConfirm returns the user and the address that the token of the route was made for. Each
// try counts for the address of the browser.
func loadConfirm(r *request.Request) (user int64, box sns.Mailbox, err error) {
	if r.Mails == nil {
		return 0, box, sns.ErrNotFound
	}
	if err := r.LimitAddress(request.LimitReset); err != nil {
		return 0, box, err
	}
	first, rest, _ := strings.Cut(r.Param("token"), "-")
	second, _, _ := strings.Cut(rest, "-")
	user, errUser := strconv.ParseInt(first, 10, 64)
	until, errUntil := strconv.ParseInt(second, 10, 64)
	if errUser != nil || errUntil != nil || r.Now.After(time.Unix(until, 0)) {
		return 0, box, request.ErrReset
	}
	box, err = r.Store.Mailbox(r.Ctx(), user)
	if errors.Is(err, sns.ErrNotFound) || err == nil && !request.SameToken(r.Param("token"), r.Keyring.ConfirmToken(user, box.Address, time.Unix(until, 0))) {
		err = request.ErrReset
	}
	return user, box, err
}
