package chat_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/sns"
)

// noon is the time of the messages in these tests, with microseconds.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)

// bufferRoom is the id of the room in tests of a buffer alone. A buffer needs no
// row in the table of rooms.
const bufferRoom = 7

// buffers are the implementations of Buffer, each with its storage.
var buffers = []struct {
	name string
	make func(testing.TB) *world
}{
	{"table on sqlite", embedded},
	{"table on mariadb", func(t testing.TB) *world { return newWorld(t, apptest.MariaDB(t), "") }},
	{"redis", func(t testing.TB) *world {
		return newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"), apptest.Redis(t))
	}},
}

// A bufferTest is a buffer, and a replica whose pages get its events.
type bufferTest struct {
	chat.Buffer
	r     *replica
	epoch int64 // of the room
}

// onEach runs a test of the contract on each buffer, with one viewer.
func onEach(t *testing.T, test func(*testing.T, bufferTest)) {
	t.Helper()
	for _, b := range buffers {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			r := b.make(t).replica(t, setup{})
			r.looksOn(t, chat.Topic(bufferRoom))
			test(t, bufferTest{r.buffer, r, 0})
		})
	}
}

// Append is Append of the buffer, for a caller that knows of no spilled line.
func (b bufferTest) Append(ctx context.Context, m sns.Message) (seq int64, again bool, err error) {
	done, err := b.Buffer.Append(ctx, m, chat.AppendRule{Spilled: b.epoch * sns.SeqEpoch})
	return done.Seq, done.Again, err
}

// Messages returns the lines of Messages of the buffer.
func (b bufferTest) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	lines, _, err := b.Buffer.Messages(ctx, room, page)
	return lines, err
}

// open opens the room.
func (b bufferTest) open(t testing.TB) {
	t.Helper()
	if err := b.Open(t.Context(), bufferRoom, 0, nil); err != nil {
		t.Fatal(err)
	}
}

// says appends a new message and returns the message as stored.
func (b bufferTest) says(t testing.TB, author int64, content, clientID string) sns.Message {
	t.Helper()
	m := words(author, content, clientID)
	seq, again, err := b.Append(t.Context(), m)
	if err != nil || again {
		t.Fatalf("append: %d, again = %t, %v", seq, again, err)
	}
	m.Seq = seq
	return m
}

func words(author int64, content, clientID string) sns.Message {
	return sns.Message{Room: bufferRoom, Kind: sns.MessageSaid, Author: sns.User{ID: author}, Content: content, At: noon, ClientID: clientID}
}

// has checks the lines in the buffer.
func (b bufferTest) has(t testing.TB, want ...sns.Message) {
	t.Helper()
	got, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: len(want) + 10})
	if err != nil || len(got) != len(want) {
		t.Fatalf("buffer holds %d lines, want %d; %v", len(got), len(want), err)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("line %d is\n%+v, want\n%+v", i, got[i], want[i])
		}
	}
}

// tells checks the number of published lines and returns the lines.
func (b bufferTest) tells(t testing.TB, n int) []chat.Line {
	t.Helper()
	eventually(t, fmt.Sprintf("%d lines are told", n), func() bool { return len(b.r.told.of(chat.Topic(bufferRoom), chat.KindLine)) >= n })
	lines := b.r.told.lines(t, bufferRoom)
	if len(lines) != n {
		t.Fatalf("%d lines are told, want %d", len(lines), n)
	}
	return lines
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestOpenBuffer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		first := b.says(t, 1, "안녕하세요", "a")
		b.open(t)
		if err := b.Open(t.Context(), bufferRoom, 4, nil); err != nil {
			t.Errorf("opening again with another epoch: %v", err)
		}
		if second := b.says(t, 1, "또 왔어요", "b"); first.Seq != 1 || second.Seq != 2 {
			t.Errorf("numbers %d and %d", first.Seq, second.Seq)
		}
	})
}

