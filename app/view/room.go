package view

import (
	"html"
	"html/template"
	"regexp"
	"time"

	"xxsns/app/sns"
)

// Room is room/_card, and the head of every page about one room.
type Room struct {
	ID      int64
	URL     string
	Name    string
	Mentor  Author
	Started Time
	Ended   *Time // nil: open
	Seats   Seats

	// What the viewer is to it, where the fragment is not for everybody.
	Inside  bool
	Removed bool
	Waiting bool
	Manager bool
}

// Room shows a room as everybody sees it.
func (l *Locale) Room(r sns.Room, now time.Time) Room {
	v := Room{
		ID: r.ID, URL: RoomPath(r.ID), Name: r.Name, Mentor: l.Author(r.Mentor),
		Started: l.Time(r.CreatedAt, now), Seats: viewSeats(r),
	}
	if r.Ended() {
		ended := l.Time(r.EndedAt, now)
		v.Ended = &ended
	}
	return v
}

// RoomFor shows a room as a viewer sees it, who stands to it as given.
func (l *Locale) RoomFor(viewer sns.User, room sns.Room, s sns.Standing, now time.Time) Room {
	v := l.Room(room, now)
	v.Inside, v.Removed, v.Waiting, v.Manager = s.Inside, s.Removed, s.Waiting, room.ManagedBy(viewer)
	return v
}

// Seats is room/_seats: the same wherever it stands, live.
type Seats struct {
	ID           int64
	Count, Limit int
	Full         bool
}

// Dots are the seats, taken ones first.
func (v Seats) Dots() []bool {
	dots := make([]bool, max(v.Limit, v.Count))
	for i := range v.Count {
		dots[i] = true
	}
	return dots
}

func viewSeats(r sns.Room) Seats {
	return Seats{ID: r.ID, Count: r.HeadCount, Limit: r.UserLimit, Full: r.Full()}
}

// Rooms is room/list.
type Rooms struct {
	Rooms []Room
	Query string
	More  string // URL of older rooms, or empty
	Open  bool   // the viewer may open a room
	Freed []Room // a seat became free for which the viewer waited
}

// RoomForm is room/_form, for opening a room and for changing it.
type RoomForm struct {
	Action string
	Back   string
	New    bool // opens a room; otherwise it changes one, and may set a notice
	Form   Form // name, user_limit, notice
	Key    string
	Limits []SeatChoice
	Name   int // graphemes
	Notice int // graphemes
}

// SeatChoice is a number of seats that is offered.
type SeatChoice struct {
	Seats  int
	Chosen bool
	TooFew bool // more people are inside
}

// Door is room/door: the page of an open room for who is outside. One of
// Room.Removed, Room.Seats.Full and neither says what can be done.
type Door struct {
	Room   Room
	People []Author // who is inside
}

// Notice is room/_notice; without a Text there is none.
type Notice struct {
	Room int64
	Text template.HTML
	By   Author
	Time Time
}

// Plain is the text without its links: what opens it may hold none.
func (v Notice) Plain() string {
	return html.UnescapeString(tag.ReplaceAllString(string(v.Text), ""))
}

func (l *Locale) Notice(room sns.Room, now time.Time) Notice {
	v := Notice{Room: room.ID, By: l.Author(room.Mentor)}
	if room.Notice != "" {
		v.Text, v.Time = withLinks(room.Notice), l.Time(room.NoticeAt, now)
	}
	return v
}

// tag is a tag of ours in a text that is escaped otherwise.
var tag = regexp.MustCompile(`<[^>]*>`)

// RoomHead is room/_head: all that the mentor may change, each to its place in
// the page of the room.
type RoomHead struct {
	Room   Room
	Notice Notice
}

// RoomHead shows what the mentor may change of a room.
func (l *Locale) RoomHead(r sns.Room, now time.Time) RoomHead {
	return RoomHead{l.Room(r, now), l.Notice(r, now)}
}
