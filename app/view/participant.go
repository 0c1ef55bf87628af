package view

import (
	"xxsns/app/sns"
)

// Participant is room/_participant.
type Participant struct {
	Room   int64
	Author Author
	Online bool
	Leads  bool // is the mentor of the room
}

func (l *Locale) Participant(room sns.Room, u sns.User, online bool) Participant {
	return Participant{Room: room.ID, Author: l.Author(u), Online: online, Leads: u.ID == room.Mentor.ID}
}
