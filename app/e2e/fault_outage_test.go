package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// outage is a community that goes on while Redis is away: people in a room, and
// on either replica a writer and an onlooker.
type outage struct {
	*roomful
	writers []*writer
	streams []*apptest.Stream
	writing sync.WaitGroup
	liked   bool // the second post, by the first person of each replica
}

func goesOn(t *testing.T, r *apptest.Replicas) *outage {
	t.Helper()
	o := &outage{roomful: assembles(t, r)}
	for _, text := range []string{commentedPost, likedPost} {
		o.mentor.Post("/posts", "content", text).Want(http.StatusSeeOther)
	}
	for i, replica := range both(r) {
		w := writes([]string{"보라", "태오"}[i], replica.Member([]string{"보라", "태오"}[i]))
		o.writers, o.streams = append(o.writers, w), append(o.streams, w.client.Listen("timeline", "rooms"))
	}
	return o
}

// begin lets all people chat and write.
func (o *outage) begin() {
	o.roomful.begin()
	for _, w := range o.writers {
		o.writing.Go(func() { w.write(o.stop) })
	}
}

// sees waits for an event on the streams of the replicas.
func (o *outage) sees(event string, at ...int) {
	o.t.Helper()
	for _, i := range at {
		o.streams[i].Until("the event "+event, func(f apptest.Frame) bool { return f.Event == event })
	}
}

// goesOnMeanwhile waits until each writer has written something and each person in the room was
// answered, be it by a refusal, both asked while a part is away.
func (o *outage) goesOnMeanwhile() {
	o.t.Helper()
	for _, w := range o.writers {
		before := w.done.Load()
		o.eventually(w.name+" writes on", func() bool { return w.done.Load() > before+1 })
	}
	for _, p := range o.people {
		before := p.heard.Load()
		o.eventually(p.name+" is answered", func() bool { return p.heard.Load() > before+1 })
	}
}

func (o *outage) eventually(what string, holds func() bool) {
	o.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			o.t.Fatal("never: ", what)
		}
	}
}

// wroteOn checks that no write that needs no Redis was refused, and that all writes are there.
func (o *outage) wroteOn() {
	o.t.Helper()
	o.writing.Wait()
	for _, w := range o.writers {
		if len(w.answers) != 1 {
			o.t.Errorf("%s was answered with %v, after up to %v", w.name, w.answers, w.slowest)
		}
	}
	allWritten(o.t, o.mentor, o.writers...)
}

// finishes lets all people come to an end, and counts.
func (o *outage) finishes(least int) {
	o.t.Helper()
	o.awaits(20)
	o.fallsSilent()
	o.wroteOn()
	o.ends()
	lines := o.verify(least)
	o.settledOnce(lines)
}

// ready waits until /readyz of a replica answers with the text and the status.
func (o *outage) ready(replica *apptest.Replica, status int, says string) {
	o.t.Helper()
	var page *apptest.Page
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if page = replica.Program.Guest().Get("/readyz"); page.Status == status && strings.Contains(page.Body, says) {
			return
		}
	}
	o.t.Errorf("/readyz says %d %q, not %d %q", page.Status, page.Body, status, says)
}

// recovers checks that online marks and live counts are right again on both.
func (o *outage) recovers() {
	o.t.Helper()
	for i, replica := range both(o.r) {
		o.ready(replica, http.StatusOK, "redis: up")
		for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
			online := o.people[i].client.Get(o.address()).Want(http.StatusOK).Find("#participants .person.online").Length()
			if online == len(o.people) {
				break
			}
			if time.Now().After(deadline) {
				o.t.Fatalf("%d of %d people are online", online, len(o.people))
			}
		}
	}
	o.likesCross()
}

// likesCross: a like on one replica shows on the other.
func (o *outage) likesCross() {
	o.t.Helper()
	o.liked = !o.liked
	for i, liker := range o.people[:2] {
		likes := 1 - i
		if o.liked {
			likes = i + 1
		}
		liker.client.Post("/posts/2/like", "on", fmt.Sprint(o.liked)).Want(http.StatusSeeOther)
		o.streams[1-i].Shows("#post-2-likes", fmt.Sprint(likes))
	}
}
