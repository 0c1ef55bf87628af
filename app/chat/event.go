package chat

import (
	"encoding/json"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// TopicRooms is the topic of the list of open rooms.
const TopicRooms = "rooms"

const roomPrefix = "room:"

// Topic returns the topic of the events inside a room. Only users inside may
// subscribe.
func Topic(room int64) string { return roomPrefix + strconv.FormatInt(room, 10) }

// SeatTopic returns the topic of the events for one user inside a room, which the
// sockets of that user subscribe to.
func SeatTopic(room, user int64) string {
	return Topic(room) + ":" + strconv.FormatInt(user, 10)
}

// seatOf is the inverse of Topic, with no user, and of SeatTopic.
func seatOf(topic string) (room, user int64, ok bool) {
	ids, found := strings.CutPrefix(topic, roomPrefix)
	first, second, seat := strings.Cut(ids, ":")
	room, err := strconv.ParseInt(first, 10, 64)
	if err == nil && seat {
		user, err = strconv.ParseInt(second, 10, 64)
	}
	return room, user, found && err == nil
}

// Kinds of events.
const (
	KindLine       = "line"       // a Line, on the room's topic: a message, or a notice such as "entered"
	KindErased     = "erased"     // an Erased, on the room's topic
	KindPresence   = "presence"   // a Presence, on the room's topic
	KindHeadCount  = "seats"      // an sns.Room, on the room's topic and TopicRooms: the head count changed
	KindRoom       = "room"       // an sns.Room, on the room's topic: the mentor changed the room
	KindListed     = "listed"     // the same on TopicRooms, without the notice, which is for users inside
	KindOpened     = "opened"     // an sns.Room, on TopicRooms
	KindEnded      = "ended"      // an sns.Room, on TopicRooms
	KindOver       = "over"       // an sns.Room, on the room's topic: the room has ended
	KindExited     = "departed"   // an sns.MessageKind, on the SeatTopic of a user who left or was removed
	KindSeatFree   = "seat"       // an sns.Room, on the topic of a waiting user: a seat is free
	KindRead       = "read"       // ids of users, on TopicRead: they have read rooms
	KindDot        = "dot"        // a bool, on the topic of a user: something is unread in the user's rooms
	KindSettlement = "settlement" // an sns.Settlement, on TopicSettlement
)

// TopicRead is the topic of KindRead, which is for processes alone.
const TopicRead = "read"

// TopicSettlement returns the topic of the settlements of a mentor's rooms.
func TopicSettlement(mentor int64) string { return "settlement:" + strconv.FormatInt(mentor, 10) }

// An Erased names a line that was emptied.
type Erased struct{ Room, Seq int64 }

// A Presence says whether a user inside is online in the room.
type Presence struct {
	Room   int64
	User   sns.User
	Online bool
	Leads  bool // the user is the mentor of the room
}

// encode returns the JSON of a value of this package, which cannot fail.
func encode(v any) json.RawMessage {
	data, _ := json.Marshal(v)
	return data
}
