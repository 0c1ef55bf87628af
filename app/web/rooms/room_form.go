package rooms

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows a mentor the form that opens a room.
func (Rooms) New(r *request.Request) error {
	if err := requireMentor(r); err != nil {
		return err
	}
	limits := sns.RoomLimits(r.RoomMaxLimit)
	return newRoomPage(r, http.StatusOK, view.NewForm("user_limit", strconv.Itoa(limits[len(limits)/2])))
}

func newRoomPage(r *request.Request, status int, f view.Form) error {
	v := view.RoomForm{
		From:   r.From(),
		Action: "/rooms", Back: "/rooms", New: true, Form: f, Key: rand.Text(),
		Limits: seatChoices(r, f, sns.Room{}), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	return r.Show(status, "room/_form", "room/new", view.Page{Title: r.T("room.new"), Nav: "rooms", Data: v})
}

// seatChoices offers the usual user limits, and the present limit of the room if that
// is a different number.
func seatChoices(r *request.Request, f view.Form, room sns.Room) []view.SeatChoice {
	limits := sns.RoomLimits(r.RoomMaxLimit)
	if room.UserLimit > 0 && !slices.Contains(limits, room.UserLimit) {
		limits = append(limits, room.UserLimit)
		slices.Sort(limits)
	}
	choices := make([]view.SeatChoice, len(limits))
	for i, n := range limits {
		choices[i] = view.SeatChoice{Seats: n, Chosen: f.Field("user_limit").Value == strconv.Itoa(n), TooFew: n < room.HeadCount}
	}
	return choices
}

// Create opens a room, and gives the mentor the first seat.
func (Rooms) Create(r *request.Request) error {
	if err := requireMentor(r); err != nil {
		return err
	}
	id, err := openRoom(r)
	if err != nil {
		return r.Again(err, r.Typed("name", "user_limit"), func(status int, f view.Form) error { return newRoomPage(r, status, f) })
	}
	return r.RedirectWithToast(view.RoomPath(id), "done.room_opened")
}

// openRoom opens the room of the form. A key that was used before returns the room
// that was opened then.
func openRoom(r *request.Request) (id int64, err error) {
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
	id, _, err = r.Rooms.Open(r.Ctx(), chat.NewRoom{Mentor: r.Viewer.User, Change: change, Key: key})
	return id, err
}

// Edit shows the form that changes a room. The viewer must manage the room.
func (Rooms) Edit(r *request.Request) error {
	room, err := loadManagedOpen(r)
	if err != nil {
		return err
	}
	return editRoomPage(r, http.StatusOK, room, fieldsOf(formOf(room)))
}

func editRoomPage(r *request.Request, status int, room sns.Room, f view.Form) error {
	path := view.RoomPath(room.ID)
	v := view.RoomForm{
		From:   r.From(),
		Action: path, Back: path, Form: f,
		Limits: seatChoices(r, f, room), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	return r.Show(status, "room/_form", "room/edit", view.Page{Title: r.T("room.edit"), Nav: "rooms", Data: v})
}

// formOf returns the form filled in with a room's present values.
func formOf(room sns.Room) sns.RoomForm {
	return sns.RoomForm{Name: room.Name, UserLimit: strconv.Itoa(room.UserLimit), Notice: room.Notice}
}

func fieldsOf(f sns.RoomForm) view.Form {
	return view.NewForm("name", f.Name, "user_limit", f.UserLimit, "notice", f.Notice)
}

// Update changes the name, the user limit and the notice of a room. Fields that the
// form lacks stay as they are. The viewer must manage the room.
func (Rooms) Update(r *request.Request) error {
	room, err := loadManaged(r)
	if err != nil {
		return err
	}
	f := formOf(room)
	f.Name, f.UserLimit, f.Notice = r.ValueOr("name", f.Name), r.ValueOr("user_limit", f.UserLimit), r.ValueOr("notice", f.Notice)
	if err := updateRoom(r, room, f); err != nil {
		return r.Again(err, fieldsOf(f), func(status int, f view.Form) error { return editRoomPage(r, status, room, f) })
	}
	path := view.RoomPath(room.ID)
	return r.RedirectWithToast(backFrom(r, path+"/edit", path), "done.saved")
}

// updateRoom changes a room to what the form says. A room keeps a limit above
// RoomMaxLimit, which the operator may have lowered since.
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
