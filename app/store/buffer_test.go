package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// opens opens the buffer of a room and fails unless the buffer is open.
func (d *database) opens(t testing.TB, room, firstBefore int64) {
	t.Helper()
	if open, err := d.OpenBuffer(t.Context(), room, firstBefore); err != nil || !open {
		t.Fatalf("open = %t, %v", open, err)
	}
}

// appends appends a message to the buffer of its room.
func (d *database) appends(t testing.TB, m sns.Message) store.AppendResult {
	t.Helper()
	result, err := d.AppendBuffered(t.Context(), m, store.AppendRule{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// line returns a message of a user, or a notice about the user.
func line(room, user int64, kind sns.MessageKind, clientID string, now time.Time) sns.Message {
	m := sns.Message{Room: room, Kind: kind, Author: sns.User{ID: user}, At: now, ClientID: clientID}
	if kind == sns.MessageSaid {
		m.Content = "말: " + clientID
	}
	return m
}

// buffered returns all messages in the buffer of a room.
func (d *database) buffered(t testing.TB, room int64) []sns.Message {
	t.Helper()
	all, err := d.Buffered(t.Context(), room, sns.MessagePage{Limit: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLinesStandInTheOrderTheyWereAppended(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 0)
		d.opens(t, 3, 5*sns.SeqEpoch) // changes nothing
		second := noon.Add(time.Second)
		lines := []sns.Message{
			line(3, 7, sns.MessageEntered, "enter-1", noon),
			line(3, 7, sns.MessageSaid, "a", second),
			line(3, 8, sns.MessageSaid, "a", second),
			line(3, 8, sns.MessageLeft, "", noon),
			line(3, 8, sns.MessageLeft, "", noon), // without a client id, messages are never duplicates
		}
		places := []store.AppendResult{
			{Seq: 1, Lines: 1},
			{Seq: 2, PrevAt: noon.UnixMicro(), Lines: 2, Bytes: 6},
			{Seq: 3, PrevUser: 7, PrevAt: second.UnixMicro(), Lines: 3, Bytes: 12},
			{Seq: 4, PrevUser: 8, PrevAt: second.UnixMicro(), Lines: 4, Bytes: 12},
			{Seq: 5, PrevAt: noon.UnixMicro(), Lines: 5, Bytes: 12},
		}
		for i, m := range lines {
			if got := d.appends(t, m); got != places[i] {
				t.Errorf("line %d is at %+v, want %+v", i, got, places[i])
			}
			lines[i].Seq = int64(i + 1)
		}
		if got := d.buffered(t, 3); !slices.Equal(got, lines) {
			t.Errorf("got %+v, want %+v", got, lines)
		}
		if got, err := d.BufferedMessage(t.Context(), 3, 2); err != nil || got != lines[1] {
			t.Errorf("one line: %+v, %v", got, err)
		}
		if _, err := d.BufferedMessage(t.Context(), 3, 6); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

func TestBufferNumbersOnFromAnEpoch(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 2*sns.SeqEpoch)
		got, err := d.AppendBuffered(t.Context(), line(3, 7, sns.MessageSaid, "a", noon), store.AppendRule{Spilled: 2 * sns.SeqEpoch})
		if want := (store.AppendResult{Seq: 2*sns.SeqEpoch + 1, Lines: 1, Bytes: 6}); got != want || err != nil {
			t.Errorf("the first line is at %+v, %v, want %+v", got, err, want)
		}
		if n, err := d.CloseBuffer(t.Context(), 3); err != nil || n != 1 {
			t.Errorf("closed with %d lines, %v", n, err)
		}
	})
}

func TestSameLineTwiceStandsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 0)
		d.opens(t, 4, 0)
		first := line(3, 7, sns.MessageSaid, "same", noon)
		for i, m := range []sns.Message{line(3, 7, sns.MessageSaid, "other", noon), first, line(3, 8, sns.MessageSaid, "same", noon)} {
			if got := d.appends(t, m); got.Seq != int64(i+1) || got.Again {
				t.Fatalf("line %d is at %+v", i, got)
			}
		}
		again := first
		again.Content = "다른 말"
		if got, want := d.appends(t, again), (store.AppendResult{Seq: 2, Again: true}); got != want {
			t.Errorf("again it is at %+v, want %+v", got, want)
		}
		again.Room = 4
		if got := d.appends(t, again); got.Seq != 1 || got.Again {
			t.Errorf("in another room it is at %+v", got)
		}
		if got := d.appends(t, line(3, 7, sns.MessageSaid, "next", noon)); got.Seq != 4 {
			t.Errorf("the next is at %+v", got)
		}
		if got, err := d.BufferedMessage(t.Context(), 3, 2); err != nil || got.Content != first.Content {
			t.Errorf("it is %+v, %v", got, err)
		}
		if n, err := d.CloseBuffer(t.Context(), 3); err != nil || n != 4 {
			t.Errorf("%d lines, %v", n, err)
		}
	})
}

