//go:build unix

package e2e

import (
	"fmt"
	"testing"
	"time"

	"xxsns/app/apptest/load"
)

// BenchmarkChat is 200 rooms of ten people, half of each room on either
// replica. With ten messages a second in each room 2,000 messages are said and
// 20,000 delivered; with twenty, twice as many. The benchmark reports the time
// from saying to seeing, and the cost of each delivery, with all steps of
// saying: the session and the seat are checked, the message is kept in Redis,
// sent to both replicas and rendered. The load generator shares the processors:
// where they cannot keep pace, the times grow.
func BenchmarkChat(b *testing.B) {
	t := newTown(b)
	people := t.members(2000)
	for _, c := range []struct {
		name string
		in   entrance
	}{{"direct", t.direct}, {"nginx", t.throughNginx}} {
		b.Run(c.name, func(b *testing.B) {
			talks, err := load.OpenTalks(t.rooms(people, 200, 10, c.in))
			t.must(err)
			defer talks.Close()
			settleDown(b.Context())
			for _, perSecond := range []float64{5, 10, 20} {
				b.Run(fmt.Sprintf("per-second=%g", perSecond), func(b *testing.B) { chat(b, talks, perSecond) })
			}
		})
	}
}

// chat lets people talk in each room, and measures after a while.
func chat(b *testing.B, talks *load.Talks, perSecond float64) {
	b.Helper()
	if _, err := talks.Talk(perSecond, 2*time.Second); err != nil {
		b.Error(err)
	}
	for b.Loop() {
		m := newMeter()
		result, err := talks.Talk(perSecond, 8*time.Second)
		if err != nil {
			b.Error(err)
		}
		reportTalk(b, m, result)
	}
}

func reportTalk(b *testing.B, m meter, r load.Result) {
	b.Helper()
	noTime(b)
	latency(b, r.Latency, "delivery")
	b.ReportMetric(float64(r.Heard)/r.Took.Seconds(), "deliveries/s")
	b.ReportMetric(float64(r.Lost), "lost")
	b.ReportMetric(float64(r.Doubled), "doubled")
	b.ReportMetric(float64(r.Disordered), "disordered")
	for _, name := range []string{replicaProgram, redisProgram, databaseProgram, nginxProgram} {
		m.perUnit(b, name, r.Heard, "delivery")
	}
}
