package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// talk is an open room with ten messages in its buffer, which the token "a" may spill.
func (d *database) talk(t testing.TB) (room int64, lines []sns.Message) {
	t.Helper()
	room = d.room(t, d.user(t, "민지"), 5)
	d.opens(t, room, 0)
	for i := range 10 {
		d.appends(t, line(room, 1, sns.MessageSaid, fmt.Sprint(i), noon))
	}
	if ok, err := d.ClaimSpill(t.Context(), room, "a", time.Minute); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return room, d.buffered(t, room)
}

func (d *database) spills(t testing.TB, room int64, batch []sns.Message) {
	t.Helper()
	if err := d.Spill(t.Context(), room, "a", batch, time.Minute); err != nil {
		t.Fatal(err)
	}
}

// savedLike is a message as the table of messages has it.
func savedLike(lines []sns.Message) []sns.Message {
	saved := slices.Clone(lines)
	for i := range saved {
		saved[i].ClientID = ""
	}
	return saved
}

func TestSpillingMovesTheOldestMessages(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, lines := d.talk(t)
		for range 3 { // a killed replica is followed by another
			d.spills(t, room, lines[:6])
			d.wantMessages(t, room, savedLike(lines[:6]))
		}
		if r, _, err := d.Room(t.Context(), room, 0); err != nil || r.Spilled != 6 {
			t.Errorf("%+v, %v", r, err)
		}
		if err := d.TrimBuffered(t.Context(), room, lines[:6], 0); err != nil {
			t.Fatal(err)
		}
		if got := d.buffered(t, room); !slices.Equal(got, lines[6:]) {
			t.Errorf("the buffer has %+v", got)
		}
		want := store.BufferExtent{Seam: 6, Last: 10, Lines: 4, Bytes: 4 * int64(len(lines[0].Content))}
		if sizes, err := d.BufferedSizes(t.Context(), []int64{room}); err != nil || sizes[room] != want {
			t.Errorf("the extent is %+v, %v, want %+v", sizes, err, want)
		}
		if _, err := d.BufferedMessage(t.Context(), room, 6); !errors.Is(err, store.ErrBufferSpilled) {
			t.Errorf("a spilled message: %v", err)
		}
		if err := d.TrimBuffered(t.Context(), room, lines[:6], 0); !errors.Is(err, store.ErrBufferChanged) {
			t.Errorf("trimmed twice: %v", err)
		}
		if n, err := d.CloseBuffer(t.Context(), room); n != 10 || err != nil {
			t.Errorf("closed with %d messages, %v", n, err)
		}
		if err := d.TrimBuffered(t.Context(), room, lines[6:], 0); !errors.Is(err, store.ErrBufferClosed) {
			t.Errorf("trimmed after the end: %v", err)
		}
	})
}

// The buffer no longer knows the client id of a spilled message: the caller must have
// looked for it in the database.
func TestSpilledMessageIsNotSaidTwice(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, lines := d.talk(t)
		d.spills(t, room, lines[:6])
		if err := d.TrimBuffered(t.Context(), room, lines[:6], 0); err != nil {
			t.Fatal(err)
		}
		again := lines[2]
		if _, err := d.AppendBuffered(t.Context(), again, store.AppendRule{Spilled: 5}); !errors.Is(err, store.ErrBufferSpilled) {
			t.Errorf("appended without looking: %v", err)
		}
		r, _, seq, err := d.RoomToSay(t.Context(), room, again.Author.ID, again.ClientID)
		if err != nil || seq != 3 || r.Spilled != 6 {
			t.Errorf("the spilled one has seq %d in %+v, %v", seq, r, err)
		}
		if seq, err := d.SpilledSeq(t.Context(), room, again.Author.ID, again.ClientID); seq != 3 || err != nil {
			t.Errorf("the spilled one has seq %d, %v", seq, err)
		}
		if _, _, seq, err := d.RoomToSay(t.Context(), room, again.Author.ID+1, again.ClientID); seq != 0 || err != nil {
			t.Errorf("another person has seq %d, %v", seq, err)
		}
		got, err := d.AppendBuffered(t.Context(), lines[7], store.AppendRule{Spilled: 6})
		if !got.Again || got.Seq != 8 || err != nil {
			t.Errorf("a message of the buffer again: %+v, %v", got, err)
		}
		got, err = d.AppendBuffered(t.Context(), line(room, 1, sns.MessageSaid, "new", noon), store.AppendRule{Spilled: 6})
		if got.Seq != 11 || got.Again || got.Lines != 5 || err != nil {
			t.Errorf("a new message: %+v, %v", got, err)
		}
		if err := d.ForgetSpilled(t.Context(), room); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SpilledSeq(t.Context(), room, again.Author.ID, again.ClientID); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("forgotten: %v", err)
		}
	})
}

func TestErasedBetweenSavingAndTrimming(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, stale := d.talk(t)
		d.spills(t, room, stale[:6])
		if changed, err := d.EraseBuffered(t.Context(), room, 3); !changed || err != nil {
			t.Fatal(changed, err)
		}
		if err := d.TrimBuffered(t.Context(), room, stale[:6], 0); !errors.Is(err, store.ErrBufferChanged) {
			t.Errorf("trimmed a message that was erased: %v", err)
		}
		lines := d.buffered(t, room)
		if len(lines) != 10 || !lines[2].Deleted {
			t.Fatalf("the buffer has %+v", lines)
		}
		d.spills(t, room, lines[:6])
		d.wantMessages(t, room, savedLike(lines[:6]))
		if err := d.TrimBuffered(t.Context(), room, lines[:6], 1); err != nil {
			t.Fatal(err)
		}
		if _, err := d.EraseBuffered(t.Context(), room, 2); !errors.Is(err, store.ErrBufferSpilled) {
			t.Errorf("erased in the buffer: %v", err)
		}
		if err := d.EraseMessage(t.Context(), room, 2); err != nil {
			t.Fatal(err)
		}
		d.spills(t, room, stale[:6]) // as a replica that had stood still
		lines[1].Content, lines[1].Deleted = "", true
		d.wantMessages(t, room, savedLike(lines[:6]))
	})
}