func TestErasedLineKeepsItsPlace(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 0)
		for _, id := range []string{"a", "b"} {
			d.appends(t, line(3, 7, sns.MessageSaid, id, noon))
		}
		for _, want := range []bool{true, false} {
			if changed, err := d.EraseBuffered(t.Context(), 3, 2); err != nil || changed != want {
				t.Errorf("changed: %t, %v", changed, err)
			}
		}
		if got, err := d.BufferedMessage(t.Context(), 3, 2); err != nil || !got.Deleted || got.Content != "" || got.Seq != 2 {
			t.Errorf("it is %+v, %v", got, err)
		}
		if got := d.appends(t, line(3, 7, sns.MessageSaid, "b", noon)); got != (store.AppendResult{Seq: 2, Again: true}) {
			t.Errorf("sent again it is at %+v", got)
		}
		if _, err := d.EraseBuffered(t.Context(), 3, 3); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		if got := d.appends(t, line(3, 7, sns.MessageSaid, "c", noon)); got.Seq != 3 || got.PrevUser != 7 {
			t.Errorf("the next is at %+v", got)
		}
	})
}

func TestPagesOfABuffer(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for room := range int64(3) {
			d.opens(t, room, 0)
			for i := range 9 {
				d.appends(t, line(room, 7, sns.MessageSaid, fmt.Sprint(i), noon))
			}
		}
		for _, p := range pages {
			if got, err := d.Buffered(t.Context(), 1, p.page); err != nil || !slices.Equal(seqs(got), p.want) {
				t.Errorf("%+v: %v, %v, want %v", p.page, seqs(got), err, p.want)
			}
		}
	})
}

func TestClosedBufferCanOnlyBeRead(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.opens(t, 3, 0)
		m := line(3, 7, sns.MessageSaid, "a", noon)
		d.appends(t, m)
		for range 2 {
			if n, err := d.CloseBuffer(t.Context(), 3); err != nil || n != 1 {
				t.Errorf("closed with %d lines, %v", n, err)
			}
		}
		_, again := d.AppendBuffered(t.Context(), m, store.AppendRule{})
		_, another := d.AppendBuffered(t.Context(), line(3, 7, sns.MessageSaid, "b", noon), store.AppendRule{})
		_, erase := d.EraseBuffered(t.Context(), 3, 1)
		for name, err := range map[string]error{"again": again, "another": another, "erase": erase} {
			if !errors.Is(err, store.ErrBufferClosed) {
				t.Errorf("%s: %v, want ErrBufferClosed", name, err)
			}
		}
		if open, err := d.OpenBuffer(t.Context(), 3, 0); err != nil || open {
			t.Errorf("opened again: %t, %v", open, err)
		}
		if m.Seq = 1; !slices.Equal(d.buffered(t, 3), []sns.Message{m}) {
			t.Errorf("it holds %+v", d.buffered(t, 3))
		}
	})
}

