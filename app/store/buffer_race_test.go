package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Messages that are appended concurrently have seqs without gaps, and each
// result names the message before.
func TestManySpeakAtOnce(t *testing.T) { each(t, manySpeak) }

func manySpeak(t *testing.T, d *database) {
	const people, each = 12, 15
	for room := range int64(2) {
		d.opens(t, room, 0)
	}
	var places [2][people * each]store.AppendResult
	together(2*people, func(i int) {
		room, user := int64(i%2), int64(i/2+1)
		for step := range each {
			result, err := d.AppendBuffered(t.Context(), line(room, user, sns.MessageSaid, fmt.Sprint(step), noon), store.AppendRule{})
			if err != nil || result.Again || result.Seq < 1 || result.Seq > people*each {
				t.Errorf("user %d, step %d: %+v, %v", user, step, result, err)
				return
			}
			places[room][result.Seq-1] = result
		}
	})
	for room := range int64(2) {
		d.wantInPlace(t, room, places[room][:])
	}
}

// wantInPlace checks that the buffer agrees with the results of AppendBuffered.
func (d *database) wantInPlace(t *testing.T, room int64, places []store.AppendResult) {
	t.Helper()
	all := d.buffered(t, room)
	if len(all) != len(places) {
		t.Fatalf("%d lines, want %d", len(all), len(places))
	}
	said, size := map[int64]int{}, int64(0) // user → number of messages
	for i, m := range all {
		size += int64(len(m.Content))
		want := store.AppendResult{Seq: int64(i + 1), Lines: int64(i + 1), Bytes: size}
		if i > 0 {
			want.PrevUser, want.PrevAt = all[i-1].Author.ID, all[i-1].At.UnixMicro()
		}
		if m.Seq != want.Seq || places[i] != want || m.ClientID != fmt.Sprint(said[m.Author.ID]) {
			t.Fatalf("line %d is %+v; its sender was told %+v, want %+v", i, m, places[i], want)
		}
		said[m.Author.ID]++
	}
}

func TestOneLineSentManyTimesAtOnce(t *testing.T) { each(t, oneLineManyTimes) }

func oneLineManyTimes(t *testing.T, d *database) {
	d.opens(t, 3, 0)
	for round := range 8 {
		var results [6]store.AppendResult
		together(len(results), func(i int) {
			var err error
			if results[i], err = d.AppendBuffered(t.Context(), line(3, 7, sns.MessageSaid, fmt.Sprint(round), noon), store.AppendRule{}); err != nil {
				t.Error(err)
			}
		})
		first := 0
		for _, r := range results {
			if r.Seq != int64(round+1) {
				t.Errorf("round %d: %+v", round, results)
			}
			if !r.Again {
				first++
			}
		}
		if first != 1 {
			t.Errorf("round %d: %d were the first", round, first)
		}
	}
	if n, err := d.CloseBuffer(t.Context(), 3); err != nil || n != 8 || len(d.buffered(t, 3)) != 8 {
		t.Errorf("%d lines are counted, %d are there, %v", n, len(d.buffered(t, 3)), err)
	}
}

// Each acknowledged message is in the count of CloseBuffer, and none is
// appended later.
func TestClosingWhileManySpeak(t *testing.T) { each(t, closingWhileManySpeak) }

func closingWhileManySpeak(t *testing.T, d *database) {
	const speakers, closers = 8, 2
	for room := range int64(8) {
		d.opens(t, room, 0)
		var acknowledged atomic.Int64
		var counts [closers]int64
		together(speakers+closers, func(i int) {
			if i >= speakers {
				for acknowledged.Load() < 5*(room+1) { // wait for some messages
					time.Sleep(time.Millisecond)
				}
				var err error
				if counts[i-speakers], err = d.CloseBuffer(t.Context(), room); err != nil {
					t.Error(err)
				}
				return
			}
			for step := 0; ; step++ {
				_, err := d.AppendBuffered(t.Context(), line(room, int64(i), sns.MessageSaid, fmt.Sprint(step), noon), store.AppendRule{})
				if errors.Is(err, store.ErrBufferClosed) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged.Add(1)
			}
		})
		there := int64(len(d.buffered(t, room)))
		if !slices.Equal(counts[:], []int64{there, there}) || acknowledged.Load() != there {
			t.Errorf("%d are acknowledged, %v were counted, %d are there", acknowledged.Load(), counts, there)
		}
	}
}

func TestBufferOpenedAndClosedAtOnce(t *testing.T) { each(t, openedAndClosed) }

func openedAndClosed(t *testing.T, d *database) {
	for room := range int64(12) {
		var opened [3]bool
		var unknown [3]bool
		together(6, func(i int) {
			if i < 3 {
				var err error
				if opened[i], err = d.OpenBuffer(t.Context(), room, 0); err != nil {
					t.Error(err)
				}
				return
			}
			_, err := d.CloseBuffer(t.Context(), room)
			if unknown[i-3] = errors.Is(err, store.ErrBufferUnknown); err != nil && !unknown[i-3] {
				t.Error(err)
			}
		})
		// The first call decides whether the buffer is open or unknown to all.
		if n := count(unknown[:]); n != 0 && (n != 3 || count(opened[:]) > 0) {
			t.Errorf("opened %v, unknown %v", opened, unknown)
		}
		if _, err := d.AppendBuffered(t.Context(), line(room, 7, sns.MessageSaid, "a", noon), store.AppendRule{}); err == nil {
			t.Error("a closed room takes a line")
		}
	}
}
