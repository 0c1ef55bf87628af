package chat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

func TestOpeningTwiceWithOneKey(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		r.looksOn(t, chat.TopicRooms)
		mentor := w.person(t, sns.RoleMentor)
		ids := make([]int64, 4)
		var fresh atomic.Int64
		together(len(ids), func(i int) {
			id, again, err := r.Open(t.Context(), chat.NewRoom{Mentor: mentor, Change: sns.RoomChange{Name: "책", UserLimit: 5}, Key: "key"})
			if err != nil {
				t.Error(err)
			}
			if !again {
				fresh.Add(1)
			}
			ids[i] = id
		})
		if fresh.Load() != 1 || slices.Min(ids) != slices.Max(ids) {
			t.Errorf("%d rooms: %v", fresh.Load(), ids)
		}
		eventually(t, "the room is told", func() bool { return len(r.told.of(chat.TopicRooms, chat.KindOpened)) > 0 })
		if rooms := all[sns.Room](t, &r.told, chat.TopicRooms, chat.KindOpened); len(rooms) != 1 || rooms[0].ID != ids[0] || rooms[0].HeadCount != 1 {
			t.Errorf("told %+v", rooms)
		}
	})
}

func TestOnlyWhoIsInsideSpeaks(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		outsider, admin := w.person(t, sns.RoleUser), w.person(t, sns.RoleAdmin)
		said := []sns.Message{r.says(t, room, mentor, "어서 오세요", "a"), r.says(t, room, members[0], "네", "a")}
		refused := func(user sns.User, want error) {
			t.Helper()
			_, _, err := r.Say(t.Context(), room.ID, user, "나도", "refused")
			wantError(t, user.Username+" says", err, want)
		}
		refused(outsider, sns.ErrForbidden)
		refused(admin, sns.ErrForbidden)
		if err := r.Leave(t.Context(), room.ID, members[0]); err != nil {
			t.Fatal(err)
		}
		refused(members[0], sns.ErrForbidden)
		if err := r.Remove(t.Context(), room, mentor, members[1]); err != nil {
			t.Fatal(err)
		}
		refused(members[1], sns.ErrForbidden)
		r.enters(t, room, members[0])
		said = append(said, r.says(t, room, members[0], "다시 왔어요", "b"))
		_, _, err := r.Say(t.Context(), 999999, mentor, "여기는", "a")
		wantError(t, "say nowhere", err, sns.ErrNotFound)
		r.wantSaid(t, room.ID, said)
	})
}

func TestRemovedMayNotReturnUntilRestored(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 2)
		was, other, admin := mentor, w.person(t, sns.RoleMentor), w.person(t, sns.RoleAdmin)
		was.Role = sns.RoleUser
		for _, by := range []sns.User{members[1], was, other} {
			wantError(t, "remove", r.Remove(t.Context(), room, by, members[0]), sns.ErrForbidden)
			wantError(t, "restore", r.Restore(t.Context(), room, by, members[0].ID), sns.ErrForbidden)
		}
		wantError(t, "remove the mentor", r.Remove(t.Context(), room, admin, mentor), sns.ErrForbidden)
		page := r.looksOn(t, chat.SeatTopic(room.ID, members[0].ID))
		bystander := r.looksOn(t, chat.SeatTopic(room.ID, members[1].ID), chat.Topic(room.ID))
		if err := r.Remove(t.Context(), room, mentor, members[0]); err != nil {
			t.Fatal(err)
		}
		page.isHungUp(t)
		if got := all[sns.MessageKind](t, &r.told, chat.SeatTopic(room.ID, members[0].ID), chat.KindExited); !slices.Equal(got, []sns.MessageKind{sns.MessageRemoved}) {
			t.Errorf("told %v", got)
		}
		_, err := r.Enter(t.Context(), room.ID, members[0])
		wantError(t, "enter", err, sns.ErrForbidden)
		if err := r.Restore(t.Context(), room, admin, members[0].ID); err != nil {
			t.Fatal(err)
		}
		wantError(t, "restore who may enter", r.Restore(t.Context(), room, mentor, members[0].ID), sns.ErrNotFound)
		r.enters(t, room, members[0])
		want := []sns.MessageKind{sns.MessageEntered, sns.MessageEntered, sns.MessageEntered, sns.MessageRemoved, sns.MessageEntered}
		if got := kindsOf(r.transcript(t, room.ID)); !slices.Equal(got, want) {
			t.Errorf("lines %v", got)
		}
		if bystander.hungUp() {
			t.Error("a bystander was hung up on")
		}
	})
}

