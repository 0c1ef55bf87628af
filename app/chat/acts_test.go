package chat_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// opens opens a room and returns the room.
func (r *replica) opens(t testing.TB, mentor sns.User, limit int) sns.Room {
	t.Helper()
	id, again, err := r.Open(t.Context(), chat.NewRoom{Mentor: mentor, Change: sns.RoomChange{Name: "함께 읽기", UserLimit: limit}})
	if err != nil || again {
		t.Fatalf("open: again = %t, %v", again, err)
	}
	return r.world.room(t, id)
}

// party opens a room and lets ordinary users enter.
func (r *replica) party(t testing.TB, people int) (room sns.Room, mentor sns.User, members []sns.User) {
	t.Helper()
	mentor, members = r.world.person(t, sns.RoleMentor), r.world.persons(t, people)
	room = r.opens(t, mentor, people+sns.RoomLimitMin)
	for _, user := range members {
		r.enters(t, room, user)
	}
	return r.world.room(t, room.ID), mentor, members
}

func (r *replica) enters(t testing.TB, room sns.Room, user sns.User) {
	t.Helper()
	if _, err := r.Enter(t.Context(), room.ID, user); err != nil {
		t.Fatalf("%s enters: %v", user.Username, err)
	}
}

// says says a new message and returns the message.
func (r *replica) says(t testing.TB, room sns.Room, user sns.User, text, clientID string) sns.Message {
	t.Helper()
	begun := time.Now()
	m, again, err := r.Say(t.Context(), room.ID, user, text, clientID)
	if errors.Is(err, sns.ErrUnavailable) && time.Since(begun) > time.Second { // a busy machine was too slow
		m = r.retries(t, room, user, text, clientID)
		kept, unread := r.Message(t.Context(), r.world.room(t, room.ID), m.Seq)
		m.At, err, again = kept.At, unread, false
	}
	if err != nil || again || m.Content != text || m.Author.ID != user.ID {
		t.Fatalf("%s says %q: %+v, again = %t, %v", user.Username, text, m, again, err)
	}
	return m
}

// ends ends a room and waits until the room is settled.
func (r *replica) ends(t testing.TB, room sns.Room, by sns.User) sns.Settlement {
	t.Helper()
	if err := r.End(t.Context(), room, by); err != nil {
		t.Fatal("end: ", err)
	}
	return r.world.settled(t, room.ID)
}

// transcript returns all lines of a room.
func (r *replica) transcript(t testing.TB, room int64) []sns.Message {
	t.Helper()
	var lines []sns.Message
	for m, err := range r.Transcript(context.Background(), r.world.room(t, room)) {
		if err != nil {
			t.Fatal("transcript: ", err)
		}
		lines = append(lines, m)
	}
	if !slices.IsSortedFunc(lines, func(a, b sns.Message) int { return int(a.Seq - b.Seq) }) {
		t.Error("the transcript is out of order")
	}
	return lines
}

// said returns the lines of a room without notices.
func (r *replica) said(t testing.TB, room int64) []sns.Message {
	t.Helper()
	return slices.DeleteFunc(r.transcript(t, room), func(m sns.Message) bool { return m.Kind != sns.MessageSaid })
}

// wantSaid checks that the transcript holds exactly the acknowledged messages, in
// the order of seq.
func (r *replica) wantSaid(t testing.TB, room int64, acknowledged []sns.Message) {
	t.Helper()
	said := r.said(t, room)
	want := slices.SortedFunc(slices.Values(acknowledged), func(a, b sns.Message) int { return int(a.Seq - b.Seq) })
	if len(said) != len(want) {
		t.Errorf("the transcript holds %d messages, %d were acknowledged", len(said), len(want))
	}
	for i := range min(len(said), len(want)) {
		if !same(said[i], want[i]) {
			t.Fatalf("message %d of the transcript is\n%+v, acknowledged was\n%+v", i, said[i], want[i])
		}
	}
}

// same reports whether two messages look alike to a reader.
func same(a, b sns.Message) bool {
	return a.Seq == b.Seq && a.Author.ID == b.Author.ID && a.Author.Username == b.Author.Username && a.Content == b.Content &&
		a.Deleted == b.Deleted && a.Kind == b.Kind && a.At.UnixMicro() == b.At.UnixMicro()
}

// kindsOf returns the kinds of lines, in order.
func kindsOf(lines []sns.Message) []sns.MessageKind {
	kinds := make([]sns.MessageKind, len(lines))
	for i, m := range lines {
		kinds[i] = m.Kind
	}
	return kinds
}

// wantOneOf checks that err is an allowed error.
func wantOneOf(t testing.TB, what string, err error, allowed ...error) {
	t.Helper()
	for _, one := range allowed {
		if errors.Is(err, one) {
			return
		}
	}
	t.Errorf("%s: %v, want one of %v", what, err, allowed)
}
