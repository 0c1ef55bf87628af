package rooms

import (
	"crypto/rand"
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Backlog is how many messages one sees on entering, and how many older ones at
// a time; MostCaughtUp is how many one catches up on at once.
const (
	Backlog      = 40
	MostCaughtUp = 200
	mostSeen     = 100       // looked through for those that were deleted meanwhile
	mostBytes    = 512 << 10 // of texts that one catches up on at once, about
)

// chatPage shows an open room to who is inside. A form that was refused shows
// what was typed.
func chatPage(r *request.Request, status int, room sns.Room, standing sns.Standing, refused view.Form) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	v := view.Chat{
		Room: r.Locale.RoomFor(r.Viewer.User, room, standing, r.Now), Notice: r.Locale.Notice(room, r.Now), Older: before > 0,
		Say: view.MessageForm{Room: room.ID, Form: refused, ClientID: rand.Text(), Limit: sns.MessageMax},
	}
	if _, p := sns.ClientID(r.Value("client_id")); p == nil && refused != nil {
		v.Say.ClientID = r.Value("client_id") // it may have been said all the same
	}
	v.Messages, err = loadMessages(r, room, before)
	if errors.Is(err, sns.ErrUnavailable) {
		r.Warn("messages not shown", err)
		v.Stale, err = true, nil
	}
	if err != nil {
		return err
	}
	if v.People, err = inside(r, room); err != nil {
		return err
	}
	return r.Page(status, "room/show", view.Page{Title: room.Name, Nav: "rooms", NoDock: true, Data: v})
}

// loadMessages are those before a message, or the newest.
func loadMessages(r *request.Request, room sns.Room, before int64) (view.Messages, error) {
	p := sns.LastMessages(Backlog + 1)
	if before > 0 {
		p.Before = before
	}
	messages, err := r.Rooms.Messages(r.Ctx(), room, p)
	if err != nil {
		return view.Messages{}, err
	}
	v := view.Messages{Room: room.ID}
	var prev *sns.Message
	if len(messages) > Backlog {
		prev, messages = &messages[0], messages[1:]
		v.Before = view.RoomPath(room.ID) + "/messages?before=" + view.Itoa(messages[0].Seq)
	}
	v.Items = r.Locale.Messages(messages, prev)
	return v, nil
}

// List answers the messages before ?before= or after ?after=: as a
// fragment, or on the page of their room.
func (Messages) List(r *request.Request) error {
	room, standing, err := loadRoom(r)
	if err == nil && !room.MayRead(r.Viewer.User, standing) {
		err = request.ErrOutside
	}
	if err != nil {
		return err
	}
	switch {
	case !r.Partial() && room.Ended():
		return transcriptPage(r, room, standing)
	case !r.Partial():
		return chatPage(r, http.StatusOK, room, standing, nil)
	}
	if err := r.Limit(request.LimitRead); err != nil {
		return err
	}
	if r.Query("after") != "" {
		return missedMessages(r, room)
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	v, err := loadMessages(r, room, before)
	if err != nil {
		return err
	}
	if len(v.Items) > 0 && before > 0 {
		v.Join = joinedDay(r, room, v.Items[len(v.Items)-1], before)
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "message/_list", Data: v})
}

// joinedDay is the id of the divider above a message that is needless now, because
// the last one before it is of the same day.
func joinedDay(r *request.Request, room sns.Room, last view.Message, seq int64) string {
	m, err := r.Rooms.Message(r.Ctx(), room, seq)
	if err != nil || r.Locale.Day(m.At) != last.Date {
		return ""
	}
	return "day-" + view.Itoa(room.ID) + "-" + view.Itoa(seq)
}

// missedMessages answers what a page has missed while its socket was down, and
// what the room is like now. A page of a room that has ended is to be loaded
// again: its transcript takes its place.
func missedMessages(r *request.Request, room sns.Room) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	// Those before them tell whether the first one continues the last one, and
	// which of them were deleted meanwhile.
	seen, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{Before: after + 1, Limit: mostSeen})
	if err != nil {
		return err
	}
	messages, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{After: after, Limit: MostCaughtUp})
	if err != nil {
		return err
	}
	found := len(messages)
	if messages = within(messages, mostBytes); len(messages) < found || found == MostCaughtUp {
		r.Header("X-More", "true") // the page asks again; what is said from now on comes by its socket
	}
	var prev *sns.Message
	if len(seen) > 0 {
		prev = &seen[len(seen)-1]
	}
	items := r.Locale.FollowingMessages(messages, prev)
	people, err := inside(r, room)
	if err != nil {
		return err
	}
	// A page that is ahead shows what Redis lost in a crash; it would take new
	// messages with the same numbers for those.
	ahead := after > 0 && len(messages) == 0 && (prev == nil || prev.Seq < after)
	if room.Ended() || ahead {
		r.Header("HX-Refresh", "true")
	}
	parts := []request.Fragment{
		{Name: "message/_list", Data: view.Messages{Room: room.ID, Items: items}},
		{Name: "room/_people", Data: people, Target: "#participants", Swap: "outerMorph"},
		{Name: "room/_head", Data: r.Locale.RoomHead(room, r.Now)},
	}
	for _, m := range seen {
		if m.Deleted {
			parts = append(parts, request.Fragment{Name: "message/_gone", Target: view.MessageBodySelector(room.ID, m.Seq), Swap: "outerHTML"})
		}
	}
	return r.Fragments(http.StatusOK, parts...)
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
