package rooms

import (
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// ConfirmDelete asks whether to delete a message. The viewer must be allowed to delete
// the message.
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

// Delete replaces a message by a tombstone. The author may delete a message, and so
// may users who manage the room.
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
	return r.Done(view.RoomPath(room.ID), "done.deleted", tombstone(room, seq))
}

// tombstone returns the fragment that replaces the text of a deleted message.
func tombstone(room sns.Room, seq int64) request.Fragment {
	return request.Fragment{Name: "message/_gone", Target: view.MessageBodySelector(room.ID, seq), Swap: "outerHTML"}
}

// loadDeletable loads the room and the seq of the message that the route names. If the
// viewer may neither read nor manage the room, the error is request.ErrOutside; if the
// viewer may read but not delete the message, the error is sns.ErrForbidden.
func loadDeletable(r *request.Request) (sns.Room, int64, error) {
	room, membership, err := loadRoom(r)
	if err == nil && !room.MayRead(r.Viewer.User, membership) && !room.ManagedBy(r.Viewer.User) {
		err = request.ErrOutside
	}
	if err != nil {
		return room, 0, err
	}
	seq, err := r.Number("seq")
	if err != nil {
		return room, 0, err
	}
	m, err := r.Rooms.Message(r.Ctx(), room, seq)
	if err == nil && !room.MayDelete(r.Viewer.User, m) {
		err = sns.ErrForbidden
	}
	return room, seq, err
}
