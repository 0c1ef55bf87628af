package store_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// allowed fails on errors other than the listed ones.
func allowed(t *testing.T, err error, all ...error) {
	t.Helper()
	if err != nil && !slices.ContainsFunc(all, func(a error) bool { return errors.Is(err, a) }) {
		t.Errorf("%v, want nil or one of %v", err, all)
	}
}

// watched calls check again and again until stop is called. stop waits for the
// last call.
func watched(check func()) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				check()
			}
		}
	}()
	return func() { close(done); <-ended }
}

// Fifty users compete for the last three seats, while others leave, return and
// are removed.
func TestLastSeats(t *testing.T) { each(t, lastSeats) }

func lastSeats(t *testing.T, d *database) {
	people := d.users(t, 50)
	mentor, inside := people[0], people[1:7]
	room := d.room(t, mentor, 10)
	for _, person := range inside {
		d.enter(t, room, person)
	}
	stop := watched(func() { d.seatsFit(t, room) })
	var steps, entered atomic.Int64 // each step raises the version of the room by one
	steps.Add(int64(len(inside)))
	together(len(people), func(i int) {
		for step := range 4 {
			err := d.comeOrGo(t, room, people[i], i, step, &steps)
			if err == nil {
				entered.Add(1)
			}
			allowed(t, err, sns.ErrRoomFull, sns.ErrForbidden, sns.ErrNotFound)
		}
	})
	stop()
	n := d.seatsFit(t, room)
	if r, _ := d.found(t, room, mentor); r.Version != steps.Load() || n < 1 || entered.Load() < 5 {
		t.Errorf("%+v after %d changes, %d inside, %d did what they wanted", r, steps.Load(), n, entered.Load())
	}
	if stays := d.rows(t, "participants WHERE room_id = ? AND active IS NULL AND exited_at IS NULL", room); stays > 0 {
		t.Errorf("%d stays have no end", stays)
	}
}

// comeOrGo is a step of a user: the first few leave and return, one in ten is
// removed and restored, the others try to enter.
func (d *database) comeOrGo(t *testing.T, room, person int64, i, step int, steps *atomic.Int64) error {
	switch {
	case i > 0 && i < 7 && step%2 == 0:
		gone, err := d.LeaveRoom(t.Context(), room, person, noon)
		if gone.Changed {
			steps.Add(1)
		}
		return err
	case i%10 == 9 && step == 1:
		gone, err := d.RemoveParticipant(t.Context(), room, person, noon)
		if gone.Changed {
			steps.Add(1)
		}
		return err
	case i%10 == 9 && step == 2:
		return d.RestoreParticipant(t.Context(), room, person)
	}
	entry, err := d.EnterRoom(t.Context(), room, person, noon)
	if err == nil && !entry.Again {
		steps.Add(1)
	}
	if err == nil && entry.Room.HeadCount > entry.Room.UserLimit {
		t.Errorf("person %d entered as one of %d", i, entry.Room.HeadCount)
	}
	return err
}

// A user takes a single seat, even from several devices and replicas.
func TestOnePersonEntersFromManyDevices(t *testing.T) { each(t, onePersonEnters) }

func onePersonEnters(t *testing.T, d *database) {
	others := []*store.Store{d.Store, d.another(t), d.another(t)}
	minji, seojun := d.user(t, "민지"), d.user(t, "서준")
	for range 8 {
		room := d.room(t, minji, 5)
		var entries [6]store.EnterResult
		together(len(entries), func(i int) {
			var err error
			if entries[i], err = others[i%len(others)].EnterRoom(t.Context(), room, seojun, noon); err != nil {
				t.Error(err)
			}
		})
		fresh := slices.DeleteFunc(entries[:], func(e store.EnterResult) bool { return e.Again })
		if len(fresh) != 1 || d.seatsFit(t, room) != 2 {
			t.Errorf("they entered %d times", len(fresh))
		}
	}
}

