package rooms

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Enter seats the viewer; who is inside goes back in. A full or ended room
// answers with its door, which says so, and one they were removed from.
func (Participants) Enter(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitEnter); err != nil {
		return err
	}
	_, err = r.Rooms.Enter(r.Ctx(), id, r.Viewer.User)
	status := request.StatusOf(err)
	if err != nil && !r.HTMX() && (status == http.StatusConflict || status == http.StatusForbidden) {
		room, standing, err := loadRoom(r) // as it is now
		if err != nil {
			return err
		}
		return doorPage(r, status, room, standing)
	}
	if errors.Is(err, sns.ErrForbidden) {
		return request.ErrOutside
	}
	if err != nil {
		return err
	}
	return r.Redirect(view.RoomPath(id))
}

// ConfirmLeave asks whether one wants to give one's seat back.
func (Participants) ConfirmLeave(r *request.Request) error {
	room, standing, err := loadRoom(r)
	if err != nil {
		return err
	}
	path := view.RoomPath(room.ID)
	if !standing.Inside || room.Ended() {
		return r.Redirect(path)
	}
	return r.Confirm(view.Confirm{
		Title: r.T("room.leave_title", "Name", room.Name), Help: r.T("room.leave_help"), Yes: r.T("room.leave"),
		Action: path + "/leave", Back: path,
	})
}

// Leave gives the viewer's seat back.
func (Participants) Leave(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	if err := r.Rooms.Leave(r.Ctx(), id, r.Viewer.User); err != nil {
		return err
	}
	return r.RedirectWithToast("/rooms", "done.room_left")
}

// Wait makes the viewer be told when a seat is free, or not.
func (Participants) Wait(r *request.Request) error {
	room, standing, err := loadRoom(r)
	if err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.Value("on"))
	if err != nil {
		return request.ErrBadRequest
	}
	if on && standing.Removed {
		return request.ErrOutside
	}
	if err := r.Limit(request.LimitEnter); err != nil {
		return err
	}
	if err := r.Rooms.Wait(r.Ctx(), room.ID, r.Viewer.ID, on); err != nil {
		return err
	}
	key := "done.waiting"
	if !on {
		key = "done.not_waiting"
	}
	if !r.Partial() {
		return r.RedirectWithToast(backFrom(r, "", view.RoomPath(room.ID)), key)
	}
	standing.Waiting = on
	v := r.Locale.RoomFor(r.Viewer.User, room, standing, r.Now)
	return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_enter", Data: v},
		request.Fragment{Name: "room/_door", Data: v, Target: "#door-" + view.Itoa(room.ID), Swap: "outerHTML"}, r.Toast(key))
}

// loadParticipant is the user that the route names.
func loadParticipant(r *request.Request, room sns.Room) (sns.User, error) {
	id, err := strconv.ParseInt(r.Param("user_id"), 10, 64)
	if err != nil || id < 1 {
		return sns.User{}, sns.ErrNotFound
	}
	people, err := r.Store.Participants(r.Ctx(), room.ID)
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

// loadManagedParticipant is a room with one of its participants, for who manages
// it.
func loadManagedParticipant(r *request.Request) (sns.Room, sns.User, error) {
	room, err := loadManaged(r)
	if err != nil {
		return room, sns.User{}, err
	}
	user, err := loadParticipant(r, room)
	return room, user, err
}

// ConfirmRemove asks whether somebody is to be removed.
func (Participants) ConfirmRemove(r *request.Request) error {
	room, user, err := loadManagedParticipant(r)
	switch {
	case err != nil:
		return err
	case room.Ended():
		return sns.ErrRoomEnded
	case user.ID == room.Mentor.ID:
		return sns.ErrForbidden
	}
	path := view.RoomPath(room.ID)
	return r.Confirm(view.Confirm{
		Title: r.T("room.remove_title", "Name", r.Locale.Name(user)), Help: r.T("room.remove_help"), Yes: r.T("room.remove"),
		Action: path + "/participants/" + view.Itoa(user.ID) + "/remove", Back: path,
	})
}

// Remove takes somebody's seat; they may not come back.
func (Participants) Remove(r *request.Request) error {
	room, user, err := loadManagedParticipant(r)
	if err != nil {
		return err
	}
	if err := r.Rooms.Remove(r.Ctx(), room, r.Viewer.User, user); err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(backFrom(r, r.Request.URL.Path, view.RoomPath(room.ID)), "done.removed")
	}
	return r.Fragments(http.StatusOK, request.Fragment{Target: "#participant-" + view.Itoa(user.ID), Swap: "delete"}, r.Toast("done.removed"))
}

// Restore lets somebody who was removed come back.
func (Participants) Restore(r *request.Request) error {
	room, user, err := loadManagedParticipant(r)
	if err != nil {
		return err
	}
	if err := r.Rooms.Restore(r.Ctx(), room, r.Viewer.User, user.ID); err != nil {
		return err
	}
	return r.RedirectWithToast(backFrom(r, "", "/desk"), "done.restored")
}

// inside are the people who are in a room, its mentor first.
func inside(r *request.Request, room sns.Room) ([]view.Participant, error) {
	return participants(r, room, func(p sns.Participant) bool { return p.ExitedAt.IsZero() })
}

func participants(r *request.Request, room sns.Room, which func(sns.Participant) bool) ([]view.Participant, error) {
	people, err := r.Store.Participants(r.Ctx(), room.ID)
	if err != nil {
		return nil, err
	}
	online := r.Rooms.Online(room.ID)
	var all []view.Participant
	for _, p := range people {
		if which(p) {
			all = append(all, r.Locale.Participant(room, p.User, online[p.User.ID]))
		}
	}
	return all, nil
}
