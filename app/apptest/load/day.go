package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	pageSize = 20              // posts on a page of the timeline
	spread   = 3 * time.Second // within which pages ask for new posts, as live.js does
)

// Habits are the mean times between two acts of a person.
type Habits struct{ Page, Like, Post time.Duration }

// A Day is the acts of many people on the timeline. Each person has the
// timeline open, with its stream, and asks for new posts after each event of a
// new post, as the page's script does.
type Day struct {
	Habits Habits

	Pages      Histogram // time to load the timeline, connecting included
	Answers    Histogram // all other requests
	Deliveries atomic.Int64
	newest     atomic.Int64 // post
	failures   failures
}

// failures keeps the first failure of each kind.
type failures struct {
	mu   sync.Mutex // guards the fields below
	all  int
	errs map[string]error
}

func (f *failures) add(what string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all++
	if f.errs == nil {
		f.errs = map[string]error{}
	}
	if f.errs[what] == nil {
		f.errs[what] = fmt.Errorf("%s: %w", what, err)
	}
}

// Err returns the first failure of each kind, with the number of all failures.
func (d *Day) Err() error {
	d.failures.mu.Lock()
	defer d.failures.mu.Unlock()
	if d.failures.all == 0 {
		return nil
	}
	errs := []error{fmt.Errorf("%d failures", d.failures.all)}
	for _, err := range d.failures.errs {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Newest sets the newest post at the beginning of the day.
func (d *Day) Newest(id int64) { d.newest.Store(id) }

// Live acts for p until ctx ends. The first load of the timeline comes at a
// random time within Habits.Page.
func (d *Day) Live(ctx context.Context, p *Person) {
	v := &visitor{day: d, Person: p}
	defer v.leave()
	if !pause(ctx, time.Duration(rand.Int64N(int64(d.Habits.Page)))) {
		return
	}
	v.visit(ctx)
	for {
		next, act := time.Duration(1<<62), (func(context.Context))(nil)
		for _, habit := range []struct {
			mean time.Duration
			act  func(context.Context)
		}{{d.Habits.Page, v.visit}, {d.Habits.Like, v.like}, {d.Habits.Post, v.post}} {
			// Acts at random times are memoryless: the time since the last act does
			// not change the wait for the next act.
			if wait := time.Duration(rand.ExpFloat64() * float64(habit.mean)); wait < next {
				next, act = wait, habit.act
			}
		}
		if !pause(ctx, next) {
			return
		}
		act(ctx)
	}
}

// pause waits and reports whether ctx goes on.
func pause(ctx context.Context, long time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(long):
		return true
	}
}

// A visitor is a person with the timeline open.
type visitor struct {
	*Person
	day    *Day
	stream *Stream
	asking atomic.Bool
}

// visit loads the timeline anew, and catches up as the page's script does.
func (v *visitor) visit(ctx context.Context) {
	v.leave()
	line := v.Line()
	defer line.Close()
	v.ask(&v.day.Pages, "timeline", http.StatusOK, func() (Answer, error) { return line.Get("/") })
	if ctx.Err() != nil {
		return
	}
	stream, err := v.Stream("timeline")
	if err != nil {
		v.day.failures.add("stream", err)
		return
	}
	v.stream = stream
	go func() { _ = stream.Listen(func(event string, data []byte) { v.hear(ctx, event, data) }) }()
	if newest := v.day.newest.Load(); newest > 0 {
		v.ask(&v.day.Answers, "counts", http.StatusOK, func() (Answer, error) { return line.GetPart(countsPath(newest)) })
	}
	v.ask(&v.day.Answers, "news", http.StatusOK, func() (Answer, error) { return line.GetPart(v.newsPath()) })
}

// countsPath asks for the counts of a page of posts.
func countsPath(newest int64) string {
	ids := make([]string, 0, pageSize)
	for id := newest; id > max(newest-pageSize, 0); id-- {
		ids = append(ids, "id="+strconv.FormatInt(id, 10))
	}
	return "/posts/counts?" + strings.Join(ids, "&")
}

func (v *visitor) newsPath() string {
	return "/posts/new?after=" + strconv.FormatInt(max(v.day.newest.Load()-1, 0), 10)
}

// hear handles one event of the stream.
func (v *visitor) hear(ctx context.Context, event string, data []byte) {
	v.day.Deliveries.Add(1)
	if event != "post" {
		return
	}
	id, err := strconv.ParseInt(string(data), 10, 64)
	for newest := v.day.newest.Load(); err == nil && id > newest && !v.day.newest.CompareAndSwap(newest, id); {
		newest = v.day.newest.Load()
	}
	if v.asking.Swap(true) {
		return
	}
	time.AfterFunc(rand.N(spread), func() {
		v.asking.Store(false)
		if ctx.Err() != nil {
			return
		}
		line := v.Line()
		defer line.Close()
		v.ask(&v.day.Answers, "news", http.StatusOK, func() (Answer, error) { return line.GetPart(v.newsPath()) })
	})
}

// like sets or takes back a like of one of the newest posts.
func (v *visitor) like(context.Context) {
	newest := v.day.newest.Load()
	if newest == 0 {
		return
	}
	path := fmt.Sprintf("/posts/%d/like", max(newest-rand.Int64N(pageSize), 1))
	v.send("like", path, "on", strconv.FormatBool(rand.IntN(2) == 0))
}

// post writes a post.
func (v *visitor) post(context.Context) { v.send("post", "/posts", "content", Words) }

func (v *visitor) send(what, path string, pairs ...string) {
	line := v.Line()
	defer line.Close()
	v.ask(&v.day.Answers, what, http.StatusSeeOther, func() (Answer, error) { return line.Post(path, pairs...) })
}

// ask sends a request, and records the time of the answer.
func (v *visitor) ask(times *Histogram, what string, want int, ask func() (Answer, error)) {
	begin := time.Now()
	a, err := ask()
	times.Record(time.Since(begin))
	if err == nil && a.Status != want {
		err = fmt.Errorf("status %d", a.Status)
	}
	if err != nil {
		v.day.failures.add(what, err)
	}
}

// leave closes the page.
func (v *visitor) leave() {
	if v.stream != nil {
		v.stream.Close()
		v.stream = nil
	}
}

// Reset deletes all measurements so far.
func (d *Day) Reset() {
	d.Pages.Reset()
	d.Answers.Reset()
	d.Deliveries.Store(0)
}