func TestLeavingTwiceAndEnteringTwice(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, _, members := r.party(t, 1)
		page := r.looksOn(t, chat.SeatTopic(room.ID, members[0].ID))
		for range 2 {
			if err := r.Leave(t.Context(), room.ID, members[0]); err != nil {
				t.Fatal(err)
			}
		}
		page.isHungUp(t)
		for range 2 {
			r.enters(t, room, members[0])
		}
		want := []sns.MessageKind{sns.MessageEntered, sns.MessageEntered, sns.MessageLeft, sns.MessageEntered}
		if got := kindsOf(r.transcript(t, room.ID)); !slices.Equal(got, want) {
			t.Errorf("lines %v", got)
		}
		if got := w.room(t, room.ID).HeadCount; got != 2 {
			t.Errorf("%d are inside", got)
		}
		wantError(t, "leave nowhere", r.Leave(t.Context(), 999999, members[0]), sns.ErrNotFound)
	})
}

// Head counts are absolute, have rising versions, and the last event is right.
func TestHeadCountsAreTold(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		mentor, crowd := w.person(t, sns.RoleMentor), w.persons(t, 12)
		room := r.opens(t, mentor, 8)
		r.looksOn(t, chat.TopicRooms, chat.Topic(room.ID))
		together(len(crowd), func(i int) {
			for range 3 {
				_, err := r.Enter(t.Context(), room.ID, crowd[i])
				if err != nil && !errors.Is(err, sns.ErrRoomFull) {
					t.Error(err)
				}
				if err == nil && i%2 == 0 {
					if err := r.Leave(t.Context(), room.ID, crowd[i]); err != nil {
						t.Error(err)
					}
				}
			}
		})
		now := w.room(t, room.ID)
		for _, topic := range []string{chat.TopicRooms, chat.Topic(room.ID)} {
			eventually(t, "the head count is told", func() bool {
				told := all[sns.Room](t, &r.told, topic, chat.KindHeadCount)
				return len(told) > 0 && told[len(told)-1].Version == now.Version
			})
			told := all[sns.Room](t, &r.told, topic, chat.KindHeadCount)
			if last := told[len(told)-1]; last.HeadCount != now.HeadCount {
				t.Errorf("told last: %d, inside are %d", last.HeadCount, now.HeadCount)
			}
			for i, one := range told {
				if one.HeadCount < 1 || one.HeadCount > 8 || i > 0 && one.Version <= told[i-1].Version {
					t.Errorf("told %+v", one)
				}
			}
		}
	})
}

func TestChangingARoomIsTold(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		r.looksOn(t, chat.TopicRooms, chat.Topic(room.ID))
		change := sns.RoomChange{Name: "새 이름", UserLimit: 9, Notice: "읽어 주세요"}
		_, err := r.Change(t.Context(), room, members[0], change)
		wantError(t, "change", err, sns.ErrForbidden)
		changed, err := r.Change(t.Context(), room, mentor, change)
		if err != nil || changed.Name != change.Name || changed.UserLimit != 9 || changed.Version <= room.Version {
			t.Fatalf("%+v, %v", changed, err)
		}
		listed := changed
		listed.Notice = "" // only for users inside
		for _, want := range []struct {
			topic, kind string
			room        sns.Room
		}{{chat.Topic(room.ID), chat.KindRoom, changed}, {chat.TopicRooms, chat.KindListed, listed}} {
			eventually(t, "the change is told", func() bool { return len(r.told.of(want.topic, want.kind)) > 0 })
			data, _ := json.Marshal(want.room)
			if got := r.told.of(want.topic, want.kind); len(got) != 1 || string(got[0]) != string(data) {
				t.Errorf("told %s, want %s", got, data)
			}
		}
		for topic, kind := range map[string]string{chat.Topic(room.ID): chat.KindListed, chat.TopicRooms: chat.KindRoom} {
			if got := r.told.of(topic, kind); len(got) > 0 {
				t.Errorf("%s is told %s", topic, got)
			}
		}
	})
}

