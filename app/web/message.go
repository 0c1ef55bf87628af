package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// backlog is how many messages one sees on entering, and how many older ones at
// a time; mostCaughtUp is how many one catches up on at once.
const (
	backlog      = 40
	mostCaughtUp = 200
	mostSeen     = 100       // looked through for those that were deleted meanwhile
	mostBytes    = 512 << 10 // of texts that one catches up on at once, about
)

// chatPage shows an open room to who is inside. A form that was refused shows
// what was typed.
func (r *request) chatPage(status int, room sns.Room, standing sns.Standing, refused form) error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	v := chatView{
		Room: r.viewRoom(room, standing), Notice: r.texts.viewNotice(room, r.now(), r.zone()), Older: before > 0,
		Say: sayView{Room: room.ID, Form: refused, ClientID: rand.Text(), Limit: sns.MessageMax},
	}
	if _, p := sns.ClientID(r.value("client_id")); p == nil && refused != nil {
		v.Say.ClientID = r.value("client_id") // it may have been said all the same
	}
	v.Messages, err = r.messages(room, before)
	if errors.Is(err, sns.ErrUnavailable) {
		r.warn("messages not shown", err)
		v.Stale, err = true, nil
	}
	if err != nil {
		return err
	}
	if v.People, err = r.inside(room); err != nil {
		return err
	}
	return r.page(status, "room/show", page{Title: room.Name, Nav: "rooms", NoDock: true, Data: v})
}

