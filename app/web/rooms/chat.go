package rooms

import (
	"crypto/rand"
	"errors"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// chatPage shows an open room to a participant who is inside: the newest messages, or
// the messages before ?before=, and the form say.
func chatPage(r *request.Request, status int, room sns.Room, membership sns.Membership, say view.MessageForm) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	r.ReadsHere(room.ID)
	unread := r.UnreadIn(room.ID)
	v := view.Chat{
		Room: roomView(r, room, membership), Notice: r.Locale.Notice(room, r.Now), Older: before > 0, Say: say,
		Search: view.Search{URL: view.RoomPath(room.ID), Field: "q", Live: true}, Alerts: r.Locale.Alerts(room.ID, unread.Alerts),
	}
	limit := Backlog
	if before == 0 {
		limit = backlog(unread)
	}
	v.Messages, err = messagesBefore(r, room, before, limit)
	markUnread(&v.Messages, unread)
	if errors.Is(err, sns.ErrUnavailable) {
		r.Warn("messages not shown", err)
		v.Stale, err = true, nil
	}
	if err != nil {
		return err
	}
	if v.People, err = peopleInside(r, room); err != nil {
		return err
	}
	readShown(r, room, v.Messages.Items)
	return r.Page(status, "room/show", view.Page{Title: room.Name, Nav: "rooms", NoDock: true, Socket: true, Data: v})
}

// newMessageForm returns the empty form of a message.
func newMessageForm(room sns.Room) view.MessageForm {
	return view.MessageForm{Room: room.ID, ClientID: rand.Text(), Limit: sns.MessageMax}
}

// peopleInside shows the participants who are inside a room.
func peopleInside(r *request.Request, room sns.Room) ([]view.Participant, error) {
	return participantViews(r, room, sns.Participant.Inside)
}
