package sns

import (
	"math"
	"time"
)

// MessageMax is the longest message, in graphemes.
const MessageMax = 1000

// A MessageKind says what a line of a room's conversation is.
type MessageKind string

// The kinds of lines. All but MessageSaid are written by the program.
const (
	MessageSaid    MessageKind = "said"
	MessageEntered MessageKind = "entered"
	MessageLeft    MessageKind = "left"
	MessageRemoved MessageKind = "removed"
	MessageLost    MessageKind = "lost" // what was said before was lost with the buffer
)

// A Message is one line of a room: something said, or that somebody came or
// went. Seq numbers the lines of a room 1, 2, 3 …; after a loss of the buffer
// it goes on at the next multiple of SeqEpoch.
type Message struct {
	Room    int64
	Seq     int64
	Kind    MessageKind
	Author  User // who said it, came or went; a buffer knows the ID alone
	Content string
	At      time.Time
	Deleted bool // then Content is empty

	// ClientID is what the sender calls it; a second message of the same author
	// with the same ClientID is the first one again.
	ClientID string
}

// SeqEpoch is the distance between the numbers of a room's messages before and
// after its buffer was lost: nobody knows how many were lost, and no number may
// be given twice.
const SeqEpoch = 1_000_000_000

// MessageContent cleans and checks what somebody says.
func MessageContent(raw string) (string, *Problem) {
	return TextWithin("content", raw, 1, MessageMax)
}

// ClientID checks the client id that a browser gives a message: a valid key.
func ClientID(raw string) (string, *Problem) {
	if !ValidKey(raw) {
		return "", &Problem{Field: "client_id", Key: "message.client_id"}
	}
	return raw, nil
}

// A MessagePage says which messages of a room to list, oldest first. With
// Before, those closest before it; otherwise those closest after After.
type MessagePage struct {
	After  int64 // seq; only later ones
	Before int64 // seq; only earlier ones; 0: no bound
	Limit  int
}

// LastMessages is the page of a room's newest messages.
func LastMessages(limit int) MessagePage { return MessagePage{Before: math.MaxInt64, Limit: limit} }
