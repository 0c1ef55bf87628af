// Package mail sends mails: a sender, which speaks to an SMTP server, and a worker, which works
// off the queue in the database.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// A Message is a mail as it is sent.
type Message struct {
	To      string
	Subject string
	Text    string
	HTML    string // the same as Text
	Stop    string // where one click ends mails of the kind; empty: they are not sent unasked
}

// sendTime bounds how long the server may take for one mail.
const sendTime = 20 * time.Second

// ErrRefused means that the server refuses a mail for good, such as to an address that does not
// exist.
var ErrRefused = errors.New("refused for good")

// A Sender sends mails by an SMTP server. A Sender is safe for concurrent use.
type Sender struct {
	from *mail.Address
	host string
	opts []gomail.Option
	time time.Duration // sendTime
}

// NewSender returns a Sender for an SMTP_URL and MAIL_FROM, which package config has checked. A
// password is sent over TLS alone; without one, TLS is used if the server has it.
func NewSender(address, from string) (*Sender, error) {
	return newSender(address, from, sendTime)
}

func newSender(address, from string, within time.Duration) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("SMTP_URL is no URL") // the error of url.Parse has the password
	}
	s := &Sender{host: u.Hostname(), time: within}
	if s.from, err = mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("MAIL_FROM: %w", err)
	}
	port, policy := 25, gomail.TLSOpportunistic
	if password, ok := u.User.Password(); ok {
		port, policy = 587, gomail.TLSMandatory
		s.opts = append(s.opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if u.Scheme == "smtps" {
		port = 465
		s.opts = append(s.opts, gomail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, fmt.Errorf("SMTP_URL: the port: %w", err)
		}
	}
	s.opts = append(s.opts, gomail.WithPort(port), gomail.WithTLSPolicy(policy), gomail.WithTimeout(within))
	if _, err := gomail.NewClient(s.host, s.opts...); err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	return s, nil
}

// Check signs in to the server, and sends nothing.
func (s *Sender) Check(ctx context.Context) error {
	return s.speak(ctx, func(*gomail.Client) error { return nil })
}

// Send sends a mail. ErrRefused if the server will never take it; after any other error the
// mail may be sent again.
func (s *Sender) Send(ctx context.Context, m Message) error {
	letter, err := s.letter(m)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return s.speak(ctx, func(client *gomail.Client) error { return meaning(client.Send(letter)) })
}

// speak connects to the server and calls say, both within sendTime.
func (s *Sender) speak(ctx context.Context, say func(*gomail.Client) error) error {
	client, err := gomail.NewClient(s.host, s.opts...)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.time)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		if err := client.DialWithContext(ctx); err != nil {
			done <- fmt.Errorf("dial: %w", err)
			return
		}
		err := say(client)
		_ = client.Close() // the server has answered already
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // the library waits up to sendTime for each answer, whatever the context says
		return fmt.Errorf("send: %w", ctx.Err())
	}
}

// letter returns the mail as MIME, with plain text and HTML.
func (s *Sender) letter(m Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := letter.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := letter.To(m.To); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	letter.Subject(m.Subject)
	letter.SetMessageID()
	letter.SetDate()
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // no absence notes, please
	if m.Stop != "" {
		letter.SetListUnsubscribe(m.Stop)
		letter.SetListUnsubscribePost()
	}
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	letter.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return letter, nil
}

// meaning returns the error of a mail, from that of the library, whose text has the address. A
// mail was taken when only what follows it has failed. The sender or the password may be
// refused by mistake of the operator, so that those mails wait.
func meaning(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	switch {
	case err == nil, ok && failed.Reason == gomail.ErrSMTPReset:
		return nil
	case !ok:
		return fmt.Errorf("send: %w", err)
	case failed.ErrorCode() >= 500 && (failed.Reason == gomail.ErrSMTPRcptTo || failed.Reason == gomail.ErrSMTPDataClose):
		return fmt.Errorf("%w: %s (%d)", ErrRefused, failed.Reason, failed.ErrorCode())
	}
	return fmt.Errorf("send: %s (%d)", failed.Reason, failed.ErrorCode())
}
