package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// chaos says that every fault should happen at every step, and for long.
func chaos() bool { return os.Getenv("CHAOS") == "1" }

// inChaos is the second of two values in make chaos, and the first otherwise.
func inChaos[T any](ordinary, long T) T {
	if chaos() {
		return long
	}
	return ordinary
}

// aWhile is a random moment up to most.
func aWhile(most time.Duration) { time.Sleep(rand.N(most)) }

// A roomful are people in one room, and its mentor.
type roomful struct {
	t      *testing.T
	mentor *apptest.Client // of the first replica
	room   int64
	people []*chatter
	extra  []string // messages of other people

	stop     chan struct{}
	speaking sync.WaitGroup

	r        *apptest.Replicas // nil: there is one process
	database *store.Store      // the replicas' database, seen behind their backs
}

// assembles opens a room with its mentor and four people, who land on the first
// and on the second replica in turn.
func assembles(t *testing.T, r *apptest.Replicas) *roomful {
	t.Helper()
	c := &roomful{t: t, mentor: r.One.Mentor("유진"), r: r}
	for i, name := range []string{"민지", "서준", "하늘", "도윤"} {
		c.people = append(c.people, newChatter(name, both(r)[i%2].Member(name)))
	}
	c.opens()
	db, err := store.Open(t.Context(), r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c.database = db
	return c
}

// opens opens a new room for the same people.
func (c *roomful) opens() {
	c.t.Helper()
	c.mentor.Post("/rooms", "name", "끊이지 않는 방", "user_limit", "15").Want(http.StatusSeeOther)
	c.room++
	for i, p := range c.people {
		c.people[i] = &chatter{name: p.name, client: p.client, burst: p.burst, pace: p.pace, room: c.address()}
		p.client.Post(c.address() + "/enter").Want(http.StatusSeeOther)
	}
	c.stop = make(chan struct{})
}

func (c *roomful) address() string { return fmt.Sprintf("/rooms/%d", c.room) }

// begin lets all people chat.
func (c *roomful) begin() {
	for _, p := range c.people {
		c.speaking.Go(func() { p.chat(c.stop) })
	}
}

// acknowledged is how many messages were, until now.
func (c *roomful) acknowledged() (all int64) {
	for _, p := range c.people {
		all += p.acknowledged.Load()
	}
	return all
}

// awaits waits until each person has said so many messages more.
func (c *roomful) awaits(more int64) {
	c.t.Helper()
	for _, p := range c.people {
		want := p.acknowledged.Load() + more
		for deadline := time.Now().Add(30 * time.Second); p.acknowledged.Load() < want; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				c.t.Fatalf("%s is not heard any more: %d of %d messages", p.name, p.acknowledged.Load(), want)
			}
		}
	}
}

// fallsSilent lets all people wait for the last answers and look at the room as
// the room is then.
func (c *roomful) fallsSilent() {
	c.t.Helper()
	c.hush()
	for _, p := range c.people {
		for deadline := time.Now().Add(patience); p.over == "" && !p.catchUp(); time.Sleep(reconnectWait) {
			if time.Now().After(deadline) {
				c.t.Fatalf("%s cannot catch up", p.name)
			}
		}
	}
}

// hush stops all people, when they have got their answers.
func (c *roomful) hush() {
	c.t.Helper()
	close(c.stop)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.speaking.Wait()
	}()
	select {
	case <-done:
	case <-time.After(2 * patience):
		c.t.Fatal("somebody gets no answer")
	}
}

// ends ends the room, through whichever replica is there; the room may have
// ended.
func (c *roomful) ends() {
	c.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(reconnectWait) {
		p := c.mentor.Post(c.address() + "/end")
		if p.Status == http.StatusSeeOther || p.Status == http.StatusConflict {
			return
		}
		if time.Now().After(deadline) {
			p.Want(http.StatusSeeOther)
		}
	}
}

// settled waits until the room is settled and its buffer is dropped, and
// returns the settlement in the database.
func (c *roomful) settled() sns.Settlement {
	c.t.Helper()
	var now sns.Settlement
	for deadline := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var err error
		if now, err = c.database.Settlement(c.t.Context(), c.room); err == nil && now.Done() {
			undropped, err := c.database.UndroppedRooms(c.t.Context(), 100)
			if err == nil && !slices.Contains(undropped, c.room) {
				return now
			}
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("the room is not settled: %+v, %v", now, err)
		}
	}
}

// settledOnce fails the test unless every line is saved, no line is lost, and
// no replica settles the room again.
func (c *roomful) settledOnce(lines []savedLine) {
	c.t.Helper()
	first := c.settled()
	if want := int64(len(lines)); first.Saved != want || first.Total != want || first.Lost != 0 {
		c.t.Errorf("the transcript has %d lines, and the settlement says %+v", want, first)
	}
	for _, replica := range both(c.r) {
		replica.Kill9() // a replica looks for rooms to settle when it starts
		replica.Start()
	}
	for _, replica := range both(c.r) {
		replica.AwaitServing()
	}
	if again := c.settled(); again != first {
		c.t.Errorf("the room was settled again: %+v, then %+v", first, again)
	}
}

func both(r *apptest.Replicas) []*apptest.Replica { return []*apptest.Replica{r.One, r.Two} }
