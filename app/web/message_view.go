package web

import (
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// viewMessages shows messages that follow prev, as the first of a page, which
// always names its day.
func (l *Locale) viewMessages(messages []sns.Message, prev *sns.Message) []messageView {
	items := l.viewFollowing(messages, prev)
	if len(messages) > 0 && items[0].Day == nil {
		items[0].Day, items[0].Cont = l.viewDay(messages[0].At), false
	}
	return items
}

// viewFollowing shows messages below prev, which may be nil.
func (l *Locale) viewFollowing(messages []sns.Message, prev *sns.Message) []messageView {
	items := make([]messageView, len(messages))
	for i, m := range messages {
		line := chat.Line{Message: m, Position: chat.Position{Seq: m.Seq}}
		if prev != nil {
			line.Position.PrevAt = prev.At.UnixMicro()
			if prev.Kind == sns.MessageSaid {
				line.Position.PrevUser = prev.Author.ID
			}
		}
		items[i] = l.viewLine(line)
		prev = &messages[i]
	}
	return items
}

// viewLine shows a message in its place.
func (l *Locale) viewLine(line chat.Line) messageView {
	m, at := line.Message, line.Message.At.In(l.zone)
	v := messageView{
		Room: m.Room, Seq: line.Position.Seq, Author: l.viewAuthor(m.Author), Deleted: m.Deleted, ClientID: m.ClientID,
		Date: l.Day(m.At),
		Time: timeView{ISO: at.UTC().Format("2006-01-02T15:04:05Z"), Text: at.Format(clock), Full: l.date("time.full", at)},
	}
	if m.Kind == sns.MessageSaid {
		v.Text = withLinks(m.Content)
	} else {
		v.Line, v.ClientID = l.sayOf("message."+string(m.Kind), m.Author), ""
	}
	before := time.UnixMicro(line.Position.PrevAt).In(l.zone)
	if line.Position.PrevAt == 0 || !sameDay(before, at) {
		v.Day = l.viewDay(at)
	} else {
		v.Cont = m.Kind == sns.MessageSaid && line.Position.PrevUser == m.Author.ID && before.Truncate(time.Minute).Equal(at.Truncate(time.Minute))
	}
	return v
}

func (l *Locale) viewDay(moment time.Time) *dayView {
	at := moment.In(l.zone)
	weekday := l.T("weekday." + strconv.Itoa(int(at.Weekday())))
	return &dayView{ISO: at.Format(time.DateOnly), Text: l.T("time.weekday", "Day", l.date("time.year", at), "Weekday", weekday)}
}

// headView is room/_head: all that the mentor may change, each to its place in
// the page of the room.
type headView struct {
	Room   roomView
	Notice noticeView
}

func (l *Locale) viewNotice(room sns.Room, now time.Time) noticeView {
	v := noticeView{Room: room.ID, By: l.viewAuthor(room.Mentor)}
	if room.Notice != "" {
		v.Text, v.Time = withLinks(room.Notice), l.when(room.NoticeAt, now)
	}
	return v
}
