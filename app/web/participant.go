package web

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/sns"
)

// enterRoom seats the viewer; who is inside goes back in. A full or ended room
// answers with its door, which says so, and one they were removed from.
func (r *request) enterRoom() error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := r.limit(limitEnter); err != nil {
		return err
	}
	_, err = r.Rooms.Enter(r.ctx(), id, r.viewer.User)
	status := problemOf(err).status
	if err != nil && !r.htmx() && (status == http.StatusConflict || status == http.StatusForbidden) {
		room, standing, err := r.room() // as it is now
		if err != nil {
			return err
		}
		return r.doorPage(status, room, standing)
	}
	if errors.Is(err, sns.ErrForbidden) {
		return errOutside
	}
	if err != nil {
		return err
	}
	return r.redirect("/rooms/" + itoa(id))
}

// showLeaveRoom asks whether one wants to give one's seat back.
func (r *request) showLeaveRoom() error {
	room, standing, err := r.room()
	if err != nil {
		return err
	}
	path := "/rooms/" + itoa(room.ID)
	if !standing.Inside || room.Ended() {
		return r.redirect(path)
	}
	return r.confirm(confirmView{
		Title: r.T("room.leave_title", "Name", room.Name), Help: r.T("room.leave_help"), Yes: r.T("room.leave"),
		Action: path + "/leave", Back: path,
	})
}

// leaveRoom gives the viewer's seat back.
func (r *request) leaveRoom() error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := r.Rooms.Leave(r.ctx(), id, r.viewer.User); err != nil {
		return err
	}
	return r.redirectSaying("/rooms", "done.room_left")
}

// waitForSeat makes the viewer be told when a seat is free, or not.
func (r *request) waitForSeat() error {
	if err := r.parse(); err != nil {
		return err
	}
	room, standing, err := r.room()
	if err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.value("on"))
	if err != nil {
		return errBadRequest
	}
	if on && standing.Removed {
		return errOutside
	}
	if err := r.limit(limitEnter); err != nil {
		return err
	}
	if err := r.Rooms.Wait(r.ctx(), room.ID, r.viewer.ID, on); err != nil {
		return err
	}
	key := "done.waiting"
	if !on {
		key = "done.not_waiting"
	}
	if !r.partial() {
		return r.redirectSaying(r.backFrom("", "/rooms/"+itoa(room.ID)), key)
	}
	standing.Waiting = on
	v := r.locale.viewRoomFor(r.viewer.User, room, standing, r.now)
	return r.fragments(http.StatusOK, part{name: "room/_enter", data: v},
		part{name: "room/_door", data: v, target: "#door-" + itoa(room.ID), swap: "outerHTML"}, r.toast(key))
}

// participant is the user that the route names.
func (r *request) participant(room sns.Room) (sns.User, error) {
	id, err := strconv.ParseInt(r.Param("user_id"), 10, 64)
	if err != nil || id < 1 {
		return sns.User{}, sns.ErrNotFound
	}
	people, err := r.Store.Participants(r.ctx(), room.ID)
	if err != nil {
		return sns.User{}, err
	}
	for _, p := range people {
		if p.User.ID == id {
			return p.User, nil
		}
	}
	return sns.User{}, sns.ErrNotFound
}

// managedParticipant is a room with one of its participants, for who manages
// it.
func (r *request) managedParticipant() (sns.Room, sns.User, error) {
	room, err := r.managedRoom()
	if err != nil {
		return room, sns.User{}, err
	}
	user, err := r.participant(room)
	return room, user, err
}

// showRemoveParticipant asks whether somebody is to be removed.
func (r *request) showRemoveParticipant() error {
	room, user, err := r.managedParticipant()
	switch {
	case err != nil:
		return err
	case room.Ended():
		return sns.ErrRoomEnded
	case user.ID == room.Mentor.ID:
		return sns.ErrForbidden
	}
	path := "/rooms/" + itoa(room.ID)
	return r.confirm(confirmView{
		Title: r.T("room.remove_title", "Name", r.locale.nameOf(user)), Help: r.T("room.remove_help"), Yes: r.T("room.remove"),
		Action: path + "/participants/" + itoa(user.ID) + "/remove", Back: path,
	})
}

// removeParticipant takes somebody's seat; they may not come back.
func (r *request) removeParticipant() error {
	room, user, err := r.managedParticipant()
	if err != nil {
		return err
	}
	if err := r.Rooms.Remove(r.ctx(), room, r.viewer.User, user); err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying(r.backFrom(r.Request.URL.Path, "/rooms/"+itoa(room.ID)), "done.removed")
	}
	return r.fragments(http.StatusOK, part{target: "#participant-" + itoa(user.ID), swap: "delete"}, r.toast("done.removed"))
}

// restoreParticipant lets somebody who was removed come back.
func (r *request) restoreParticipant() error {
	room, user, err := r.managedParticipant()
	if err != nil {
		return err
	}
	if err := r.Rooms.Restore(r.ctx(), room, r.viewer.User, user.ID); err != nil {
		return err
	}
	return r.redirectSaying(r.backFrom("", "/desk"), "done.restored")
}

// inside are the people who are in a room, its mentor first.
func (r *request) inside(room sns.Room) ([]participantView, error) {
	return r.people(room, func(p sns.Participant) bool { return p.ExitedAt.IsZero() })
}

func (r *request) people(room sns.Room, which func(sns.Participant) bool) ([]participantView, error) {
	people, err := r.Store.Participants(r.ctx(), room.ID)
	if err != nil {
		return nil, err
	}
	online := r.Rooms.Online(room.ID)
	var all []participantView
	for _, p := range people {
		if which(p) {
			all = append(all, r.locale.viewParticipant(room, p.User, online[p.User.ID]))
		}
	}
	return all, nil
}

func (l *Locale) viewParticipant(room sns.Room, u sns.User, online bool) participantView {
	return participantView{Room: room.ID, Author: l.viewAuthor(u), Online: online, Leads: u.ID == room.Mentor.ID}
}
