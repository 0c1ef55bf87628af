package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// bufferOf opens the buffer of a room, appends n messages and closes the buffer.
func (d *database) bufferOf(t testing.TB, room int64, n int) {
	t.Helper()
	d.opens(t, room, 0)
	for i := range n {
		d.appends(t, line(room, int64(1+i%3), sns.MessageSaid, fmt.Sprint("id-", i), noon))
	}
	if _, err := d.EraseBuffered(t.Context(), room, int64(n/2)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CloseBuffer(t.Context(), room); err != nil {
		t.Fatal(err)
	}
}

// A buffer is saved once, in batches, whatever a killed settlement has saved before.
func TestSavingABuffer(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		const n = 23
		minji := d.user(t, "민지")
		for name, there := range map[string][]int64{
			"nothing": {}, "the first": {1, 2, 3}, "the last": {n}, "a whole batch": {6, 7, 8, 9, 10}, "a few": {2, 11, 12, 20},
		} {
			room := d.endedRoom(t, minji)
			d.bufferOf(t, room, n)
			d.claim(t, room, "a")
			all := d.buffered(t, room)
			for _, seq := range there {
				d.save(t, room, "a", all[seq-1:seq])
			}
			var ends []int64
			for after := int64(0); ; {
				last, err := d.SaveBuffered(t.Context(), room, "a", after, 5)
				if err != nil {
					t.Fatalf("%s is saved: %v", name, err)
				}
				if last == 0 {
					break
				}
				after, ends = last, append(ends, last)
			}
			if !slices.Equal(ends, []int64{5, 10, 15, 20, n}) {
				t.Errorf("%s is saved: the batches end at %v", name, ends)
			}
			for i := range all {
				all[i].ClientID = ""
			}
			d.wantMessages(t, room, all)
			if s, err := d.Settlement(t.Context(), room); err != nil || s.Saved != n {
				t.Errorf("%s is saved: %d are counted, want %d (%v)", name, s.Saved, n, err)
			}
		}
	})
}

func TestSavingABufferNeedsTheLease(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.bufferOf(t, room, 4)
		d.claim(t, room, "a")
		if last, err := d.SaveBuffered(t.Context(), room, "b", 0, 5); last != 0 || !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("up to %d, %v", last, err)
		}
		d.wantMessages(t, room, nil)
	})
}
