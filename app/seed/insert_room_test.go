package seed_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// talk makes n lines of a room of a mentor and two others, the last of whom
// leaves; n is at least 4.
func talk(n int) []seed.Entry {
	var all []seed.Entry
	for i := range n {
		at := noon.Add(time.Duration(i) * time.Millisecond)
		switch {
		case i < 3:
			all = append(all, seed.NewEntry(at, i, sns.MessageEntered, ""))
		case i == n-1:
			all = append(all, seed.NewEntry(at, 2, sns.MessageLeft, ""))
		default:
			all = append(all, seed.NewEntry(at, 0, sns.MessageSaid, fmt.Sprintf("말 %d", i)))
		}
	}
	return all
}

// members returns n new users as people of a room.
func members(t *testing.T, db *store.Store, n int) (people []sns.User) {
	t.Helper()
	for _, id := range insertUsers(t, db, n) {
		people = append(people, sns.User{ID: id})
	}
	return people
}

func TestInsertedRoomsAreAsIfEndedAndSettled(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		const lines = 1203
		people, end := members(t, db, 3), noon.Add(time.Hour)
		id, err := seed.InsertEndedRoom(t.Context(), db, "느리게 읽는 사람들", "다음 모임 금요일", noon, people, talk(lines))
		if err != nil {
			t.Fatal(err)
		}
		room, membership, err := db.Room(t.Context(), id, people[2].ID)
		if err != nil || room.Name != "느리게 읽는 사람들" || room.Mentor.ID != people[0].ID || room.HeadCount != 2 || room.Version != 5 || room.Epoch != 1 ||
			!room.CreatedAt.Equal(noon) || !room.EndedAt.Equal(end) || room.Notice != "다음 모임 금요일" || !room.NoticeAt.Equal(noon) {
			t.Errorf("room %+v, %v", room, err)
		}
		if membership != (sns.Membership{Was: true}) {
			t.Errorf("the person who left before the end is %+v", membership)
		}
		settlement, err := db.Settlement(t.Context(), id)
		if want := (sns.Settlement{Room: id, EndedAt: end, DoneAt: end, Attempts: 1, Total: lines, Saved: lines}); err != nil || !reflect.DeepEqual(settlement, want) {
			t.Errorf("settlement %+v, %v, want %+v", settlement, err, want)
		}
		if due, err := db.DueSettlements(t.Context(), 10); len(due) > 0 || err != nil {
			t.Errorf("rooms %v are to be settled, %v", due, err)
		}
		messages, err := db.Messages(t.Context(), id, sns.MessagePage{Limit: 2000})
		if err != nil || len(messages) != lines {
			t.Fatalf("%d messages, %v", len(messages), err)
		}
		for i, m := range messages {
			if at := noon.Add(time.Duration(i) * time.Millisecond); m.Room != id || m.Seq != int64(i+1) || !m.At.Equal(at) {
				t.Fatalf("message %d: %+v", i, m)
			}
		}
		if m := messages[700]; m.Kind != sns.MessageSaid || m.Content != "말 700" || m.Author.ID != people[0].ID {
			t.Errorf("message 700: %+v", m)
		}
		s.stayed(t, db, id, people, end)
	})
}

// stayed checks the participants of a room with the lines of talk, and that the
// room cannot be opened again.
func (s *seeding) stayed(t *testing.T, db *store.Store, id int64, people []sns.User, end time.Time) {
	t.Helper()
	participants, err := db.Participants(t.Context(), id)
	if err != nil || len(participants) != len(people) {
		t.Fatalf("%d people, %v", len(participants), err)
	}
	for i, p := range participants {
		exited := end
		if i == 2 {
			exited = noon.Add(1202 * time.Millisecond)
		}
		if p.User.ID != people[i].ID || !p.EnteredAt.Equal(noon.Add(time.Duration(i)*time.Millisecond)) || !p.ExitedAt.Equal(exited) || p.Removed {
			t.Errorf("participant %d: %+v", i, p)
		}
	}
	s.none(t, "people are inside", "participants WHERE active IS NOT NULL")
	if open, err := db.OpenBuffer(t.Context(), id, 0); open || err != nil {
		t.Errorf("the buffer could be opened: %t, %v", open, err)
	}
}

func TestRoomsAreInsertedAllOrNone(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := members(t, db, 3)
		if _, err := s.raw.ExecContext(t.Context(), "ALTER TABLE buffers RENAME TO hidden"); err != nil {
			t.Fatal(err)
		}
		if _, err := seed.InsertEndedRoom(t.Context(), db, "방", "", noon, people, talk(700)); err == nil {
			t.Error("no error without the table of buffers")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := seed.InsertEndedRoom(ctx, db, "방", "", noon, people, talk(10)); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		for _, table := range []string{"rooms", "participants", "messages", "end_rooms"} {
			s.none(t, "rows are left", table)
		}
	})
}

func TestARoomNobodySpokeIn(t *testing.T) {
	onStores(t, func(t *testing.T, _ *seeding, db *store.Store) {
		people := members(t, db, 1)
		id, err := seed.InsertEndedRoom(t.Context(), db, "빈방", "", noon, people, talk(4)[:1])
		if err != nil {
			t.Fatal(err)
		}
		want := sns.Settlement{Room: id, EndedAt: noon.Add(time.Hour), DoneAt: noon.Add(time.Hour), Attempts: 1, Total: 1, Saved: 1}
		if got, err := db.Settlement(t.Context(), id); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
		if room, _, err := db.Room(t.Context(), id, people[0].ID); err != nil || room.HeadCount != 1 || !room.NoticeAt.IsZero() {
			t.Errorf("%+v, %v", room, err)
		}
	})
}
