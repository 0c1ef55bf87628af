package rooms

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// ConfirmEnd asks whether to end a room. The viewer must manage the room.
func (Rooms) ConfirmEnd(r *request.Request) error {
	room, err := loadManagedOpen(r)
	if err != nil {
		return err
	}
	path := view.RoomPath(room.ID)
	return r.Confirm(view.Confirm{
		Title: r.T("room.end_title", "Name", room.Name), Help: r.T("room.end_help", "Count", room.HeadCount), Yes: r.T("room.end"),
		Action: path + "/end", Back: path,
	})
}

// End ends a room for all participants. The viewer must manage the room.
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

// Settle starts the next attempt to save the messages of an ended room now. The viewer
// must manage the room.
func (Rooms) Settle(r *request.Request) error {
	room, err := loadManaged(r)
	if err == nil && !room.Ended() {
		err = sns.ErrNotFound // an open room has no settlement
	}
	if err != nil {
		return err
	}
	err = r.Rooms.Retry(r.Ctx(), room, r.Viewer.User)
	if err != nil && !errors.Is(err, sns.ErrNotFound) { // ErrNotFound: already settled
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(backFrom(r, "", "/desk"), "done.settling")
	}
	settlement, err := r.Store.Settlement(r.Ctx(), room.ID)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_settlement", Data: view.NewSettlement(settlement)}, r.Toast("done.settling"))
}
