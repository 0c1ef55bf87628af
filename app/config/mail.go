package config

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
)

// errSMTP does not quote the value, which may hold a password.
var errSMTP = errors.New("SMTP_URL: must be smtp://[USER:PASSWORD@]HOST[:PORT], or the same with smtps:// for TLS from the first byte on; signs in a password are written as %XX")

// smtpURL refuses URLs that name no server of mails. A mail has links and a sender, so that
// publicURL and from must not be empty.
func smtpURL(value, publicURL, from string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" ||
		u.Opaque != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return errSMTP
	}
	if u.Port() != "" {
		if _, err := net.LookupPort("tcp", u.Port()); err != nil {
			return errSMTP
		}
	} else if u.Host[len(u.Host)-1] == ':' {
		return errSMTP
	}
	switch {
	case publicURL == "":
		return errors.New("SMTP_URL: needs PUBLIC_URL, to which the links in mails lead")
	case from == "":
		return errors.New("SMTP_URL: needs MAIL_FROM, the sender of mails")
	}
	return nil
}

// mailFrom refuses a sender that is no single address.
func mailFrom(value string) error {
	if _, err := mail.ParseAddress(value); err != nil {
		return errors.New("MAIL_FROM: must be an address, such as sns@example.org or Name <sns@example.org>")
	}
	return nil
}
