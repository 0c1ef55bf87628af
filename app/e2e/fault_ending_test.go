package e2e

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// A kill is a part that dies while a room is ended, and the repair.
type kill struct {
	of     apptest.ReplicasOptions
	befall func(*apptest.Replicas)
	mend   func(*testing.T, *apptest.Replicas)
}

// TestFaultWhileEnding: a part dies while a room is ended in which people chat,
// at any moment from the request until every message is saved. The room is
// settled once, with every message.
func TestFaultWhileEnding(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]kill{
		"replica": { // the other replica goes on
			befall: func(r *apptest.Replicas) { r.One.Kill9() },
			mend:   func(*testing.T, *apptest.Replicas) {},
		},
		"redis": {
			befall: func(r *apptest.Replicas) { r.Redis.Kill9() },
			mend:   func(t *testing.T, r *apptest.Replicas) { t.Helper(); r.Redis.Start(t) },
		},
		"database": {
			of:     apptest.ReplicasOptions{MariaDB: &apptest.MariaDBOptions{Durable: true}},
			befall: func(r *apptest.Replicas) { r.MariaDB.Kill9() },
			mend:   func(t *testing.T, r *apptest.Replicas) { t.Helper(); r.MariaDB.Restart(t) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "database" && !chaos() {
				t.Skip("TestFaultDatabaseKilled ends a room, too; at every step: make chaos")
			}
			c := assembles(t, apptest.StartReplicas(t, k.of))
			for _, p := range c.people {
				p.burst, p.pace = 40, 0 // so that there is much to save soon
			}
			if !chaos() {
				c.opens()
				c.diesWhileEnding(k, rand.N(100*time.Millisecond))
				return
			}
			const moments = 30
			step := c.timesEnding() * 5 / 4 / moments
			for moment := time.Duration(0); moment < moments*step; moment += step {
				c.opens()
				c.diesWhileEnding(k, moment)
			}
		})
	}
}

// fills lets the people chat until saving takes several steps, and go on.
func (c *roomful) fills() (lines int) {
	c.t.Helper()
	lines = inChaos(2000, 5000)
	c.begin()
	for deadline := time.Now().Add(3 * time.Minute); c.acknowledged() < int64(lines); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("only %d messages were said", c.acknowledged())
		}
	}
	return lines
}

// timesEnding returns the time from the request to end a room until every
// message is saved, when no part dies.
func (c *roomful) timesEnding() time.Duration {
	c.t.Helper()
	c.opens()
	lines := c.fills()
	begun := time.Now()
	c.ends()
	c.settled()
	took := time.Since(begun)
	c.t.Logf("ending a room takes %v", took.Round(time.Millisecond))
	c.fallsSilent()
	c.verify(lines)
	return took
}

// diesWhileEnding kills a part a moment after the request to end the room.
func (c *roomful) diesWhileEnding(k kill, moment time.Duration) {
	c.t.Helper()
	lines := c.fills()
	ended := c.asksToEnd()
	time.Sleep(moment)
	k.befall(c.r)
	<-ended
	left, err := c.database.Settlement(c.t.Context(), c.room)
	c.t.Logf("after %v: %+v, %v", moment.Round(time.Millisecond), left, err)
	k.mend(c.t, c.r)
	c.ends() // unless the room has ended
	c.fallsSilent()
	c.settledOnce(c.verify(lines))
	c.saysNothing()
}

// saysNothing: in a room that has ended no message can be said any more.
func (c *roomful) saysNothing() {
	c.t.Helper()
	for _, p := range c.people {
		p.client.Post(c.address()+"/messages", "content", "아직 누구 있어요?").Want(http.StatusConflict)
	}
}
