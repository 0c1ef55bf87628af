package chat_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/sns"
)

// Days are counted by the seqs of messages, wherever these are: in the buffer, spilled, or saved.
func TestMessagesOfEachDay(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	inEach(t, func(t *testing.T, w *world) {
		var clock atomic.Pointer[time.Time]
		at := func(day, hour, minute int) {
			now := time.Date(2026, 3, day, hour, minute, 0, 0, seoul)
			clock.Store(&now)
		}
		at(1, 12, 0)
		r := w.replica(t, setup{now: func() time.Time { return *clock.Load() }})
		room, mentor, _ := r.party(t, 0)   // 1 line: the mentor entered
		short, other, _ := r.party(t, 0)   // on one day alone
		r.says(t, short, other, "안녕", "a") // 2 lines
		r.ends(t, short, other)
		words := 0
		says := func(n int) {
			for range n {
				words++
				r.says(t, room, mentor, "말", fmt.Sprint("word-", words))
			}
		}
		says(3)
		at(1, 23, 59)
		says(2)
		at(2, 0, 0) // Seoul's, still the day before in UTC
		says(4)
		at(4, 9, 0)
		says(5)
		lines := func(days int) []time.Time { return sns.DayLines(*clock.Load(), seoul, days) }
		want := func(when string, of []time.Time, open int64, want ...int64) {
			t.Helper()
			got, n, err := r.CountDays(t.Context(), of)
			if err != nil || !slices.Equal(got, want) || n != open {
				t.Errorf("%s: %v and %d in open rooms, %v, want %v and %d", when, got, n, err, want, open)
			}
		}
		want("open", lines(5), 15, 0, 8, 4, 0, 5)
		want("known by now", lines(5), 15, 0, 8, 4, 0, 5)
		want("since the second", lines(3), 15, 4, 0, 5)
		r.spillsTo(t, room, 2)
		says(1)
		want("spilled", lines(5), 16, 0, 8, 4, 0, 6)
		r.ends(t, room, mentor)
		want("ended", lines(5), 0, 0, 8, 4, 0, 6)
		want("ended, since the second", lines(3), 0, 4, 0, 6)
		at(5, 9, 0)
		want("a day later", lines(2), 0, 6, 0)
		fresh := w.replica(t, setup{now: func() time.Time { return *clock.Load() }}) // remembers nothing
		if got, _, err := fresh.CountDays(t.Context(), lines(5)); err != nil || !slices.Equal(got, []int64{8, 4, 0, 6, 0}) {
			t.Errorf("another replica counts %v, %v", got, err)
		}
	})
}
