package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestRoomIsReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		seojun, minji := d.user(t, "서준"), d.user(t, "민지")
		made := store.NewRoom{Mentor: minji, Name: "아침 영어 회화 😀", UserLimit: 10, Buffer: "redis", Key: "k", CreatedAt: noon}
		id, stay, err := d.CreateRoom(t.Context(), made)
		if err != nil || stay == 0 {
			t.Fatalf("stay %d, %v", stay, err)
		}
		want := sns.Room{
			ID: id, Name: made.Name, Mentor: sns.User{ID: minji, Username: "민지", Role: sns.RoleUser}, UserLimit: 10, HeadCount: 1,
			CreatedAt: noon, Buffer: "redis",
		}
		got, membership := d.found(t, id, minji)
		if !reflect.DeepEqual(got, want) || membership != (sns.Membership{Inside: true, Was: true}) {
			t.Errorf("its mentor finds %+v, %+v, want %+v", got, membership, want)
		}
		if got, membership := d.found(t, id, seojun); !reflect.DeepEqual(got, want) || membership != (sns.Membership{}) {
			t.Errorf("another finds %+v, %+v", got, membership)
		}
		if entry, err := d.EnterRoom(t.Context(), id, minji, noon); err != nil || !entry.Again || entry.Participant != stay {
			t.Errorf("its mentor enters: %+v, %v", entry, err)
		}
		if _, _, err := d.Room(t.Context(), id+1, minji); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("another room: %v", err)
		}
	})
}

func TestOneFormMakesOneRoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		made := store.NewRoom{Mentor: minji, Name: "함께 읽기", UserLimit: 5, Buffer: "table", Key: "same", CreatedAt: noon}
		errs := make([]error, 8)
		together(len(errs), func(i int) { _, _, errs[i] = d.CreateRoom(t.Context(), made) })
		if ok := wantErrors(t, errs, sns.ErrConflict); ok != 1 || d.rows(t, "rooms") != 1 || d.rows(t, "participants") != 1 {
			t.Errorf("%d succeeded, %d rooms, %d inside", ok, d.rows(t, "rooms"), d.rows(t, "participants"))
		}
		if r, err := d.RoomByKey(t.Context(), minji, "same"); err != nil || r.Name != made.Name {
			t.Errorf("by key: %+v, %v", r, err)
		}
		if _, err := d.RoomByKey(t.Context(), seojun, "same"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("of another mentor: %v", err)
		}
		made.Key = ""
		for range 2 {
			if _, _, err := d.CreateRoom(t.Context(), made); err != nil {
				t.Errorf("without a key: %v", err)
			}
		}
	})
}

func TestRoomChanges(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.room(t, d.user(t, "민지"), 5)
		later, latest := noon.Add(time.Hour), noon.Add(2*time.Hour)
		for i, step := range []struct {
			change   sns.RoomChange
			now      time.Time
			noticeAt time.Time
		}{
			{sns.RoomChange{Name: "새 이름", UserLimit: 10}, noon, time.Time{}},
			{sns.RoomChange{Name: "새 이름", UserLimit: 10, Notice: "내일은 쉽니다"}, later, later},
			{sns.RoomChange{Name: "또 새 이름", UserLimit: 15, Notice: "내일은 쉽니다"}, latest, later},
			{sns.RoomChange{Name: "또 새 이름", UserLimit: 15}, latest, time.Time{}},
		} {
			got, err := d.ChangeRoom(t.Context(), room, step.change, step.now)
			if err != nil || got.Name != step.change.Name || got.UserLimit != step.change.UserLimit || got.Notice != step.change.Notice ||
				!got.NoticeAt.Equal(step.noticeAt) || got.Version != int64(i+1) {
				t.Errorf("step %d: %+v, %v", i, got, err)
			}
			if read, _ := d.found(t, room, 0); !reflect.DeepEqual(got, read) {
				t.Errorf("step %d: returned %+v, then is %+v", i, got, read)
			}
		}
	})
}

func TestRoomKeepsSeatsForWhoIsInside(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 7)
		room := d.room(t, people[0], 10)
		for _, person := range people {
			d.enter(t, room, person)
		}
		before, _ := d.found(t, room, 0)
		_, err := d.ChangeRoom(t.Context(), room, sns.RoomChange{Name: "좁은 방", UserLimit: 6}, noon)
		want := sns.Invalid{{Field: "user_limit", Key: "room.heads", Args: map[string]any{"Count": 7}}}
		if inv := (sns.Invalid{}); !errors.As(err, &inv) || !reflect.DeepEqual(inv, want) {
			t.Errorf("%v, want %v", err, want)
		}
		if after, _ := d.found(t, room, 0); !reflect.DeepEqual(after, before) {
			t.Errorf("it was %+v and is %+v", before, after)
		}
		if got, err := d.ChangeRoom(t.Context(), room, sns.RoomChange{Name: "꼭 맞는 방", UserLimit: 7}, noon); err != nil || !got.Full() {
			t.Errorf("as many seats as people: %+v, %v", got, err)
		}
	})
}