// messages are those before a message, or the newest.
func (r *request) messages(room sns.Room, before int64) (messagesView, error) {
	p := sns.LastMessages(backlog + 1)
	if before > 0 {
		p.Before = before
	}
	messages, err := r.web.Rooms.Messages(r.ctx(), room, p)
	if err != nil {
		return messagesView{}, err
	}
	v := messagesView{Room: room.ID}
	var prev *sns.Message
	if len(messages) > backlog {
		prev, messages = &messages[0], messages[1:]
		v.Before = "/rooms/" + itoa(room.ID) + "/messages?before=" + itoa(messages[0].Seq)
	}
	v.Items = r.viewMessages(messages, prev)
	return v, nil
}

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
		Room: m.Room, Seq: l.Position.Seq, Author: viewAuthor(m.Author), Deleted: m.Deleted, ClientID: m.ClientID,
		date: at.Format(time.DateOnly),
		Time: timeView{ISO: at.UTC().Format("2006-01-02T15:04:05Z"), Text: at.Format(clock), Full: t.date("time.full", at)},
	}
	if m.Kind == sns.MessageSaid {
		v.Text = withLinks(m.Content)
	} else {
		v.Line, v.ClientID = t.Say("message."+string(m.Kind), "Name", m.Author.Username), ""
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

// inside are the people who are in a room, its mentor first.
func (r *request) inside(room sns.Room) ([]participantView, error) {
	return r.people(room, func(p sns.Participant) bool { return p.ExitedAt.IsZero() })
}

func (r *request) people(room sns.Room, which func(sns.Participant) bool) ([]participantView, error) {
	people, err := r.web.Store.Participants(r.ctx(), room.ID)
	if err != nil {
		return nil, err
	}
	online := r.web.Rooms.Online(room.ID)
	var all []participantView
	for _, p := range people {
		if which(p) {
			all = append(all, viewParticipant(room, p.User, online[p.User.ID]))
		}
	}
	return all, nil
}

func viewParticipant(room sns.Room, u sns.User, online bool) participantView {
	return participantView{Room: room.ID, Author: viewAuthor(u), Online: online, Leads: u.ID == room.Mentor.ID}
}

// showMessages answers the messages before ?before= or after ?after=: as a
// fragment, or on the page of their room.
func (r *request) showMessages() error {
	room, standing, err := r.room()
	if err == nil && !room.MayRead(r.viewer.User, standing) {
		err = errOutside
	}
	if err != nil {
		return err
	}
	switch {
	case !r.partial() && room.Ended():
		return r.transcriptPage(room, standing)
	case !r.partial():
		return r.chatPage(http.StatusOK, room, standing, nil)
	}
	if err := r.limit(limitRead); err != nil {
		return err
	}
	if r.Query("after") != "" {
		return r.missedMessages(room)
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	v, err := r.messages(room, before)
	if err != nil {
		return err
	}
	if len(v.Items) > 0 && before > 0 {
		v.Join = r.join(room, v.Items[len(v.Items)-1], before)
	}
	return r.fragments(http.StatusOK, part{name: "message/_list", data: v})
}

// join is the id of the divider above a message that is needless now, because
// the last one before it is of the same day.
func (r *request) join(room sns.Room, last messageView, seq int64) string {
	m, err := r.web.Rooms.Message(r.ctx(), room, seq)
	if err != nil || m.At.In(r.zone()).Format(time.DateOnly) != last.date {
		return ""
	}
	return "day-" + itoa(room.ID) + "-" + itoa(seq)
}

// missedMessages answers what a page has missed while its socket was down, and
// what the room is like now. A page of a room that has ended is to be loaded
// again: its transcript takes its place.
func (r *request) missedMessages(room sns.Room) error {
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	// Those before them tell whether the first one continues the last one, and
	// which of them were deleted meanwhile.
	seen, err := r.web.Rooms.Messages(r.ctx(), room, sns.MessagePage{Before: after + 1, Limit: mostSeen})
	if err != nil {
		return err
	}
	messages, err := r.web.Rooms.Messages(r.ctx(), room, sns.MessagePage{After: after, Limit: mostCaughtUp})
	if err != nil {
		return err
	}
	messages = within(messages, mostBytes)
	var prev *sns.Message
	if len(seen) > 0 {
		prev = &seen[len(seen)-1]
	}
	items := r.viewFollowing(messages, prev)
	people, err := r.inside(room)
	if err != nil {
		return err
	}
	// A page that is ahead shows what Redis lost in a crash; it would take new
	// messages with the same numbers for those.
	ahead := after > 0 && len(messages) == 0 && (prev == nil || prev.Seq < after)
	if room.Ended() || ahead {
		r.Header("HX-Refresh", "true")
	}
	parts := []part{
		{name: "message/_list", data: messagesView{Room: room.ID, Items: items}},
		{name: "room/_people", data: people, target: "#participants", swap: "outerMorph"},
		{name: "room/_head", data: headView{r.viewRoom(room, sns.Standing{}), r.texts.viewNotice(room, r.now(), r.zone())}},
	}
	for _, m := range seen {
		if m.Deleted {
			parts = append(parts, part{name: "message/_gone", target: messageBody(room.ID, m.Seq), swap: "outerHTML"})
		}
	}
	return r.fragments(http.StatusOK, parts...)
}

// within are the first messages whose texts have that many bytes together, and
// one at least: the page asks again for the rest.
func within(messages []sns.Message, most int) []sns.Message {
	for i, m := range messages {
		if most -= len(m.Content); most < 0 {
			return messages[:max(i, 1)]
		}
	}
	return messages
}

// headView is room/_head: all that the mentor may change, each to its place in
// the page of the room.
type headView struct {
	Room   roomView
	Notice noticeView
}

func (t *Texts) viewNotice(room sns.Room, now time.Time, zone *time.Location) noticeView {
	v := noticeView{Room: room.ID, By: viewAuthor(room.Mentor)}
	if room.Notice != "" {
		v.Text, v.Time = withLinks(room.Notice), t.when(room.NoticeAt, now, zone)
	}
	return v
}

// sayInRoom says something without a socket.
func (r *request) sayInRoom() error {
	if err := r.parse(); err != nil {
		return err
	}
	room, standing, err := r.room()
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err == nil && !standing.Inside {
		err = errOutside
	}
	if err != nil {
		return err
	}
	if err := r.limit(limitMessage); err != nil {
		inv, status := r.refusal(err)
		return r.refuseMessage(status, room, standing, inv)
	}
	m, err := r.sayForm(room)
	if inv, status := r.refusal(err); inv != nil {
		return r.refuseMessage(status, room, standing, inv)
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect("/rooms/" + itoa(room.ID) + "#message-" + itoa(room.ID) + "-" + itoa(m.Seq))
	}
	return r.fragments(http.StatusOK, part{
		name: "message/_item", data: r.texts.viewLine(chat.Line{Message: m, Position: chat.Position{Seq: m.Seq, PrevAt: m.At.UnixMicro()}}, r.zone()),
		target: "#messages", swap: "beforeend",
	})
}

// sayForm says what the form holds. One that was sent before with something else
// in it, as after the Back button, says a new message: nothing may be lost in
// silence.
func (r *request) sayForm(room sns.Room) (sns.Message, error) {
	m, again, err := r.web.say(r.ctx(), room.ID, r.viewer.User, r.value("content"), r.clientID())
	if err != nil || !again {
		return m, err
	}
	first, err := r.web.Rooms.Message(r.ctx(), room, m.Seq)
	if err != nil || first.Content == m.Content {
		return m, err
	}
	m, _, err = r.web.say(r.ctx(), room.ID, r.viewer.User, r.value("content"), rand.Text())
	return m, err
}

// clientID is what the form calls its message; a form without one says it once.
func (r *request) clientID() string {
	if id := r.value("client_id"); id != "" {
		return id
	}
	return rand.Text()
}

func (r *request) refuseMessage(status int, room sns.Room, standing sns.Standing, inv sns.Invalid) error {
	f := newForm("content", r.value("content")).withProblems(r.texts, inv)
	if r.partial() {
		return r.fragments(status, part{
			name: "message/_refusal", data: refusalView{ClientID: r.value("client_id"), Text: f.Summary(), Retry: status >= http.StatusTooManyRequests},
			target: "#refusals", swap: "beforeend",
		})
	}
	return r.chatPage(status, room, standing, f)
}

// message is the number of the route's message.
func (r *request) messageSeq() (int64, error) {
	seq, err := strconv.ParseInt(r.Param("seq"), 10, 64)
	if err != nil || seq < 1 {
		return 0, sns.ErrNotFound
	}
	return seq, nil
}

// deletableMessage is the route's message, for who may delete it.
func (r *request) deletableMessage() (sns.Room, int64, error) {
	room, standing, err := r.room()
	if err == nil && !room.MayRead(r.viewer.User, standing) && !room.ManagedBy(r.viewer.User) {
		err = errOutside
	}
	if err != nil {
		return room, 0, err
	}
	seq, err := r.messageSeq()
	if err != nil {
		return room, 0, err
	}
	m, err := r.web.Rooms.Message(r.ctx(), room, seq)
	if err == nil && !room.MayDelete(r.viewer.User, m) {
		err = sns.ErrForbidden
	}
	return room, seq, err
}

// showDeleteMessage asks whether a message is to be deleted.
func (r *request) showDeleteMessage() error {
	room, seq, err := r.deletableMessage()
	if err != nil {
		return err
	}
	path := "/rooms/" + itoa(room.ID)
	return r.confirm(confirmView{
		Title: r.t("message.delete_title"), Help: r.t("message.delete_help"), Yes: r.t("message.delete"),
		Action: path + "/messages/" + itoa(seq) + "/delete", Back: path,
	})
}

// deleteMessage empties a message; its place stays.
func (r *request) deleteMessage() error {
	room, seq, err := r.deletableMessage()
	if err != nil {
		return err
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	if err := r.web.Rooms.Erase(r.ctx(), room, r.viewer.User, seq); err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/rooms/"+itoa(room.ID), "done.deleted")
	}
	return r.fragments(http.StatusOK, part{
		name: "message/_gone", target: messageBody(room.ID, seq), swap: "outerHTML",
	}, r.toast("done.deleted"))
}

// messageBody selects what a message says.
func messageBody(room, seq int64) string {
	return "#message-" + itoa(room) + "-" + itoa(seq) + " .message-body"
}
