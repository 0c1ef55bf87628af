package chat_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// breakable returns a world with a Redis of its own that the test may break.
func breakable(t testing.TB, durable bool) (*world, *apptest.RedisServer) {
	server := apptest.StartRedis(t, apptest.RedisOptions{Durable: durable})
	return newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"), server.URL()), server
}

// refuses checks that Say fails while Redis does not answer.
func (r *replica) refuses(t testing.TB, room sns.Room, user sns.User, text, clientID string) {
	t.Helper()
	returns(t, "saying", func() {
		_, _, err := r.Say(t.Context(), room.ID, user, text, clientID)
		wantError(t, "say without Redis", err, sns.ErrUnavailable)
	})
}

// retries repeats a message until it is acknowledged.
func (r *replica) retries(t testing.TB, room sns.Room, user sns.User, text, clientID string) (m sns.Message) {
	t.Helper()
	eventually(t, "it is said", func() (ok bool) {
		var err error
		m, _, err = r.Say(t.Context(), room.ID, user, text, clientID)
		return err == nil
	})
	m.Content, m.Author = text, user
	return m
}

func TestRedisIsPausedWhilePeopleTalk(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, members := r.party(t, 4)
	before := r.says(t, room, mentor, "들리나요?", "before")
	server.Pause(t)
	together(len(members), func(i int) { r.refuses(t, room, members[i], fmt.Sprint("네 ", i), "a") })
	server.Resume(t)
	said := r.againAfter(t, room, members)
	r.wantSaid(t, room.ID, append(said, before))
	if s := r.ends(t, room, mentor); s.Total != s.Saved || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, append(said, before))
}

// againAfter repeats the refused messages twice. A refused message may have been
// said all the same: then the time of the first attempt stands.
func (r *replica) againAfter(t testing.TB, room sns.Room, members []sns.User) []sns.Message {
	t.Helper()
	said := make([]sns.Message, len(members))
	together(len(members), func(i int) {
		for range 2 {
			said[i] = r.retries(t, room, members[i], fmt.Sprint("네 ", i), "a")
		}
	})
	for i, m := range said {
		kept, err := r.Message(t.Context(), room, m.Seq)
		if err != nil {
			t.Fatal(err)
		}
		said[i].At = kept.At
	}
	return said
}

func TestRedisIsKilledWhilePeopleTalkAndKeepsAll(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, true)
	r := w.replica(t, setup{})
	room, mentor, members := r.party(t, 5)
	var mu sync.Mutex
	var said []sns.Message
	together(len(members)+1, func(i int) {
		if i == len(members) {
			time.Sleep(100 * time.Millisecond)
			server.Kill9()
			time.Sleep(200 * time.Millisecond)
			server.Start(t)
			return
		}
		for n := range 60 {
			m := r.retries(t, room, members[i], fmt.Sprint(n), fmt.Sprint("id-", n))
			mu.Lock()
			said = append(said, m)
			mu.Unlock()
		}
	})
	for i, m := range said { // the time of the first attempt stands
		kept, err := r.Message(t.Context(), room, m.Seq)
		if err != nil {
			t.Fatal(err)
		}
		said[i].At = kept.At
	}
	r.wantSaid(t, room.ID, said)
	if slices.Contains(kindsOf(r.transcript(t, room.ID)), sns.MessageLost) {
		t.Error("a line says that something was lost")
	}
	if s := r.ends(t, room, mentor); s.Total != s.Saved || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, said)
}

func TestRedisLosesAnOpenRoom(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, members := r.party(t, 3)
	first := r.says(t, room, mentor, "사라질 말", "a")
	server.Kill9()
	server.StartEmpty(t)
	again := r.retries(t, room, mentor, "사라질 말", "a") // Redis no longer knows its seq
	lines := r.transcript(t, room.ID)
	if got := kindsOf(lines); !slices.Equal(got, []sns.MessageKind{sns.MessageLost, sns.MessageSaid}) {
		t.Fatalf("after the loss stand %v", got)
	}
	if lines[0].Seq != sns.SeqEpoch+1 || again.Seq <= first.Seq {
		t.Errorf("numbers go on at %d", lines[0].Seq)
	}
	said := []sns.Message{again}
	for i, user := range members {
		said = append(said, r.says(t, room, user, fmt.Sprint("뒤의 말 ", i), "b"))
	}
	r.wantSaid(t, room.ID, said)
	if s := r.ends(t, room, mentor); s.Total != int64(len(said)+1) || s.Saved != s.Total || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, said)
}

