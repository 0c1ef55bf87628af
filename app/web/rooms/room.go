package rooms

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// RoomsPerPage is how many rooms are shown at once.
const RoomsPerPage = 30

// searchMax bounds what one may search for, in bytes.
const searchMax = 400

// searchQuery is what one searches for, as texts are kept.
func searchQuery(r *request.Request) string {
	q := r.Query("q")
	return strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(q[:min(len(q), searchMax)], "")))
}

// List lists the open rooms, newest first: those that match ?q=, by topic
// or mentor.
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
	if len(rooms) > RoomsPerPage {
		rooms = rooms[:RoomsPerPage]
		v.More = "/rooms?before=" + view.Itoa(rooms[RoomsPerPage-1].ID) + "&q=" + url.QueryEscape(v.Query)
	}
	for _, room := range rooms {
		v.Rooms = append(v.Rooms, r.Locale.RoomFor(r.Viewer.User, room.Room, room.Standing, r.Now))
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_list", Data: v})
	}
	freed, err := r.Store.FreedRooms(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	for _, room := range freed {
		v.Freed = append(v.Freed, r.Locale.RoomFor(r.Viewer.User, room, sns.Standing{}, r.Now))
	}
	return r.Page(http.StatusOK, "room/list", view.Page{Title: r.T("room.list"), Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// loadRoom loads the room of the route through the viewer. Everybody who is signed
// in may see its door.
func loadRoom(r *request.Request) (sns.Room, sns.Standing, error) {
	id, err := r.ID()
	if err != nil {
		return sns.Room{}, sns.Standing{}, err
	}
	return r.Store.Room(r.Ctx(), id, r.Viewer.ID)
}

// loadReadable is room, for who may read what is said in it.
func loadReadable(r *request.Request) (sns.Room, error) {
	room, standing, err := loadRoom(r)
	if err == nil && !room.MayRead(r.Viewer.User, standing) {
		err = request.ErrOutside
	}
	return room, err
}

// loadManaged is room, for who manages it.
func loadManaged(r *request.Request) (sns.Room, error) {
	room, _, err := loadRoom(r)
	if err == nil && !room.ManagedBy(r.Viewer.User) {
		err = request.ErrNotMentor
	}
	return room, err
}

// Show shows a room: the conversation to who is inside, the transcript to
// who was, and the door to everybody else.
func (Rooms) Show(r *request.Request) error {
	room, standing, err := loadRoom(r)
	if err != nil {
		return err
	}
	switch reads := room.MayRead(r.Viewer.User, standing); {
	case reads && searchQuery(r) != "":
		return searchPage(r, room, standing)
	case reads && room.Ended():
		return transcriptPage(r, room, standing)
	case reads:
		return chatPage(r, http.StatusOK, room, standing, nil)
	}
	return doorPage(r, http.StatusOK, room, standing)
}

// doorPage shows a room to who is outside: what it is about, who is in it, and
// why one cannot enter.
func doorPage(r *request.Request, status int, room sns.Room, standing sns.Standing) error {
	v := view.Door{Room: r.Locale.RoomFor(r.Viewer.User, room, standing, r.Now)}
	people, err := r.Store.Participants(r.Ctx(), room.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ExitedAt.IsZero() {
			v.People = append(v.People, r.Locale.Author(p.User))
		}
	}
	return r.Page(status, "room/door", view.Page{Title: room.Name, Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// ConfirmEnd asks whether a room is to be ended.
func (Rooms) ConfirmEnd(r *request.Request) error {
	room, err := loadManaged(r)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err != nil {
		return err
	}
	path := view.RoomPath(room.ID)
	return r.Confirm(view.Confirm{
		Title: r.T("room.end_title", "Name", room.Name), Help: r.T("room.end_help", "Count", room.HeadCount), Yes: r.T("room.end"),
		Action: path + "/end", Back: path,
	})
}

// End ends a room for all.
func (Rooms) End(r *request.Request) error {
	room, err := loadManaged(r)
	if err != nil {
		return err
	}
	if err := r.Rooms.End(r.Ctx(), room, r.Viewer.User); err != nil {
		return err
	}
	return r.RedirectWithToast(view.RoomPath(room.ID), "done.room_ended")
}

// Settle tries again now to save an ended room.
func (Rooms) Settle(r *request.Request) error {
	room, err := loadManaged(r)
	if err == nil && !room.Ended() {
		err = sns.ErrNotFound // there is nothing to save yet
	}
	if err != nil {
		return err
	}
	if err := r.Rooms.Retry(r.Ctx(), room, r.Viewer.User); err != nil && !errors.Is(err, sns.ErrNotFound) { // done meanwhile
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(backFrom(r, "", "/desk"), "done.settling")
	}
	s, err := r.Store.Settlement(r.Ctx(), room.ID)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_settlement", Data: view.NewSettlement(s)}, r.Toast("done.settling"))
}
