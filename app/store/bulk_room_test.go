package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// conversation is an ended room of a mentor and two others, of whom the last
// one left before the end; lines is at least 4.
func conversation(mentor, stayed, left int64, lines int) store.EndedRoom {
	r := store.EndedRoom{
		NewRoom: store.NewRoom{Mentor: mentor, Name: "느리게 읽는 사람들", UserLimit: 5, Buffer: "table", CreatedAt: noon},
		Notice:  "다음 모임 금요일", NoticeAt: noon.Add(time.Minute), EndedAt: noon.Add(time.Hour),
		Stays: []sns.Participant{
			{User: sns.User{ID: mentor}, EnteredAt: noon},
			{User: sns.User{ID: stayed}, EnteredAt: noon.Add(time.Second)},
			{User: sns.User{ID: left}, EnteredAt: noon.Add(2 * time.Second), ExitedAt: noon.Add(50 * time.Minute)},
		},
	}
	for i := range lines {
		m := sns.Message{Seq: int64(i + 1), Kind: sns.MessageSaid, Author: sns.User{ID: mentor}, Content: fmt.Sprintf("말 %d", i), At: noon.Add(time.Duration(i) * time.Millisecond)}
		if i < len(r.Stays) {
			m.Kind, m.Author, m.Content = sns.MessageEntered, r.Stays[i].User, ""
		}
		if i == lines-1 {
			m.Kind, m.Author, m.Content = sns.MessageLeft, sns.User{ID: left}, ""
		}
		r.Messages = append(r.Messages, m)
	}
	return r
}

func TestBulkRoomsAreAsIfTheyHadBeenEndedAndSettled(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		made := conversation(people[0], people[1], people[2], 1203)
		id, err := d.InsertEndedRoom(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		room, membership, err := d.Room(t.Context(), id, people[2])
		if err != nil || room.Name != made.Name || room.Mentor.ID != people[0] || room.HeadCount != 2 || room.Version != 5 || room.Epoch != 1 ||
			!room.CreatedAt.Equal(noon) || !room.EndedAt.Equal(made.EndedAt) || room.Notice != made.Notice || !room.NoticeAt.Equal(made.NoticeAt) {
			t.Errorf("room %+v, %v", room, err)
		}
		if membership != (sns.Membership{Was: true}) {
			t.Errorf("who left before the end is %+v", membership)
		}
		settlement, err := d.Settlement(t.Context(), id)
		if err != nil || !settlement.Done() || settlement.Total != 1203 || settlement.Saved != 1203 || settlement.Lost != 0 || settlement.LastError != "" {
			t.Errorf("settlement %+v, %v", settlement, err)
		}
		if due, err := d.DueSettlements(t.Context(), 10); len(due) > 0 || err != nil {
			t.Errorf("rooms %v are to be settled, %v", due, err)
		}
		messages, err := d.Messages(t.Context(), id, sns.MessagePage{Limit: 2000})
		if err != nil || len(messages) != 1203 {
			t.Fatalf("%d messages, %v", len(messages), err)
		}
		for i, m := range messages {
			if want := made.Messages[i]; m.Room != id || m.Seq != want.Seq || m.Kind != want.Kind || m.Content != want.Content || m.Author.ID != want.Author.ID || !m.At.Equal(want.At) {
				t.Fatalf("message %d: %+v, want %+v", i, m, want)
			}
		}
		d.stayed(t, id, made)
	})
}

// stayed checks who was in a room, and that nobody can open it again.
func (d *database) stayed(t *testing.T, id int64, made store.EndedRoom) {
	t.Helper()
	people, err := d.Participants(t.Context(), id)
	if err != nil || len(people) != len(made.Stays) {
		t.Fatalf("%d people, %v", len(people), err)
	}
	for i, p := range people {
		want := made.Stays[i]
		if want.ExitedAt.IsZero() {
			want.ExitedAt = made.EndedAt
		}
		if p.User.ID != want.User.ID || !p.EnteredAt.Equal(want.EnteredAt) || !p.ExitedAt.Equal(want.ExitedAt) || p.Removed {
			t.Errorf("participant %d: %+v, want %+v", i, p, want)
		}
	}
	if n := d.rows(t, "participants WHERE active IS NOT NULL"); n > 0 {
		t.Errorf("%d people are inside", n)
	}
	if open, err := d.OpenBuffer(t.Context(), id, 0); open || err != nil {
		t.Errorf("the buffer could be opened: %t, %v", open, err)
	}
}

func TestBulkRoomsAreMadeAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		twice := conversation(people[0], people[1], people[2], 700)
		twice.Messages[650].Seq = 3
		if _, err := d.InsertEndedRoom(t.Context(), twice); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := d.InsertEndedRoom(ctx, conversation(people[0], people[1], people[2], 10)); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		if n := d.rows(t, "rooms") + d.rows(t, "participants") + d.rows(t, "messages") + d.rows(t, "end_rooms") + d.rows(t, "buffers"); n > 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestARoomNobodySpokeIn(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		mentor := d.user(t, "민지")
		id, err := d.InsertEndedRoom(t.Context(), store.EndedRoom{
			NewRoom: store.NewRoom{Mentor: mentor, Name: "빈방", UserLimit: 5, Buffer: "table", CreatedAt: noon}, EndedAt: noon.Add(time.Hour),
			Stays: []sns.Participant{{User: sns.User{ID: mentor}, EnteredAt: noon}},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := sns.Settlement{Room: id, EndedAt: noon.Add(time.Hour), DoneAt: noon.Add(time.Hour), Attempts: 1}
		if got, err := d.Settlement(t.Context(), id); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
		if room, _, err := d.Room(t.Context(), id, mentor); err != nil || room.HeadCount != 1 || !room.NoticeAt.IsZero() {
			t.Errorf("%+v, %v", room, err)
		}
	})
}
