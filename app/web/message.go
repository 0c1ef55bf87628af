package web

import (
	"crypto/rand"
	"errors"
	"net/http"

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
		Room: r.locale.viewRoomFor(r.viewer.User, room, standing, r.now), Notice: r.locale.viewNotice(room, r.now), Older: before > 0,
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
	messages, err := r.Rooms.Messages(r.ctx(), room, p)
	if err != nil {
		return messagesView{}, err
	}
	v := messagesView{Room: room.ID}
	var prev *sns.Message
	if len(messages) > backlog {
		prev, messages = &messages[0], messages[1:]
		v.Before = "/rooms/" + itoa(room.ID) + "/messages?before=" + itoa(messages[0].Seq)
	}
	v.Items = r.locale.viewMessages(messages, prev)
	return v, nil
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
	m, err := r.Rooms.Message(r.ctx(), room, seq)
	if err != nil || r.locale.Day(m.At) != last.Date {
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
	seen, err := r.Rooms.Messages(r.ctx(), room, sns.MessagePage{Before: after + 1, Limit: mostSeen})
	if err != nil {
		return err
	}
	messages, err := r.Rooms.Messages(r.ctx(), room, sns.MessagePage{After: after, Limit: mostCaughtUp})
	if err != nil {
		return err
	}
	found := len(messages)
	if messages = within(messages, mostBytes); len(messages) < found || found == mostCaughtUp {
		r.Header("X-More", "true") // the page asks again; what is said from now on comes by its socket
	}
	var prev *sns.Message
	if len(seen) > 0 {
		prev = &seen[len(seen)-1]
	}
	items := r.locale.viewFollowing(messages, prev)
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
		{name: "room/_head", data: headView{r.locale.viewRoomFor(r.viewer.User, room, sns.Standing{}, r.now), r.locale.viewNotice(room, r.now)}},
	}
	for _, m := range seen {
		if m.Deleted {
			parts = append(parts, part{name: "message/_gone", target: messageBody(room.ID, m.Seq), swap: "outerHTML"})
		}
	}
	return r.fragments(http.StatusOK, parts...)
}

// within are the first messages whose texts have that many bytes together, and
// one at least.
func within(messages []sns.Message, most int) []sns.Message {
	for i, m := range messages {
		if most -= len(m.Content); most < 0 {
			return messages[:max(i, 1)]
		}
	}
	return messages
}
