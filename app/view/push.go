package view

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"xxsns/app/sns"
)

// PushDevices is notification/_devices: the browsers that are told of the viewer's notices.
type PushDevices struct {
	Key     string       // public key of the community; empty: there are no pushes
	Devices []PushDevice // the first subscribed first
	Done    string       // a sentence after a change, or empty
	Tried   bool         // a try was sent: its result is looked for
}

// PushDevice is a browser that is told of the viewer's notices.
type PushDevice struct {
	ID     int64
	Name   string // browser and system
	Mobile bool
	This   bool // the browser that asks
	Since  Time
	Result string // of the last push, or empty
}

// PushResult returns what became of the last push to a device, or "" if there was none.
func (l *Locale) PushResult(d sns.PushDevice, now time.Time) string {
	at := l.Time(d.LastAt, now).Text
	switch {
	case d.LastAt.IsZero():
		return ""
	case d.Status >= 200 && d.Status < 300:
		return l.T("push.sent", "Time", at)
	case d.Failures > 0:
		return l.T("push.waiting", "Time", at)
	case d.Status == 0:
		return l.T("push.lost", "Time", at)
	}
	return l.T("push.refused", "Time", at, "Status", d.Status)
}

// Push is what the service worker shows (static/worker/sw.js), as JSON.
type Push struct {
	Title   string `json:"title"`
	Body    string `json:"body"`
	URL     string `json:"url"`             // path of the place that the push tells of
	Place   string `json:"place,omitempty"` // path of a page on which it is seen; empty: URL
	Tag     string `json:"tag"`             // a push takes the place of one with the same tag
	Lang    string `json:"lang"`
	Always  bool   `json:"always,omitempty"`  // shown to who looks at the place already, too
	Badge   *int   `json:"badge,omitempty"`   // number on the icon of the installed app; nil: as before
	Version int64  `json:"version,omitempty"` // of the badge: an older one is not shown
}

// pushTexts bounds the texts of a push, in bytes: 4 kB are the most that push services take,
// and some of these have less for the texts.
const pushTexts = 1024

// Bytes returns the push as JSON of less than 3 kB.
func (p Push) Bytes() ([]byte, error) {
	p.Title, p.Body = start(p.Title, pushTexts/4), start(p.Body, pushTexts)
	return json.Marshal(p)
}

// start returns the first bytes of a text, at most most, cut between characters.
func start(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-len("…")], "") + "…"
}

// NoticePush returns what is pushed of a notice. The caller sets the tag.
func (l *Locale) NoticePush(n sns.Notice, inbox sns.Inbox) Push {
	p := Push{
		Title: l.NoticeText(n), Body: cmp.Or(n.Words, l.noticeTitle(n)), URL: "/notifications/" + Itoa(n.ID) + "/open", Lang: l.Lang,
		Badge: &inbox.Mine, Version: inbox.Version,
	}
	switch {
	case n.Room > 0:
		p.Place = "/rooms/" + Itoa(n.Room)
	case n.Post > 0:
		p.Place = "/posts/" + Itoa(n.Post)
	}
	return p
}

// TestPush returns a try, which leads to the settings.
func (l *Locale) TestPush() Push {
	return Push{Title: l.T("push.test_title"), Body: l.T("push.test_body"), URL: "/settings/notifications", Tag: "test", Lang: l.Lang, Always: true}
}
