package view

import (
	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// line is something said; who came or went also joins or leaves the list of
// participants.
func (e eventLocale) line(l chat.Line) (live.Message, error) {
	m, err := e.addressed("#messages", "beforeend", "message/_item", e.Message(l))
	if err != nil {
		return m, err
	}
	person := "#participant-" + Itoa(l.Message.Author.ID)
	switch l.Message.Kind {
	case sns.MessageEntered:
		p, err := e.addressed("#participants", "beforeend", "room/_participant", Participant{Room: l.Message.Room, Author: e.Author(l.Message.Author)})
		m.HTML = append(m.HTML, p.HTML...)
		return m, err
	case sns.MessageLeft, sns.MessageRemoved:
		m.HTML = append(m.HTML, Envelope(person, "delete", nil)...)
	case sns.MessageSaid, sns.MessageLost:
	}
	return m, nil
}

func (e eventLocale) erased(gone chat.Erased) (live.Message, error) {
	return e.addressed(MessageBody(gone.Room, gone.Seq), "outerHTML", "message/_gone", nil)
}

func (e eventLocale) presence(p chat.Presence) (live.Message, error) {
	v := Participant{Room: p.Room, Author: e.Author(p.User), Online: p.Online, Leads: p.Leads}
	return e.addressed("#participant-"+Itoa(p.User.ID), "outerHTML", "room/_participant", v)
}

// seats are the taken ones, on the list and in the room.
func (e eventLocale) seats(r sns.Room) (live.Message, error) {
	return e.addressed("#room-"+Itoa(r.ID)+"-seats", "outerHTML", "room/_seats", viewSeats(r))
}

// room is all that its mentor may have changed.
func (e eventLocale) room(r sns.Room) (live.Message, error) {
	return e.message("room/_head", e.RoomHead(r, e.now))
}

// listed is what everybody may know of a change.
func (e eventLocale) listed(r sns.Room) (live.Message, error) {
	return e.message("room/_listed", e.Room(r, e.now))
}

func (e eventLocale) opened(r sns.Room) (live.Message, error) {
	return e.addressed("#rooms", "afterbegin", "room/_card", e.Room(r, e.now))
}

// ended takes a room from the lists, and shuts its door.
func (e eventLocale) ended(r sns.Room) (live.Message, error) {
	return e.message("room/_ended", e.Room(r, e.now))
}

// over tells those inside that the room has ended.
func (e eventLocale) over(r sns.Room) (live.Message, error) {
	return e.toast("shared/_toast", e.T("room.over", "Name", r.Name))
}

// departed tells the pages of somebody who is no longer inside.
func (e eventLocale) departed(kind sns.MessageKind) (live.Message, error) {
	return live.Message{Name: string(kind)}, nil
}

// seat tells somebody who waited that a seat is free.
func (e eventLocale) seat(r sns.Room) (live.Message, error) {
	return e.toast("room/_freed", e.Room(r, e.now))
}

func (e eventLocale) settlement(s sns.Settlement) (live.Message, error) {
	return e.addressed("#room-"+Itoa(s.Room)+"-settlement", "outerHTML", "room/_settlement", NewSettlement(s))
}
