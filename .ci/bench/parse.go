package main

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// A measurement holds the figures of benchmarks: of each benchmark and unit, one for each
// run. A benchmark has the name of its package before its own: web.Pages/sqlite/timeline.
type measurement struct {
	figures map[string]map[string][]float64
	machine string // the processor, and how many of them
}

var (
	result = regexp.MustCompile(`^Benchmark(\S+?)(?:-(\d+))?\s+\d+\t(.*)$`)
	fact   = regexp.MustCompile(`^(pkg|cpu): (.*)$`)
)

// parse reads the output of go test -bench.
func parse(text string) *measurement {
	m := &measurement{figures: map[string]map[string][]float64{}}
	where, cpu, count := "", "", "1"
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if f := fact.FindStringSubmatch(line); f != nil && f[1] == "pkg" {
			where = f[2][strings.LastIndexByte(f[2], '/')+1:]
		} else if f != nil {
			cpu = f[2]
		}
		if r := result.FindStringSubmatch(line); r != nil {
			if r[2] != "" {
				count = r[2]
			}
			m.read(where+"."+r[1], r[3])
		}
	}
	m.machine = fmt.Sprintf("%s × %s", count, cpu)
	m.derive()
	return m
}

// read adds the figures of a line: pairs of a value and a unit.
func (m *measurement) read(bench, pairs string) {
	words := strings.Fields(pairs)
	for i := 0; i+1 < len(words); i += 2 {
		if value, err := strconv.ParseFloat(words[i], 64); err == nil {
			m.add(bench, words[i+1], value)
		}
	}
}

func (m *measurement) add(bench, unit string, value float64) {
	if m.figures[bench] == nil {
		m.figures[bench] = map[string][]float64{}
	}
	m.figures[bench][unit] = append(m.figures[bench][unit], value)
}

// median returns the figure of a benchmark, in the middle of those of several runs.
func (m *measurement) median(bench, unit string) (float64, bool) {
	all := slices.Sorted(slices.Values(m.figures[bench][unit]))
	if len(all) == 0 {
		return 0, false
	}
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2, true
}

// derive adds how many processors database and Redis kept busy together, where a benchmark
// reports what each delivery has cost them.
func (m *measurement) derive() {
	for bench := range m.figures {
		redis, ok := m.median(bench, "redis-server-µs/delivery")
		database, _ := m.median(bench, "mariadbd-µs/delivery")
		rate, _ := m.median(bench, "deliveries/s")
		if ok {
			m.add(bench, busy, (redis+database)*rate/1e6)
		}
	}
}

// busy is the unit that derive adds.
const busy = "cores-of-database-and-redis"

// heading says what was measured, where.
func (m *measurement) heading(commit string) string {
	return fmt.Sprintf("# Measured by `make bench-record`\n\nCommit %s, %s, %s/%s, on %s.\nThe load, the database, Redis and nginx ran on the same processors.\n\n",
		commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, m.machine)
}
