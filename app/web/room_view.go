package web

import (
	"html"
	"html/template"
	"regexp"
	"time"

	"xxsns/app/sns"
)

// roomView is room/_card, and the head of every page about one room.
type roomView struct {
	ID      int64
	URL     string
	Name    string
	Mentor  authorView
	Started timeView
	Ended   *timeView // nil: open
	Seats   seatsView

	// What the viewer is to it, where the fragment is not for everybody.
	Inside  bool
	Removed bool
	Waiting bool
	Manager bool
}

// seatsView is room/_seats: the same wherever it stands, live.
type seatsView struct {
	ID           int64
	Count, Limit int
	Full         bool
}

// Dots are the seats, taken ones first.
func (v seatsView) Dots() []bool {
	dots := make([]bool, max(v.Limit, v.Count))
	for i := range v.Count {
		dots[i] = true
	}
	return dots
}

func viewSeats(r sns.Room) seatsView {
	return seatsView{ID: r.ID, Count: r.HeadCount, Limit: r.UserLimit, Full: r.Full()}
}

// viewRoom shows a room as everybody sees it.
func (l *Locale) viewRoom(r sns.Room, now time.Time) roomView {
	v := roomView{
		ID: r.ID, URL: "/rooms/" + itoa(r.ID), Name: r.Name, Mentor: l.viewAuthor(r.Mentor),
		Started: l.when(r.CreatedAt, now), Seats: viewSeats(r),
	}
	if r.Ended() {
		ended := l.when(r.EndedAt, now)
		v.Ended = &ended
	}
	return v
}

// viewRoomFor shows a room as a viewer sees it, who stands to it as given.
func (l *Locale) viewRoomFor(viewer sns.User, room sns.Room, s sns.Standing, now time.Time) roomView {
	v := l.viewRoom(room, now)
	v.Inside, v.Removed, v.Waiting, v.Manager = s.Inside, s.Removed, s.Waiting, room.ManagedBy(viewer)
	return v
}

// roomsView is room/list.
type roomsView struct {
	Rooms []roomView
	Query string
	More  string     // URL of older rooms, or empty
	Open  bool       // the viewer may open a room
	Freed []roomView // a seat became free for which the viewer waited
}

// roomFormView is room/_form, for opening a room and for changing it.
type roomFormView struct {
	Action string
	Back   string
	New    bool // opens a room; otherwise it changes one, and may set a notice
	Form   form // name, user_limit, notice
	Key    string
	Limits []limitView
	Name   int // graphemes
	Notice int // graphemes
}

// limitView is a number of seats that is offered.
type limitView struct {
	Seats  int
	Chosen bool
	TooFew bool // more people are inside
}

// doorView is room/door: the page of an open room for who is outside. One of
// Room.Removed, Room.Seats.Full and neither says what can be done.
type doorView struct {
	Room   roomView
	People []authorView // who is inside
}

// chatView is room/show: an open room for who is inside.
type chatView struct {
	Room     roomView
	Notice   noticeView
	Messages messagesView
	People   []participantView
	Say      sayView
	Older    bool // not the newest messages: there is a way back to them
	Stale    bool // the buffer cannot be reached: messages cannot be shown
}

// noticeView is room/_notice; without a Text there is none.
type noticeView struct {
	Room int64
	Text template.HTML
	By   authorView
	Time timeView
}

// tag is a tag of ours in a text that is escaped otherwise.
var tag = regexp.MustCompile(`<[^>]*>`)

// Plain is the text without its links: what opens it may hold none.
func (v noticeView) Plain() string {
	return html.UnescapeString(tag.ReplaceAllString(string(v.Text), ""))
}

// messagesView is message/_list: lines of a room, oldest first.
type messagesView struct {
	Room   int64
	Items  []messageView
	Before string // URL of the lines before these, or empty
	// Join is the day divider of a line further down that the lines before it
	// make needless: the id of its element, or empty.
	Join string
}

// messageView is message/_item.
type messageView struct {
	Room     int64
	Seq      int64
	Author   authorView
	Text     template.HTML
	Line     string // instead of a text: that somebody entered, left …
	Time     timeView
	Cont     bool // continues the message before: same author, same minute
	Deleted  bool
	ClientID string
	Day      *dayView // a new day begins with it
	Link     string   // to it among the others, where it stands alone; or empty
	Date     string   // of its day, as Locale.Day
}

// dayView is the divider above the first message of a day.
type dayView struct{ ISO, Text string }

// participantView is room/_participant.
type participantView struct {
	Room   int64
	Author authorView
	Online bool
	Leads  bool // is the mentor of the room
}

// sayView is message/_reply: the field of a new message.
type sayView struct {
	Room     int64
	Form     form
	ClientID string // for a form without scripting
	Limit    int    // graphemes
}

// refusalView is message/_refusal: why something was not said.
type refusalView struct {
	ClientID string // empty: of a frame that named none
	Text     string
	Retry    bool // saying it again may help
}

// transcriptView is room/transcript: an ended room for who may read it, and the
// search in any room.
type transcriptView struct {
	Room       roomView
	Messages   messagesView
	After      string // URL of the lines after these, or empty
	Query      string
	Found      int  // with a Query: how many lines match
	Capped     bool // more match than are shown
	Settlement *settlementView
	People     []participantView
}

// settlementView is room/_settlement: "312/312 저장됨", live.
type settlementView struct {
	Room         int64
	Saved, Total int64
	Done         bool
	Failed       bool // the last attempt failed; it is tried again
	Attempts     int
	Error        string // of the last attempt, for who manages the room
	Lost         bool   // some messages were lost with the buffer
	Retry        bool   // whoever sees it may try again now
}

// deskView is room/desk.
type deskView struct {
	Open  []deskRoomView
	Ended []deskRoomView
	More  string // URL of rooms ended earlier, or empty
}

// deskRoomView is a room on its mentor's desk.
type deskRoomView struct {
	Room       roomView
	Notice     noticeView
	Messages   int64 // lines so far, of an open room
	Settlement settlementView
	People     []participantView // who is inside, of an open room
	Removed    []authorView
	Heads      int // who ever was inside, of an ended room
}
