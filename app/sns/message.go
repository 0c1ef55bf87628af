package sns

import (
	"math"
	"time"
)

// MessageMax is the limit of a message, in graphemes.
const MessageMax = 1000

// A MessageKind tells messages that users say from notices of the program.
type MessageKind string

// The kinds of messages. All but MessageSaid are notices.
const (
	MessageSaid    MessageKind = "said"
	MessageEntered MessageKind = "entered"
	MessageLeft    MessageKind = "left"
	MessageRemoved MessageKind = "removed"
	MessageLost    MessageKind = "lost" // earlier messages were lost with the buffer
)

// A Message is a message said in a room, or a notice, such as that a user
// entered. Seq numbers the messages of a room 1, 2, 3 …; after a loss of the
// buffer, Seq continues after the next multiple of SeqEpoch.
type Message struct {
	Room     int64
	Seq      int64
	Kind     MessageKind
	Author   User // sender, or subject of the notice; from the store only ID is set
	Content  string
	Mentions Mentioned // whom the Content mentions of those who were inside
	At       time.Time
	Deleted  bool // Content is empty then

	// ClientID is the key that the sender's browser gives to a message. A
	// second message of the same author with the same ClientID is a retry of
	// the first.
	ClientID string
}

// SeqEpoch is the distance between the seqs before and after a loss of the
// buffer. The number of lost messages is unknown, and no seq may be used twice.
const SeqEpoch = 1_000_000_000

// MessageContent normalises and checks the text of a message.
func MessageContent(raw string) (string, *Problem) {
	return TextWithin("content", raw, 1, MessageMax)
}

// CheckMessage returns the normalised text of a message, or Invalid if the text or
// the client id is invalid.
func CheckMessage(content, clientID string) (string, error) {
	var problems Invalid
	if !ValidKey(clientID) {
		problems.Add(&Problem{Field: "client_id", Key: "message.client_id"})
	}
	content, p := MessageContent(content)
	problems.Add(p)
	return content, problems.Err()
}

// A MessagePage selects Limit messages of a room: if Before is set, the last
// ones before Before, else the first ones after After. The result is in order
// of seq, oldest first.
type MessagePage struct {
	After  int64 // seq; messages up to this one are left out
	Before int64 // seq; messages from this one on are left out; 0: no bound
	Limit  int
}

// LastMessages returns the page of a room's newest messages.
func LastMessages(limit int) MessagePage { return MessagePage{Before: math.MaxInt64, Limit: limit} }