// A spill that was killed before trimming leaves messages in both places. The settlement
// takes the state of the buffer.
func TestSettlingAfterASpillThatWasKilled(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, stale := d.talk(t)
		d.spills(t, room, stale[:6])
		if _, err := d.EraseBuffered(t.Context(), room, 3); err != nil {
			t.Fatal(err)
		}
		lines := d.buffered(t, room)
		d.end(t, room)
		if err := d.Spill(t.Context(), room, "a", stale[:8], time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("spilled after the end: %v", err)
		}
		d.claim(t, room, "s")
		if err := d.SetTotal(t.Context(), room, "s", 10); err != nil {
			t.Fatal(err)
		}
		if s, err := d.Settlement(t.Context(), room); s.Saved != 6 || s.Total != 10 || err != nil {
			t.Errorf("%+v, %v", s, err)
		}
		d.save(t, room, "s", lines)
		d.wantMessages(t, room, savedLike(lines))
		if s, err := d.Settlement(t.Context(), room); s.Saved != 10 || err != nil {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// Redis that was restored from an older state uses seqs again.
func TestSavedMessageOfAnotherTimeIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, lines := d.talk(t)
		d.spills(t, room, lines[:6])
		lines[5].Author.ID, lines[5].Content, lines[5].At = 2, "그 뒤에 한 말", noon.Add(time.Hour)
		d.spills(t, room, lines[:6])
		d.wantMessages(t, room, savedLike(lines[:6]))
		if seq, err := d.SpilledSeq(t.Context(), room, 2, lines[5].ClientID); seq != 6 || err != nil {
			t.Errorf("it has seq %d, %v", seq, err)
		}
	})
}

func TestOneTokenSpillsARoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room, lines := d.talk(t)
		if ok, err := d.ClaimSpill(t.Context(), room, "b", time.Minute); ok || err != nil {
			t.Errorf("claimed twice: %t, %v", ok, err)
		}
		if err := d.Spill(t.Context(), room, "b", lines[:6], time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("spilled without the lease: %v", err)
		}
		if err := d.ReleaseSpill(t.Context(), room, "b"); err != nil {
			t.Fatal(err)
		}
		d.spills(t, room, lines[:3])
		d.run(t, "UPDATE rooms SET spill_until = 1") // "a" stands still for longer than the lease
		if ok, err := d.ClaimSpill(t.Context(), room, "b", time.Minute); !ok || err != nil {
			t.Errorf("not claimed: %t, %v", ok, err)
		}
		if err := d.Spill(t.Context(), room, "a", lines[:6], time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("spilled after the lease: %v", err)
		}
		d.wantMessages(t, room, savedLike(lines[:3]))
		if err := d.ReleaseSpill(t.Context(), room, "b"); err != nil {
			t.Fatal(err)
		}
		if ok, err := d.ClaimSpill(t.Context(), room, "a", time.Minute); !ok || err != nil {
			t.Errorf("not claimed after the release: %t, %v", ok, err)
		}
		d.end(t, room)
		for _, token := range []string{"a", "b"} {
			if ok, err := d.ClaimSpill(t.Context(), room, token, time.Minute); ok || err != nil {
				t.Errorf("claimed after the end: %t, %v", ok, err)
			}
		}
	})
}

func TestRateOfARoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 0)
		m := line(3, 7, sns.MessageSaid, "a", noon) // 6 bytes
		rule := store.AppendRule{Rate: 15}          // two of them, and one more after 24 s
		for i, id := range []string{"a", "b"} {
			m.ClientID = id
			if got, err := d.AppendBuffered(t.Context(), m, rule); got.Seq != int64(i+1) || err != nil {
				t.Errorf("%s: %+v, %v", id, got, err)
			}
		}
		m.ClientID, m.Content = "c", "열다섯바이" // a minute's worth
		_, err := d.AppendBuffered(t.Context(), m, rule)
		if slow, ok := errors.AsType[sns.SlowDownError](err); !ok || slow.Wait <= 0 || slow.Wait > 48*time.Second {
			t.Errorf("the third: %v", err)
		}
		m.ClientID = "b"
		if got, err := d.AppendBuffered(t.Context(), m, rule); !got.Again || got.Seq != 2 || err != nil {
			t.Errorf("a repeat: %+v, %v", got, err)
		}
		if got, err := d.AppendBuffered(t.Context(), line(3, 7, sns.MessageLeft, "left", noon), rule); got.Seq != 3 || err != nil {
			t.Errorf("a notice: %+v, %v", got, err)
		}
		d.run(t, "UPDATE buffers SET busy_until = busy_until - 48000000") // 48 s later
		m.ClientID = "c"
		if got, err := d.AppendBuffered(t.Context(), m, rule); got.Seq != 4 || err != nil {
			t.Errorf("the third, later: %+v, %v", got, err)
		}
	})
}
