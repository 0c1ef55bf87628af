package chat_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// trims trims the first n of ten lines. The tests of a buffer alone need no database.
func (b bufferTest) trims(t testing.TB, n int) []sns.Message {
	t.Helper()
	lines, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: n})
	if err != nil || len(lines) != n {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if err := b.Trim(t.Context(), bufferRoom, lines, b.extent(t).Erasures); err != nil {
		t.Fatal(err)
	}
	return lines
}

func (b bufferTest) extent(t testing.TB) chat.Extent {
	t.Helper()
	sizes, err := b.Sizes(t.Context(), []int64{bufferRoom})
	if err != nil {
		t.Fatal(err)
	}
	return sizes[bufferRoom]
}

func TestTrimBuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.fill(t)
		all, whole := b.extent(t).Bytes, b.trims(t, 4)
		e := b.extent(t)
		if e.Seam != 4 || e.Last != 10 || e.Lines != 6 || e.Bytes <= 0 || e.Bytes >= all {
			t.Errorf("of %d bytes are left %+v", all, e)
		}
		for _, err := range []error{
			b.Trim(t.Context(), bufferRoom, whole, e.Erasures), // a second time
			b.Trim(t.Context(), bufferRoom, whole[:2], e.Erasures),
		} {
			wantError(t, "trim what is trimmed", err, chat.ErrChanged)
		}
		if b.extent(t) != e {
			t.Errorf("trimmed to %+v from %+v", b.extent(t), e)
		}
		_, err := b.Message(t.Context(), bufferRoom, 4)
		wantError(t, "a trimmed line", err, chat.ErrSpilled)
		wantError(t, "erase a trimmed line", b.Erase(t.Context(), bufferRoom, 4), chat.ErrSpilled)
		wantError(t, "erase what is not there", b.Erase(t.Context(), bufferRoom, 11), sns.ErrNotFound)
		if lines, err := b.Close(t.Context(), bufferRoom); lines != 10 || err != nil {
			t.Errorf("close: %d, %v", lines, err)
		}
		wantError(t, "trim after the end", b.Trim(t.Context(), bufferRoom, whole, e.Erasures), chat.ErrClosed)
		wantError(t, "trim an unknown room", b.Trim(t.Context(), bufferRoom+1, whole, 0), chat.ErrLost)
	})
}

// The seam of each page says which lines a caller has to look for in the database.
func TestSeamOfPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.fill(t)
		b.trims(t, 4)
		for _, page := range []struct {
			sns.MessagePage
			want string
		}{
			{sns.MessagePage{Limit: 20}, "4: 5 6 7 8 9 10"},
			{sns.MessagePage{Limit: 3}, "4: 5 6 7"},
			{sns.MessagePage{After: 2, Limit: 3}, "4: 5 6 7"},
			{sns.MessagePage{After: 4, Limit: 3}, "4: 5 6 7"},
			{sns.LastMessages(40), "4: 5 6 7 8 9 10"},
			{sns.MessagePage{Before: 7, Limit: 5}, "4: 5 6"},
			{sns.MessagePage{Before: 5, Limit: 5}, "4:"},
			{sns.MessagePage{Before: 3, Limit: 5}, "4:"},
			{sns.MessagePage{After: 3, Before: 7, Limit: 5}, "4: 5 6"},
		} {
			lines, seam, err := b.Buffer.Messages(t.Context(), bufferRoom, page.MessagePage)
			got := fmt.Sprint(seam, ":")
			for _, m := range lines {
				got += fmt.Sprint(" ", m.Seq)
			}
			if got != page.want || err != nil {
				t.Errorf("%+v: %q, %v, want %q", page.MessagePage, got, err, page.want)
			}
		}
	})
}

