package view

import (
	"html/template"
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// Messages is message/_list: lines of a room, oldest first.
type Messages struct {
	Room   int64
	Items  []Message
	Before string // URL of the lines before these, or empty
	// Join is the day divider of a line further down that the lines before it
	// make needless: the id of its element, or empty.
	Join string
}

// Message is message/_item.
type Message struct {
	Room     int64
	Seq      int64
	Author   Author
	Text     template.HTML
	Line     string // instead of a text: that somebody entered, left …
	Time     Time
	Cont     bool // continues the message before: same author, same minute
	Deleted  bool
	ClientID string
	Day      *Day   // a new day begins with it
	Link     string // to it among the others, where it stands alone; or empty
	Date     string // of its day, as Locale.Day
}

// Day is the divider above the first message of a day.
type Day struct{ ISO, Text string }

// Messages shows messages that follow prev, as the first of a page, which
// always names its day.
func (l *Locale) Messages(messages []sns.Message, prev *sns.Message) []Message {
	items := l.FollowingMessages(messages, prev)
	if len(messages) > 0 && items[0].Day == nil {
		items[0].Day, items[0].Cont = l.day(messages[0].At), false
	}
	return items
}

// FollowingMessages shows messages below prev, which may be nil.
func (l *Locale) FollowingMessages(messages []sns.Message, prev *sns.Message) []Message {
	items := make([]Message, len(messages))
	for i, m := range messages {
		line := chat.Line{Message: m, Position: chat.Position{Seq: m.Seq}}
		if prev != nil {
			line.Position.PrevAt = prev.At.UnixMicro()
			if prev.Kind == sns.MessageSaid {
				line.Position.PrevUser = prev.Author.ID
			}
		}
		items[i] = l.Message(line)
		prev = &messages[i]
	}
	return items
}

// Message shows a message in its place.
func (l *Locale) Message(line chat.Line) Message {
	m, at := line.Message, line.Message.At.In(l.zone)
	v := Message{
		Room: m.Room, Seq: line.Position.Seq, Author: l.Author(m.Author), Deleted: m.Deleted, ClientID: m.ClientID,
		Date: l.Day(m.At),
		Time: Time{ISO: at.UTC().Format("2006-01-02T15:04:05Z"), Text: at.Format(clock), Full: l.Date("time.full", at)},
	}
	if m.Kind == sns.MessageSaid {
		v.Text = withLinks(m.Content)
	} else {
		v.Line, v.ClientID = l.TUser("message."+string(m.Kind), m.Author), ""
	}
	before := time.UnixMicro(line.Position.PrevAt).In(l.zone)
	if line.Position.PrevAt == 0 || !sameDay(before, at) {
		v.Day = l.day(at)
	} else {
		v.Cont = m.Kind == sns.MessageSaid && line.Position.PrevUser == m.Author.ID && before.Truncate(time.Minute).Equal(at.Truncate(time.Minute))
	}
	return v
}

func (l *Locale) day(moment time.Time) *Day {
	at := moment.In(l.zone)
	weekday := l.T("weekday." + strconv.Itoa(int(at.Weekday())))
	return &Day{ISO: at.Format(time.DateOnly), Text: l.T("time.weekday", "Day", l.Date("time.year", at), "Weekday", weekday)}
}

// MessageBody selects what a message says.
func MessageBody(room, seq int64) string {
	return "#message-" + Itoa(room) + "-" + Itoa(seq) + " .message-body"
}

// Chat is room/show: an open room for who is inside.
type Chat struct {
	Room     Room
	Notice   Notice
	Messages Messages
	People   []Participant
	Say      MessageForm
	Older    bool // not the newest messages: there is a way back to them
	Stale    bool // the buffer cannot be reached: messages cannot be shown
}

// MessageForm is message/_reply: the field of a new message.
type MessageForm struct {
	Room     int64
	Form     Form
	ClientID string // for a form without scripting
	Limit    int    // graphemes
}

// Rejection is message/_refusal: why something was not said.
type Rejection struct {
	ClientID string // empty: of a frame that named none
	Text     string
	Retry    bool // saying it again may help
}

// Transcript is room/transcript: an ended room for who may read it, and the
// search in any room.
type Transcript struct {
	Room       Room
	Messages   Messages
	After      string // URL of the lines after these, or empty
	Query      string
	Found      int  // with a Query: how many lines match
	Capped     bool // more match than are shown
	Settlement *Settlement
	People     []Participant
}
