package view

import (
	"cmp"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A MyRoom is an open room in which the viewer has a seat.
type MyRoom struct {
	Room   sns.ViewedRoom
	Unread int         // messages; sns.UnreadMost means as many or more
	Last   sns.Message // the last one that is not deleted; Seq 0: none is known
}

// lastAt returns when something was said last, or when the room was opened.
func (r *MyRoom) lastAt() time.Time {
	if r.Last.Seq == 0 {
		return r.Room.CreatedAt
	}
	return r.Last.At
}

// RoomOfMine is room/_mine: a MyRoom in the list.
type RoomOfMine struct {
	Room
	Unread string // the number, or empty
	Last   *Words // nil: none are known
}

// Words are the beginning of a message in a list.
type Words struct {
	By   Author
	Text string
	Time Time
}

// MyRooms renders rooms, where something was said last first.
func (l *Locale) MyRooms(rooms []MyRoom, now time.Time) (*List, error) {
	slices.SortFunc(rooms, func(a, b MyRoom) int {
		return cmp.Or(b.lastAt().Compare(a.lastAt()), cmp.Compare(b.Room.ID, a.Room.ID))
	})
	return l.myRooms.list(l, rooms, scene{now: now})
}

// myRoomCards are the rooms of MyRooms.
var myRoomCards = kind[MyRoom, aged[MyRoom]]{
	fragment: "room/_mine",
	data:     func(l *Locale, r MyRoom, s scene) any { return l.roomOfMine(r, s.now) },
	key:      func(l *Locale, r MyRoom, s scene) aged[MyRoom] { return aged[MyRoom]{r, l.reads(r.lastAt(), s.now)} },
	same:     func(a, b *MyRoom) bool { return *a == *b },
	created:  (*MyRoom).lastAt,
	id:       func(r *MyRoom) int64 { return r.Room.ID },
}

// roomOfMine shows a room. The card shows when something was said last, or else when the
// room was opened.
func (l *Locale) roomOfMine(r MyRoom, now time.Time) RoomOfMine {
	v := RoomOfMine{Room: l.RoomFor(sns.User{}, r.Room.Room, r.Room.Membership, now), Unread: unreadNumber(r.Unread)}
	if r.Last.Seq > 0 {
		v.Last = &Words{By: l.Author(r.Last.Author), Text: sns.FirstWords(r.Last.Content), Time: l.Time(r.Last.At, now)}
	}
	return v
}

// unreadNumber returns how the number of unread messages reads, or "" if there are none.
func unreadNumber(count int) string {
	switch {
	case count <= 0:
		return ""
	case count >= sns.UnreadMost:
		return Itoa(sns.UnreadMost-1) + "+"
	}
	return Itoa(int64(count))
}

// Alerts is room/_alerts: of which messages of a room the viewer wants to be told.
type Alerts struct {
	URL     string // of the room
	Choices []AlertsChoice
}

// AlertsChoice is one of the choices of Alerts.
type AlertsChoice struct {
	Value  string
	Text   string
	Chosen bool
}

// Alerts shows the choices.
func (l *Locale) Alerts(room int64, chosen sns.Alerts) Alerts {
	v := Alerts{URL: RoomPath(room)}
	for _, alerts := range sns.AllAlerts {
		v.Choices = append(v.Choices, AlertsChoice{alerts.String(), l.T(alertsKeys[alerts]), alerts == chosen})
	}
	return v
}

// alertsKeys are the keys of the texts of alerts.
var alertsKeys = map[sns.Alerts]string{
	sns.AlertsAll: "room.alerts_all", sns.AlertsMentions: "room.alerts_mentions", sns.AlertsNone: "room.alerts_none",
}
