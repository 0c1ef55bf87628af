//go:build unix

package e2e

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"xxsns/app/apptest/load"
)

const idlers = 5000

// BenchmarkIdleMembers is the memory of a replica for each of 5,000 open
// sockets, and then for each of 5,000 open streams, all idle.
func BenchmarkIdleMembers(b *testing.B) {
	const ops = "127.0.0.1:29464"
	t := newTown(b, "OPS_ADDR="+ops)
	t.stop(t.Two)
	t.stop(t.One)
	t.One.Start() // alone: the address for operators is its own
	people := t.members(1000)
	for b.Loop() {
		noTime(b)
		empty := t.memory(ops)
		seats := t.rooms(people, idlers/50, 50, func(_ int, p *load.Person) *load.Person { return t.direct(0, p) })
		entered := t.memory(ops)
		var all []load.Seat
		for _, room := range seats {
			all = append(all, room...)
		}
		talks, err := load.OpenTalks([][]load.Seat{all})
		t.must(err)
		sockets := t.memory(ops)
		streams := t.streams(people)
		full := t.memory(ops)
		b.ReportMetric(float64(empty.Resident)/1e6, "MB-resident/empty")
		reportFootprint(b, entered, sockets, "socket")
		reportFootprint(b, sockets, full, "stream")
		talks.Close()
		for _, s := range streams {
			s.Close()
		}
	}
}

// streams opens as many streams as there are idlers.
func (t *town) streams(people []*load.Person) []*load.Stream {
	t.b.Helper()
	all := make([]*load.Stream, idlers)
	var opening errgroup.Group
	opening.SetLimit(16)
	for i := range all {
		opening.Go(func() (err error) {
			all[i], err = t.direct(0, people[i%len(people)]).Stream("timeline")
			return err
		})
	}
	t.must(opening.Wait())
	return all
}

// A footprint is the memory of a replica: of its process, and the part in use
// for objects and stacks after a collection.
type footprint struct{ Resident, Used float64 }

func reportFootprint(b *testing.B, before, after footprint, what string) {
	b.Helper()
	b.ReportMetric((after.Resident-before.Resident)/idlers, "B-resident/"+what)
	b.ReportMetric((after.Used-before.Used)/idlers, "B-heap+stack/"+what)
}

// memory collects garbage and looks.
func (t *town) memory(ops string) footprint {
	t.b.Helper()
	time.Sleep(time.Second) // for handlers that have just answered
	for range 3 {
		t.operator("http://" + ops + "/debug/pprof/heap?gc=1")
	}
	time.Sleep(3 * time.Second) // unused memory goes back by and by
	metrics := t.operator("http://" + ops + "/metrics")
	return footprint{
		Resident: float64(load.Used()[replicaProgram].Resident),
		Used:     t.metric(metrics, "go_memstats_heap_inuse_bytes") + t.metric(metrics, "go_memstats_stack_inuse_bytes"),
	}
}

func (t *town) operator(url string) []byte {
	t.b.Helper()
	res, err := http.Get(url) //nolint:noctx // the benchmark has a time limit
	t.must(err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	t.must(err)
	if res.StatusCode != http.StatusOK {
		t.b.Fatalf("%s: status %d", url, res.StatusCode)
	}
	return body
}

func (t *town) metric(metrics []byte, name string) float64 {
	t.b.Helper()
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(metrics)
	if found == nil {
		t.b.Fatalf("no metric %s", name)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	t.must(err)
	return value
}