// another returns a second store on the same database, like that of another
// replica.
func (d *database) another(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A mentor lowers the limit while users enter.
func TestSeatsTakenAwayWhilePeopleEnter(t *testing.T) { each(t, seatsTakenAway) }

func seatsTakenAway(t *testing.T, d *database) {
	people := d.users(t, 16)
	for range 6 {
		room := d.room(t, people[0], 15)
		var changed atomic.Int64
		stop := watched(func() { d.seatsFit(t, room) })
		together(len(people), func(i int) {
			if i > 0 {
				_, err := d.EnterRoom(t.Context(), room, people[i], noon)
				allowed(t, err, sns.ErrRoomFull)
				return
			}
			for limit := 13; limit >= 5; limit-- {
				_, err := d.ChangeRoom(t.Context(), room, sns.RoomChange{Name: "줄어드는 방", UserLimit: limit}, noon)
				if err == nil {
					changed.Add(1)
				} else if inv := (sns.Invalid{}); !errors.As(err, &inv) {
					t.Error(err)
				}
			}
		})
		stop()
		n := d.seatsFit(t, room)
		if r, _ := d.found(t, room, 0); r.Version != changed.Load()+int64(n-1) {
			t.Errorf("%+v after %d changes and %d who entered", r, changed.Load(), n-1)
		}
	}
}

func TestOneOfManyEndsARoom(t *testing.T) { each(t, oneEnd) }

func oneEnd(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	for range 8 {
		room := d.room(t, minji, 5)
		var errs [5]error
		together(len(errs), func(i int) { _, errs[i] = d.EndRoom(t.Context(), room, noon.Add(time.Duration(i)*time.Second)) })
		r, _ := d.found(t, room, 0)
		if ok := wantErrors(t, errs[:], sns.ErrRoomEnded); ok != 1 || r.Version != 1 || d.rows(t, "end_rooms WHERE room_id = ? AND ended_at = ?", room, r.EndedAt.UnixMicro()) != 1 {
			t.Errorf("ended %d times: %+v", ok, r)
		}
	}
}

// Users who have a seat when a room ends are participants to the end, and no
// user enters later.
func TestRoomEndsWhilePeopleComeAndGo(t *testing.T) { each(t, endAndDoor) }

func endAndDoor(t *testing.T, d *database) {
	people := d.users(t, 12)
	for range 6 {
		room := d.room(t, people[0], 15)
		var ended sns.Room
		together(len(people), func(i int) {
			if i == 0 {
				time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond)
				var err error
				if ended, err = d.EndRoom(t.Context(), room, noon); err != nil {
					t.Error(err)
				}
				return
			}
			for step := range 4 {
				var err error
				if step%2 == 0 {
					_, err = d.EnterRoom(t.Context(), room, people[i], noon)
				} else {
					_, err = d.LeaveRoom(t.Context(), room, people[i], noon)
				}
				allowed(t, err, sns.ErrRoomEnded)
			}
		})
		if r, _ := d.found(t, room, 0); r != ended || d.seatsFit(t, room) != ended.HeadCount {
			t.Errorf("it ended as %+v and is %+v", ended, r)
		}
		d.claim(t, room, "a")
		if err := d.FinishSettlement(t.Context(), room, "a", 0, "", noon); err != nil {
			t.Error(err)
		}
		if n := d.rows(t, "participants WHERE room_id = ? AND (active = 1 OR exited_at IS NULL)", room); n != 0 {
			t.Errorf("%d are inside for ever", n)
		}
	}
}

func TestEachIsToldOfASeatOnce(t *testing.T) { each(t, toldOfASeat) }

func toldOfASeat(t *testing.T, d *database) {
	people := d.users(t, 9)
	replicas := []*store.Store{d.Store, d.another(t), d.another(t)}
	room := d.room(t, people[0], 5)
	for range 8 {
		for _, person := range people[1:] {
			d.wait(t, room, person, true, noon)
		}
		told := make([][]int64, 6)
		together(len(told), func(i int) {
			var err error
			if told[i], err = replicas[i%len(replicas)].TakeWaiting(t.Context(), room, noon); err != nil {
				t.Error(err)
			}
		})
		all := slices.Concat(told...)
		slices.Sort(all)
		if !slices.Equal(all, people[1:]) {
			t.Errorf("told were %v, want each of %v once", all, people[1:])
		}
	}
}

// Some databases lock neighbouring rows of an index together.
func TestPeopleWaitInManyRoomsAtOnce(t *testing.T) { each(t, waitingInManyRooms) }

func waitingInManyRooms(t *testing.T, d *database) {
	people := d.users(t, 10)
	rooms := make([]int64, 6)
	for i := range rooms {
		rooms[i] = d.room(t, people[0], 15)
	}
	together(len(people), func(i int) {
		for step := range 12 {
			room := rooms[(i+step)%len(rooms)]
			var err error
			switch step % 4 {
			case 0, 1:
				err = d.WaitForSeat(t.Context(), room, people[i], step%4 == 0, noon)
			case 2:
				_, err = d.EnterRoom(t.Context(), room, people[i], noon)
			default:
				_, err = d.TakeWaiting(t.Context(), room, noon)
			}
			if err != nil {
				t.Errorf("person %d, step %d: %v", i, step, err)
			}
		}
	})
	for _, room := range rooms {
		d.seatsFit(t, room)
	}
	if n := d.rows(t, "room_waits w JOIN participants p ON p.room_id = w.room_id AND p.user_id = w.user_id WHERE p.active = 1"); n != 0 {
		t.Errorf("%d wait inside", n)
	}
}

// While a settlement passes from token to token, each message is saved once,
// and a single token finishes.
func TestLeaseTakenOverWhileSaving(t *testing.T) { each(t, leaseTakenOver) }

func leaseTakenOver(t *testing.T, d *database) {
	room := d.endedRoom(t, d.user(t, "민지"))
	all := said(room, 1, 300)
	var finished atomic.Int64
	together(6, func(i int) {
		token := string(rune('a' + i))
		for lease := time.Millisecond; ; lease += 2 * time.Millisecond { // until a lease is long enough
			s, ok, err := d.ClaimSettlement(t.Context(), room, token, lease)
			if err != nil || s.Done() {
				allowed(t, err)
				return
			}
			if !ok {
				time.Sleep(time.Millisecond)
				continue
			}
			if err = d.saveInSteps(t, room, token, all); err == nil {
				finished.Add(1)
			}
			allowed(t, err, store.ErrLeaseLost)
		}
	})
	d.wantMessages(t, room, all)
	if s, err := d.Settlement(t.Context(), room); err != nil || finished.Load() != 1 || s.Saved != 300 || s.Total != 300 {
		t.Errorf("finished %d times: %+v, %v", finished.Load(), s, err)
	}
}

func (d *database) saveInSteps(t *testing.T, room int64, token string, all []sns.Message) error {
	if err := d.SetTotal(t.Context(), room, token, int64(len(all))); err != nil {
		return err
	}
	for batch := range slices.Chunk(all, 40) {
		if err := d.SaveMessages(t.Context(), room, token, batch); err != nil {
			return err
		}
	}
	return d.FinishSettlement(t.Context(), room, token, 0, "", noon)
}
