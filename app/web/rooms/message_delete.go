package rooms

import (
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// messageSeq is the number of the route's message.
func messageSeq(r *request.Request) (int64, error) {
	seq, err := strconv.ParseInt(r.Param("seq"), 10, 64)
	if err != nil || seq < 1 {
		return 0, sns.ErrNotFound
	}
	return seq, nil
}

// loadDeletable is the route's message, for who may delete it.
func loadDeletable(r *request.Request) (sns.Room, int64, error) {
	room, standing, err := loadRoom(r)
	if err == nil && !room.MayRead(r.Viewer.User, standing) && !room.ManagedBy(r.Viewer.User) {
		err = request.ErrOutside
	}
	if err != nil {
		return room, 0, err
	}
	seq, err := messageSeq(r)
	if err != nil {
		return room, 0, err
	}
	m, err := r.Rooms.Message(r.Ctx(), room, seq)
	if err == nil && !room.MayDelete(r.Viewer.User, m) {
		err = sns.ErrForbidden
	}
	return room, seq, err
}

// ConfirmDelete asks whether a message is to be deleted.
func (Messages) ConfirmDelete(r *request.Request) error {
	room, seq, err := loadDeletable(r)
	if err != nil {
		return err
	}
	path := view.RoomPath(room.ID)
	return r.Confirm(view.Confirm{
		Title: r.T("message.delete_title"), Help: r.T("message.delete_help"), Yes: r.T("message.delete"),
		Action: path + "/messages/" + view.Itoa(seq) + "/delete", Back: path,
	})
}

// Delete empties a message; its place stays.
func (Messages) Delete(r *request.Request) error {
	room, seq, err := loadDeletable(r)
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	if err := r.Rooms.Erase(r.Ctx(), room, r.Viewer.User, seq); err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.RoomPath(room.ID), "done.deleted")
	}
	return r.Fragments(http.StatusOK, request.Fragment{
		Name: "message/_gone", Target: view.MessageBodySelector(room.ID, seq), Swap: "outerHTML",
	}, r.Toast("done.deleted"))
}
