package server

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/config"
	"xxsns/app/mail"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// mailEvery is how often the queue of mails is looked at.
const mailEvery = 5 * time.Second

// openMails makes the worker of mails, unless SMTP_URL is empty.
func (s *Server) openMails(pages *view.Templates, keys *request.Keyring) error {
	if s.cfg.SMTPURL == "" {
		return nil
	}
	sender, err := mail.NewSender(s.cfg.SMTPURL, s.cfg.MailFrom)
	if err != nil {
		return err
	}
	s.mails = &mail.Worker{Store: s.store, Sender: sender, Compose: s.composeMail(pages, keys), Log: s.log, Now: time.Now}
	return nil
}

// composeMail returns mail.Worker.Compose.
func (s *Server) composeMail(pages *view.Templates, keys *request.Keyring) func(context.Context, sns.Mail, time.Time) (mail.Composed, error) {
	return func(ctx context.Context, m sns.Mail, now time.Time) (c mail.Composed, err error) {
		l, err := pages.Locale("")
		if err != nil {
			return c, err
		}
		switch m.Kind {
		case sns.MailForgot:
			return s.composeForgot(ctx, l, m, now)
		case sns.MailConfirm:
			return s.composeConfirm(ctx, l, keys, m, now)
		case sns.MailNotice:
			return s.composeNotices(ctx, l, keys, m, now)
		case sns.MailDecided:
			return s.composeDecided(ctx, l, m)
		case sns.MailDigest:
			return s.composeDigest(ctx, l, keys, m, now)
		case sns.MailTakedown:
			return s.composeTakedown(ctx, l, keys, m, now)
		}
		return c, sns.ErrNotFound // of a newer version of the program
	}
}

// composeForgot makes links for new passwords, and the mail with them. A mail that was not
// taken is made again, with new links.
func (s *Server) composeForgot(ctx context.Context, l *view.Locale, m sns.Mail, now time.Time) (c mail.Composed, err error) {
	address, users, err := s.store.ForgottenBy(ctx, m.To)
	if err != nil {
		return c, err
	}
	links := make([]view.ResetLink, len(users))
	for i, user := range users {
		token, id := request.NewToken()
		err := s.store.MakeReset(ctx, sns.Reset{ID: id, User: user, CreatedAt: now, Until: now.Add(sns.MailResetLife)})
		if err != nil {
			return c, err
		}
		request.RecordSecurity(ctx, s.log, request.ResetMade, user.ID, "by", "mail")
		links[i] = view.ResetLink{User: user, URL: s.cfg.PublicURL + "/reset/" + token}
	}
	return s.composed(ctx, l, address, "", l.ResetLetter(links))
}

// composeConfirm returns the mail with a link that confirms an address, unless the user has
// another address by now.
func (s *Server) composeConfirm(ctx context.Context, l *view.Locale, keys *request.Keyring, m sns.Mail, now time.Time) (c mail.Composed, err error) {
	box, err := s.store.Mailbox(ctx, m.User)
	if err != nil {
		return c, err
	}
	if box.Confirmed || box.Address != m.To {
		return c, sns.ErrNotFound
	}
	users, err := s.store.Users(ctx, []int64{m.User})
	if err != nil {
		return c, err
	}
	token := keys.ConfirmToken(m.User, m.To, now.Add(sns.ConfirmLife))
	return s.composed(ctx, l, m.To, "", l.ConfirmLetter(users[m.User], s.cfg.PublicURL+"/mail/confirm/"+token))
}

// composeTakedown returns the mail that tells an asker how a takedown stands.
func (s *Server) composeTakedown(ctx context.Context, l *view.Locale, keys *request.Keyring, m sns.Mail, now time.Time) (c mail.Composed, err error) {
	id, err := strconv.ParseInt(m.To, 10, 64)
	if err != nil {
		return c, sns.ErrNotFound
	}
	t, err := s.store.Takedown(ctx, id)
	if err != nil {
		return c, err
	}
	address := sns.ContactAddress(t.Contact)
	if address == "" {
		return c, sns.ErrNotFound
	}
	return s.composed(ctx, l, address, "", l.TakedownLetter(t, s.cfg.PublicURL, keys.TakedownToken(id), now))
}

// composeDecided returns the mail about an application for an account. An applicant has no inbox
// before the application is accepted, and none after it is declined.
func (s *Server) composeDecided(ctx context.Context, l *view.Locale, m sns.Mail) (c mail.Composed, err error) {
	id, err := strconv.ParseInt(m.To, 10, 64)
	if err != nil {
		return c, sns.ErrNotFound
	}
	a, address, err := s.store.DecidedApplication(ctx, id)
	if err != nil {
		return c, err
	}
	return s.composed(ctx, l, address, "", l.DecidedLetter(a, s.cfg.PublicURL))
}

// composed returns a letter as it is sent, signed with the name of the community. With stop, the
// reader has asked for such letters, and ends them there.
func (s *Server) composed(ctx context.Context, l *view.Locale, to, stop string, letter view.Letter) (c mail.Composed, err error) {
	community, err := s.store.Community(ctx)
	if err != nil {
		return c, err
	}
	return composed(l, to, stop, l.Sign(letter, community.Name, stop != ""))
}

// composed returns a signed letter as it is sent.
func composed(l *view.Locale, to, stop string, letter view.Letter) (c mail.Composed, err error) {
	html, err := l.Fragment("mail/_letter", letter)
	c.Message = mail.Message{To: to, Subject: letter.Subject, Text: letter.Text(), HTML: string(html), Stop: stop}
	return c, err
}

// TestMail sends a mail by the server of a configuration, which shows whether mails arrive.
func TestMail(ctx context.Context, cfg config.Config, to string) error {
	pages, err := loadTemplates(cfg, false)
	if err != nil {
		return err
	}
	l, err := pages.Locale("")
	if err != nil {
		return err
	}
	sender, err := mail.NewSender(cfg.SMTPURL, cfg.MailFrom)
	if err != nil {
		return err
	}
	c, err := composed(l, to, "", l.Sign(l.TestLetter(), "", false))
	if err != nil {
		return err
	}
	return sender.Send(ctx, c.Message)
}

// sendMails queues what is new, and sends what is due.
func (s *Server) sendMails(ctx context.Context) {
	s.queueMails(ctx)
	s.warn(ctx, "mails not sent yet", s.mails.Run(ctx))
}

// measureMails registers the metrics of mails.
func (s *Server) measureMails() {
	if s.mails == nil {
		return
	}
	for _, fate := range mail.Fates {
		s.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "xxsns_mail_total", Help: "Mails, by what became of them.", ConstLabels: prometheus.Labels{"result": fate},
		}, func() float64 { return float64(s.mails.Count(fate)) }))
	}
	s.metrics.MustRegister(queueCollector{
		waiting: prometheus.NewDesc("xxsns_mail_waiting", "Mails in the queue.", nil, nil),
		late:    prometheus.NewDesc("xxsns_mail_late_seconds", "For how long the longest due mail was not sent.", nil, nil),
		count:   s.store.CountMails,
	})
}
