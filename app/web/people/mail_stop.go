package people

import (
	"net/http"
	"strconv"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// AskStop shows the button that ends mails of a kind, to whoever has the link of such a mail.
// request.ErrReset if there never was the link.
func (Emails) AskStop(r *request.Request) error {
	if _, _, err := loadStop(r); err != nil {
		return err
	}
	return stopPage(r, r.Query("done") != "")
}

// Stop ends mails of a kind. Programs that read mails press the button by themselves (RFC
// 8058), and nobody needs to sign in. Errors are those of AskStop.
func (Emails) Stop(r *request.Request) error {
	user, kind, err := loadStop(r)
	if err != nil {
		return err
	}
	if err := stopMails(r, user, kind); err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(r.Request.URL.Path + "?done=1")
	}
	return stopPage(r, true)
}

func stopPage(r *request.Request, done bool) error {
	r.Header("Referrer-Policy", "no-referrer") // the address is a secret
	return r.Show(http.StatusOK, "account/_stop", "account/stop", view.Page{
		Title: r.T("mail.stop"), Plain: true, Socket: true, Data: view.StopMail{Path: r.Request.URL.Path, Done: done},
	})
}

// loadStop returns the user and the kind that the token of the route was made for.
func loadStop(r *request.Request) (user int64, kind sns.MailKind, err error) {
	if r.Mails == nil {
		return 0, "", sns.ErrNotFound
	}
	if err := r.LimitAddress(request.LimitReset); err != nil {
		return 0, "", err
	}
	first, rest, _ := strings.Cut(r.Param("token"), "-")
	second, _, _ := strings.Cut(rest, "-")
	user, err = strconv.ParseInt(first, 10, 64)
	if kind = sns.MailKind(second); err != nil || !request.SameToken(r.Param("token"), r.Keyring.StopToken(user, kind)) {
		return 0, "", request.ErrReset
	}
	return user, kind, nil
}

func stopMails(r *request.Request, user int64, kind sns.MailKind) error {
	want, err := r.Store.MailReader(r.Ctx(), user)
	if err != nil {
		return err
	}
	switch kind { //nolint:exhaustive // the other kinds are asked for each time
	case sns.MailDigest:
		want.Digest = false
	case sns.MailNotice:
		want.Notices = false
		chosen, err := r.Store.NoticeSettings(r.Ctx(), user)
		if err != nil {
			return err
		}
		for _, k := range sns.NoticeKinds {
			if chosen.Has(k, sns.ChannelMail) {
				chosen.Turn(k, sns.ChannelMail, false)
			}
		}
		if err := r.Store.SetNoticeSettings(r.Ctx(), user, chosen); err != nil {
			return err
		}
	}
	return r.Store.SetMailReader(r.Ctx(), user, want, r.Now)
}
