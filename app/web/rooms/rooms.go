// Package rooms answers requests about group chat: rooms, their participants and
// messages, transcripts, and the desk of a mentor.
package rooms

import (
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// loadRoom loads the room that the route names, and the viewer's membership. Every
// signed-in user may see the door of every room.
func loadRoom(r *request.Request) (sns.Room, sns.Membership, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.Room{}, sns.Membership{}, err
	}
	return r.Store.Room(r.Ctx(), id, r.Viewer.ID)
}

// loadReadable is loadRoom, and returns request.ErrOutside unless the viewer may read
// the conversation.
func loadReadable(r *request.Request) (sns.Room, sns.Membership, error) {
	room, membership, err := loadRoom(r)
	if err == nil && !room.MayRead(r.Viewer.User, membership) {
		err = request.ErrOutside
	}
	return room, membership, err
}

// loadInside is loadRoom, and returns sns.ErrRoomEnded unless the room is open, or
// request.ErrOutside unless the viewer is inside.
func loadInside(r *request.Request) (sns.Room, sns.Membership, error) {
	room, membership, err := loadRoom(r)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err == nil && !membership.Inside {
		err = request.ErrOutside
	}
	return room, membership, err
}

// loadManaged is loadRoom, and returns request.ErrNotMentor unless the viewer manages
// the room.
func loadManaged(r *request.Request) (sns.Room, error) {
	room, _, err := loadRoom(r)
	if err == nil && !room.ManagedBy(r.Viewer.User) {
		err = request.ErrNotMentor
	}
	return room, err
}

// loadManagedOpen is loadManaged, and returns sns.ErrRoomEnded unless the room is open.
func loadManagedOpen(r *request.Request) (sns.Room, error) {
	room, err := loadManaged(r)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	return room, err
}

// requireMentor returns request.ErrNotMentor unless the viewer is a mentor.
func requireMentor(r *request.Request) error {
	if !r.Viewer.Role.Is(sns.RoleMentor) {
		return request.ErrNotMentor
	}
	return nil
}

// roomView shows a room to the viewer.
func roomView(r *request.Request, room sns.Room, membership sns.Membership) view.Room {
	return r.Locale.RoomFor(r.Viewer.User, room, membership, r.Now)
}

// backFrom returns the page to return to after a form was sent: the page where the form
// stood or, if that is unknown or the path form itself, instead.
func backFrom(r *request.Request, form, instead string) string {
	if page := r.From(); page != form && page != "/" {
		return page
	}
	return instead
}
