package e2e

import (
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestFaultDatabaseKilled: the database is killed and comes back while people
// chat, post, comment and like, and once while a room is ended. Meanwhile
// people are told soon; afterwards every write that was answered with success
// is there.
func TestFaultDatabaseKilled(t *testing.T) {
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{MariaDB: &apptest.MariaDBOptions{Durable: true}}))
	o.begin()
	for n := range inChaos(1, 12) {
		o.awaits(20)
		aWhile(50 * time.Millisecond)
		var ended <-chan struct{}
		if n%2 == 0 {
			ended = o.asksToEnd()
			aWhile(30 * time.Millisecond)
		}
		o.r.MariaDB.Kill9()
		o.withoutDatabase()
		aWhile(inChaos(time.Second, 15*time.Second))
		o.r.MariaDB.Restart(t)
		for _, replica := range both(o.r) {
			o.ready(replica, http.StatusOK, "database: up")
		}
		if ended == nil {
			continue
		}
		<-ended
		o.ends() // unless the room has ended
		o.fallsSilent()
		o.settledOnce(o.verify(50))
		o.wrote()
		o.opens()
		o.begin()
	}
	o.awaits(20)
	o.fallsSilent()
	o.ends()
	o.verify(50)
	o.wrote()
}

// asksToEnd asks to end the room, and returns a channel that is closed when the
// request is answered or has failed.
func (c *roomful) asksToEnd() <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		res, err := c.mentor.HTTP().Do(c.mentor.Request(http.MethodPost, c.address()+"/end", nil))
		if err == nil {
			_ = res.Body.Close()
		}
	}()
	return ended
}

// withoutDatabase checks the answers while the database is away: a page names the trouble.
func (o *outage) withoutDatabase() {
	o.t.Helper()
	for i, replica := range both(o.r) {
		o.ready(replica, http.StatusServiceUnavailable, "database: down")
		replica.Program.Guest().Get("/healthz").Want(http.StatusOK)
		for _, path := range inChaos([]string{o.address()}, []string{"/", "/rooms", o.address(), o.address() + "/messages?after=0"}) {
			page := o.people[i].client.Get(path).Want(http.StatusServiceUnavailable)
			if page.Text("h1") == "" {
				o.t.Errorf("%s: %s", path, page.Text("main"))
			}
		}
	}
}

// wrote checks the writers' answers, with refusals in between.
func (o *outage) wrote() {
	o.t.Helper()
	o.writing.Wait()
	for _, w := range o.writers {
		for status := range w.answers {
			if status != http.StatusSeeOther && status != http.StatusServiceUnavailable {
				o.t.Errorf("%s was answered with %d", w.name, status)
			}
		}
	}
	allWritten(o.t, o.mentor, o.writers...)
}
