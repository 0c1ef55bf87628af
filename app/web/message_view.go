package web

import (
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// viewMessages shows messages that follow prev, as the first of a page, which
// always names its day.
func (r *request) viewMessages(messages []sns.Message, prev *sns.Message) []messageView {
	items := r.viewFollowing(messages, prev)
	if len(messages) > 0 && items[0].Day == nil {
		items[0].Day, items[0].Cont = r.texts.viewDay(messages[0].At.In(r.zone())), false
	}
	return items
}

// viewFollowing shows messages below prev, which may be nil.
func (r *request) viewFollowing(messages []sns.Message, prev *sns.Message) []messageView {
	items := make([]messageView, len(messages))
	for i, m := range messages {
		line := chat.Line{Message: m, Position: chat.Position{Seq: m.Seq}}
		if prev != nil {
			line.Position.PrevAt = prev.At.UnixMicro()
			if prev.Kind == sns.MessageSaid {
				line.Position.PrevUser = prev.Author.ID
			}
		}
		items[i] = r.texts.viewLine(line, r.zone())
		prev = &messages[i]
	}
	return items
}

// viewLine shows a message in its place.
func (t *Texts) viewLine(l chat.Line, zone *time.Location) messageView {
	m, at := l.Message, l.Message.At.In(zone)
	v := messageView{
		Room: m.Room, Seq: l.Position.Seq, Author: t.viewAuthor(m.Author), Deleted: m.Deleted, ClientID: m.ClientID,
		date: at.Format(time.DateOnly),
		Time: timeView{ISO: at.UTC().Format("2006-01-02T15:04:05Z"), Text: at.Format(clock), Full: t.date("time.full", at)},
	}
	if m.Kind == sns.MessageSaid {
		v.Text = withLinks(m.Content)
	} else {
		v.Line, v.ClientID = t.sayOf("message."+string(m.Kind), m.Author), ""
	}
	before := time.UnixMicro(l.Position.PrevAt).In(zone)
	if l.Position.PrevAt == 0 || !sameDay(before, at) {
		v.Day = t.viewDay(at)
	} else {
		v.Cont = m.Kind == sns.MessageSaid && l.Position.PrevUser == m.Author.ID && before.Truncate(time.Minute).Equal(at.Truncate(time.Minute))
	}
	return v
}

func (t *Texts) viewDay(at time.Time) *dayView {
	weekday := t.Say("weekday." + strconv.Itoa(int(at.Weekday())))
	return &dayView{ISO: at.Format(time.DateOnly), Text: t.Say("time.weekday", "Day", t.date("time.year", at), "Weekday", weekday)}
}

// headView is room/_head: all that the mentor may change, each to its place in
// the page of the room.
type headView struct {
	Room   roomView
	Notice noticeView
}

func (t *Texts) viewNotice(room sns.Room, now time.Time, zone *time.Location) noticeView {
	v := noticeView{Room: room.ID, By: t.viewAuthor(room.Mentor)}
	if room.Notice != "" {
		v.Text, v.Time = withLinks(room.Notice), t.when(room.NoticeAt, now, zone)
	}
	return v
}
