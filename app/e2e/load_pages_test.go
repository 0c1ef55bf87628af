//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest/load"
)

// readers is the number of people who load pages at the same time, each person
// the next page as soon as the last page has come.
const readers = 8

// BenchmarkTimelinePages is the timeline as browsers get the page: compressed,
// through nginx, from one replica with MariaDB, with a few posts and with many.
func BenchmarkTimelinePages(b *testing.B) {
	t := newTown(b)
	people := t.members(readers)
	t.stop(t.Two)
	seeded := 0
	for _, posts := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("posts=%d", posts), func(b *testing.B) {
			t.seed(posts - seeded)
			seeded = posts
			t.loadPages(b, people, 2*time.Second)
			for b.Loop() {
				m := newMeter()
				times := t.loadPages(b, people, 8*time.Second)
				noTime(b)
				latency(b, times, "page")
				b.ReportMetric(float64(times.Count())/time.Since(m.begun).Seconds(), "pages/s")
				for _, name := range []string{replicaProgram, databaseProgram, nginxProgram} {
					m.perUnit(b, name, times.Count(), "page")
				}
			}
		})
	}
}

// seed adds posts, with comments and likes.
func (t *town) seed(posts int) {
	t.b.Helper()
	out, err := t.One.Run("", "seed", "--force", "--no-images", "--users=100", fmt.Sprintf("--posts=%d", posts),
		fmt.Sprintf("--comments=%d", posts), fmt.Sprintf("--likes=%d", 3*posts), "--rooms=0", "--messages=0")
	if err != nil {
		t.b.Fatalf("seed: %v\n%s", err, out)
	}
}

// loadPages loads the timeline over and over, and returns how long that took.
func (t *town) loadPages(b *testing.B, people []*load.Person, long time.Duration) *load.Histogram {
	b.Helper()
	times, deadline, failed := new(load.Histogram), time.Now().Add(long), atomic.Int64{}
	var reading sync.WaitGroup
	for _, p := range people {
		reading.Go(func() {
			line := t.toOne(t.One, p).Line()
			defer line.Close()
			for time.Now().Before(deadline) {
				begin := time.Now()
				if a, err := line.Get("/"); err != nil || a.Status != http.StatusOK {
					failed.Add(1)
				}
				times.Record(time.Since(begin))
			}
		})
	}
	reading.Wait()
	if failed.Load() > 0 {
		b.Errorf("%d of %d pages failed", failed.Load(), times.Count())
	}
	return times
}
