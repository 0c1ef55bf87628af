package store_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// claims tries to claim a settlement and reports whether that succeeded.
func (d *database) claims(t testing.TB, room int64, token string, lease time.Duration) bool {
	t.Helper()
	_, ok, err := d.ClaimSettlement(t.Context(), room, token, lease)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// due returns the rooms that can be settled now.
func (d *database) due(t testing.TB) []int64 {
	t.Helper()
	rooms, err := d.DueSettlements(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

func TestSettlementFromEndToEnd(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		room, other := d.room(t, people[0], 5), d.room(t, people[0], 5)
		for _, person := range people[1:] {
			d.enter(t, room, person)
			d.enter(t, other, person)
		}
		left := noon.Add(-time.Hour)
		if _, err := d.LeaveRoom(t.Context(), room, people[1], left); err != nil {
			t.Fatal(err)
		}
		d.end(t, room)
		s, ok, err := d.ClaimSettlement(t.Context(), room, "a", time.Minute)
		if want := (sns.Settlement{Room: room, EndedAt: noon, Attempts: 1}); err != nil || !ok || s != want {
			t.Fatalf("claimed %t: %+v, %v, want %+v", ok, s, err, want)
		}
		if err := d.SetTotal(t.Context(), room, "a", 7); err != nil {
			t.Fatal(err)
		}
		d.save(t, room, "a", said(room, 1, 7))
		later := noon.Add(time.Minute)
		if err := d.FinishSettlement(t.Context(), room, "a", 2, "lost with the buffer", later); err != nil {
			t.Fatal(err)
		}
		want := sns.Settlement{Room: room, EndedAt: noon, Total: 7, Saved: 7, Attempts: 1, LastError: "lost with the buffer", DoneAt: later, Lost: 2}
		if s, err := d.Settlement(t.Context(), room); err != nil || s != want || !s.Done() {
			t.Errorf("done: %+v, %v, want %+v", s, err, want)
		}
		got, err := d.Participants(t.Context(), room)
		for i, p := range got {
			if exited := []time.Time{noon, left, noon, noon}[i]; !p.ExitedAt.Equal(exited) {
				t.Errorf("person %d was there until %v, want %v (%v)", i, p.ExitedAt, exited, err)
			}
		}
		if n := d.rows(t, "participants WHERE room_id = ? AND active = 1", room); n != 0 || d.seatsFit(t, other) != 4 {
			t.Errorf("%d are inside", n)
		}
		for _, person := range people {
			if _, membership := d.found(t, room, person); membership != (sns.Membership{Was: true}) {
				t.Errorf("then %+v", membership)
			}
		}
	})
}

// When a lease has run out, another token may take over, and all calls of the
// first token fail.
func TestLostLease(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		room := d.room(t, people[0], 5)
		d.end(t, room)
		if !d.claims(t, room, "first", time.Hour) || d.claims(t, room, "second", time.Minute) {
			t.Fatal("the lease does not hold")
		}
		d.save(t, room, "first", said(room, 1, 3))
		d.run(t, "UPDATE end_rooms SET lease_until = lease_until - 3600000000") // an hour later
		if !d.claims(t, room, "second", time.Minute) {
			t.Fatal("the lease that ran out was not taken over")
		}
		before := d.everything(t)
		d.wantLeaseLost(t, room, "first")
		d.wantLeaseLost(t, room, "")
		if after := d.everything(t); after != before {
			t.Errorf("it was\n%s\nand is\n%s", before, after)
		}
		d.save(t, room, "second", said(room, 1, 5))
		if err := d.FinishSettlement(t.Context(), room, "second", 0, "", noon); err != nil {
			t.Fatal(err)
		}
		d.wantMessages(t, room, said(room, 1, 5))
		before = d.everything(t)
		for _, token := range []string{"first", "second", ""} {
			d.wantLeaseLost(t, room, token)
			if d.claims(t, room, token, time.Minute) {
				t.Errorf("%q claims what is done", token)
			}
		}
		if err := d.RetrySettlement(t.Context(), room); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("retrying what is done: %v", err)
		}
		if after := d.everything(t); after != before {
			t.Errorf("it was\n%s\nand is\n%s", before, after)
		}
	})
}

func (d *database) wantLeaseLost(t *testing.T, room int64, token string) {
	t.Helper()
	for name, err := range map[string]error{
		"renew":    d.RenewSettlement(t.Context(), room, token, time.Minute),
		"total":    d.SetTotal(t.Context(), room, token, 99),
		"save":     d.SaveMessages(t.Context(), room, token, said(room, 90, 2)),
		"save old": d.SaveMessages(t.Context(), room, token, said(room, 1, 1)),
		"fail":     d.FailSettlement(t.Context(), room, token, "no", time.Minute),
		"finish":   d.FinishSettlement(t.Context(), room, token, 0, "", noon),
	} {
		if !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("%s with token %q: %v, want ErrLeaseLost", name, token, err)
		}
	}
}

func TestRenewedLeaseGoesOn(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.claims(t, room, "first", time.Millisecond)
		if err := d.RenewSettlement(t.Context(), room, "first", time.Minute); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
		if d.claims(t, room, "second", time.Minute) {
			t.Error("it was taken over")
		}
		if s, ok, err := d.ClaimSettlement(t.Context(), room, "first", time.Minute); err != nil || !ok || s.Attempts != 2 {
			t.Errorf("who holds it claims again: %t, %+v, %v", ok, s, err)
		}
	})
}