func TestEndedRoomStaysAsItIs(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		room := d.room(t, people[0], 5)
		d.enter(t, room, people[1])
		if _, err := d.RemoveParticipant(t.Context(), room, people[1], noon); err != nil {
			t.Fatal(err)
		}
		if err := d.WaitForSeat(t.Context(), room, people[3], true, noon); err != nil {
			t.Fatal(err)
		}
		later := noon.Add(time.Minute)
		ended, err := d.EndRoom(t.Context(), room, later)
		if err != nil || !ended.EndedAt.Equal(later) || ended.Version != 3 || ended.HeadCount != 1 {
			t.Fatalf("%+v, %v", ended, err)
		}
		for name, err := range d.afterTheEnd(t, room, people) {
			if !errors.Is(err, sns.ErrRoomEnded) {
				t.Errorf("%s: %v, want ErrRoomEnded", name, err)
			}
		}
		if after, _ := d.found(t, room, 0); !reflect.DeepEqual(after, ended) {
			t.Errorf("it was %+v and is %+v", ended, after)
		}
		if users, err := d.TakeWaiting(t.Context(), room, noon); err != nil || len(users) != 0 {
			t.Errorf("%v still wait, %v", users, err)
		}
		if s, err := d.Settlement(t.Context(), room); err != nil || s != (sns.Settlement{Room: room, EndedAt: later}) {
			t.Errorf("its settlement is %+v, %v", s, err)
		}
	})
}

// afterTheEnd tries all changes that an ended room refuses. people are the
// mentor, a removed user, and two users who never entered.
func (d *database) afterTheEnd(t *testing.T, room int64, people []int64) map[string]error {
	errs := map[string]error{}
	_, errs["end"] = d.EndRoom(t.Context(), room, noon)
	_, errs["enter"] = d.EnterRoom(t.Context(), room, people[2], noon)
	_, errs["enter, inside"] = d.EnterRoom(t.Context(), room, people[0], noon)
	_, errs["leave"] = d.LeaveRoom(t.Context(), room, people[0], noon)
	_, errs["remove"] = d.RemoveParticipant(t.Context(), room, people[0], noon)
	errs["restore"] = d.RestoreParticipant(t.Context(), room, people[1])
	errs["wait"] = d.WaitForSeat(t.Context(), room, people[2], true, noon)
	_, errs["change"] = d.ChangeRoom(t.Context(), room, sns.RoomChange{Name: "이름", UserLimit: 5}, noon)
	_, errs["epoch"] = d.RaiseEpoch(t.Context(), room, 0)
	return errs
}

func TestMissingRoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		errs := d.afterTheEnd(t, 7, []int64{minji, minji, minji})
		_, errs["settlement"] = d.Settlement(t.Context(), 7)
		_, _, errs["claim"] = d.ClaimSettlement(t.Context(), 7, "a", time.Minute)
		errs["retry"] = d.RetrySettlement(t.Context(), 7)
		_, errs["message"] = d.Message(t.Context(), 7, 1)
		errs["erase"] = d.EraseMessage(t.Context(), 7, 1)
		for name, err := range errs {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
		if n := d.rows(t, "participants") + d.rows(t, "room_waits") + d.rows(t, "end_rooms"); n > 0 {
			t.Errorf("%d rows of nothing", n)
		}
	})
}

func TestLossOfABufferIsCountedOnce(t *testing.T) { each(t, lossOfABuffer) }

func lossOfABuffer(t *testing.T, d *database) {
	room := d.room(t, d.user(t, "민지"), 5)
	for from := range int64(5) {
		var epochs [6]int64
		together(len(epochs), func(i int) {
			var err error
			if epochs[i], err = d.RaiseEpoch(t.Context(), room, from); err != nil {
				t.Error(err)
			}
		})
		for _, epoch := range epochs {
			if epoch != from+1 {
				t.Fatalf("after loss %d the epochs are %v", from, epochs)
			}
		}
	}
	if epoch, err := d.RaiseEpoch(t.Context(), room, 2); err != nil || epoch != 5 {
		t.Errorf("one who is late is told %d, %v", epoch, err)
	}
	if r, _ := d.found(t, room, 0); r.Epoch != 5 {
		t.Errorf("the epoch is %d", r.Epoch)
	}
}