// Head counts are gathered, so that a count from before a change may be published
// after the change: viewers must still end up with the new limit.
func TestEnteringAndThenChanging(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		for i := range 8 { // the gathered count is published before the change, after it, or never
			room, mentor, _ := r.party(t, 0)
			r.looksOn(t, chat.TopicRooms, chat.Topic(room.ID))
			r.enters(t, room, w.person(t, sns.RoleUser))
			time.Sleep(time.Duration(i) * live.GatherWindow / 6)
			changed, err := r.Change(t.Context(), w.room(t, room.ID), mentor, sns.RoomChange{Name: "새 이름", UserLimit: 17})
			if err != nil {
				t.Fatal(err)
			}
			for _, topic := range []string{chat.TopicRooms, chat.Topic(room.ID)} {
				eventually(t, "the head count is told", func() bool {
					last := r.told.last(t, topic, room.ID, chat.KindHeadCount)
					return last.Version == changed.Version
				})
				last := r.told.last(t, topic, room.ID, chat.KindHeadCount, chat.KindRoom, chat.KindListed)
				if last.UserLimit != 17 || last.HeadCount != 2 || last.Version != changed.Version {
					t.Errorf("%s was left with %+v", topic, last)
				}
			}
		}
	})
}

func TestFreeSeatIsOfferedOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		mentor, inside, waiting := w.person(t, sns.RoleMentor), w.persons(t, 4), w.persons(t, 3)
		room := r.opens(t, mentor, 5)
		for _, user := range inside {
			r.enters(t, room, user)
		}
		for _, user := range waiting {
			_, err := r.Enter(t.Context(), room.ID, user)
			wantError(t, "enter a full room", err, sns.ErrRoomFull)
			if err := w.store.WaitForSeat(t.Context(), room.ID, user.ID, true, noon); err != nil {
				t.Fatal(err)
			}
			r.looksOn(t, live.UserTopic(user.ID))
		}
		r.looksOn(t, live.UserTopic(inside[0].ID))
		together(len(inside), func(i int) {
			var err error
			if i%2 == 0 {
				err = r.Leave(t.Context(), room.ID, inside[i])
			} else {
				err = r.Remove(t.Context(), room, mentor, inside[i])
			}
			if err != nil {
				t.Error(err)
			}
		})
		r.wantOffers(t, waiting, 1)
		if got := r.told.of(live.UserTopic(inside[0].ID), chat.KindSeatFree); len(got) > 0 {
			t.Errorf("who does not wait is told %s", got)
		}
		r.enters(t, room, waiting[0])
		for i := range 4 {
			if _, err := r.Enter(t.Context(), room.ID, w.person(t, sns.RoleUser)); err != nil && !errors.Is(err, sns.ErrRoomFull) {
				t.Fatal(i, err)
			}
		}
		for _, user := range waiting[1:] { // each wait is answered once, so that the users wait again
			if err := w.store.WaitForSeat(t.Context(), room.ID, user.ID, true, noon); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Change(t.Context(), w.room(t, room.ID), mentor, sns.RoomChange{Name: "책", UserLimit: 10}); err != nil {
			t.Fatal(err)
		}
		r.wantOffers(t, waiting[1:], 2)
		r.wantOffers(t, waiting[:1], 1)
	})
}

// A replica may die when a seat is free and nobody is told yet: another one tells.
func TestFreeSeatIsOfferedAfterADeath(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		mentor, inside, waiting := w.person(t, sns.RoleMentor), w.persons(t, 4), w.person(t, sns.RoleUser)
		room := r.opens(t, mentor, 5)
		for _, user := range inside {
			r.enters(t, room, user)
		}
		if err := w.store.WaitForSeat(t.Context(), room.ID, waiting.ID, true, noon); err != nil {
			t.Fatal(err)
		}
		r.looksOn(t, live.UserTopic(waiting.ID))
		offers := func() {
			if err := r.OfferSeats(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		offers()
		r.wantOffers(t, []sns.User{waiting}, 0)
		if _, err := w.store.LeaveRoom(t.Context(), room.ID, inside[0].ID, noon); err != nil {
			t.Fatal(err)
		}
		offers()
		offers()
		r.wantOffers(t, []sns.User{waiting}, 1)
	})
}

// wantOffers waits until each user got want offers of a free seat.
func (r *replica) wantOffers(t testing.TB, waiting []sns.User, want int) {
	t.Helper()
	for _, user := range waiting {
		topic := live.UserTopic(user.ID)
		eventually(t, fmt.Sprint(user.Username, " is told"), func() bool { return len(r.told.of(topic, chat.KindSeatFree)) >= want })
		if got := len(r.told.of(topic, chat.KindSeatFree)); got != want {
			t.Errorf("%s is told %d times", user.Username, got)
		}
	}
}
