package rooms

import (
	"crypto/rand"
	"net/http"
	"slices"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form of a new room.
func (Rooms) New(r *request.Request) error {
	if !r.Viewer.Role.Is(sns.RoleMentor) {
		return request.ErrNotMentor
	}
	offered := sns.RoomLimits(r.RoomMaxLimit)
	return newRoomPage(r, http.StatusOK, view.NewForm("user_limit", view.Itoa(int64(offered[len(offered)/2]))))
}

func newRoomPage(r *request.Request, status int, f view.Form) error {
	v := view.RoomForm{
		Action: "/rooms", Back: "/rooms", New: true, Form: f, Key: rand.Text(),
		Limits: seatChoices(r, f, sns.Room{}), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "room/_form", Data: v})
	}
	return r.Page(status, "room/new", view.Page{Title: r.T("room.new"), Nav: "rooms", Data: v})
}

// seatChoices offers numbers of seats, that of the room included.
func seatChoices(r *request.Request, f view.Form, room sns.Room) []view.SeatChoice {
	offered := sns.RoomLimits(r.RoomMaxLimit)
	if room.UserLimit > 0 && !slices.Contains(offered, room.UserLimit) {
		offered = append(offered, room.UserLimit)
		slices.Sort(offered)
	}
	all := make([]view.SeatChoice, len(offered))
	for i, n := range offered {
		all[i] = view.SeatChoice{Seats: n, Chosen: f.Field("user_limit").Value == view.Itoa(int64(n)), TooFew: n < room.HeadCount}
	}
	return all
}

// Create opens a room with the mentor inside.
func (Rooms) Create(r *request.Request) error {
	if !r.Viewer.Role.Is(sns.RoleMentor) {
		return request.ErrNotMentor
	}
	id, err := openRoom(r)
	if inv, status := r.Problems(err); inv != nil {
		return newRoomPage(r, status, view.NewForm("name", r.Value("name"), "user_limit", r.Value("user_limit")).WithProblems(r.Locale, inv))
	}
	if err != nil {
		return err
	}
	return r.RedirectWithToast(view.RoomPath(id), "done.room_opened")
}

func openRoom(r *request.Request) (int64, error) {
	key, err := request.FormKey(r.Value("key"))
	if err != nil {
		return 0, err
	}
	change, err := sns.RoomForm{Name: r.Value("name"), UserLimit: r.Value("user_limit")}.Check(r.RoomMaxLimit)
	if err != nil {
		return 0, err
	}
	if err := r.Limit(request.LimitRoom); err != nil {
		return 0, err
	}
	id, _, err := r.Rooms.Open(r.Ctx(), chat.NewRoom{Mentor: r.Viewer.User, Change: change, Key: key})
	return id, err
}

// Edit shows who manages a room what they may change of it.
func (Rooms) Edit(r *request.Request) error {
	room, err := loadManaged(r)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err != nil {
		return err
	}
	return editRoomPage(r, http.StatusOK, room, view.NewForm("name", room.Name, "user_limit", view.Itoa(int64(room.UserLimit)), "notice", room.Notice))
}

func editRoomPage(r *request.Request, status int, room sns.Room, f view.Form) error {
	path := view.RoomPath(room.ID)
	v := view.RoomForm{
		Action: path, Back: path, Form: f, Limits: seatChoices(r, f, room), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "room/_form", Data: v})
	}
	return r.Page(status, "room/edit", view.Page{Title: r.T("room.edit"), Nav: "rooms", Data: v})
}

// Update changes what a room is called, how many it takes, and its notice.
// Fields that are not sent stay as they are.
func (Rooms) Update(r *request.Request) error {
	room, err := loadManaged(r)
	if err != nil {
		return err
	}
	f := view.NewForm("name", r.ValueOr("name", room.Name), "user_limit", r.ValueOr("user_limit", view.Itoa(int64(room.UserLimit))), "notice", r.ValueOr("notice", room.Notice))
	err = updateRoom(r, room, sns.RoomForm{Name: f.Field("name").Value, UserLimit: f.Field("user_limit").Value, Notice: f.Field("notice").Value})
	if inv, status := r.Problems(err); inv != nil {
		return editRoomPage(r, status, room, f.WithProblems(r.Locale, inv))
	}
	if err != nil {
		return err
	}
	return r.RedirectWithToast(backFrom(r, view.RoomPath(room.ID)+"/edit", view.RoomPath(room.ID)), "done.saved")
}

func updateRoom(r *request.Request, room sns.Room, f sns.RoomForm) error {
	change, err := f.Check(max(r.RoomMaxLimit, room.UserLimit))
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	_, err = r.Rooms.Change(r.Ctx(), room, r.Viewer.User, change)
	return err
}

// backFrom is the page one is on, or instead when that is the form itself.
func backFrom(r *request.Request, form, instead string) string {
	if here := r.From(); here != form && here != "/" {
		return here
	}
	return instead
}
