package admin

import (
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// RoomsPerPage is how many rooms a page lists.
const RoomsPerPage = 30

// List lists all rooms, with ?state=open, unsaved or ended those of a kind.
func (Rooms) List(r *request.Request) error {
	from, err := r.Cursor("from")
	if err != nil {
		return err
	}
	p := sns.RoomPage{List: sns.RoomList(r.Query("state")), From: from, Limit: RoomsPerPage + 1}
	if !slices.Contains(sns.RoomLists, p.List) {
		p.List = sns.RoomsAll
	}
	all, err := r.Store.AllRooms(r.Ctx(), p)
	if err != nil {
		return err
	}
	next := ""
	all, more := view.Cut(all, RoomsPerPage)
	if more {
		next = view.PageURL(view.AdminRoomsPath, "state", string(p.List), "from", view.Itoa(all[len(all)-1].ID))
	}
	numbers, err := roomNumbers(r, all)
	if err != nil {
		return err
	}
	v := r.Locale.AdminRooms(p.List, all, numbers, next, r.Now)
	return r.Page(http.StatusOK, "admin/rooms", view.Page{Title: r.T("rooms.title"), Nav: "admin", Data: v})
}

// roomNumbers returns the numbers of rooms.
func roomNumbers(r *request.Request, all []sns.Room) (n view.AdminRoomNumbers, err error) {
	var open []sns.Room
	var ended []int64
	for _, room := range all {
		if room.Ended() {
			ended = append(ended, room.ID)
		} else {
			open = append(open, room)
		}
	}
	if n.Lines, err = r.Rooms.Spills.CountLines(r.Ctx(), open); err != nil {
		return n, err
	}
	if n.Heads, err = r.Store.CountParticipants(r.Ctx(), ended); err != nil {
		return n, err
	}
	n.Settlement, err = r.Store.Settlements(r.Ctx(), ended)
	return n, err
}
