package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// roomsSize is how many rooms are shown at once.
const roomsSize = 30

// searchMax bounds what one may search for, in bytes.
const searchMax = 400

// query is what one searches for, as texts are kept.
func (r *request) query() string {
	q := r.Query("q")
	return strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(q[:min(len(q), searchMax)], "")))
}

// showRooms lists the open rooms, newest first: those that match ?q=, by topic
// or mentor.
func (r *request) showRooms() error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	v := roomsView{Query: r.query(), Open: r.viewer.Role.Is(sns.RoleMentor)}
	rooms, err := r.Store.Rooms(r.ctx(), store.RoomFilter{Viewer: r.viewer.ID, Query: v.Query, Before: before, Limit: roomsSize + 1})
	if err != nil {
		return err
	}
	if len(rooms) > roomsSize {
		rooms = rooms[:roomsSize]
		v.More = "/rooms?before=" + itoa(rooms[roomsSize-1].ID) + "&q=" + url.QueryEscape(v.Query)
	}
	for _, room := range rooms {
		v.Rooms = append(v.Rooms, r.locale.viewRoomFor(r.viewer.User, room.Room, room.Standing, r.now))
	}
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "room/_list", data: v})
	}
	freed, err := r.Store.FreedRooms(r.ctx(), r.viewer.ID)
	if err != nil {
		return err
	}
	for _, room := range freed {
		v.Freed = append(v.Freed, r.locale.viewRoomFor(r.viewer.User, room, sns.Standing{}, r.now))
	}
	return r.page(http.StatusOK, "room/list", page{Title: r.T("room.list"), Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// showNewRoom shows the form of a new room.
func (r *request) showNewRoom() error {
	if !r.viewer.Role.Is(sns.RoleMentor) {
		return errNotMentor
	}
	offered := sns.RoomLimits(r.RoomMaxLimit)
	return r.newRoomPage(http.StatusOK, newForm("user_limit", itoa(int64(offered[len(offered)/2]))))
}

func (r *request) newRoomPage(status int, f form) error {
	v := roomFormView{
		Action: "/rooms", Back: "/rooms", New: true, Form: f, Key: rand.Text(),
		Limits: r.limits(f, sns.Room{}), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	if r.partial() {
		return r.fragments(status, part{name: "room/_form", data: v})
	}
	return r.page(status, "room/new", page{Title: r.T("room.new"), Nav: "rooms", Data: v})
}

// limits offers numbers of seats, that of the room included.
func (r *request) limits(f form, room sns.Room) []limitView {
	offered := sns.RoomLimits(r.RoomMaxLimit)
	if room.UserLimit > 0 && !slices.Contains(offered, room.UserLimit) {
		offered = append(offered, room.UserLimit)
		slices.Sort(offered)
	}
	all := make([]limitView, len(offered))
	for i, n := range offered {
		all[i] = limitView{Seats: n, Chosen: f.Field("user_limit").Value == itoa(int64(n)), TooFew: n < room.HeadCount}
	}
	return all
}

// createRoom opens a room with the mentor inside.
func (r *request) createRoom() error {
	if err := r.parse(); err != nil {
		return err
	}
	if !r.viewer.Role.Is(sns.RoleMentor) {
		return errNotMentor
	}
	id, err := r.openRoom()
	if inv, status := r.refusal(err); inv != nil {
		return r.newRoomPage(status, newForm("name", r.value("name"), "user_limit", r.value("user_limit")).withProblems(r.locale, inv))
	}
	if err != nil {
		return err
	}
	return r.redirectSaying("/rooms/"+itoa(id), "done.room_opened")
}

func (r *request) openRoom() (int64, error) {
	key, err := formKey(r.value("key"))
	if err != nil {
		return 0, err
	}
	change, err := sns.RoomForm{Name: r.value("name"), UserLimit: r.value("user_limit")}.Check(r.RoomMaxLimit)
	if err != nil {
		return 0, err
	}
	if err := r.limit(limitRoom); err != nil {
		return 0, err
	}
	id, _, err := r.Rooms.Open(r.ctx(), chat.NewRoom{Mentor: r.viewer.User, Change: change, Key: key})
	return id, err
}

// room loads the room of the route through the viewer. Everybody who is signed
// in may see its door.
func (r *request) room() (sns.Room, sns.Standing, error) {
	id, err := r.id()
	if err != nil {
		return sns.Room{}, sns.Standing{}, err
	}
	return r.Store.Room(r.ctx(), id, r.viewer.ID)
}

// readableRoom is room, for who may read what is said in it.
func (r *request) readableRoom() (sns.Room, error) {
	room, standing, err := r.room()
	if err == nil && !room.MayRead(r.viewer.User, standing) {
		err = errOutside
	}
	return room, err
}

// managedRoom is room, for who manages it.
func (r *request) managedRoom() (sns.Room, error) {
	room, _, err := r.room()
	if err == nil && !room.ManagedBy(r.viewer.User) {
		err = errNotMentor
	}
	return room, err
}

// showRoom shows a room: the conversation to who is inside, the transcript to
// who was, and the door to everybody else.
func (r *request) showRoom() error {
	room, standing, err := r.room()
	if err != nil {
		return err
	}
	switch reads := room.MayRead(r.viewer.User, standing); {
	case reads && r.query() != "":
		return r.foundPage(room, standing)
	case reads && room.Ended():
		return r.transcriptPage(room, standing)
	case reads:
		return r.chatPage(http.StatusOK, room, standing, nil)
	}
	return r.doorPage(http.StatusOK, room, standing)
}

// doorPage shows a room to who is outside: what it is about, who is in it, and
// why one cannot enter.
func (r *request) doorPage(status int, room sns.Room, standing sns.Standing) error {
	v := doorView{Room: r.locale.viewRoomFor(r.viewer.User, room, standing, r.now)}
	people, err := r.Store.Participants(r.ctx(), room.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ExitedAt.IsZero() {
			v.People = append(v.People, r.locale.viewAuthor(p.User))
		}
	}
	return r.page(status, "room/door", page{Title: room.Name, Nav: "rooms", Topics: "topic=" + chat.TopicRooms, Data: v})
}

// showEditRoom shows who manages a room what they may change of it.
func (r *request) showEditRoom() error {
	room, err := r.managedRoom()
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err != nil {
		return err
	}
	return r.editRoomPage(http.StatusOK, room, newForm("name", room.Name, "user_limit", itoa(int64(room.UserLimit)), "notice", room.Notice))
}

func (r *request) editRoomPage(status int, room sns.Room, f form) error {
	path := "/rooms/" + itoa(room.ID)
	v := roomFormView{
		Action: path, Back: path, Form: f, Limits: r.limits(f, room), Name: sns.RoomNameMax, Notice: sns.RoomNoticeMax,
	}
	if r.partial() {
		return r.fragments(status, part{name: "room/_form", data: v})
	}
	return r.page(status, "room/edit", page{Title: r.T("room.edit"), Nav: "rooms", Data: v})
}

// changeRoom changes what a room is called, how many it takes, and its notice.
// Fields that are not sent stay as they are.
func (r *request) changeRoom() error {
	if err := r.parse(); err != nil {
		return err
	}
	room, err := r.managedRoom()
	if err != nil {
		return err
	}
	f := newForm("name", r.valueOr("name", room.Name), "user_limit", r.valueOr("user_limit", itoa(int64(room.UserLimit))), "notice", r.valueOr("notice", room.Notice))
	err = r.applyChange(room, sns.RoomForm{Name: f.Field("name").Value, UserLimit: f.Field("user_limit").Value, Notice: f.Field("notice").Value})
	if inv, status := r.refusal(err); inv != nil {
		return r.editRoomPage(status, room, f.withProblems(r.locale, inv))
	}
	if err != nil {
		return err
	}
	return r.redirectSaying(r.backFrom("/rooms/"+itoa(room.ID)+"/edit", "/rooms/"+itoa(room.ID)), "done.saved")
}

func (r *request) applyChange(room sns.Room, f sns.RoomForm) error {
	change, err := f.Check(max(r.RoomMaxLimit, room.UserLimit))
	if err != nil {
		return err
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	_, err = r.Rooms.Change(r.ctx(), room, r.viewer.User, change)
	return err
}

// backFrom is the page one is on, or instead when that is the form itself.
func (r *request) backFrom(form, instead string) string {
	if here := r.here(); here != form && here != "/" {
		return here
	}
	return instead
}

// showEndRoom asks whether a room is to be ended.
func (r *request) showEndRoom() error {
	room, err := r.managedRoom()
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err != nil {
		return err
	}
	path := "/rooms/" + itoa(room.ID)
	return r.confirm(confirmView{
		Title: r.T("room.end_title", "Name", room.Name), Help: r.T("room.end_help", "Count", room.HeadCount), Yes: r.T("room.end"),
		Action: path + "/end", Back: path,
	})
}

// endRoom ends a room for all.
func (r *request) endRoom() error {
	room, err := r.managedRoom()
	if err != nil {
		return err
	}
	if err := r.Rooms.End(r.ctx(), room, r.viewer.User); err != nil {
		return err
	}
	return r.redirectSaying("/rooms/"+itoa(room.ID), "done.room_ended")
}

// settleRoom tries again now to save an ended room.
func (r *request) settleRoom() error {
	room, err := r.managedRoom()
	if err == nil && !room.Ended() {
		err = sns.ErrNotFound // there is nothing to save yet
	}
	if err != nil {
		return err
	}
	if err := r.Rooms.Retry(r.ctx(), room, r.viewer.User); err != nil && !errors.Is(err, sns.ErrNotFound) { // done meanwhile
		return err
	}
	if !r.partial() {
		return r.redirectSaying(r.backFrom("", "/desk"), "done.settling")
	}
	s, err := r.Store.Settlement(r.ctx(), room.ID)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "room/_settlement", data: viewSettlement(s)}, r.toast("done.settling"))
}
