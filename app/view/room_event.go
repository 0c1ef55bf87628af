package view

import (
	"encoding/json"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// messageBytes is enough for most messages, rendered.
const messageBytes = 2 << 10

func (e eventLocale) parsedLine(data json.RawMessage) (live.Message, error) {
	l, err := chat.ParseLine(data)
	if err != nil {
		return live.Message{}, err
	}
	return e.line(l)
}

// line adds a message to the conversation. The notice that a user entered, left or was
// removed also changes the list of participants.
func (e eventLocale) line(l chat.Line) (live.Message, error) {
	html, err := e.appendMessage(openEnvelope(make([]byte, 0, messageBytes), "#messages", "beforeend"), e.Message(l))
	if err != nil {
		return live.Message{}, err
	}
	m := live.Message{HTML: append(html, closeEnvelope...)}
	switch l.Message.Kind {
	case sns.MessageEntered:
		v := Participant{Room: l.Message.Room, Author: e.Author(l.Message.Author)}
		p, err := e.addressed("#participants", "beforeend", "room/_participant", v)
		m.HTML = append(m.HTML, p.HTML...)
		return m, err
	case sns.MessageLeft, sns.MessageRemoved:
		m.HTML = append(m.HTML, Envelope(ParticipantSelector(l.Message.Author.ID), "delete", nil)...)
	case sns.MessageSaid, sns.MessageLost:
	}
	return m, nil
}

// erased replaces the text of a deleted message by a tombstone.
func (e eventLocale) erased(gone chat.Erased) (live.Message, error) {
	return e.addressed(MessageBodySelector(gone.Room, gone.Seq), "outerHTML", "message/_gone", nil)
}

// presence shows that a participant has come online or gone offline.
func (e eventLocale) presence(p chat.Presence) (live.Message, error) {
	v := Participant{Room: p.Room, Author: e.Author(p.User), Online: p.Online, Leads: p.Leads}
	return e.addressed(ParticipantSelector(p.User.ID), "outerHTML", "room/_participant", v)
}

// seats updates the head count, in the list of rooms and in the room.
func (e eventLocale) seats(r sns.Room) (live.Message, error) {
	return e.addressed("#room-"+Itoa(r.ID)+"-seats", "outerHTML", "room/_seats", newSeats(r))
}

// room updates all that the mentor may have changed, for participants inside.
func (e eventLocale) room(r sns.Room) (live.Message, error) {
	return e.message("room/_head", e.RoomHead(r, e.now))
}

// listed updates a changed room in the list of rooms and at the door. Outsiders get no
// notice.
func (e eventLocale) listed(r sns.Room) (live.Message, error) {
	return e.message("room/_listed", e.Room(r, e.now))
}

// opened puts a new room on top of the list of rooms.
func (e eventLocale) opened(r sns.Room) (live.Message, error) {
	return e.addressed("#rooms", "afterbegin", "room/_card", e.Room(r, e.now))
}

// ended removes a room from the list of rooms, and shuts the room's door.
func (e eventLocale) ended(r sns.Room) (live.Message, error) {
	return e.message("room/_ended", e.Room(r, e.now))
}

// over tells the participants inside that the room has ended.
func (e eventLocale) over(r sns.Room) (live.Message, error) {
	return e.toast("shared/_toast", e.T("room.over", "Name", r.Name))
}

// departed tells the pages of a user who left, or was removed, to leave the room; the
// kind tells which.
func (e eventLocale) departed(kind sns.MessageKind) (live.Message, error) {
	return live.Message{Name: string(kind)}, nil
}

// seat tells a user who waits that a seat is free.
func (e eventLocale) seat(r sns.Room) (live.Message, error) {
	return e.toast("room/_freed", e.Room(r, e.now))
}

// settlement updates how many messages of an ended room are saved.
func (e eventLocale) settlement(s sns.Settlement) (live.Message, error) {
	return e.addressed("#room-"+Itoa(s.Room)+"-settlement", "outerHTML", "room/_settlement", NewSettlement(s))
}
