package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// In the original, a room whose members had left lost all messages.
func TestWhatLeaversSaidIsKept(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 3)
		var said []sns.Message
		for i, user := range members {
			said = append(said, r.says(t, room, user, fmt.Sprint("말 ", i), "a"))
		}
		if err := r.Remove(t.Context(), room, mentor, members[0]); err != nil {
			t.Fatal(err)
		}
		for _, user := range append(members[1:], mentor) {
			if err := r.Leave(t.Context(), room.ID, user); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.room(t, room.ID).HeadCount; n != 0 {
			t.Errorf("%d are inside", n)
		}
		r.wantSaid(t, room.ID, said)
		before := r.transcript(t, room.ID)
		if s := r.ends(t, room, mentor); s.Total != int64(len(before)) || s.Saved != s.Total || s.Lost != 0 {
			t.Errorf("%+v", s)
		}
		r.wantSaid(t, room.ID, said)
		if !slices.EqualFunc(r.transcript(t, room.ID), before, same) {
			t.Error("the transcript changed when it was saved")
		}
	})
}

func TestWhoMayEnd(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		was, other, admin := mentor, w.person(t, sns.RoleMentor), w.person(t, sns.RoleAdmin)
		was.Role = sns.RoleUser
		for _, by := range []sns.User{members[0], other, was} {
			wantError(t, "end", r.End(t.Context(), room, by), sns.ErrForbidden)
			wantError(t, "retry", r.Retry(t.Context(), room, by), sns.ErrForbidden)
		}
		if w.room(t, room.ID).Ended() {
			t.Fatal("the room has ended")
		}
		r.ends(t, room, admin)
		wantError(t, "end again", r.End(t.Context(), room, mentor), sns.ErrRoomEnded)
		wantError(t, "end an ended one", r.End(t.Context(), w.room(t, room.ID), mentor), sns.ErrRoomEnded)
		wantError(t, "end nothing", r.End(t.Context(), sns.Room{ID: 999999}, admin), sns.ErrNotFound)
	})
}

func TestEndingAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		replicas := []*replica{w.replica(t, setup{}), w.replica(t, setup{})}
		room, mentor, _ := replicas[0].party(t, 1)
		var ended atomic.Int64
		together(6, func(i int) {
			err := replicas[i%2].End(t.Context(), room, mentor)
			if err == nil {
				ended.Add(1)
			} else {
				wantError(t, "end", err, sns.ErrRoomEnded)
			}
		})
		if ended.Load() != 1 {
			t.Errorf("ended %d times", ended.Load())
		}
		w.settled(t, room.ID)
	})
}

func TestNothingHappensAfterTheEnd(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		said := r.says(t, room, members[0], "마지막 말", "a")
		check := func(when string) {
			t.Helper()
			for _, id := range []string{"a", "b"} {
				_, _, err := r.Say(t.Context(), room.ID, members[0], "마지막 말", id)
				wantError(t, "say "+when, err, sns.ErrRoomEnded)
			}
			_, err := r.Enter(t.Context(), room.ID, w.person(t, sns.RoleUser))
			wantError(t, "enter "+when, err, sns.ErrRoomEnded)
			wantError(t, "leave "+when, r.Leave(t.Context(), room.ID, members[0]), sns.ErrRoomEnded)
			wantError(t, "remove "+when, r.Remove(t.Context(), room, mentor, members[0]), sns.ErrRoomEnded)
			wantError(t, "restore "+when, r.Restore(t.Context(), room, mentor, members[0].ID), sns.ErrRoomEnded)
			_, err = r.Change(t.Context(), room, mentor, sns.RoomChange{Name: "이름", UserLimit: 9})
			wantError(t, "change "+when, err, sns.ErrRoomEnded)
		}
		if err := r.End(t.Context(), room, mentor); err != nil {
			t.Fatal(err)
		}
		check("after the end")
		w.settled(t, room.ID)
		check("after the settlement")
		r.wantSaid(t, room.ID, []sns.Message{said})
	})
}

// The transcript holds exactly the acknowledged messages.
func TestEndingWhileFiftyTalk(t *testing.T) {
	t.Parallel()
	const people = 10
	inEach(t, func(t *testing.T, w *world) {
		r, other := w.replica(t, setup{}), w.replica(t, setup{})
		for range 3 {
			room, mentor, members := r.party(t, people)
			r.looksOn(t, chat.Topic(room.ID))
			var mu sync.Mutex
			var said []sns.Message
			together(5*people+1, func(i int) {
				if i == 5*people {
					eventually(t, "some is said", func() bool { mu.Lock(); defer mu.Unlock(); return len(said) > people })
					if err := r.End(t.Context(), room, mentor); err != nil {
						t.Error("end: ", err)
					}
					return
				}
				for n := 0; ; n++ {
					at := []*replica{r, other}[i%2]
					if w.redis == "" {
						at = r // a table publishes in order within one process only
					}
					m, _, err := at.Say(t.Context(), room.ID, members[i%people], fmt.Sprint(i, "-", n), fmt.Sprint(i, "-", n))
					if errors.Is(err, sns.ErrRoomEnded) {
						return
					}
					if err != nil {
						t.Error("say: ", err)
						return
					}
					mu.Lock()
					said = append(said, m)
					mu.Unlock()
				}
			})
			r.wantSaid(t, room.ID, said)
			if s := w.settled(t, room.ID); s.Total != int64(len(said)+people+1) || s.Saved != s.Total {
				t.Errorf("%+v, %d were acknowledged", s, len(said))
			}
			r.wantSaid(t, room.ID, said)
			eventually(t, "all is told", func() bool { return len(r.told.of(chat.Topic(room.ID), chat.KindLine)) >= len(said) })
			// Over Redis, the notice of the last entering user may still arrive.
			lines := slices.DeleteFunc(r.told.lines(t, room.ID), func(l chat.Line) bool { return l.Position.Seq < people+2 })
			wantSeqs(t, lines, people+2)
		}
	})
}

// The end of a room is published in the room and on the list of rooms, and viewers
// on all replicas are disconnected.
func TestEverybodyIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		replicas := []*replica{r}
		if w.redis != "" {
			replicas = append(replicas, w.replica(t, setup{}))
		}
		room, mentor, _ := r.party(t, 1)
		inside, list := make([]*viewer, len(replicas)), make([]*viewer, len(replicas))
		for i, at := range replicas {
			inside[i], list[i] = at.looksOn(t, chat.Topic(room.ID)), at.looksOn(t, chat.TopicRooms, chat.TopicSettlement(mentor.ID))
		}
		s := r.ends(t, room, mentor)
		for i, at := range replicas {
			inside[i].isHungUp(t)
			if list[i].hungUp() {
				t.Error("who looks on the list was hung up on")
			}
			for topic, kind := range map[string]string{chat.Topic(room.ID): chat.KindOver, chat.TopicRooms: chat.KindEnded} {
				if got := all[sns.Room](t, &at.told, topic, kind); len(got) != 1 || !got[0].Ended() || got[0].ID != room.ID {
					t.Errorf("%s is told %+v", topic, got)
				}
			}
			eventually(t, "the mentor is told of the saving", func() bool {
				told := all[sns.Settlement](t, &at.told, chat.TopicSettlement(mentor.ID), chat.KindSettlement)
				return len(told) > 0 && told[len(told)-1] == s
			})
		}
	})
}
