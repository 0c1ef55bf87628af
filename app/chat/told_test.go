package chat_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// told keeps the events that the pages of a replica got, in order.
type told struct {
	mu     sync.Mutex
	events []live.Event
}

// render is a live.Render that keeps the event. The hub calls it once for each event
// with a subscriber.
func (w *told) render(ev live.Event, _ string) (live.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, ev)
	return live.Message{}, nil
}

// of returns the data of the events of a topic and kind.
func (w *told) of(topic, kind string) []json.RawMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []json.RawMessage
	for _, ev := range w.events {
		if ev.Topic == topic && ev.Kind == kind {
			all = append(all, ev.Data)
		}
	}
	return all
}

// all returns the data of the events of a topic and kind, decoded.
func all[T any](t testing.TB, w *told, topic, kind string) []T {
	t.Helper()
	raw := w.of(topic, kind)
	events := make([]T, len(raw))
	for i, data := range raw {
		if err := json.Unmarshal(data, &events[i]); err != nil {
			t.Fatalf("%s %s: %v: %s", topic, kind, err, data)
		}
	}
	return events
}

// last returns the room of the last event of these kinds.
func (w *told) last(t testing.TB, topic string, room int64, kinds ...string) (last sns.Room) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ev := range w.events {
		if ev.Topic != topic || ev.Key != chat.Topic(room) || !slices.Contains(kinds, ev.Kind) {
			continue
		}
		last = sns.Room{}
		if err := json.Unmarshal(ev.Data, &last); err != nil {
			t.Error(err)
		}
	}
	return last
}

// lines returns the published lines of a room.
func (w *told) lines(t testing.TB, room int64) []chat.Line {
	t.Helper()
	return all[chat.Line](t, w, chat.Topic(room), chat.KindLine)
}

// A viewer is a page with an open stream.
type viewer struct{ ended chan struct{} }

// looksOn opens a page that is subscribed to topics. Its events are in r.told.
func (r *replica) looksOn(t testing.TB, topics ...string) *viewer {
	t.Helper()
	res, err := http.Get(r.server.URL + "/?" + url.Values{"topic": topics}.Encode()) //nolint:noctx // a stream, closed below
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	first := make([]byte, 1) // all subscriptions stand then
	if _, err := res.Body.Read(first); err != nil {
		t.Fatal(err)
	}
	v := &viewer{ended: make(chan struct{})}
	go func() {
		_, _ = io.Copy(io.Discard, res.Body)
		close(v.ended)
	}()
	t.Cleanup(func() {
		_ = res.Body.Close()
		<-v.ended
	})
	return v
}

// hungUp reports whether the replica has ended the stream of the page.
func (v *viewer) hungUp() bool {
	select {
	case <-v.ended:
		return true
	default:
		return false
	}
}

// isHungUp waits until the replica ends the stream of the page.
func (v *viewer) isHungUp(t testing.TB) {
	t.Helper()
	eventually(t, "the page is hung up on", v.hungUp)
}

// journal is a log for several goroutines.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

// wantSeqs checks that the seqs of lines rise from first without gaps, and that each
// Position describes the line before. The Position of the first line is checked
// only if that line begins a conversation.
func wantSeqs(t testing.TB, lines []chat.Line, first int64) {
	t.Helper()
	for i, l := range lines {
		var want chat.Position
		want.Seq = first + int64(i)
		switch {
		case i == 0 && first%sns.SeqEpoch > 1:
			want.PrevUser, want.PrevAt = l.Position.PrevUser, l.Position.PrevAt
		case i > 0:
			before := lines[i-1].Message
			want.PrevAt = before.At.UnixMicro()
			if before.Kind == sns.MessageSaid {
				want.PrevUser = before.Author.ID
			}
		}
		if l.Position != want {
			t.Fatalf("line %d was told at %+v, want %+v", i, l.Position, want)
		}
	}
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}
