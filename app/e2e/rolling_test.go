package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	// drainWithin is the time limit for a replica to finish the requests under
	// way. A replica that cuts requests off says so.
	drainWithin = patience

	// away is the time for which a stopped replica is not there, so that the
	// other replica has to serve its people.
	away = 500 * time.Millisecond

	// calm is the time between two restarts.
	calm = time.Second
)

// TestRollingRestart: one replica after the other is stopped and started again,
// twice, while people on both read, post, comment, like, upload and chat. No
// request fails, and no answered write is missing or there twice.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin := r.One.Mentor("유진")
	yujin.Post("/rooms", "name", "쉬지 않는 방", "user_limit", "5").Want(http.StatusSeeOther)
	postsWithPhoto(t, yujin, oldestPost)
	c := &throng{counts: map[string]int{}}
	for name, replica := range map[string]*apptest.Replica{"민지": r.One, "서준": r.One, "하늘": r.Two, "도윤": r.Two} {
		c.people = append(c.people, newBusyPerson(t, c, replica, name))
	}
	for _, p := range c.people {
		p.begin()
	}
	for _, replica := range []*apptest.Replica{r.One, r.Two, r.One, r.Two} {
		time.Sleep(calm)
		restart(t, replica)
	}
	time.Sleep(calm)
	c.doesEnough()
	c.finish(t)
	c.check(t)
	postedOnce(t, r, c.people)
	saidOnce(t, yujin, c.people)
}

// restart stops a replica as an operator does, and starts it again.
func restart(t *testing.T, r *apptest.Replica) {
	t.Helper()
	begin := time.Now()
	select {
	case code := <-r.Terminate():
		if code != 0 {
			t.Errorf("exit code %d\n%s", code, r.Log())
		}
	case <-time.After(drainWithin):
		t.Fatalf("the replica does not stop\n%s", r.Log())
	}
	stopped := time.Since(begin)
	if log := r.Log(); strings.Contains(log, "level=") {
		t.Errorf("a clean stop is no reason to warn:\n%s", log)
	}
	time.Sleep(away)
	r.Start()
	r.AwaitServing()
	t.Logf("stopped after %v, serves again after %v", stopped.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
}

// A throng is all busy people, and the counts of their acts.
type throng struct {
	people []*busyPerson
	over   atomic.Bool // no new message or act begins
	left   atomic.Bool // all pages are closed, even if messages are not acknowledged
	busy   sync.WaitGroup

	mu       sync.Mutex     // guards the fields below
	counts   map[string]int // by the name of the act or event
	failures []string
}

// note counts an act or event, and whether the act failed.
func (c *throng) note(what string, failed error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what]++
	if failed != nil {
		c.failures = append(c.failures, fmt.Sprintf("%s %s: %v", time.Now().Format("05.000"), what, failed))
	}
}

// finish ends all people's work, once every message is acknowledged and has
// reached all people.
func (c *throng) finish(t *testing.T) {
	t.Helper()
	c.over.Store(true)
	for deadline := time.Now().Add(time.Minute); !c.silent(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Error("not everything that was said has come back to everybody")
			break
		}
	}
	c.left.Store(true)
	gone := make(chan struct{})
	go func() {
		c.busy.Wait()
		close(gone)
	}()
	for { // again: a person may just be connecting
		for _, p := range c.people {
			p.leaves()
		}
		select {
		case <-gone:
			return
		case <-time.After(reconnectAfter):
		}
	}
}

// silent reports whether all people have heard the same messages, and no
// message waits.
func (c *throng) silent() bool {
	last := c.people[0].talk.last.Load()
	return !slices.ContainsFunc(c.people, func(p *busyPerson) bool { return p.talk.last.Load() != last || p.talk.waits() })
}

// enough is how often at least the acts of a throng are done, and events come.
var enough = map[string]int{
	"read": 150, "post": 50, "comment": 50, "like": 50, "upload": 20, "picture": 20, "catch up": 8,
	"stream": 8, "socket": 8, "stream ended": 8, "socket hung up": 8,
}

// doesEnough waits, no longer than patience, until the throng has done enough.
func (c *throng) doesEnough() {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		c.mu.Lock()
		missing := false
		for what, least := range enough {
			missing = missing || c.counts[what] < least
		}
		c.mu.Unlock()
		if !missing {
			return
		}
	}
}

// check fails the test for every failure, and when too little has happened.
func (c *throng) check(t *testing.T) {
	t.Helper()
	t.Logf("%v", c.counts)
	for what, least := range enough {
		if c.counts[what] < least {
			t.Errorf("%s: only %d times, which proves nothing", what, c.counts[what])
		}
	}
	for _, failure := range c.failures {
		t.Errorf("failed: %s", failure)
	}
}

// postedOnce compares the posts that are there with the posts that were
// answered with success.
func postedOnce(t *testing.T, r *apptest.Replicas, people []*busyPerson) {
	t.Helper()
	db, err := store.Open(t.Context(), r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const all = 100_000
	posts, err := db.Timeline(t.Context(), sns.Timeline{Limit: all})
	if err != nil {
		t.Fatal(err)
	}
	comments, err := db.Comments(t.Context(), 1, 0, 0, all)
	if err != nil {
		t.Fatal(err)
	}
	have, want, likes := map[string]int{}, map[string]int{oldestPost: 1}, 0
	for _, p := range posts {
		have[p.Content]++
	}
	for _, c := range comments {
		have[c.Content]++
	}
	for _, p := range people {
		for _, text := range p.written {
			want[text]++
		}
		likes += p.liked
		for _, picture := range p.pictures {
			r.Two.Program.Guest().Get(picture).Want(http.StatusOK)
		}
	}
	if !maps.Equal(have, want) {
		t.Errorf("there are %v\nanswered were %v", have, want)
	}
	if first := posts[len(posts)-1]; first.Likes != likes || first.Comments != len(comments) {
		t.Errorf("%d likes and %d comments are counted; there should be %d and %d", first.Likes, first.Comments, likes, len(comments))
	}
}
