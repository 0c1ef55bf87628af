package web_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/config"
	"xxsns/app/store"
	"xxsns/app/view"
)

// BenchmarkPagesWhileOthersWrite asks for lists of posts in turns while nobody writes, and
// while others write 50 posts and 500 likes of the newest a second, by forms. ns/op is the page
// while others write; the writing takes its part of the same cores.
func BenchmarkPagesWhileOthersWrite(b *testing.B) {
	eachServers(b, func(b *testing.B, servers benchServers) {
		site := newBenchSiteOn(b, servers, 1000)
		ours, others := site.listen(b, site.handler), site.writers(b)
		for _, name := range []string{"timeline", "board", "following"} {
			b.Run(name, func(b *testing.B) {
				var quiet, taken []time.Duration
				var alone, elapsed time.Duration
				written := others.written.Load()
				b.ResetTimer()
				for done := 0; done < b.N; {
					round := min(b.N-done, 250*pageConns)
					alone += askAll(b, ours, site.pages[name], round, &quiet)
					others.write.Store(true)
					elapsed += askAll(b, ours, site.pages[name], round, &taken)
					others.write.Store(false)
					done += round
				}
				b.ReportMetric(float64(elapsed.Nanoseconds())/float64(b.N), "ns/op")
				b.ReportMetric(float64(b.N)/elapsed.Seconds(), "pages/s")
				b.ReportMetric(float64(b.N)/alone.Seconds(), "quiet-pages/s")
				b.ReportMetric(alone.Seconds()/elapsed.Seconds(), "x-quiet")
				b.ReportMetric(percentile(taken, 99)/percentile(taken, 50), "x-p99/p50")
				b.ReportMetric(float64(others.written.Load()-written)/elapsed.Seconds(), "writes/s")
			})
		}
	})
}

// Writers write while write is set.
type writers struct {
	*benchSite
	at      http.Handler // the process that they use
	write   atomic.Bool
	written atomic.Int64
	latest  atomic.Int64 // id of the newest post whose writer has been answered
}

const (
	writesPerSecond = 550
	likesPerPost    = 10
	writersAtOnce   = 8
)

// writers returns people who write by forms: with Redis at another replica, without Redis at
// the process that shows the pages. They end with the benchmark.
func (s *benchSite) writers(b *testing.B) *writers {
	b.Helper()
	w := &writers{benchSite: s, at: s.handler}
	if s.cfg.RedisURL != "" {
		w.at = served(b, s.cfg)
	}
	w.latest.Store(s.newest)
	acts, ctx := make(chan int, writersAtOnce), b.Context()
	var all sync.WaitGroup
	for _, name := range somePeople(b, s.cfg, writersAtOnce) {
		cookie := signsIn(b, w.at, name)
		all.Go(func() {
			for act := range acts {
				if err := w.act(cookie, act); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		defer close(acts)
		w.schedule(ctx, acts)
	})
	b.Cleanup(all.Wait) // b.Context has ended
	return w
}

// schedule sends the numbers of acts at their times.
func (w *writers) schedule(ctx context.Context, acts chan<- int) {
	ticks := time.NewTicker(time.Second / writesPerSecond)
	defer ticks.Stop()
	for act := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			if w.write.Load() {
				acts <- act
				act++
			}
		}
	}
}

// act writes a post, or likes one of the newest, or likes it no longer.
func (w *writers) act(cookie *http.Cookie, act int) error {
	defer w.written.Add(1)
	to, form := "/posts", url.Values{"content": {"퇴근길에 잠깐 내려서 찍었어요."}}.Encode()
	if act%(likesPerPost+1) != 0 {
		post := w.latest.Load() - writersAtOnce - rand.Int64N(50)
		to, form = view.PostPath(post)+"/like", fmt.Sprintf("on=%t", rand.IntN(2) == 0)
	}
	if answer := sends(w.at, cookie, to, form); answer.Code != http.StatusSeeOther {
		return fmt.Errorf("%s: %d", to, answer.Code)
	}
	if to == "/posts" {
		w.latest.Add(1)
	}
	return nil
}

// somePeople returns the names of the first members.
func somePeople(b *testing.B, cfg config.Config, n int) (names []string) {
	b.Helper()
	s, err := store.Open(b.Context(), cfg.DatabaseURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i) + 1
	}
	users, err := s.Users(b.Context(), ids)
	if err != nil || len(users) != n {
		b.Fatal(len(users), err)
	}
	for _, u := range users {
		names = append(names, u.Username)
	}
	return names
}
