package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"xxsns/app/sns"
)

// pages are pages of ten lines, with the seqs that each page holds.
var pages = []struct {
	sns.MessagePage
	want string
}{
	{sns.MessagePage{Limit: 20}, "1 2 3 4 5 6 7 8 9 10"},
	{sns.MessagePage{Limit: 10}, "1 2 3 4 5 6 7 8 9 10"},
	{sns.MessagePage{Limit: 3}, "1 2 3"},
	{sns.MessagePage{After: 3, Limit: 3}, "4 5 6"},
	{sns.MessagePage{After: 8, Limit: 3}, "9 10"},
	{sns.MessagePage{After: 10, Limit: 3}, ""},
	{sns.MessagePage{After: 1000, Limit: 3}, ""},
	{sns.LastMessages(3), "8 9 10"},
	{sns.LastMessages(10), "1 2 3 4 5 6 7 8 9 10"},
	{sns.LastMessages(40), "1 2 3 4 5 6 7 8 9 10"},
	{sns.MessagePage{Before: 8, Limit: 3}, "5 6 7"},
	{sns.MessagePage{Before: 3, Limit: 3}, "1 2"},
	{sns.MessagePage{Before: 1, Limit: 3}, ""},
	{sns.MessagePage{Before: 11, Limit: 1}, "10"},
	{sns.MessagePage{After: 4, Before: 9, Limit: 3}, "6 7 8"},
	{sns.MessagePage{After: 6, Before: 9, Limit: 3}, "7 8"},
	{sns.MessagePage{After: 8, Before: 9, Limit: 3}, ""},
}

func TestBufferPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.fill(t)
		for _, page := range pages {
			b.wantPage(t, page.MessagePage, 0, page.want)
		}
		if _, err := b.Close(t.Context(), bufferRoom); err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			b.wantPage(t, page.MessagePage, 0, page.want)
		}
	})
}

// A browser page from before the loss of the buffer asks for lines after and before
// seqs of an earlier epoch.
func TestBufferPagesOfALaterEpoch(t *testing.T) {
	t.Parallel()
	const base = 2 * sns.SeqEpoch
	onEach(t, func(t *testing.T, b bufferTest) {
		b.epoch = 2
		if err := b.Open(t.Context(), bufferRoom, b.epoch, nil); err != nil {
			t.Fatal(err)
		}
		b.fill(t)
		for _, page := range pages {
			if page.After > 0 {
				page.After += base
			}
			if page.Before > 0 && page.Before < base {
				page.Before += base
			}
			b.wantPage(t, page.MessagePage, base, page.want)
		}
		b.wantPage(t, sns.MessagePage{After: 5, Limit: 2}, base, "1 2")
		b.wantPage(t, sns.MessagePage{Before: base, Limit: 2}, base, "")
		b.wantPage(t, sns.MessagePage{Before: 5, Limit: 2}, base, "")
	})
}

// fill appends ten lines.
func (b bufferTest) fill(t testing.TB) {
	t.Helper()
	for i := range 10 {
		b.says(t, 1, fmt.Sprint(i+1, "번째"), fmt.Sprint("id-", i))
	}
}

func (b bufferTest) wantPage(t testing.TB, page sns.MessagePage, base int64, want string) {
	t.Helper()
	messages, err := b.Messages(t.Context(), bufferRoom, page)
	if err != nil {
		t.Errorf("%+v: %v", page, err)
	}
	got := make([]string, len(messages))
	for i, m := range messages {
		got[i] = fmt.Sprint(m.Seq - base)
	}
	if strings.Join(got, " ") != want {
		t.Errorf("%+v: %v, want %s", page, got, want)
	}
}
