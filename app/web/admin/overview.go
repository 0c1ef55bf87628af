package admin

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// unsavedRooms is how many of the rooms that are not saved the overview lists.
const unsavedRooms = 20

// Show shows how the community is doing. What waits and which rooms are not saved is as of the
// request; the rest is a minute old at most.
func (Overview) Show(r *request.Request) error {
	o, err := r.Overview.Present(r.Ctx())
	if err != nil {
		return err
	}
	waits, err := r.Waits()
	if err != nil {
		return err
	}
	rooms, err := r.Store.UnsettledRooms(r.Ctx(), unsavedRooms)
	if err != nil {
		return err
	}
	v := r.Locale.Overview(o, r.Now)
	v.Waiting = r.Locale.Waiting(waits)
	for _, room := range rooms {
		v.Rooms = append(v.Rooms, r.Locale.UnsavedRoom(room.Name, room.Settlement, r.Now))
	}
	return r.Page(http.StatusOK, "admin/overview", view.Page{Title: r.T("overview.title"), Nav: "admin", Data: v})
}
