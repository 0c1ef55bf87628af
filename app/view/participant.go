package view

import "xxsns/app/sns"

// Participant is room/_participant: a user in the list of a room's participants.
type Participant struct {
	Room   int64
	Author Author
	Online bool // has the room open
	Leads  bool // is the room's mentor
}

// Participant shows a participant of a room.
func (l *Locale) Participant(room sns.Room, u sns.User, online bool) Participant {
	return Participant{Room: room.ID, Author: l.Author(u), Online: online, Leads: u.ID == room.Mentor.ID}
}

// ParticipantSelector returns the selector of a user's element in the list of a room's
// participants.
func ParticipantSelector(user int64) string { return "#participant-" + Itoa(user) }