// A reopened room begins with the notice of the loss, once, even if several
// replicas reopen the room at the same time.
func TestOpenBufferWithAFirstLine(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		first := words(1, "", "lost:")
		first.Kind, first.Seq = sns.MessageLost, sns.SeqEpoch+1
		b.epoch = 1
		errs := make([]error, 8)
		together(len(errs), func(i int) { errs[i] = b.Open(t.Context(), bufferRoom, 1, &first) })
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		second := b.says(t, 1, "다시 시작해요", "a")
		got, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: 10})
		if err != nil || len(got) != 2 || !reflect.DeepEqual(got[0], first) || got[1].Seq != second.Seq {
			t.Errorf("%+v, %v", got, err)
		}
		lines := b.tells(t, 2)
		wantSeqs(t, lines, first.Seq)
		if lines[0].Message.Kind != sns.MessageLost {
			t.Errorf("told first: %+v", lines[0])
		}
		if n, err := b.Close(t.Context(), bufferRoom); n != 2 || err != nil {
			t.Errorf("close: %d, %v", n, err)
		}
		wantError(t, "open", b.Open(t.Context(), bufferRoom, 2, &first), chat.ErrClosed)
		b.tells(t, 2)
	})
}

func TestBufferNumbersByEpoch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.epoch = 3
		if err := b.Open(t.Context(), bufferRoom, b.epoch, nil); err != nil {
			t.Fatal(err)
		}
		first, second := b.says(t, 1, "다시 시작해요", "a"), b.says(t, 2, "네", "b")
		if first.Seq != 3*sns.SeqEpoch+1 || second.Seq != first.Seq+1 {
			t.Errorf("numbers %d and %d", first.Seq, second.Seq)
		}
		b.has(t, first, second)
		wantSeqs(t, b.tells(t, 2), first.Seq)
		if _, again, err := b.Append(t.Context(), words(1, "다시 시작해요", "a")); !again || err != nil {
			t.Errorf("again = %t, %v", again, err)
		}
	})
}

func TestBufferAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		first := b.says(t, 1, "처음", "a")
		other := b.says(t, 2, "다른 사람", "a")
		for range 2 {
			if seq, again, err := b.Append(t.Context(), words(1, "바뀐 글", "a")); seq != first.Seq || !again || err != nil {
				t.Errorf("again: %d, %t, %v", seq, again, err)
			}
		}
		last := b.says(t, 1, "다음", "b")
		b.has(t, first, other, last)
		wantSeqs(t, b.tells(t, 3), 1)
	})
}

func TestBufferTellsWhoSaidTheLineBefore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		kinds := []sns.MessageKind{sns.MessageEntered, sns.MessageSaid, sns.MessageSaid, sns.MessageLeft, sns.MessageSaid, sns.MessageRemoved, sns.MessageLost}
		for i, kind := range kinds {
			m := words(int64(1+i/2), "말", fmt.Sprint("id-", i))
			m.Kind, m.At = kind, noon.Add(time.Duration(i)*time.Second)
			if _, _, err := b.Append(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		lines := b.tells(t, len(kinds))
		wantSeqs(t, lines, 1)
		for i, l := range lines {
			if l.Message.Kind != kinds[i] || l.Message.Author.ID != int64(1+i/2) {
				t.Errorf("line %d is told as %+v", i, l.Message)
			}
		}
	})
}

func TestBufferErases(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		first, second := b.says(t, 1, "지울 말", "a"), b.says(t, 1, "둘 말", "b")
		for range 2 {
			if err := b.Erase(t.Context(), bufferRoom, first.Seq); err != nil {
				t.Fatal(err)
			}
		}
		first.Content, first.Deleted = "", true
		b.has(t, first, second)
		got, err := b.Message(t.Context(), bufferRoom, first.Seq)
		if err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("the erased one is %+v, %v", got, err)
		}
		wantError(t, "erase what is not there", b.Erase(t.Context(), bufferRoom, 9), sns.ErrNotFound)
		if seq, again, err := b.Append(t.Context(), words(1, "지울 말", "a")); seq != first.Seq || !again || err != nil {
			t.Errorf("the erased one again: %d, %t, %v", seq, again, err)
		}
		third := b.says(t, 2, "다음", "c")
		b.has(t, first, second, third)
		wantSeqs(t, b.tells(t, 3), 1)
		for _, e := range all[chat.Erased](t, &b.r.told, chat.Topic(bufferRoom), chat.KindErased) {
			if want := (chat.Erased{Room: bufferRoom, Seq: first.Seq}); e != want {
				t.Errorf("told %+v", e)
			}
		}
		if n := len(b.r.told.of(chat.Topic(bufferRoom), chat.KindErased)); n == 0 {
			t.Error("erasing is not told")
		}
	})
}
