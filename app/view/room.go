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

	// The viewer's membership; all false in fragments that every viewer shares.
	Inside  bool
	Removed bool
	Waiting bool
	Manager bool // the viewer manages the room
}

// Room shows a room without a membership: the same for every viewer.
func (l *Locale) Room(r sns.Room, now time.Time) Room {
	v := Room{
		ID: r.ID, URL: RoomPath(r.ID), Name: r.Name, Mentor: l.Author(r.Mentor),
		Started: l.Time(r.CreatedAt, now), Seats: newSeats(r),
	}
	if r.Ended() {
		ended := l.Time(r.EndedAt, now)
		v.Ended = &ended
	}
	return v
}

// RoomFor shows a room together with the viewer's membership.
func (l *Locale) RoomFor(viewer sns.User, room sns.Room, membership sns.Membership, now time.Time) Room {
	v := l.Room(room, now)
	v.Inside, v.Removed, v.Waiting = membership.Inside, membership.Removed, membership.Waiting
	v.Manager = room.ManagedBy(viewer)
	return v
}

// Seats is room/_seats: the head count and the user limit of a room, kept up to date
// on every page that shows the room.
type Seats struct {
	ID           int64
	Count, Limit int
	Full         bool
}

func newSeats(r sns.Room) Seats {
	return Seats{ID: r.ID, Count: r.HeadCount, Limit: r.UserLimit, Full: r.Full()}
}

// Dots returns a dot for each seat, true if the seat is taken, taken seats first. A
// lowered limit may be below the head count: then there is a dot for each head.
func (v Seats) Dots() []bool {
	dots := make([]bool, max(v.Limit, v.Count))
	for i := range v.Count {
		dots[i] = true
	}
	return dots
}

// Rooms is room/list, and room/_list without the rest of the page.
type Rooms struct {
	Mine  *List // open rooms in which the viewer has a seat; none on a page of results
	Rooms *List // other open rooms
	Query string
	More  string // URL of older rooms, or empty
	Past  Past
	Only  bool   // the page shows past rooms alone
	Open  bool   // the viewer may open a room
	Freed []Room // rooms where the viewer waited for a seat, and a seat became free
}

// mark implements framed.
func (v Rooms) mark(f *filling, p *Page) bool {
	if v.Query != "" || len(v.Freed) > 0 {
		return false
	}
	v.Rooms, v.Mine, v.Past.Rooms = f.list(slotCards, v.Rooms), f.list(slotItems, v.Mine), f.list(slotPast, v.Past.Rooms)
	p.Data = v
	return true
}

// OpenRooms renders open rooms in their order, each as room/_card, with ages as of now.
func (l *Locale) OpenRooms(rooms []sns.ViewedRoom, now time.Time) (*List, error) {
	return l.openRooms.list(l, rooms, scene{now: now})
}

// openRoomCards are the open rooms of a list. The card of a room shows the viewer's
// membership, and not who manages the room.
var openRoomCards = kind[sns.ViewedRoom, aged[sns.ViewedRoom]]{
	fragment: "room/_card",
	data: func(l *Locale, r sns.ViewedRoom, s scene) any {
		return l.RoomFor(sns.User{}, r.Room, r.Membership, s.now)
	},
	key: func(l *Locale, r sns.ViewedRoom, s scene) aged[sns.ViewedRoom] {
		return aged[sns.ViewedRoom]{r, l.reads(r.CreatedAt, s.now)}
	},
	same:    func(a, b *sns.ViewedRoom) bool { return *a == *b },
	created: func(r *sns.ViewedRoom) time.Time { return r.CreatedAt },
	id:      func(r *sns.ViewedRoom) int64 { return r.ID<<3 | standing(r.Membership) },
}

// standing returns a number for what the card of a room shows of a membership.
func standing(m sns.Membership) (n int64) {
	for i, is := range []bool{m.Inside, m.Removed, m.Waiting} {
		if is {
			n |= 1 << i
		}
	}
	return n
}

// Past is room/_past: ended rooms in which the viewer was, the last ended first.
type Past struct {
	Rooms *List  // of room/_past_item
	More  string // URL of rooms that ended earlier, or empty
}

// Past shows the first size of ended rooms.
func (l *Locale) Past(ended []sns.Room, size int, now time.Time) (v Past, err error) {
	shown, more := Cut(ended, size)
	if more {
		v.More = "/rooms?past=" + Itoa(shown[size-1].ID)
	}
	v.Rooms, err = l.pastRooms.list(l, shown, scene{now: now})
	return v, err
}

// pastItems are the ended rooms of a list.
var pastItems = kind[sns.Room, aged[sns.Room]]{
	fragment: "room/_past_item",
	data:     func(l *Locale, r sns.Room, s scene) any { return l.Room(r, s.now) },
	key: func(l *Locale, r sns.Room, s scene) aged[sns.Room] {
		return aged[sns.Room]{r, l.reads(r.EndedAt, s.now)}
	},
	same:    func(a, b *sns.Room) bool { return *a == *b },
	created: func(r *sns.Room) time.Time { return r.EndedAt },
	id:      func(r *sns.Room) int64 { return r.ID },
}

// RoomForm is room/_form: the form that opens a room, or changes a room.
type RoomForm struct {
	Action string
	Back   string
	From   string // path of the page that the form stands on
	New    bool   // the form opens a room, and has no notice yet
	Form   Form   // name, user_limit, notice
	Key    string // two forms with the same key open the same room
	Limits []SeatChoice
	Name   int // most graphemes of the name
	Notice int // most graphemes of the notice
}

// SeatChoice is a user limit that the form offers.
type SeatChoice struct {
	Seats  int
	Chosen bool
	TooFew bool // below the head count
}

// Door is room/door: the page of a room for viewers who may not read the
// conversation. Room.Ended, Room.Removed and Room.Seats.Full decide whether the door
// offers to enter, to wait for a seat, or nothing. Notice and Today are for viewers who
// may enter.
type Door struct {
	Room   Room
	Notice Notice
	Today  string   // how much was said today, or empty
	People []Author // the participants inside
}

// Notice is room/_notice: the notice that the mentor has pinned. The Text is empty if
// the room has no notice.
type Notice struct {
	Room int64
	Text template.HTML
	By   Author
	Time Time
}

// Notice shows the notice of a room.
func (l *Locale) Notice(room sns.Room, now time.Time) Notice {
	v := Notice{Room: room.ID, By: l.Author(room.Mentor)}
	if room.Notice != "" {
		v.Text, v.Time = withLinks(room.Notice), l.Time(room.NoticeAt, now)
	}
	return v
}

// Plain returns the Text without links, for the summary that opens the notice: a tap on
// a link there would follow the link instead.
func (v Notice) Plain() string {
	return html.UnescapeString(tag.ReplaceAllString(string(v.Text), ""))
}

// tag matches the tags of withLinks; the rest of a text is escaped.
var tag = regexp.MustCompile(`<[^>]*>`)

// RoomHead is room/_head: all that the mentor may change of a room, each value in an
// envelope for its place on the page of the room.
type RoomHead struct {
	Room   Room
	Notice Notice
}

// RoomHead shows all that the mentor may change of a room.
func (l *Locale) RoomHead(r sns.Room, now time.Time) RoomHead {
	return RoomHead{l.Room(r, now), l.Notice(r, now)}
}
