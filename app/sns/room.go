package sns

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a room. Lengths are in graphemes; the most seats are configured.
const (
	RoomNameMax   = 100
	RoomNoticeMax = 500
	RoomLimitMin  = 5
)

// A Room is a mentor's group chat. HeadCount is how many are inside; Version
// rises with each change of the room.
type Room struct {
	ID        int64
	Name      string // its topic
	Mentor    User
	UserLimit int
	HeadCount int
	Notice    string
	NoticeAt  time.Time // zero: no notice
	Version   int64
	CreatedAt time.Time
	EndedAt   time.Time // zero: open

	Buffer string // which buffer holds its messages until they are saved
	Epoch  int64  // how often that buffer was opened for it; more than once: it was lost
}

// Ended tells whether the room was ended.
func (r Room) Ended() bool { return !r.EndedAt.IsZero() }

// Full tells whether no seat is free.
func (r Room) Full() bool { return r.HeadCount >= r.UserLimit }

// ManagedBy tells whether the user may change and end the room, and remove
// participants: its mentor, while being one, and administrators.
func (r Room) ManagedBy(u User) bool {
	return u.Role.Is(RoleAdmin) || (r.Mentor.ID == u.ID && u.Role.Is(RoleMentor))
}

// A Standing is what a user is to a room.
type Standing struct {
	Inside  bool // holds a seat
	Was     bool // ever held one
	Removed bool // and may not come back
	Waiting bool // to be told when a seat is free
}

// MayRead tells whether one with that standing may read the conversation: who
// is inside and, after the end, everybody who ever was, unless removed. An
// administrator may read it after the end.
func (r Room) MayRead(u User, s Standing) bool {
	if !r.Ended() {
		return s.Inside
	}
	return (s.Was && !s.Removed) || u.Role.Is(RoleAdmin)
}

// MayDelete tells whether the user may delete a message of the room: its
// author, and who manages the room.
func (r Room) MayDelete(u User, m Message) bool {
	return m.Kind == MessageSaid && (m.Author.ID == u.ID || r.ManagedBy(u))
}

// A Participant is a user who is, or was, in a room.
type Participant struct {
	User      User
	EnteredAt time.Time
	ExitedAt  time.Time // zero: inside
	Removed   bool      // and not let back yet
}

// RoomForm is what a mentor says about a room.
type RoomForm struct {
	Name, UserLimit, Notice string
}

// A RoomChange is a RoomForm, checked.
type RoomChange struct {
	Name      string
	UserLimit int
	Notice    string
}

// Check returns the form cleaned, or Invalid. most is the most seats a room may
// have.
func (f RoomForm) Check(most int) (RoomChange, error) {
	var inv Invalid
	name, p := TextWithin("name", f.Name, 1, RoomNameMax)
	inv.Add(p)
	limit, err := strconv.Atoi(strings.TrimSpace(f.UserLimit))
	if err != nil || limit < RoomLimitMin || limit > most {
		inv.Add(&Problem{Field: "user_limit", Key: "room.limit", Args: map[string]any{"Min": RoomLimitMin, "Max": most}})
	}
	notice, p := TextWithin("notice", f.Notice, 0, RoomNoticeMax)
	inv.Add(p)
	return RoomChange{Name: oneLine(name), UserLimit: limit, Notice: notice}, inv.Err()
}

// RoomLimits are the numbers of seats that are offered when at most most are
// allowed.
func RoomLimits(most int) []int {
	offered := []int{5, 10, 15}
	offered = slices.DeleteFunc(offered, func(n int) bool { return n > most })
	if most > offered[len(offered)-1] {
		offered = append(offered, most)
	}
	return offered
}
