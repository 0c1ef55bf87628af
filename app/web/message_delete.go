package web

import (
	"net/http"
	"strconv"

	"xxsns/app/sns"
)

// messageSeq is the number of the route's message.
func (r *request) messageSeq() (int64, error) {
	seq, err := strconv.ParseInt(r.Param("seq"), 10, 64)
	if err != nil || seq < 1 {
		return 0, sns.ErrNotFound
	}
	return seq, nil
}

// deletableMessage is the route's message, for who may delete it.
func (r *request) deletableMessage() (sns.Room, int64, error) {
	room, standing, err := r.room()
	if err == nil && !room.MayRead(r.viewer.User, standing) && !room.ManagedBy(r.viewer.User) {
		err = errOutside
	}
	if err != nil {
		return room, 0, err
	}
	seq, err := r.messageSeq()
	if err != nil {
		return room, 0, err
	}
	m, err := r.Rooms.Message(r.ctx(), room, seq)
	if err == nil && !room.MayDelete(r.viewer.User, m) {
		err = sns.ErrForbidden
	}
	return room, seq, err
}

// showDeleteMessage asks whether a message is to be deleted.
func (r *request) showDeleteMessage() error {
	room, seq, err := r.deletableMessage()
	if err != nil {
		return err
	}
	path := "/rooms/" + itoa(room.ID)
	return r.confirm(confirmView{
		Title: r.T("message.delete_title"), Help: r.T("message.delete_help"), Yes: r.T("message.delete"),
		Action: path + "/messages/" + itoa(seq) + "/delete", Back: path,
	})
}

// deleteMessage empties a message; its place stays.
func (r *request) deleteMessage() error {
	room, seq, err := r.deletableMessage()
	if err != nil {
		return err
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	if err := r.Rooms.Erase(r.ctx(), room, r.viewer.User, seq); err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/rooms/"+itoa(room.ID), "done.deleted")
	}
	return r.fragments(http.StatusOK, part{
		name: "message/_gone", target: messageBody(room.ID, seq), swap: "outerHTML",
	}, r.toast("done.deleted"))
}

// messageBody selects what a message says.
func messageBody(room, seq int64) string {
	return "#message-" + itoa(room) + "-" + itoa(seq) + " .message-body"
}
