package sns

import (
	"strings"
	"time"

	"github.com/rivo/uniseg"
)

// A NoticeKind says of what kind of deed a notice tells. The numbers stand in the database.
type NoticeKind int

// The kinds of notices.
const (
	NoticeComment NoticeKind = iota + 1 // a comment on the reader's post
	NoticeThread                        // a further comment where the reader has commented
	NoticeMention                       // the reader's name behind @ in a post, comment or message
	NoticeLike                          // a like of the reader's post
	NoticeFollow                        // a new follower
	NoticeRoom                          // a room of a mentor whom the reader follows
	NoticeSeat                          // a free seat in a room for which the reader waits
	NoticeReport                        // a decision about the reader, such as of a report
)

// NoticeKinds are all kinds, in the order of the settings.
var NoticeKinds = []NoticeKind{NoticeComment, NoticeThread, NoticeMention, NoticeSeat, NoticeReport, NoticeLike, NoticeFollow, NoticeRoom}

var noticeNames = [...]string{
	NoticeComment: "comment", NoticeThread: "thread", NoticeMention: "mention", NoticeLike: "like",
	NoticeFollow: "follow", NoticeRoom: "room", NoticeSeat: "seat", NoticeReport: "report",
}

// String returns the name of the kind in forms and pages.
func (k NoticeKind) String() string { return noticeNames[k] }

// IsNews reports whether notices of the kind stand under news. The others are for the reader
// alone, and the badge counts them.
func (k NoticeKind) IsNews() bool { return k == NoticeLike || k == NoticeFollow || k == NoticeRoom }

// A Channel is a way on which notices reach their reader.
type Channel int

// The channels. A notice that is not in the inbox goes nowhere else.
const (
	ChannelInbox Channel = iota
	ChannelPush
	ChannelMail
)

// Channels are all channels, in the order of the settings.
var Channels = []Channel{ChannelInbox, ChannelPush, ChannelMail}

var channelNames = [...]string{ChannelInbox: "inbox", ChannelPush: "push", ChannelMail: "mail"}

// String returns the name of the channel in forms.
func (c Channel) String() string { return channelNames[c] }

// Switches say which notices reach a reader on which channels. The zero value has the
// defaults: all kinds are in the inbox, those for the reader alone are also pushed, none is
// mailed.
type Switches struct {
	Turned int64 // bits of the pairs of kind and channel that the reader has chosen
	On     int64 // bits of those chosen pairs that are on
}

func switchBit(k NoticeKind, c Channel) int64 { return 1 << (int(k)*len(channelNames) + int(c)) }

// Has reports whether notices of a kind go to a channel.
func (s Switches) Has(k NoticeKind, c Channel) bool {
	if bit := switchBit(k, c); s.Turned&bit != 0 {
		return s.On&bit != 0
	}
	return c == ChannelInbox || c == ChannelPush && !k.IsNews()
}

// Turn turns the notices of a kind on or off on a channel.
func (s *Switches) Turn(k NoticeKind, c Channel, on bool) {
	bit := switchBit(k, c)
	s.Turned, s.On = s.Turned|bit, s.On&^bit
	if on {
		s.On |= bit
	}
}

// Mails reports whether notices of some kind are mailed.
func (s Switches) Mails() bool {
	for _, k := range NoticeKinds {
		if s.Has(k, ChannelInbox) && s.Has(k, ChannelMail) {
			return true
		}
	}
	return false
}

// NoticeSettings are a reader's choices.
type NoticeSettings struct {
	Switches
	Quiet Quiet
}

// Quiet hours are minutes of the day in a time zone. Nothing is pushed between them. Hours of
// the same begin and end are none.
type Quiet struct {
	From, To int    // minutes after midnight, 0–1439
	Zone     string // name of a time zone; empty: that of the server
}

// NoticesKept is how long notices are kept.
const NoticesKept = 90 * 24 * time.Hour

// A Notice tells a reader of all deeds of one kind on one thing since the notice before was
// read.
type Notice struct {
	ID   int64
	Kind NoticeKind
	Post int64 // the post, or 0
	Room int64 // the room, or 0

	Actors  []User       // who did it, the latest first, each once, at most NoticeActors
	Others  int          // how many more people did it, or how many more decisions there are
	Comment int64        // the first unread comment, or that with the first mention; 0: the post itself
	Seq     int64        // the first message with a mention, or 0
	Title   string       // the first words of the post, or the topic of the room
	Words   string       // the first words of the latest comment, message or decision, or empty
	Image   bool         // whether the post is images alone
	Decided DecisionKind // the latest decision, or empty
	Path    string       // of the page about the decision; empty: that of its kind
	Unread  bool
	At      time.Time // of the latest deed
	Rank    int64     // the newest notice has the highest; cursor of pages
}

// NoticeActors is the number of names in a notice.
const NoticeActors = 2

// An Inbox says how many unread notices a user has. Of two inboxes of a user, the one of the
// higher version is the later.
type Inbox struct {
	User    int64 `json:"user"`
	Mine    int   `json:"mine"` // for the user alone: the badge
	News    int   `json:"news"`
	Version int64 `json:"version"`
}

// firstWords is how many letters of a text a notice shows at most.
const firstWords = 60

// FirstWords returns the beginning of a text as one line.
func FirstWords(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	rest, graphemes, state := line, 0, -1
	for rest != "" {
		if graphemes == firstWords {
			return strings.TrimSpace(line[:len(line)-len(rest)]) + "…"
		}
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		graphemes++
	}
	return line
}
