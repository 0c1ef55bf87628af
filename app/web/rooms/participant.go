package rooms

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Participants has the handlers of seats: users enter and leave a room, or wait for a
// free seat, and the mentor removes and restores participants.
type Participants struct{}

// Enter gives the viewer a seat. A viewer who has a seat keeps the seat.
func (Participants) Enter(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitEnter); err != nil {
		return err
	}
	if _, err := r.Rooms.Enter(r.Ctx(), id, r.Viewer.User); err != nil {
		return noSeat(r, err)
	}
	return r.Redirect(view.RoomPath(id))
}

// noSeat answers a viewer who got no seat. A plain form gets the door, which says why,
// if the room is full or has ended, or the viewer was removed from the room.
func noSeat(r *request.Request, err error) error {
	status := request.StatusOf(err)
	if !r.HTMX() && (status == http.StatusConflict || status == http.StatusForbidden) {
		room, membership, err := loadRoom(r)
		if err != nil {
			return err
		}
		return doorPage(r, status, room, membership)
	}
	if errors.Is(err, sns.ErrForbidden) {
		return request.ErrOutside
	}
	return err
}

// ConfirmLeave asks the viewer whether to leave the room.
func (Participants) ConfirmLeave(r *request.Request) error {
	room, membership, err := loadRoom(r)
	if err != nil {
		return err
	}
	path := view.RoomPath(room.ID)
	if !membership.Inside || room.Ended() {
		return r.Redirect(path)
	}
	return r.Confirm(view.Confirm{
		Title: r.T("room.leave_title", "Name", room.Name), Help: r.T("room.leave_help"), Yes: r.T("room.leave"),
		Action: path + "/leave", Back: path,
	})
}

// Leave gives up the viewer's seat.
func (Participants) Leave(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	if err := r.Rooms.Leave(r.Ctx(), id, r.Viewer.User); err != nil {
		return err
	}
	return r.RedirectWithToast("/rooms", "done.room_left")
}

// Wait sets whether the viewer is told when a seat is free.
func (Participants) Wait(r *request.Request) error {
	room, membership, err := loadRoom(r)
	if err != nil {
		return err
	}
	on, err := r.Bool("on")
	if err != nil {
		return err
	}
	if on && membership.Removed {
		return request.ErrOutside
	}
	if err := r.Limit(request.LimitEnter); err != nil {
		return err
	}
	if err := r.Rooms.Wait(r.Ctx(), room.ID, r.Viewer.ID, on); err != nil {
		return err
	}
	membership.Waiting = on
	toast := "done.waiting"
	if !on {
		toast = "done.not_waiting"
	}
	v := roomView(r, room, membership)
	return r.Done(backFrom(r, "", view.RoomPath(room.ID)), toast,
		request.Fragment{Name: "room/_enter", Data: v},
		request.Fragment{Name: "room/_door", Data: v, Target: "#door-" + view.Itoa(room.ID), Swap: "outerHTML"})
}

// ConfirmRemove asks whether to remove a participant. The viewer must manage the room.
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

// Remove takes the seat of a participant and bars the participant from entering until
// Restore. The viewer must manage the room.
func (Participants) Remove(r *request.Request) error {
	room, user, err := loadManagedParticipant(r)
	if err != nil {
		return err
	}
	if err := r.Rooms.Remove(r.Ctx(), room, r.Viewer.User, user); err != nil {
		return err
	}
	page := backFrom(r, r.Request.URL.Path, view.RoomPath(room.ID))
	return r.Done(page, "done.removed", request.Remove(view.ParticipantSelector(user.ID)))
}

// Restore lets a removed participant enter again. The viewer must manage the room.
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

// loadManagedParticipant loads the room and the participant that the route names, for
// viewers who manage the room. Users who were never inside are sns.ErrNotFound.
func loadManagedParticipant(r *request.Request) (sns.Room, sns.User, error) {
	room, err := loadManaged(r)
	if err != nil {
		return room, sns.User{}, err
	}
	id, err := r.Number("user_id")
	if err != nil {
		return room, sns.User{}, err
	}
	participants, err := r.Store.Participants(r.Ctx(), room.ID)
	if err != nil {
		return room, sns.User{}, err
	}
	for _, p := range participants {
		if p.User.ID == id {
			return room, p.User, nil
		}
	}
	return room, sns.User{}, sns.ErrNotFound
}

// participantViews shows the participants that include selects, the mentor first.
func participantViews(r *request.Request, room sns.Room, include func(sns.Participant) bool) ([]view.Participant, error) {
	participants, err := r.Store.Participants(r.Ctx(), room.ID)
	if err != nil {
		return nil, err
	}
	online := r.Rooms.Online(room.ID)
	var views []view.Participant
	for _, p := range participants {
		if include(p) {
			views = append(views, r.Locale.Participant(room, p.User, online[p.User.ID]))
		}
	}
	return views, nil
}
