package doctor

import (
	"context"
	"encoding/base64"
	"errors"
	"time"
)

// ErrNoServer means that no server listens at ADDR.
var ErrNoServer = errors.New("no server runs")

func findMail(ctx context.Context, p *patient) (found []Finding, err error) {
	const why, do = "links for new passwords and notices are not mailed", "look at host, port, name and password in SMTP_URL, at MAIL_FROM, and at the log of the mail server"
	if err := p.MailServer(ctx); err != nil {
		return []Finding{{Error, "the mail server does not take us: " + err.Error(), why, do}}, nil //nolint:nilerr // the finding tells of it
	}
	if p.MailTo != "" {
		if err := p.SendMail(ctx, p.MailTo); err != nil {
			found = append(found, Finding{Error, "the mail to " + p.MailTo + " was not taken: " + err.Error(), why, do})
		}
	}
	return found, nil
}

// queued finds a queue that is not worked off.
func queued(p *patient, n int64, since time.Time, things, why, do string) []Finding {
	if since.IsZero() || p.Now().Sub(since) < lateTime {
		return nil
	}
	return []Finding{{Warning, counted(n, things+" waits", things+"s wait") + ", due since " + since.Format(time.RFC3339), why, do}}
}

func findMailQueue(ctx context.Context, p *patient) ([]Finding, error) {
	n, since, err := p.store.CountMails(ctx, p.Now())
	do := "start a server; if one runs, look for \"mail\" in its log"
	if p.MailServer == nil {
		do = "set SMTP_URL, MAIL_FROM and PUBLIC_URL as before"
	}
	return queued(p, n, since, "mail", "people wait for links and notices", do), err
}

// vapidPublic and vapidPrivate are the lengths of keys of pushes.
const vapidPublic, vapidPrivate = 65, 32

func findPush(ctx context.Context, p *patient) (found []Finding, err error) {
	public, private, devices, err := p.store.KnownPushKeys(ctx)
	if err != nil {
		return nil, err
	}
	long := func(key string) int {
		raw, err := base64.RawURLEncoding.DecodeString(key)
		if err != nil {
			return -1
		}
		return len(raw)
	}
	switch {
	case (public != "" || private != "") && (long(public) != vapidPublic || long(private) != vapidPrivate):
		found = append(found, Finding{
			Error, "the keys of pushes in the table push_keys are unreadable", "no notice reaches a phone or desk",
			"put the row back from a backup; without one, delete it: the next start makes new keys, and people turn notices on again",
		})
	case public == "" && devices > 0:
		found = append(found, Finding{
			Error, "the keys of pushes are gone, and " + counted(devices, "device waits", "devices wait") + " for notices", "push services take notices by these keys alone",
			"put the row of push_keys back from a backup; otherwise people have to turn notices on again",
		})
	case devices > 0 && !p.Config.PublicTLS():
		found = append(found, Finding{
			Warning, counted(devices, "device waits", "devices wait") + " for notices, and PUBLIC_URL is no https address", "none are sent without",
			"set PUBLIC_URL to the address where people come",
		})
	}
	if !p.Config.PublicTLS() {
		return found, nil
	}
	n, since, err := p.store.CountPushes(ctx, p.Now())
	return append(found, queued(p, n, since, "push", "phones and desks are silent", "start a server, and let it reach port 443 of push services; look for \"push\" in its log")...), err
}

func findServer(ctx context.Context, p *patient) ([]Finding, error) {
	err := p.Server(ctx)
	if err == nil || errors.Is(err, ErrNoServer) {
		return nil, nil
	}
	return []Finding{{
		Error, "the server at " + p.Config.Addr + " is not ready: " + err.Error(), "people get errors, and no answer from a proxy",
		"look at its log; if another program has this port, set ADDR",
	}}, nil
}
