package sns

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of a room. Lengths are in graphemes. The largest user limit is
// configured by ROOM_MAX_LIMIT.
const (
	RoomNameMax   = 100
	RoomNoticeMax = 500
	RoomLimitMin  = 5
)

// A Room is a group chat led by a mentor. HeadCount is the number of taken
// seats. Version rises with each change of the room or its participants.
type Room struct {
	ID        int64
	Name      string // topic
	Mentor    User
	UserLimit int
	HeadCount int
	Notice    string
	NoticeAt  time.Time // zero if there is no notice
	Version   int64
	CreatedAt time.Time
	EndedAt   time.Time // zero if the room is open

	Buffer string // kind of the buffer that holds the messages until they are saved
	Epoch  int64  // how often the buffer was opened; above 1 after a loss of the buffer

	// Spilled is a seq: while the room is open, the messages up to Spilled are in the
	// database. 0 if none is.
	Spilled int64
}

// SavedUpTo returns the seq up to which the messages of the open room are in the
// database or lost: of earlier epochs the buffer has none.
func (r Room) SavedUpTo() int64 { return max(r.Spilled, (r.Epoch-1)*SeqEpoch) }

// Ended reports whether the room has ended.
func (r Room) Ended() bool { return !r.EndedAt.IsZero() }

// Full reports whether all seats are taken.
func (r Room) Full() bool { return r.HeadCount >= r.UserLimit }

// ManagedBy reports whether a user may change and end the room and remove
// participants: the room's mentor may, unless the role was taken away, and
// administrators may.
func (r Room) ManagedBy(u User) bool {
	return u.Role.Is(RoleAdmin) || (r.Mentor.ID == u.ID && u.Role.Is(RoleMentor))
}

// A Membership is the relation of a user to a room.
type Membership struct {
	Inside  bool // has a seat
	Was     bool // has or had a seat
	Removed bool // was removed, and may not enter again
	Waiting bool // wants to be told when a seat is free
}

// A ViewedRoom is a room with the viewer's membership.
type ViewedRoom struct {
	Room
	Membership Membership
}

// MayRead reports whether a user with the membership m may read the conversation:
// participants inside may while the room is open. After the end every former
// participant may, unless removed, and so may administrators.
func (r Room) MayRead(u User, m Membership) bool {
	if !r.Ended() {
		return m.Inside
	}
	return (m.Was && !m.Removed) || u.Role.Is(RoleAdmin)
}

// MayDelete reports whether a user may delete a message: the author may, and so
// may users who manage the room. Notices cannot be deleted.
func (r Room) MayDelete(u User, m Message) bool {
	return m.Kind == MessageSaid && (m.Author.ID == u.ID || r.ManagedBy(u))
}

// A Participant is a user who has or had a seat in a room.
type Participant struct {
	User      User
	EnteredAt time.Time
	ExitedAt  time.Time // zero if inside
	Removed   bool      // barred from entering
}

// Inside reports whether the participant has a seat.
func (p Participant) Inside() bool { return p.ExitedAt.IsZero() }

// RoomForm is the input of a mentor for a new or changed room.
type RoomForm struct {
	Name, UserLimit, Notice string
}

// A RoomChange is a checked RoomForm.
type RoomChange struct {
	Name      string
	UserLimit int
	Notice    string
}

// Check returns the normalised form, or Invalid. most is the largest user
// limit.
func (f RoomForm) Check(most int) (RoomChange, error) {
	var inv Invalid
	name, p := LineWithin("name", f.Name, 1, RoomNameMax)
	inv.Add(p)
	limit, err := strconv.Atoi(strings.TrimSpace(f.UserLimit))
	if err != nil || limit < RoomLimitMin || limit > most {
		inv.Add(&Problem{Field: "user_limit", Key: "room.limit", Args: map[string]any{"Min": RoomLimitMin, "Max": most}})
	}
	notice, p := TextWithin("notice", f.Notice, 0, RoomNoticeMax)
	inv.Add(p)
	return RoomChange{Name: name, UserLimit: limit, Notice: notice}, inv.Err()
}

// RoomLimits returns the user limits that the form offers if most is the
// largest.
func RoomLimits(most int) []int {
	offered := []int{5, 10, 15}
	offered = slices.DeleteFunc(offered, func(n int) bool { return n > most })
	if most > offered[len(offered)-1] {
		offered = append(offered, most)
	}
	return offered
}
