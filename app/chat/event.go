package chat

import (
	"strconv"

	"xxsns/app/sns"
)

// TopicRooms is the topic of the list of open rooms.
const TopicRooms = "rooms"

// Topic is what happens inside a room; only who is inside may look on.
func Topic(room int64) string { return "room:" + strconv.FormatInt(room, 10) }

// SeatTopic is what happens to one who is inside; their sockets look on.
func SeatTopic(room, user int64) string {
	return Topic(room) + ":" + strconv.FormatInt(user, 10)
}

// Kinds of events.
const (
	KindLine       = "line"       // a Line, on the room's topic: said, came, went
	KindErased     = "erased"     // an Erased, on the room's topic
	KindPresence   = "presence"   // a Presence, on the room's topic
	KindSeats      = "seats"      // an sns.Room, on the room's topic and TopicRooms: somebody came or went
	KindRoom       = "room"       // an sns.Room, on the room's topic: its mentor changed it
	KindListed     = "listed"     // the same on TopicRooms, without the notice, which is for those inside
	KindOpened     = "opened"     // an sns.Room, on TopicRooms
	KindEnded      = "ended"      // an sns.Room, on TopicRooms
	KindOver       = "over"       // an sns.Room, on the room's topic: it has ended
	KindDeparted   = "departed"   // an sns.MessageKind, on the SeatTopic of who left or was removed
	KindSeat       = "seat"       // an sns.Room, on the topic of a user who waits: a seat is free
	KindSettlement = "settlement" // an sns.Settlement, on TopicSettlement
)

// TopicSettlement is the saving of the rooms of a mentor.
func TopicSettlement(mentor int64) string { return "settlement:" + strconv.FormatInt(mentor, 10) }

// A Line is a message in its place.
type Line struct {
	Position Position // first: the Redis buffer fills it in
	Message  sns.Message
}

// A Position is where a message stands: its number, and what decides whether it
// continues the one before.
type Position struct {
	Seq      int64
	PrevUser int64 // who said the line before; 0: nobody, as when somebody entered
	PrevAt   int64 // when, in microseconds of UTC; 0: there is none before
}

// Erased names a line that was emptied.
type Erased struct{ Room, Seq int64 }

// Presence tells that somebody who is inside has the room open, or has not.
type Presence struct {
	Room   int64
	User   sns.User
	Online bool
	Leads  bool // is the room's mentor
}
