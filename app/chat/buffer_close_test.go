package chat_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

func TestCloseBuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		first, second := b.says(t, 1, "하나", "a"), b.says(t, 2, "둘", "b")
		for range 3 {
			if lines, err := b.Close(t.Context(), bufferRoom); lines != 2 || err != nil {
				t.Fatalf("close: %d, %v", lines, err)
			}
		}
		b.isClosed(t)
		b.has(t, first, second)
		got, err := b.Message(t.Context(), bufferRoom, 2)
		if err != nil || got.Content != "둘" {
			t.Errorf("a line of the closed room is %+v, %v", got, err)
		}
		wantError(t, "erase", b.Erase(t.Context(), bufferRoom, 1), chat.ErrClosed)
		b.tells(t, 2)
	})
}

// isClosed checks that the buffer refuses lines, even after Open.
func (b bufferTest) isClosed(t testing.TB) {
	t.Helper()
	for _, id := range []string{"a", "new"} {
		_, _, err := b.Append(t.Context(), words(1, "늦은 말", id))
		wantError(t, "append "+id, err, chat.ErrClosed)
	}
	wantError(t, "open", b.Open(t.Context(), bufferRoom, 1, nil), chat.ErrClosed)
}

func TestCloseEmptyBuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		if lines, err := b.Close(t.Context(), bufferRoom); lines != 0 || err != nil {
			t.Fatalf("close: %d, %v", lines, err)
		}
		b.isClosed(t)
		b.has(t)
	})
}

func TestUnknownRoomIsLost(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		_, _, err := b.Append(t.Context(), words(1, "안녕", "a"))
		wantError(t, "append", err, chat.ErrLost)
		b.readsLost(t)
		for range 2 {
			_, err = b.Close(t.Context(), bufferRoom)
			wantError(t, "close", err, chat.ErrLost)
		}
		wantError(t, "open", b.Open(t.Context(), bufferRoom, 1, nil), chat.ErrClosed)
		_, _, err = b.Append(t.Context(), words(1, "안녕", "a"))
		wantError(t, "append to the closed one", err, chat.ErrLost)
		b.readsLost(t)
		if err := b.Drop(t.Context(), bufferRoom); err != nil {
			t.Error("drop: ", err)
		}
		_, err = b.Close(t.Context(), bufferRoom)
		wantError(t, "close again", err, chat.ErrLost)
		b.tells(t, 0)
	})
}

func (b bufferTest) readsLost(t testing.TB) {
	t.Helper()
	_, err := b.Messages(t.Context(), bufferRoom, sns.LastMessages(5))
	wantError(t, "messages", err, chat.ErrLost)
	_, err = b.Message(t.Context(), bufferRoom, 1)
	wantError(t, "message", err, chat.ErrLost)
	wantError(t, "erase", b.Erase(t.Context(), bufferRoom, 1), chat.ErrLost)
}

func TestDropBuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		b.says(t, 1, "하나", "a")
		if _, err := b.Close(t.Context(), bufferRoom); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := b.Drop(t.Context(), bufferRoom); err != nil {
				t.Fatal(err)
			}
			b.isClosed(t)
			b.has(t)
			_, err := b.Message(t.Context(), bufferRoom, 1)
			wantError(t, "message", err, sns.ErrNotFound)
			if err := b.Erase(t.Context(), bufferRoom, 1); !errors.Is(err, chat.ErrClosed) && !errors.Is(err, sns.ErrNotFound) {
				t.Error("erase: ", err)
			}
		}
	})
}

func TestBufferSizes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		if err := b.Open(t.Context(), bufferRoom+1, 0, nil); err != nil {
			t.Fatal(err)
		}
		b.fill(t)
		b.wantSize(t, 10)
		if err := b.Erase(t.Context(), bufferRoom, 3); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Close(t.Context(), bufferRoom); err != nil {
			t.Fatal(err)
		}
		b.wantSize(t, 10)
		if err := b.Drop(t.Context(), bufferRoom); err != nil {
			t.Fatal(err)
		}
		b.wantSize(t, 0)
	})
}

func (b bufferTest) wantSize(t testing.TB, want int64) {
	t.Helper()
	sizes, err := b.Sizes(t.Context(), []int64{bufferRoom, bufferRoom + 1, bufferRoom + 2})
	if err != nil || sizes[bufferRoom].Lines != want || sizes[bufferRoom+1].Lines != 0 || sizes[bufferRoom+2].Lines != 0 {
		t.Errorf("sizes %v, %v; want %d", sizes, err, want)
	}
}

// Close during concurrent appends returns the number of acknowledged lines, and
// later appends are refused.
func TestAppendRacesWithClose(t *testing.T) {
	t.Parallel()
	const people, rounds = 8, 40
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		var mu sync.Mutex
		said, closed := map[int64]string{}, int64(-1)
		together(people+1, func(i int) {
			if i == people {
				eventually(t, "some is said", func() bool { mu.Lock(); defer mu.Unlock(); return len(said) > people })
				lines, err := b.Close(t.Context(), bufferRoom)
				if err != nil {
					t.Error("close: ", err)
				}
				closed = lines
				return
			}
			for n := range rounds * people {
				text := fmt.Sprint(i, "의 ", n, "번째 말")
				seq, _, err := b.Append(t.Context(), words(int64(1+i), text, fmt.Sprint(n)))
				if errors.Is(err, chat.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				said[seq] = text
				mu.Unlock()
			}
		})
		if closed != int64(len(said)) {
			t.Errorf("close counted %d lines, %d were acknowledged", closed, len(said))
		}
		kept, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: len(said) + 1})
		if err != nil || len(kept) != len(said) {
			t.Fatalf("%d lines are kept, %v", len(kept), err)
		}
		for _, m := range kept {
			if said[m.Seq] != m.Content {
				t.Errorf("line %d is %q, said was %q", m.Seq, m.Content, said[m.Seq])
			}
		}
		wantSeqs(t, b.tells(t, len(said)), 1)
	})
}
