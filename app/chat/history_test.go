package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

// A reader gets all lines at any time while a room ends, is saved, and is dropped
// from the buffer.
func TestReadingWhileTheRoomIsSettled(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		for _, moment := range []string{"before Messages 1", "after Messages 1", "before Messages 2", "before Messages 4", "after Messages 4"} {
			for _, ended := range []bool{false, true} {
				t.Run(fmt.Sprint(moment, ", known as ended: ", ended), func(t *testing.T) {
					reader, buffer := w.onShaky(t, setup{}, 0)
					other := w.replica(t, setup{})
					room, _, said := other.conversation(t)
					settle := func(context.Context) error {
						if !ended {
							other.endRoom(t, room)
						}
						if done, err := other.Settle(t.Context(), room.ID); !done || err != nil {
							t.Errorf("settle: %t, %v", done, err)
						}
						return nil
					}
					if ended {
						room = other.endRoom(t, room)
					}
					buffer.on(moment, settle)
					var read []sns.Message
					for after := int64(0); ; after = read[len(read)-1].Seq {
						page, err := reader.Messages(t.Context(), room, sns.MessagePage{After: after, Limit: 3})
						if err != nil {
							t.Fatal(err)
						}
						if len(page) == 0 {
							break
						}
						read = append(read, page...)
					}
					if len(read) != linesOfSteps {
						t.Errorf("read %d lines of %d", len(read), linesOfSteps)
					}
					m, err := reader.Message(t.Context(), room, said[0].Seq)
					if err != nil || m.Content != said[0].Content {
						t.Errorf("one message: %+v, %v", m, err)
					}
				})
			}
		}
	})
}

// endRoom ends a room without settling, and returns the room.
func (r *replica) endRoom(t testing.TB, room sns.Room) sns.Room {
	t.Helper()
	if _, err := r.world.store.EndRoom(t.Context(), room.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	return r.world.room(t, room.ID)
}

// A settlement that always fails stops neither the other settlements nor Sweep.
func TestSweepGoesOnAndEnds(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		w.exec(t, "INSERT INTO end_rooms (room_id, ended_at, last_error) VALUES (999999, 1, '')")
		room, _, said := r.conversation(t)
		r.endRoom(t, room)
		ctx, cancel := context.WithTimeout(t.Context(), patience/2)
		defer cancel()
		done, err := r.Sweep(ctx)
		if done != 1 || !errors.Is(err, sns.ErrNotFound) || ctx.Err() != nil {
			t.Errorf("sweep: %d, %v", done, err)
		}
		r.wantSaid(t, room.ID, said)
	})
}

func TestErasing(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		admin := w.person(t, sns.RoleAdmin)
		var said []sns.Message
		for i := range 6 {
			said = append(said, r.says(t, room, members[0], fmt.Sprint("말 ", i), fmt.Sprint("id-", i)))
		}
		was := mentor
		was.Role = sns.RoleUser
		for _, by := range []sns.User{members[1], was} {
			wantError(t, "erase the word of another", r.Erase(t.Context(), room, by, said[0].Seq), sns.ErrForbidden)
		}
		wantError(t, "erase a line of coming", r.Erase(t.Context(), room, mentor, 1), sns.ErrForbidden)
		wantError(t, "erase nothing", r.Erase(t.Context(), room, mentor, 1000), sns.ErrNotFound)
		erase := func(by sns.User, i int) {
			t.Helper()
			if err := r.Erase(t.Context(), w.room(t, room.ID), by, said[i].Seq); err != nil {
				t.Errorf("%s erases %d: %v", by.Username, i, err)
			}
			said[i].Content, said[i].Deleted = "", true
		}
		erase(members[0], 0)
		erase(mentor, 1)
		erase(admin, 2)
		r.wantSaid(t, room.ID, said)
		ended := r.endRoom(t, room)
		if _, err := r.buffer.Close(t.Context(), room.ID); err != nil {
			t.Fatal(err)
		}
		wantError(t, "erase while settling", r.Erase(t.Context(), ended, mentor, said[3].Seq), sns.ErrSettling)
		wantError(t, "erase while settling, not knowing", r.Erase(t.Context(), room, mentor, said[3].Seq), sns.ErrSettling)
		if _, err := r.Settle(t.Context(), room.ID); err != nil {
			t.Fatal(err)
		}
		erase(members[0], 3)
		erase(mentor, 4)
		wantError(t, "erase the word of another", r.Erase(t.Context(), ended, members[1], said[5].Seq), sns.ErrForbidden)
		wantError(t, "erase nothing", r.Erase(t.Context(), ended, mentor, 1000), sns.ErrNotFound)
		r.wantSaid(t, room.ID, said)
	})
}

func TestSearchingARoom(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		for i := range 30 {
			r.says(t, room, members[0], fmt.Sprintf("%d번째 Go 이야기", i), fmt.Sprint("id-", i))
		}
		gone := r.says(t, room, mentor, "지운 go 이야기", "gone")
		if err := r.Erase(t.Context(), room, mentor, gone.Seq); err != nil {
			t.Fatal(err)
		}
		look := func() {
			t.Helper()
			found, count, err := r.Search(t.Context(), w.room(t, room.ID), "gO 이야", 4)
			if err != nil || count != 30 || len(found) != 4 {
				t.Fatalf("%d found, %d in all, %v", len(found), count, err)
			}
			for i, m := range found {
				if !strings.HasPrefix(m.Content, fmt.Sprint(26+i, "번째")) || m.Author.Username != members[0].Username {
					t.Errorf("found %+v", m)
				}
			}
			if found, count, err := r.Search(t.Context(), room, "번째 없는", 4); len(found)+count > 0 || err != nil {
				t.Errorf("found %v, %d, %v", found, count, err)
			}
		}
		look()
		if sizes := r.Sizes(t.Context(), []sns.Room{room}); sizes[room.ID].Lines != 33 {
			t.Errorf("sizes %v", sizes)
		}
		r.ends(t, room, mentor)
		eventually(t, "the buffer is empty", func() bool { return r.Sizes(t.Context(), []sns.Room{room})[room.ID].Lines == 0 })
		look()
	})
}

// Messages that a page missed arrive once, in order.
func TestCatchingUp(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, _, members := r.party(t, 3)
		var missed []int64
		for i := range 50 {
			m := r.says(t, room, members[i%3], fmt.Sprint(i), fmt.Sprint("id-", i))
			missed = append(missed, m.Seq)
		}
		newest, err := r.Messages(t.Context(), room, sns.LastMessages(40))
		if err != nil || len(newest) != 40 || newest[39].Seq != missed[49] {
			t.Errorf("the newest: %d, %v", len(newest), err)
		}
		var got []int64
		page := sns.MessagePage{After: missed[0] - 1, Limit: 7}
		for {
			lines, err := r.Messages(t.Context(), room, page)
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) == 0 {
				break
			}
			for _, m := range lines {
				got = append(got, m.Seq)
			}
			page.After = got[len(got)-1]
		}
		if !slices.Equal(got, missed) {
			t.Errorf("caught up on %v, missed %v", got, missed)
		}
	})
}
