package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// addOpenRoom makes a room through chat, as people do: the buffer has the
// messages, and running servers tell of the room.
func (s *seeder) addOpenRoom(ctx context.Context, r room, limit int, people []sns.User, entries []entry) error {
	now := r.opened
	s.Rooms.Now = func() time.Time { return now }
	id, err := s.openRoom(ctx, people[0], sns.RoomChange{Name: r.name, UserLimit: limit, Notice: r.notice})
	if err != nil {
		return err
	}
	s.tell(&s.made.Rooms, 1)
	for i, e := range entries[1:] { // the mentor entered by opening the room
		now = e.at
		switch user := people[e.who]; e.kind {
		case sns.MessageEntered:
			_, err = s.Rooms.Enter(ctx, id, user)
		case sns.MessageLeft:
			err = s.Rooms.Leave(ctx, id, user)
		default:
			_, _, err = s.Rooms.Say(ctx, id, user, e.text, fmt.Sprintf("seed-%d", i))
		}
		if err != nil {
			return err
		}
		if e.kind == sns.MessageSaid {
			s.tell(&s.made.Messages, 1)
		}
	}
	return nil
}

// openRoom opens a room and pins the notice.
func (s *seeder) openRoom(ctx context.Context, mentor sns.User, change sns.RoomChange) (int64, error) {
	id, _, err := s.Rooms.Open(ctx, chat.NewRoom{Mentor: mentor, Change: change})
	if err != nil || change.Notice == "" {
		return id, err
	}
	opened, _, err := s.Store.Room(ctx, id, mentor.ID)
	if err == nil {
		_, err = s.Rooms.Change(ctx, opened, mentor, change)
	}
	return id, err
}

// addEndedRoom inserts a room as it is after the settlement.
func (s *seeder) addEndedRoom(ctx context.Context, r room, limit int, people []sns.User, entries []entry) error {
	if _, err := insertEndedRoom(ctx, s.Store, r, limit, people, entries); err != nil {
		return err
	}
	said := slices.DeleteFunc(entries, func(e entry) bool { return e.kind != sns.MessageSaid })
	s.tell(&s.made.Rooms, 1)
	s.tell(&s.made.Messages, len(said))
	return nil
}

// A stay is a row of the table participants.
type stay struct {
	user            int64
	entered, exited time.Time
}

// staysOf returns the stays in a room in the order of entering, and the number of
// people who left before the end.
func staysOf(people []sns.User, entries []entry, end time.Time) (stays []stay, left int) {
	latest := make([]int, len(people)) // the index of the latest stay of each person
	for _, e := range entries {
		switch e.kind {
		case sns.MessageEntered:
			latest[e.who] = len(stays)
			stays = append(stays, stay{people[e.who].ID, e.at, end})
		case sns.MessageLeft:
			stays[latest[e.who]].exited = e.at
			left++
		}
	}
	return stays, left
}

// insertEndedRoom inserts a settled room with all messages, and with a closed and
// empty buffer, or nothing. The version counts each person who entered after the
// mentor, each person who left, the notice, and the end; the epoch counts the
// opening of the buffer.
func insertEndedRoom(ctx context.Context, db *store.Store, r room, limit int, people []sns.User, entries []entry) (id int64, err error) {
	stays, left := staysOf(people, entries, r.closed)
	version, noticeAt, n := len(stays)+left, time.Time{}, len(entries)
	if r.notice != "" {
		version, noticeAt = version+1, r.opened
	}
	err = db.Bulk(ctx, func(b *store.Bulk) {
		id = b.InsertOne(`INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, notice_at, version, created_at, ended_at, buffer, epoch)`,
			people[0].ID, r.name, limit, len(stays)-left, r.notice, noticeAt, version, r.opened, r.closed, chat.BufferTable, 1)
		b.Insert(`INSERT INTO participants (room_id, user_id, entered_at, exited_at)`,
			rows(stays, func(_ int, s stay) []any { return []any{id, s.user, s.entered, s.exited} }))
		b.Insert(`INSERT INTO messages (room_id, seq, user_id, kind, content, created_at)`,
			rows(entries, func(i int, e entry) []any {
				return []any{id, i + 1, people[e.who].ID, string(e.kind), e.text, e.at}
			}))
		b.InsertOne(`INSERT INTO end_rooms (room_id, ended_at, total, saved, attempts, last_error, executed_at, dropped)`,
			id, r.closed, n, n, 1, "", r.closed, 1)
		b.InsertOne(`INSERT INTO buffers (room_id, open, seq, line_count)`, id, 0, n, 0)
	})
	return id, err
}
