package people

import (
	"cmp"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const forgotPath = "/forgot"

// Ask shows the form of somebody who forgot the password. ErrNotFound without mail.
func (Resets) Ask(r *request.Request) error {
	if r.Mails == nil {
		return sns.ErrNotFound
	}
	return forgotPage(r, http.StatusOK, view.Forgot{Sent: r.Query("sent") != ""})
}

func forgotPage(r *request.Request, status int, v view.Forgot) error {
	return r.Show(status, "account/_forgot", "account/forgot", view.Page{Title: r.T("forgot.title"), Plain: true, Socket: true, Data: v})
}

// Mail makes a link for a new password be mailed. The answer and its duration are the same
// whether an account has the name or address or not: the worker of mails looks that up.
// ErrNotFound without mail.
func (Resets) Mail(r *request.Request) error {
	if r.Mails == nil {
		return sns.ErrNotFound
	}
	if err := queueForgotten(r); err != nil {
		return r.Again(err, r.Typed("username"), func(status int, f view.Form) error {
			return forgotPage(r, status, view.Forgot{Form: f})
		})
	}
	r.Mails.Wake()
	if !r.Partial() {
		return r.Redirect(forgotPath + "?sent=1")
	}
	return forgotPage(r, http.StatusOK, view.Forgot{Sent: true})
}

// queueForgotten counts the request for the address and for the name, and queues the mail. The
// field username has either a name or an e-mail address; programs may send the field email.
func queueForgotten(r *request.Request) error {
	if err := r.LimitAddress(request.LimitForgot); err != nil {
		return err
	}
	name := sns.Forgotten(cmp.Or(r.Value("username"), r.Value("email")))
	if name == "" {
		return sns.Invalid{{Field: "username", Key: "forgot.empty"}}
	}
	if err := request.Take(r, request.LimitForgotName, r.Keyring.NameDigest(name)); err != nil {
		return err
	}
	return r.Store.QueueMail(r.Ctx(), sns.Mail{Kind: sns.MailForgot, To: name, CreatedAt: r.Now})
}
