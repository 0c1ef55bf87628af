package rooms

import (
	"math"
	"net/http"
	"net/url"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Rooms has the handlers of rooms as a whole: mentors open, change, end and settle
// rooms, and all users find open rooms in a list.
type Rooms struct{}

// The list shows RoomsPerPage open rooms at once, and PastPerPage past rooms.
const (
	RoomsPerPage = 30
	PastPerPage  = 10
)

// List shows the viewer's open rooms, other open rooms, newest first, and the viewer's
// past rooms. With ?q=, List shows the open rooms whose topic or mentor matches; with
// ?before= more of the other open rooms, and with ?past= more past rooms.
func (Rooms) List(r *request.Request) error {
	v, err := roomList(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_list", Data: v})
	}
	freed, err := r.Store.FreedRooms(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	for _, room := range freed {
		v.Freed = append(v.Freed, roomView(r, room, sns.Membership{}))
	}
	return r.Page(http.StatusOK, "room/list", view.Page{Title: r.T("room.list"), Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// roomList loads the rooms that List shows.
func roomList(r *request.Request) (v view.Rooms, err error) {
	before, err := r.Cursor("before")
	if err != nil {
		return v, err
	}
	past, err := r.Cursor("past")
	if err != nil {
		return v, err
	}
	v = view.Rooms{Query: searchQuery(r), Open: r.Viewer.Role.Is(sns.RoleMentor), Only: past > 0}
	first := v.Query == "" && before == 0
	if first && !v.Only {
		v.Mine, err = mine(r)
	}
	if err == nil && !v.Only {
		err = addOtherRooms(r, &v, before)
	}
	if err != nil || !first {
		return v, err
	}
	ended, err := r.Store.PastRooms(r.Ctx(), r.Viewer.ID, past, PastPerPage+1)
	if err != nil {
		return v, err
	}
	v.Past, err = r.Locale.Past(ended, PastPerPage, r.Now)
	return v, err
}

// mine shows the open rooms in which the viewer has a seat, with what is unread there.
func mine(r *request.Request) (*view.List, error) {
	rooms, err := r.Store.Rooms(r.Ctx(), store.RoomFilter{Viewer: r.Viewer.ID, Mine: true, Limit: maxOpenRooms})
	if err != nil || len(rooms) == 0 {
		return nil, err
	}
	if err := r.Rooms.NameSpeakers(r.Ctx(), r.UnreadRooms()); err != nil {
		return nil, err
	}
	mine := make([]view.MyRoom, len(rooms))
	for i, room := range rooms {
		unread := r.UnreadIn(room.ID)
		mine[i] = view.MyRoom{Room: room, Unread: unread.Count, Last: unread.Last}
	}
	return r.Locale.MyRooms(mine, r.Now)
}

// addOtherRooms adds a page of open rooms: those in which the viewer has no seat or, in a
// search, all that match.
func addOtherRooms(r *request.Request, v *view.Rooms, before int64) error {
	rooms, err := r.Store.Rooms(r.Ctx(), store.RoomFilter{
		Viewer: r.Viewer.ID, Others: v.Query == "", Query: v.Query, Before: before, Limit: RoomsPerPage + 1,
	})
	if err != nil {
		return err
	}
	rooms, more := view.Cut(rooms, RoomsPerPage)
	if more {
		v.More = "/rooms?before=" + view.Itoa(rooms[len(rooms)-1].ID) + "&q=" + url.QueryEscape(v.Query)
	}
	v.Rooms, err = r.Locale.OpenRooms(rooms, r.Now)
	return err
}

// Show shows a room. Viewers who may read the conversation get the conversation or, with
// ?q=, the messages that match; all other viewers get the door.
func (Rooms) Show(r *request.Request) error {
	room, membership, err := loadRoom(r)
	if err != nil {
		return err
	}
	if err := r.Store.ReadRoom(r.Ctx(), r.Viewer.ID, room.ID, seenIn(room)); err != nil {
		return err
	}
	searches := searchQuery(r) != ""
	switch {
	case room.MayRead(r.Viewer.User, membership) && searches:
		return searchPage(r, room, membership)
	case room.MayRead(r.Viewer.User, membership):
		return conversationPage(r, room, membership)
	case searches && r.Partial(): // from the page of a room that the viewer has left
		return request.ErrOutside
	}
	return doorPage(r, http.StatusOK, room, membership)
}

// seenIn returns the seq up to which opening the page of a room reads the notices of mentions:
// in an open room, the page tells what was seen.
func seenIn(room sns.Room) int64 {
	if room.Ended() {
		return math.MaxInt64
	}
	return 0
}

// conversationPage shows the messages of a room to a viewer who may read the conversation.
func conversationPage(r *request.Request, room sns.Room, membership sns.Membership) error {
	if room.Ended() {
		return transcriptPage(r, room, membership)
	}
	return chatPage(r, http.StatusOK, room, membership, newMessageForm(room))
}

// doorPage shows the outside of a room: the topic, the notice, how lively the room is,
// the participants inside, and how the viewer gets in, or why not.
func doorPage(r *request.Request, status int, room sns.Room, membership sns.Membership) error {
	v := view.Door{Room: roomView(r, room, membership)}
	if !room.Ended() && !membership.Removed {
		v.Notice, v.Today = r.Locale.Notice(room, r.Now), today(r, room)
	}
	participants, err := r.Store.Participants(r.Ctx(), room.ID)
	if err != nil {
		return err
	}
	for _, p := range participants {
		if p.Inside() {
			v.People = append(v.People, r.Locale.Author(p.User))
		}
	}
	return r.Page(status, "room/door", view.Page{Title: room.Name, Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// mostToday is the largest number of messages of a day that a door counts exactly.
const mostToday = 200

// today returns how many messages were said in a room today, in words, or "" if the
// buffer cannot be reached.
func today(r *request.Request, room sns.Room) string {
	count, err := r.Rooms.CountSince(r.Ctx(), room, r.Locale.Midnight(r.Now), mostToday)
	switch {
	case err != nil:
		r.Warn("messages not counted", err)
		return ""
	case count == 0:
		return r.T("room.today_none")
	case count == mostToday:
		return r.T("room.today_many", "Count", count)
	}
	return r.T("room.today", "Count", count)
}
