package view

import (
	"html/template"
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// Messages is message/_list: messages of a room, oldest first.
type Messages struct {
	Room   int64
	Items  []Message
	Before string // URL of the messages before the first item, or empty
	Unread int64  // seq of the item above which the viewer has read all; 0: none
	// Join is the element id of a day divider to remove, or empty. The page shows a
	// divider above its first message; once earlier messages of the same day stand
	// above, the divider is in the middle of the day.
	Join string
}

// Message is message/_item: a message said in a room, or a notice.
type Message struct {
	Room     int64
	Seq      int64
	Author   Author
	Text     template.HTML
	Fold     string        // classes of a Text that is shown folded, or empty
	Line     template.HTML // of a notice, instead of a Text: "민지님이 들어왔어요"
	Time     Time
	Cont     bool // continues the message before: same author, same minute
	Deleted  bool
	ClientID string // the sender's page removes the pending message with the same id
	Day      *Day   // not nil if the message is the first of a day
	Link     string // URL of the message in the conversation, on a page of search results
	Date     string // as Locale.Day returns
}

// Day is the divider above the first message of a day.
type Day struct{ ISO, Text string }

// Messages shows the first messages of a page: above the first message stands a day
// divider, even if prev, the message before, is of the same day. prev may be nil.
func (l *Locale) Messages(messages []sns.Message, prev *sns.Message) []Message {
	items := l.FollowingMessages(messages, prev)
	if len(messages) > 0 && items[0].Day == nil {
		items[0].Day, items[0].Cont = l.day(messages[0].At), false
	}
	return items
}

// FollowingMessages shows messages that a page adds below prev. prev may be nil.
func (l *Locale) FollowingMessages(messages []sns.Message, prev *sns.Message) []Message {
	items := make([]Message, len(messages))
	for i, m := range messages {
		items[i] = l.Message(lineBelow(prev, m))
		prev = &messages[i]
	}
	return items
}

// lineBelow returns m at its position below prev, which may be nil.
func lineBelow(prev *sns.Message, m sns.Message) chat.Line {
	line := chat.Line{Message: m, Position: chat.Position{Seq: m.Seq}}
	if prev != nil {
		line.Position.PrevAt = prev.At.UnixMicro()
		if prev.Kind == sns.MessageSaid {
			line.Position.PrevUser = prev.Author.ID
		}
	}
	return line
}

// Message shows a message. The position of the line decides whether a day divider
// stands above the message, and whether the message continues the one before.
func (l *Locale) Message(line chat.Line) Message {
	m, at := line.Message, line.Message.At.In(l.zone)
	v := Message{
		Room: m.Room, Seq: line.Position.Seq, Author: l.Author(m.Author), Deleted: m.Deleted, ClientID: m.ClientID,
		Date: at.Format(time.DateOnly),
		Time: Time{ISO: at.UTC().Format("2006-01-02T15:04:05Z"), Text: at.Format(clock), Full: l.full(at)},
	}
	if m.Kind == sns.MessageSaid {
		v.Text, v.Fold = formatted(m.Content, m.Mentions), messageFold.class(m.Content)
	} else {
		v.Line, v.ClientID = l.sentence("message."+string(m.Kind), m.Author), ""
	}
	before := time.UnixMicro(line.Position.PrevAt).In(l.zone)
	if line.Position.PrevAt == 0 || !sameDay(before, at) {
		v.Day = l.day(at)
	} else {
		v.Cont = m.Kind == sns.MessageSaid && line.Position.PrevUser == m.Author.ID && before.Truncate(time.Minute).Equal(at.Truncate(time.Minute))
	}
	return v
}

func (l *Locale) day(moment time.Time) *Day {
	at := moment.In(l.zone)
	weekday := l.T("weekday." + strconv.Itoa(int(at.Weekday())))
	return &Day{ISO: at.Format(time.DateOnly), Text: l.T("time.weekday", "Day", l.Date("time.year", at), "Weekday", weekday)}
}

// MessageSelector returns the selector of a message's element, which is also the
// fragment of a URL that leads to the message.
func MessageSelector(room, seq int64) string { return "#message-" + Itoa(room) + "-" + Itoa(seq) }

// MessageBodySelector returns the selector of the element with a message's text.
func MessageBodySelector(room, seq int64) string {
	return MessageSelector(room, seq) + " .message-body"
}

// Chat is room/show: the page of an open room for participants who are inside.
type Chat struct {
	Room     Room
	Notice   Notice
	Messages Messages
	People   []Participant
	Say      MessageForm
	Search   Search
	Alerts   Alerts
	Older    bool // the messages are not the newest: the page links to the newest
	Stale    bool // the buffer cannot be reached: the page offers to load again
}

// MessageForm is message/_reply: the field of a new message.
type MessageForm struct {
	Room     int64
	Form     Form
	ClientID string // for browsers without JavaScript; the script makes an id for each message
	Limit    int    // most graphemes of a message
}

// Rejection is message/_refusal: tells the sender why a message was not said.
type Rejection struct {
	ClientID string // of the message; empty if the frame had no valid client id
	Text     string
	Retry    bool // sending the message again may help
}

// Search is room/_search: the form that searches the conversation of a room.
type Search struct {
	URL   string
	Query string // empty before a search
	Field string // id of the field
	Live  bool   // the results appear on the page of the room
}

// Tally is room/_tally: how many messages a search found, and how many of them the page
// shows.
type Tally struct{ Count, Shown int }

// Found is room/_found: what a search found, on the page of the room, newest first.
type Found struct {
	Search Search
	Tally  Tally
	Hits   []Hit
}

// Hit is a message that a search found.
type Hit struct {
	Seq    int64
	Author Author
	Time   Time
	Text   template.HTML // around the first match
	Link   string        // URL of the message in the conversation
}

// Found shows messages that a search found, oldest first. count is the number of all such
// messages.
func (l *Locale) Found(room sns.Room, query string, found []sns.Message, count int, now time.Time) Found {
	v := Found{
		Search: Search{URL: RoomPath(room.ID), Query: query, Field: "find", Live: true},
		Tally:  Tally{Count: count, Shown: len(found)}, Hits: make([]Hit, len(found)),
	}
	for i, m := range found {
		v.Hits[len(found)-1-i] = Hit{
			Seq: m.Seq, Author: l.Author(m.Author), Time: l.Time(m.At, now), Text: excerpt(m.Content, finderOf(query)), Link: FoundPath(m),
		}
	}
	return v
}

// FoundMessages shows messages that a search found as a page of their own, each with a
// link to the place of the message in the conversation.
func (l *Locale) FoundMessages(room sns.Room, query string, found []sns.Message) Messages {
	v := Messages{Room: room.ID, Items: l.Messages(found, nil)}
	for i, m := range found {
		v.Items[i].Text, v.Items[i].Link = marked(v.Items[i].Text, finderOf(query)), FoundPath(m)
	}
	return v
}

// foundContext is how many messages after a match are on the page that the match links
// to.
const foundContext = 20

// FoundPath returns the URL of a page of the conversation around a message.
func FoundPath(m sns.Message) string {
	return RoomPath(m.Room) + "?before=" + Itoa(m.Seq+foundContext) + MessageSelector(m.Room, m.Seq)
}

// Transcript is room/transcript: the page of an ended room, and the search results of
// an open or ended room.
type Transcript struct {
	Room       Room
	Messages   Messages
	After      string // URL of the messages after the last one, or empty
	Search     Search
	Tally      Tally       // of a search
	Settlement *Settlement // nil if the room is open
	People     []Participant
}