// A reader sees the notice of the loss, too.
func TestReadingALostRoomOpensIt(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, _ := r.party(t, 1)
	r.says(t, room, mentor, "사라질 말", "a")
	server.Kill9()
	server.StartEmpty(t)
	_, err := r.Message(t.Context(), room, 1)
	wantOneOf(t, "a lost message", err, sns.ErrNotFound, sns.ErrUnavailable) // connections are still broken, perhaps
	eventually(t, "Redis is back", func() bool { return w.client.Ping(t.Context()).Err() == nil })
	for range 2 {
		lines, err := r.Messages(t.Context(), room, sns.LastMessages(40))
		if err != nil || len(lines) != 1 || lines[0].Kind != sns.MessageLost {
			t.Errorf("read: %+v, %v", lines, err)
		}
	}
}

// All users speak at once right after a loss: the room is reopened once.
func TestRedisLosesAnOpenRoomWhileAllTalk(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r, other := w.replica(t, setup{}), w.replica(t, setup{})
	room, mentor, members := r.party(t, 12)
	last := r.says(t, room, mentor, "사라질 말", "a").Seq
	for round := range 4 {
		server.Kill9()
		server.StartEmpty(t)
		said := make([]sns.Message, len(members))
		together(len(members), func(i int) {
			at := []*replica{r, other}[i%2]
			said[i] = at.retries(t, room, members[i], fmt.Sprint("바로 ", i), fmt.Sprint("round-", round))
		})
		r.wantSaid(t, room.ID, said)
		lines := r.transcript(t, room.ID)
		if lines[0].Kind != sns.MessageLost || lines[0].Seq <= last {
			t.Errorf("after %d stands %+v", last, lines[0])
		}
		if n := len(lines) - len(said); n != 1 {
			t.Errorf("%d lines say that something was lost", n)
		}
		last = lines[len(lines)-1].Seq
	}
	if s := r.ends(t, room, mentor); s.Saved != int64(len(members)+1) || s.Total != s.Saved {
		t.Errorf("%+v", s)
	}
}

func TestRedisLosesAnEndedRoom(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, _ := r.party(t, 1)
	r.says(t, room, mentor, "사라질 말", "a")
	server.Kill9()
	returns(t, "ending", func() {
		if err := r.End(t.Context(), room, mentor); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "the first attempt fails", func() bool { return w.settlement(t, room.ID).LastError != "" })
	server.StartEmpty(t)
	eventually(t, "the retry settles it", func() bool {
		if err := r.Retry(t.Context(), room, mentor); err != nil && !errors.Is(err, sns.ErrNotFound) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
		return w.settlement(t, room.ID).Done()
	})
	if s := w.settlement(t, room.ID); s.Lost != -1 || s.Total != 0 || s.Saved != 0 || s.LastError == "" {
		t.Errorf("%+v", s)
	}
	if lines := r.transcript(t, room.ID); len(lines) > 0 {
		t.Errorf("%d lines are there", len(lines))
	}
	_, _, err := r.Say(t.Context(), room.ID, mentor, "아직 있나요", "b")
	wantError(t, "say", err, sns.ErrRoomEnded)
	wantError(t, "retry what is done", r.Retry(t.Context(), room, mentor), sns.ErrNotFound)
}

// A full Redis refuses messages. Ending rooms works, and frees memory.
func TestFullRedis(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, members := r.party(t, 1)
	said := r.says(t, room, mentor, "마지막 말", "a")
	if err := w.client.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	r.refuses(t, room, mentor, "더는 안 들어가요", "b")
	if err := r.Leave(t.Context(), room.ID, members[0]); err != nil {
		t.Error("leave: ", err)
	}
	r.wantSaid(t, room.ID, []sns.Message{said})
	if s := r.ends(t, room, mentor); s.Total != 3 || s.Saved != 3 || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, []sns.Message{said})
	eventually(t, "only the mark of the closed room is left in Redis", func() bool { // a room is settled before it is dropped
		keys, err := w.client.Keys(t.Context(), "xxsns:*").Result()
		return err == nil && len(keys) == 1
	})
}

// A room in a Redis that is no longer configured cannot be reached.
func TestRoomOfAnotherBuffer(t *testing.T) {
	t.Parallel()
	w := replicated(t)
	r := w.replica(t, setup{})
	room, mentor, _ := r.party(t, 0)
	w.redis, w.client = "", nil
	without := w.replica(t, setup{})
	_, _, err := without.Say(t.Context(), room.ID, mentor, "들려요?", "a")
	wantError(t, "say", err, sns.ErrUnavailable)
	_, err = without.Messages(t.Context(), room, sns.LastMessages(1))
	wantError(t, "messages", err, sns.ErrUnavailable)
	if err := without.End(t.Context(), room, mentor); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the attempt fails", func() bool { return w.settlement(t, room.ID).LastError != "" })
	if err := r.Retry(t.Context(), room, mentor); err != nil {
		t.Fatal(err)
	}
	if s := w.settled(t, room.ID); s.Total != 1 || s.Saved != 1 {
		t.Errorf("%+v", s)
	}
}