func TestTrimRefusesWhatWasErased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.fill(t)
		before := b.extent(t)
		stale, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: 4})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Erase(t.Context(), bufferRoom, 2); err != nil {
			t.Fatal(err)
		}
		wantError(t, "trim", b.Trim(t.Context(), bufferRoom, stale, before.Erasures), chat.ErrChanged)
		if e := b.extent(t); e.Lines != 10 || e.Bytes >= before.Bytes || e.Seam != 0 {
			t.Errorf("after %+v comes %+v", before, e)
		}
		if lines := b.trims(t, 4); !lines[1].Deleted {
			t.Errorf("trimmed %+v", lines[1])
		}
	})
}

// A repeat of a trimmed line is only accepted from a caller that has looked for the line
// in the database.
func TestAppendAfterTrim(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.fill(t)
		b.trims(t, 4)
		m := words(1, "새 말", "id-new")
		for _, known := range []int64{0, 3} {
			_, err := b.Buffer.Append(t.Context(), m, chat.AppendRule{Spilled: known})
			wantError(t, fmt.Sprint("append, knowing ", known), err, chat.ErrSpilled)
		}
		done, err := b.Buffer.Append(t.Context(), m, chat.AppendRule{Spilled: 4})
		if e := b.extent(t); done.Seq != 11 || done.Again || done.Lines != 7 || done.Bytes != e.Bytes || err != nil {
			t.Errorf("append: %+v, %v; the buffer has %+v", done, err, e)
		}
		done, err = b.Buffer.Append(t.Context(), words(1, "9번째", "id-8"), chat.AppendRule{Spilled: 4})
		if done.Seq != 9 || !done.Again || err != nil {
			t.Errorf("again: %+v, %v", done, err)
		}
	})
}

func TestRateOfABuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		m, rule := words(1, "여섯", ""), chat.AppendRule{Rate: 15} // six bytes: two, and one more after 24 s
		for i, id := range []string{"a", "b"} {
			m.ClientID = id
			if done, err := b.Buffer.Append(t.Context(), m, rule); done.Seq != int64(i+1) || err != nil {
				t.Errorf("%s: %+v, %v", id, done, err)
			}
		}
		_, err := b.Buffer.Append(t.Context(), words(1, "열다섯바이", "c"), rule) // a minute's worth
		if slow, ok := errors.AsType[sns.SlowDownError](err); !ok || slow.Wait <= 0 || slow.Wait > 48*time.Second {
			t.Errorf("the third: %v", err)
		}
		m.ClientID = "a"
		if done, err := b.Buffer.Append(t.Context(), m, rule); !done.Again || done.Seq != 1 || err != nil {
			t.Errorf("a repeat: %+v, %v", done, err)
		}
		notice := words(1, "", "left:1")
		notice.Kind = sns.MessageLeft
		if done, err := b.Buffer.Append(t.Context(), notice, rule); done.Seq != 3 || err != nil {
			t.Errorf("a notice: %+v, %v", done, err)
		}
		b.tells(t, 3)
	})
}

// Lines are trimmed while a page is read: with the lines below the seam, which the
// trimmed ones stand for here, the page has no gap and nothing twice.
func TestPagesWhileLinesAreTrimmed(t *testing.T) {
	t.Parallel()
	const lines, step = 600, 3
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		for i := range lines {
			b.says(t, 1, fmt.Sprint(i+1), fmt.Sprint("id-", i))
		}
		var trimmed atomic.Bool
		together(3, func(i int) {
			if i == 0 {
				defer trimmed.Store(true)
				for range lines/step - 1 {
					b.trims(t, step)
				}
				return
			}
			for last := false; !last; {
				last = trimmed.Load() // read once more afterwards
				page := []sns.MessagePage{{Limit: lines}, sns.LastMessages(lines)}[i-1]
				got, seam, err := b.Buffer.Messages(context.Background(), bufferRoom, page)
				if err != nil || int64(len(got)) != lines-seam || len(got) > 0 && got[0].Seq != seam+1 {
					t.Errorf("%d lines after %d, %v", len(got), seam, err)
					return
				}
			}
		})
	})
}