func TestOneOfManyClaims(t *testing.T) { each(t, oneOfManyClaims) }

func oneOfManyClaims(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	for range 10 {
		room := d.endedRoom(t, minji)
		var claimed [8]bool
		together(len(claimed), func(i int) { claimed[i] = d.claims(t, room, string(rune('a'+i)), time.Minute) })
		if n := count(claimed[:]); n != 1 {
			t.Errorf("%d hold one lease", n)
		}
		if s, err := d.Settlement(t.Context(), room); err != nil || s.Attempts != 1 {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

func count(all []bool) (n int) {
	for _, yes := range all {
		if yes {
			n++
		}
	}
	return n
}

func TestFailureWaitsAndIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.claim(t, room, "a")
		if err := d.FailSettlement(t.Context(), room, "a", "broken \xff\x00 bytes "+strings.Repeat("가", 50_000), time.Hour); err != nil {
			t.Fatal(err)
		}
		s, err := d.Settlement(t.Context(), room)
		if err != nil || !strings.HasPrefix(s.LastError, "broken \uFFFD") || len(s.LastError) > 2000 || s.Attempts != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		d.wantLeaseLost(t, room, "a")
		if d.claims(t, room, "a", time.Minute) || len(d.due(t)) != 0 {
			t.Error("it does not wait")
		}
		if err := d.RetrySettlement(t.Context(), room); err != nil {
			t.Error(err)
		}
		if got := d.due(t); !slices.Equal(got, []int64{room}) || !d.claims(t, room, "b", time.Minute) {
			t.Errorf("%v are due, want it", got)
		}
		if err := d.RetrySettlement(t.Context(), room); err != nil {
			t.Error(err)
		}
		if d.claims(t, room, "c", time.Minute) {
			t.Error("pressing the button took it from who works on it")
		}
		if err := d.FailSettlement(t.Context(), room, "b", "", time.Millisecond); err != nil {
			t.Error(err)
		}
		time.Sleep(20 * time.Millisecond)
		if !d.claims(t, room, "c", time.Minute) {
			t.Error("it waits for ever")
		}
		if err := d.FailSettlement(t.Context(), room, "c", "", time.Hour); err != nil {
			t.Error(err)
		}
		other := d.endedRoom(t, 1)
		d.claim(t, other, "a")
		if err := d.EndPauses(t.Context()); err != nil || !slices.Equal(d.due(t), []int64{room}) {
			t.Errorf("when all pauses are over %v are due, %v", d.due(t), err)
		}
	})
}

func TestDueSettlements(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		if n, oldest, err := d.Unsettled(t.Context()); err != nil || n != 0 || !oldest.IsZero() {
			t.Errorf("of none: %d, %v, %v", n, oldest, err)
		}
		rooms := make([]int64, 6)
		for i := range rooms {
			rooms[i] = d.room(t, minji, 5)
		}
		for i, room := range rooms[:5] { // the last one stays open
			if _, err := d.EndRoom(t.Context(), room, noon.Add(-time.Duration(i/2)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := d.due(t), []int64{rooms[4], rooms[2], rooms[3], rooms[0], rooms[1]}; !slices.Equal(got, want) {
			t.Errorf("due are %v, want %v", got, want)
		}
		d.claim(t, rooms[2], "a") // held
		d.claim(t, rooms[4], "a") // done
		if err := d.FinishSettlement(t.Context(), rooms[4], "a", 0, "", noon); err != nil {
			t.Fatal(err)
		}
		if got, err := d.DueSettlements(t.Context(), 2); err != nil || !slices.Equal(got, []int64{rooms[3], rooms[0]}) {
			t.Errorf("due are %v, %v", got, err)
		}
		unsaved, err := d.UnsavedRooms(t.Context())
		var ids []int64
		for _, r := range unsaved {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		if want := slices.Concat(rooms[:4], rooms[5:]); err != nil || !slices.Equal(ids, want) {
			t.Errorf("unsaved are %v, %v, want %v", ids, err, want)
		}
		if n, oldest, err := d.Unsettled(t.Context()); err != nil || n != 4 || !oldest.Equal(noon.Add(-time.Minute)) {
			t.Errorf("unsettled: %d, %v, %v", n, oldest, err)
		}
		got, err := d.Settlements(t.Context(), []int64{rooms[4], rooms[5], rooms[0]})
		done, _ := d.Settlement(t.Context(), rooms[4])
		if want := map[int64]sns.Settlement{rooms[4]: done, rooms[0]: {Room: rooms[0], EndedAt: noon}}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, err := d.Settlements(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %+v, %v", got, err)
		}
	})
}

// A settled room is listed until SetDropped, so that a crash between dropping
// and SetDropped leaves no messages in the buffer.
func TestDroppedIsNoted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ctx := t.Context()
		room := d.endedRoom(t, d.user(t, "유진"))
		undropped := func(want ...int64) {
			t.Helper()
			if rooms, err := d.UndroppedRooms(ctx, 5); err != nil || !slices.Equal(rooms, want) {
				t.Errorf("undropped are %v, %v, want %v", rooms, err, want)
			}
		}
		undropped() // not settled yet
		if err := d.SetDropped(ctx, room); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := d.ClaimSettlement(ctx, room, "a", time.Minute); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := d.FinishSettlement(ctx, room, "a", 0, "", noon); err != nil {
			t.Fatal(err)
		}
		undropped(room)
		if err := d.SetDropped(ctx, room); err != nil {
			t.Fatal(err)
		}
		undropped()
	})
}
