package view

import (
	"time"

	"xxsns/app/sns"
)

// Unread is what a page shows of the viewer's inbox in its menus: notification/_count.
type Unread struct {
	Count   string // for the viewer alone; empty: none
	News    bool   // other unread notices
	Version int64  // of the inbox: a page keeps the count of the highest
}

// mostUnread is the highest number of a badge.
const mostUnread = 999

// NewUnread returns what menus show of an inbox.
func NewUnread(i sns.Inbox) Unread {
	return Unread{Count: countUpTo(i.Mine, mostUnread), News: i.News > 0, Version: i.Version}
}

// countUpTo returns a number as text, empty for 0, and with a plus sign above most.
func countUpTo(n, most int) string {
	switch {
	case n <= 0:
		return ""
	case n > most:
		return Itoa(int64(most)) + "+"
	}
	return Itoa(int64(n))
}

// UnreadIn is notification/_count: the number in one of the menus.
type UnreadIn struct {
	Unread
	ID   string // of the element
	Swap bool   // takes the place of the element on the page
}

// In returns the number for the element of an id.
func (v Unread) In(id string) UnreadIn { return UnreadIn{v, id, false} }

// Everywhere returns the number for all menus that a page may have.
func (v Unread) Everywhere() []UnreadIn {
	return []UnreadIn{{v, "unread", true}, {v, "unread-dock", true}, {v, "unread-bar", true}}
}

// Notifications is notification/list: the inbox.
type Notifications struct {
	In     string // "me", "news" or empty: both
	Tabs   []Tab
	List   NotificationList
	Unread bool // a notice of the tab is unread
}

// NotificationList is notification/_list: a page of notices, the newest first.
type NotificationList struct {
	Notices []Notification
	More    string // URL of the next page, or empty
}

// A Notification is notification/_item: a notice.
type Notification struct {
	ID     int64
	Kind   string
	Icon   string
	Unread bool
	Face   *Author // who did it last, or nil: the Icon stands alone
	Text   string  // what happened
	Title  string  // the first words of the post, or the topic of the room
	Words  string  // the first words of what was said, or empty
	Time   Time
}

// noticeLooks are the texts and icons of kinds.
var noticeLooks = map[sns.NoticeKind]struct{ text, icon, label string }{
	sns.NoticeComment: {"notice.comment", "comment", "notice.of_comment"},
	sns.NoticeThread:  {"notice.thread", "comment", "notice.of_thread"},
	sns.NoticeMention: {"notice.mention", "at", "notice.of_mention"},
	sns.NoticeLike:    {"notice.like", "heart", "notice.of_like"},
	sns.NoticeFollow:  {"notice.follow", "people", "notice.of_follow"},
	sns.NoticeRoom:    {"notice.room", "rooms", "notice.of_room"},
	sns.NoticeSeat:    {"notice.seat", "rooms", "notice.of_seat"},
	sns.NoticeReport:  {"decision.any", "check", "notice.of_report"},
}

// Notification shows a notice.
func (l *Locale) Notification(n sns.Notice, now time.Time) Notification {
	v := Notification{
		ID: n.ID, Kind: n.Kind.String(), Icon: noticeLooks[n.Kind].icon, Unread: n.Unread, Text: l.NoticeText(n),
		Title: l.noticeTitle(n), Words: n.Words, Time: l.Time(n.At, now),
	}
	if len(n.Actors) > 0 {
		face := l.Author(n.Actors[0])
		v.Face = &face
	}
	return v
}

// noticeTitle returns the first words of a notice's thing. A post may be images alone.
func (l *Locale) noticeTitle(n sns.Notice) string {
	if n.Title == "" && n.Image {
		return l.T("notice.image")
	}
	return n.Title
}

// NoticeText returns a sentence that says what happened.
func (l *Locale) NoticeText(n sns.Notice) string {
	text := noticeLooks[n.Kind].text
	if n.Kind == sns.NoticeMention && n.Room > 0 {
		text = "notice.mention_room"
	}
	if n.Kind == sns.NoticeReport {
		return l.decisionsText(n)
	}
	if len(n.Actors) == 0 {
		return l.T(text)
	}
	return l.T(text, "Who", l.who(n))
}

// who returns the subject of a sentence about the people of a notice.
func (l *Locale) who(n sns.Notice) string {
	others := n.Others + len(n.Actors) - 1
	switch first := n.Actors[0]; {
	case others > 0:
		return l.T("notice.who_others", "Name", l.Name(first), "Others", others)
	case first.Deleted():
		return l.T("notice.who_deleted")
	default:
		return l.T("notice.who", "Name", first.Username)
	}
}

// NoticePath returns the path of the place of a notice.
func NoticePath(n sns.Notice) string {
	switch {
	case n.Comment > 0:
		return "/comments/" + Itoa(n.Comment)
	case n.Post > 0:
		return PostPath(n.Post)
	case n.Seq > 0:
		return RoomPath(n.Room) + "#message-" + Itoa(n.Room) + "-" + Itoa(n.Seq)
	case n.Room > 0:
		return RoomPath(n.Room)
	case n.Kind == sns.NoticeReport:
		return decisionPath(n)
	case len(n.Actors) == 1 && n.Others == 0 && !n.Actors[0].Deleted():
		return HomePath(n.Actors[0].Username)
	}
	return ""
}
