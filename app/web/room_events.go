package web

import (
	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// How the events of rooms look. An event that goes to the list and to the room
// bears parts for both; what is not on a page is passed over.

// line is something said; who came or went also joins or leaves the list of
// participants.
func (e *eventRenderer) line(l chat.Line) (live.Message, error) {
	m, err := e.to("#messages", "beforeend", "message/_item", e.texts.viewLine(l, e.pages.zone))
	if err != nil {
		return m, err
	}
	person := "#participant-" + itoa(l.Message.Author.ID)
	switch l.Message.Kind {
	case sns.MessageEntered:
		p, err := e.to("#participants", "beforeend", "room/_participant", participantView{Room: l.Message.Room, Author: e.texts.viewAuthor(l.Message.Author)})
		m.HTML = append(m.HTML, p.HTML...)
		return m, err
	case sns.MessageLeft, sns.MessageRemoved:
		m.HTML = append(m.HTML, envelope(person, "delete", nil)...)
	case sns.MessageSaid, sns.MessageLost:
	}
	return m, nil
}

func (e *eventRenderer) erased(gone chat.Erased) (live.Message, error) {
	return e.to(messageBody(gone.Room, gone.Seq), "outerHTML", "message/_gone", nil)
}

func (e *eventRenderer) presence(p chat.Presence) (live.Message, error) {
	v := participantView{Room: p.Room, Author: e.texts.viewAuthor(p.User), Online: p.Online, Leads: p.Leads}
	return e.to("#participant-"+itoa(p.User.ID), "outerHTML", "room/_participant", v)
}

// seats are the taken ones, on the list and in the room.
func (e *eventRenderer) seats(r sns.Room) (live.Message, error) {
	return e.to("#room-"+itoa(r.ID)+"-seats", "outerHTML", "room/_seats", viewSeats(r))
}

// room is all that its mentor may have changed.
func (e *eventRenderer) room(r sns.Room) (live.Message, error) {
	now := e.pages.now()
	return e.fragment("room/_head", headView{e.texts.viewRoom(r, now, e.pages.zone), e.texts.viewNotice(r, now, e.pages.zone)})
}

// listed is what everybody may know of a change.
func (e *eventRenderer) listed(r sns.Room) (live.Message, error) {
	return e.fragment("room/_listed", e.texts.viewRoom(r, e.pages.now(), e.pages.zone))
}

func (e *eventRenderer) opened(r sns.Room) (live.Message, error) {
	return e.to("#rooms", "afterbegin", "room/_card", e.texts.viewRoom(r, e.pages.now(), e.pages.zone))
}

// ended takes a room from the lists, and shuts its door.
func (e *eventRenderer) ended(r sns.Room) (live.Message, error) {
	return e.fragment("room/_ended", e.texts.viewRoom(r, e.pages.now(), e.pages.zone))
}

// over tells those inside that the room has ended.
func (e *eventRenderer) over(r sns.Room) (live.Message, error) {
	return e.to("#toasts", "beforeend", "shared/_toast", e.texts.Say("room.over", "Name", r.Name))
}

// departed tells the pages of somebody who is no longer inside.
func (e *eventRenderer) departed(kind sns.MessageKind) (live.Message, error) {
	return live.Message{Name: string(kind)}, nil
}

// seat tells somebody who waited that a seat is free.
func (e *eventRenderer) seat(r sns.Room) (live.Message, error) {
	return e.to("#toasts", "beforeend", "room/_freed", e.texts.viewRoom(r, e.pages.now(), e.pages.zone))
}

func (e *eventRenderer) settlement(s sns.Settlement) (live.Message, error) {
	return e.to("#room-"+itoa(s.Room)+"-settlement", "outerHTML", "room/_settlement", viewSettlement(s))
}

func viewSettlement(s sns.Settlement) settlementView {
	v := settlementView{
		Room: s.Room, Saved: s.Saved, Total: s.Total, Done: s.Done(), Failed: !s.Done() && s.LastError != "", Lost: s.Lost != 0,
	}
	if v.Failed {
		v.Attempts, v.Error = s.Attempts, s.LastError
	}
	return v
}
