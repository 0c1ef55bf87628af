//go:build unix

package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest/load"
)

// BenchmarkDay is a busy day on one replica: all members look at the timeline
// at once, each with an open stream, load a page every 20 seconds, like a post
// every minute and post every ten minutes; a fifth of the members also talk in
// a room of ten, every 15 seconds. The load generator runs on the same
// processors.
func BenchmarkDay(b *testing.B) {
	const most = 3500
	t := newTown(b)
	people := t.members(most)
	t.stop(t.Two)
	t.seed(1000)
	newest, err := t.db.NewestPost(b.Context())
	t.must(err)
	for i, p := range people {
		people[i] = t.toOne(t.One, p)
	}
	for _, members := range []int{1000, 1500, 2000, 2500, 3000, most} {
		b.Run(fmt.Sprintf("members=%d", members), func(b *testing.B) {
			for b.Loop() {
				t.day(b, people[:members], newest)
			}
		})
	}
}

// day lets people live for a while, and then measures.
func (t *town) day(b *testing.B, people []*load.Person, newest int64) {
	b.Helper()
	seats := t.rooms(people, len(people)/50, 10, func(_ int, p *load.Person) *load.Person { return p })
	talks, err := load.OpenTalks(seats)
	t.must(err)
	defer talks.Close()
	d := &load.Day{Habits: load.Habits{Page: 20 * time.Second, Like: time.Minute, Post: 10 * time.Minute}}
	d.Newest(newest)
	ctx, over := context.WithCancel(b.Context())
	var living sync.WaitGroup
	defer living.Wait()
	defer over()
	for _, p := range people {
		living.Go(func() { d.Live(ctx, p) })
	}
	time.Sleep(d.Habits.Page) // until all members are there
	d.Reset()
	m := newMeter()
	result, err := talks.Talk(10.0/15, 10*time.Second)
	if err != nil {
		b.Error(err)
	}
	took := time.Since(m.begun)
	if err := d.Err(); err != nil {
		b.Error(err)
	}
	noTime(b)
	latency(b, &d.Pages, "page")
	latency(b, &d.Answers, "answer")
	latency(b, result.Latency, "delivery")
	b.ReportMetric(float64(d.Pages.Count()+d.Answers.Count())/took.Seconds(), "requests/s")
	b.ReportMetric(float64(d.Deliveries.Load()+result.Heard)/took.Seconds(), "deliveries/s")
	for _, name := range []string{replicaProgram, redisProgram, databaseProgram, nginxProgram} {
		m.processors(b, name)
	}
}
