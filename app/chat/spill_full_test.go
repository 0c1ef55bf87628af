package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// longestMessage has as many bytes as a message may have.
var longestMessage = strings.Repeat("👍🏽", sns.MessageMax)

// limited returns a world with a Redis of 8 MB that evicts nothing.
func limited(t testing.TB) *world {
	t.Helper()
	w, _ := breakable(t, false)
	for setting, value := range map[string]string{"maxmemory": "8mb", "maxmemory-policy": "noeviction"} {
		if err := w.client.ConfigSet(t.Context(), setting, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// Three members say 24 MB, each in a room below its bound, with no pause. Redis has 8 MB.
// People in another room go on as before.
func TestFloodedRoomsSilenceNobody(t *testing.T) {
	t.Parallel()
	const each = 1000
	w := limited(t)
	r := w.replica(t, setup{})
	talk, mentor, _ := r.party(t, 0)
	rooms, flooders := make([]sns.Room, 3), make([]sns.User, 3)
	for i := range rooms {
		rooms[i], flooders[i], _ = r.party(t, 0)
	}
	var flooding atomic.Int32
	flooding.Store(3)
	flood, said := make([][]sns.Message, 3), []sns.Message{}
	together(5, func(i int) {
		switch i {
		case 3: // the worker of a server
			for ; flooding.Load() > 0; time.Sleep(100 * time.Millisecond) {
				if _, err := r.Spills.Full(context.Background()); err != nil {
					t.Error("spill: ", err)
				}
			}
		case 4: // a bystander
			for ; flooding.Load() > 0; time.Sleep(5 * time.Millisecond) {
				said = append(said, r.says(t, talk, mentor, "우리는 책 이야기를 해요", fmt.Sprint("calm-", len(said))))
			}
		default:
			defer flooding.Add(-1)
			for n := range each {
				flood[i] = append(flood[i], r.retries(t, rooms[i], flooders[i], longestMessage, fmt.Sprint("flood-", n)))
			}
		}
	})
	if n := r.Spills.Stats().Lines; n < 3*each-1500 {
		t.Errorf("%d lines were spilled", n) // 8 MB hold 1,000 of them
	}
	if full, err := r.buffer.Fullness(t.Context()); full <= 0 || full > 1 || err != nil {
		t.Errorf("Redis is full to %.2f, %v", full, err)
	}
	t.Logf("the bystander said %d messages", len(said))
	r.wantSaid(t, talk.ID, said)
	for i, room := range rooms {
		for k := range flood[i] { // a refused message may have been said all the same, at its first attempt
			flood[i][k].At = time.Time{}
		}
		r.wantFlood(t, room.ID, flood[i])
		if s := r.ends(t, room, flooders[i]); s.Total != each+1 || s.Saved != each+1 || s.Lost != 0 {
			t.Errorf("%+v", s)
		}
		r.wantFlood(t, room.ID, flood[i])
	}
	r.ends(t, talk, mentor)
	r.wantSaid(t, talk.ID, said)
}

// wantFlood is wantSaid without the times.
func (r *replica) wantFlood(t testing.TB, room int64, want []sns.Message) {
	t.Helper()
	said := r.said(t, room)
	if len(said) != len(want) {
		t.Fatalf("the transcript holds %d messages, %d were acknowledged", len(said), len(want))
	}
	for i := range said {
		if !sameWords(said[i], want[i]) {
			t.Fatalf("message %d has number %d, acknowledged was %d", i, said[i].Seq, want[i].Seq)
		}
	}
}

// The greatest room goes first, and the others stay as they are.
func TestFullRedisSpillsTheGreatestRoom(t *testing.T) {
	t.Parallel()
	w := limited(t)
	r := w.replica(t, setup{spill: chat.SpillBounds{Full: 0.5}})
	rooms, mentors := make([]sns.Room, 3), make([]sns.User, 3)
	for i, n := range []int{20, 400, 60} {
		rooms[i], mentors[i], _ = r.party(t, 0)
		for k := range n {
			r.says(t, rooms[i], mentors[i], longestMessage, fmt.Sprint("long-", k))
		}
	}
	if roomy, err := r.Spills.Full(t.Context()); !roomy || err != nil {
		t.Errorf("roomy = %t, %v", roomy, err)
	}
	for i, want := range []int64{21, 8, 61} { // 64 kB
		if n := r.size(t, rooms[i].ID); n != want {
			t.Errorf("room %d has %d lines in the buffer, want %d", i, n, want)
		}
	}
	if lines := r.said(t, rooms[1].ID); len(lines) != 400 {
		t.Errorf("%d messages are left", len(lines))
	}
}

// A Redis that is full of other things makes no message wait.
func TestRedisThatIsFullOfOtherThings(t *testing.T) {
	t.Parallel()
	w := limited(t)
	r := w.replica(t, setup{})
	room, mentor, _ := r.party(t, 0)
	keys := 0
	eventually(t, "a message is refused", func() bool { // Redis gives back what its clients' buffers took, and is full again
		for _, size := range []int{100_000, 1000, 10} {
			for ; w.client.Set(t.Context(), fmt.Sprint("other-", keys), strings.Repeat("x", size), 0).Err() == nil; keys++ {
			}
		}
		_, _, err := r.Say(t.Context(), room.ID, mentor, "들어가나요?", fmt.Sprint(keys))
		return errors.Is(err, sns.ErrUnavailable)
	})
	if roomy, err := r.Spills.Full(t.Context()); roomy || err != nil {
		t.Errorf("roomy = %t, %v", roomy, err)
	}
}
