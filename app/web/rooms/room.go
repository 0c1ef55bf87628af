package rooms

import (
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

// RoomsPerPage is how many open rooms List shows at once.
const RoomsPerPage = 30

// List shows the open rooms, newest first: all of them, or those whose topic or mentor
// matches ?q=.
func (Rooms) List(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	v := view.Rooms{Query: searchQuery(r), Open: r.Viewer.Role.Is(sns.RoleMentor)}
	rooms, err := r.Store.Rooms(r.Ctx(), store.RoomFilter{Viewer: r.Viewer.ID, Query: v.Query, Before: before, Limit: RoomsPerPage + 1})
	if err != nil {
		return err
	}
	rooms, more := view.Cut(rooms, RoomsPerPage)
	if more {
		v.More = "/rooms?before=" + view.Itoa(rooms[len(rooms)-1].ID) + "&q=" + url.QueryEscape(v.Query)
	}
	for _, room := range rooms {
		v.Rooms = append(v.Rooms, roomView(r, room.Room, room.Membership))
	}
	if r.Partial() { // more rooms, below those that the page shows
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

// Show shows a room. Viewers who may read the conversation get the conversation or, with
// ?q=, the messages that match; all other viewers get the door.
func (Rooms) Show(r *request.Request) error {
	room, membership, err := loadRoom(r)
	if err != nil {
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

// conversationPage shows the messages of a room to a viewer who may read the conversation.
func conversationPage(r *request.Request, room sns.Room, membership sns.Membership) error {
	if room.Ended() {
		return transcriptPage(r, room, membership)
	}
	return chatPage(r, http.StatusOK, room, membership, newMessageForm(room))
}

// doorPage shows the outside of a room: the topic, the participants inside, and how
// the viewer gets in, or why not.
func doorPage(r *request.Request, status int, room sns.Room, membership sns.Membership) error {
	v := view.Door{Room: roomView(r, room, membership)}
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