func TestUnknownBuffer(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for _, closed := range []bool{false, true, true} {
			if closed {
				if n, err := d.CloseBuffer(t.Context(), 3); !errors.Is(err, store.ErrBufferUnknown) || n != 0 {
					t.Errorf("closing: %d lines, %v", n, err)
				}
				if open, err := d.OpenBuffer(t.Context(), 3, 0); err != nil || open {
					t.Errorf("opened afterwards: %t, %v", open, err)
				}
			}
			_, add := d.AppendBuffered(t.Context(), line(3, 7, sns.MessageSaid, "a", noon), store.AppendRule{})
			_, read := d.Buffered(t.Context(), 3, sns.LastMessages(5))
			_, one := d.BufferedMessage(t.Context(), 3, 1)
			_, erase := d.EraseBuffered(t.Context(), 3, 1)
			for name, err := range map[string]error{"append": add, "read": read, "read one": one, "erase": erase} {
				if !errors.Is(err, store.ErrBufferUnknown) {
					t.Errorf("closed = %t, %s: %v, want ErrBufferUnknown", closed, name, err)
				}
			}
			if err := d.DropBuffered(t.Context(), 3); err != nil {
				t.Errorf("dropping: %v", err)
			}
		}
		d.opens(t, 4, 0)
		if got := d.buffered(t, 4); len(got) != 0 {
			t.Errorf("an open one without lines: %+v", got)
		}
	})
}

func TestDroppedBuffer(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		const lines = 5200 // more than one batch
		for _, room := range []int64{2, 3, 4} {
			d.opens(t, room, 0)
			d.appends(t, line(room, 7, sns.MessageSaid, "a", noon))
		}
		var rows []string
		for seq := 2; seq <= lines; seq++ {
			rows = append(rows, fmt.Sprintf("(3, %d, 7, 'said', '말', 1, 0, '%d')", seq, seq))
		}
		d.insert(t, "buffered_messages (room_id, seq, user_id, kind, content, created_at, deleted, client_id)", rows)
		d.run(t, fmt.Sprintf("UPDATE buffers SET seq = %d, line_count = %d WHERE room_id = 3", lines, lines))
		d.wantSizes(t, map[int64]int64{2: 1, 3: lines, 4: 1})
		if err := d.DropBuffered(t.Context(), 3); !errors.Is(err, sns.ErrConflict) || len(d.buffered(t, 3)) != lines {
			t.Errorf("an open one: %v, %d lines", err, len(d.buffered(t, 3)))
		}
		if n, err := d.CloseBuffer(t.Context(), 3); err != nil || n != lines {
			t.Fatalf("closed with %d lines, %v", n, err)
		}
		for range 2 {
			if err := d.DropBuffered(t.Context(), 3); err != nil || len(d.buffered(t, 3)) != 0 {
				t.Errorf("%v, %d lines", err, len(d.buffered(t, 3)))
			}
		}
		d.wantSizes(t, map[int64]int64{2: 1, 4: 1})
		if open, err := d.OpenBuffer(t.Context(), 3, 0); err != nil || open {
			t.Errorf("opened again: %t, %v", open, err)
		}
		if _, err := d.AppendBuffered(t.Context(), line(3, 7, sns.MessageSaid, "b", noon), store.AppendRule{}); !errors.Is(err, store.ErrBufferClosed) {
			t.Errorf("said afterwards: %v", err)
		}
		if len(d.buffered(t, 2)) != 1 || len(d.buffered(t, 4)) != 1 {
			t.Error("its neighbours went along")
		}
	})
}

func (d *database) wantSizes(t *testing.T, want map[int64]int64) {
	t.Helper()
	sizes, err := d.BufferedSizes(t.Context(), []int64{4, 2, 3, 99})
	got := map[int64]int64{}
	for room, e := range sizes {
		got[room] = e.Lines
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("the sizes are %v, %v, want %v", got, err, want)
	}
}
