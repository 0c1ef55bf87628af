package view

import (
	"time"

	"xxsns/app/sns"
)

// AdminRoomsPath is the path of the rooms as administrators see them.
const AdminRoomsPath = "/admin/rooms"

// UnsavedRoomsPath is the path of the rooms that have ended and are not saved.
const UnsavedRoomsPath = AdminRoomsPath + "?state=" + string(sns.RoomsUnsaved)

// roomListTexts are the names of the lists of rooms.
var roomListTexts = map[sns.RoomList]string{
	sns.RoomsAll: "rooms.all", sns.RoomsOpen: "rooms.open", sns.RoomsUnsaved: "rooms.unsaved", sns.RoomsEnded: "rooms.ended",
}

// AdminRooms is admin/rooms: a list of rooms.
type AdminRooms struct {
	Tabs    []Tab
	Unsaved bool // the list is that of the rooms that are not saved
	Rows    []AdminRoom
	More    string // URL of the next page, or empty
}

// An AdminRoom is a room in a list of rooms.
type AdminRoom struct {
	Room       Room
	Person     string // path of the page of who leads the room, or empty
	Heads      int    // who are inside or, after the end, who were ever inside
	Lines      string // how many were said, or empty if that is not known now
	Settlement *Settlement
}

// AdminRoomNumbers are the numbers of a room in a list of rooms.
type AdminRoomNumbers struct {
	Lines      map[int64]int64 // of open rooms, unless their buffer cannot be reached
	Heads      map[int64]int   // of ended rooms
	Settlement map[int64]sns.Settlement
}

// AdminRooms returns a page of a list; next is the URL of the next page, or empty.
func (l *Locale) AdminRooms(list sns.RoomList, all []sns.Room, n AdminRoomNumbers, next string, now time.Time) AdminRooms {
	v := AdminRooms{Unsaved: list == sns.RoomsUnsaved, More: next}
	for _, tab := range sns.RoomLists {
		v.Tabs = append(v.Tabs, NewTab(l.T(roomListTexts[tab]), PageURL(AdminRoomsPath, "state", string(tab)), tab == list))
	}
	for _, r := range all {
		v.Rows = append(v.Rows, l.adminRoom(r, n, now))
	}
	return v
}

func (l *Locale) adminRoom(r sns.Room, n AdminRoomNumbers, now time.Time) AdminRoom {
	v := AdminRoom{Room: l.Room(r, now), Heads: r.HeadCount}
	if !r.Mentor.Deleted() {
		v.Person = PersonPath(r.Mentor.ID)
	}
	lines, known := n.Lines[r.ID]
	if s, ended := n.Settlement[r.ID]; ended {
		settlement := NewSettlementFor(s, true)
		v.Heads, v.Settlement = n.Heads[r.ID], &settlement
		lines, known = s.Total, s.Total > 0 || s.Done()
	}
	if known {
		v.Lines = l.T("desk.messages", "Count", Grouped(lines))
	}
	return v
}
