package chat_test

import (
	"slices"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// Rooms that a replica left open, which died while suspending their mentor, are ended by the next
// one, for the reason of the suspension.
func TestRoomsOfSuspendedMentorsEnd(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, _ := r.party(t, 1)
		other, _, _ := r.party(t, 1)
		suspension, err := sns.SuspensionOf(mentor.ID, 0, 1, "욕을 해서", r.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.store.Suspend(t.Context(), suspension); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := r.EndSuspended(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if !w.room(t, room.ID).Ended() || w.room(t, other.ID).Ended() {
			t.Error("not the room of the suspended mentor alone has ended")
		}
		acts, err := w.store.Acts(t.Context(), sns.ActPage{Kind: sns.ActEnd, Limit: 9}, r.Now())
		if err != nil || len(acts) != 1 || acts[0].User.ID != mentor.ID || acts[0].Note != "욕을 해서" {
			t.Errorf("%+v, %v", acts, err)
		}
	})
}

// A retired account can be deleted: its rooms have ended and are settled, and its
// seats are free.
func TestWhoRetiresLeavesNoRoomAndNoSeat(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		other, _, guests := r.party(t, 1)
		second := r.opens(t, mentor, 5)
		r.enters(t, other, mentor)
		r.enters(t, other, members[0])
		said := r.says(t, room, mentor, "잘 지내요", "a")
		at := []*viewer{r.looksOn(t, chat.Topic(room.ID)), r.looksOn(t, chat.Topic(second.ID))}
		elsewhere := r.looksOn(t, chat.Topic(other.ID), chat.TopicRooms)

		if _, err := w.store.DeleteUser(t.Context(), mentor.ID, room.CreatedAt); err == nil {
			t.Fatal("deleted before")
		}
		if err := r.Retire(t.Context(), mentor); err != nil {
			t.Fatal(err)
		}
		for _, v := range at {
			v.isHungUp(t)
		}
		for _, id := range []int64{room.ID, second.ID} {
			if !w.room(t, id).Ended() {
				t.Errorf("room %d is open", id)
			}
			if got := all[sns.Room](t, &r.told, chat.Topic(id), chat.KindOver); len(got) != 1 || !got[0].Ended() {
				t.Errorf("room %d is told %+v", id, got)
			}
			if s := w.settled(t, id); s.Saved != s.Total || s.Lost != 0 || s.Total == 0 {
				t.Errorf("room %d: %+v", id, s)
			}
		}
		r.wantSaid(t, room.ID, []sns.Message{said})
		if got := w.room(t, other.ID); got.Ended() || got.HeadCount != 3 { // the host, the guest, and a member
			t.Errorf("the other room: %+v", got)
		}
		if elsewhere.hungUp() {
			t.Error("who is in another room was hung up on")
		}
		left := slices.ContainsFunc(r.transcript(t, other.ID), func(m sns.Message) bool {
			return m.Kind == sns.MessageLeft && m.Author.ID == mentor.ID
		})
		if !left {
			t.Error("the others were not told that they left")
		}
		r.says(t, other, guests[0], "가셨네요", "b")
		if _, err := w.store.DeleteUser(t.Context(), mentor.ID, room.CreatedAt); err != nil {
			t.Errorf("deleted afterwards: %v", err)
		}
		if lines := r.said(t, room.ID); len(lines) != 1 || lines[0].Content != "잘 지내요" || !lines[0].Author.Deleted() {
			t.Errorf("what they said is %+v", lines)
		}
	})
}

// Retire may be repeated after a failure, and run on two devices at once.
func TestRetiringAgainChangesNothing(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		replicas := []*replica{w.replica(t, setup{}), w.replica(t, setup{})}
		room, mentor, _ := replicas[0].party(t, 1)
		other, _, _ := replicas[1].party(t, 1)
		replicas[1].enters(t, other, mentor)
		together(4, func(i int) {
			if err := replicas[i%2].Retire(t.Context(), mentor); err != nil {
				t.Error(err)
			}
		})
		ended, before := w.room(t, room.ID), w.room(t, other.ID)
		if !ended.Ended() || before.HeadCount != 2 {
			t.Errorf("%+v, %+v", ended, before)
		}
		w.settled(t, room.ID)
		for _, r := range replicas {
			if err := r.Retire(t.Context(), mentor); err != nil {
				t.Error(err)
			}
		}
		if w.room(t, room.ID) != ended || w.room(t, other.ID) != before {
			t.Errorf("then %+v, %+v", w.room(t, room.ID), w.room(t, other.ID))
		}
		if err := replicas[0].Retire(t.Context(), w.person(t, sns.RoleUser)); err != nil {
			t.Errorf("who has nothing: %v", err)
		}
	})
}

// A former mentor, who may not manage the rooms any more, can retire.
func TestDemotedMentorRetires(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, _ := r.party(t, 1)
		if err := w.store.SetRole(t.Context(), mentor.ID, sns.RoleUser); err != nil {
			t.Fatal(err)
		}
		mentor.Role = sns.RoleUser
		wantError(t, "end", r.End(t.Context(), room, mentor), sns.ErrForbidden)
		if err := r.Retire(t.Context(), mentor); err != nil {
			t.Fatal(err)
		}
		if !w.room(t, room.ID).Ended() {
			t.Error("the room is open")
		}
		w.settled(t, room.ID)
	})
}
