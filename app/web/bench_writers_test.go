package web_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/server"
	"xxsns/app/store"
)

// BenchmarkPagesWhileOthersWrite asks for lists of posts in turns while nobody writes, and
// while others, by another program, write 50 posts and like 500 of the newest a second.
// ns/op is the page while others write.
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
	store   *store.Store
	write   atomic.Bool
	written atomic.Int64
	newest  atomic.Int64
}

const (
	writesPerSecond = 550
	likesPerPost    = 10
	writersAtOnce   = 8
)

// writers returns writers on the database of a site, who end with the benchmark.
func (s *benchSite) writers(b *testing.B) *writers {
	b.Helper()
	db, err := store.Open(b.Context(), s.database)
	if err != nil {
		b.Fatal(err)
	}
	if s.redis != "" { // as another replica
		options, err := redis.ParseURL(s.redis)
		if err != nil {
			b.Fatal(err)
		}
		client := redis.NewClient(options)
		b.Cleanup(func() { _ = client.Close() })
		db.ShareStamp(server.SharedStamp(client))
	}
	w := &writers{store: db}
	w.newest.Store(s.newest)
	acts, ctx := make(chan int, writersAtOnce), b.Context()
	var all sync.WaitGroup
	for range writersAtOnce {
		all.Go(func() {
			for act := range acts {
				if err := w.act(ctx, act); err != nil && ctx.Err() == nil {
					b.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		defer close(acts)
		w.schedule(ctx, acts)
	})
	b.Cleanup(func() { all.Wait(); _ = db.Close() }) // b.Context has ended
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

// act writes a post, or likes one of the newest.
func (w *writers) act(ctx context.Context, act int) error {
	user := rand.Int64N(200) + 1
	defer w.written.Add(1)
	if act%(likesPerPost+1) != 0 {
		_, _, err := w.store.SetLike(ctx, w.newest.Load()-rand.Int64N(50), user, true, time.Now())
		return err
	}
	id, err := w.store.CreatePost(ctx, store.NewPost{Author: user, Board: 1, Content: "퇴근길에 잠깐 내려서 찍었어요.", CreatedAt: time.Now()})
	if err == nil {
		w.newest.Store(id)
	}
	return err
}
