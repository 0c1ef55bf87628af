package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// output is what three runs of a benchmark of each of two packages print, in which two
// benchmarks have the same name.
const output = `goos: linux
pkg: xxsns/app/store
cpu: Some Processor
BenchmarkPages/sqlite/timeline-2     	     100	       1.000 x-gin
PASS
ok  	xxsns/app/store	1.0s
pkg: xxsns/app/web
cpu: Some Processor
BenchmarkPages/sqlite/timeline-2     	     100	    469214 ns/op	     35000 gin-pages/s	     14875 pages/s	         0.4250 x-gin
BenchmarkPages/sqlite/timeline-2     	     100	    469214 ns/op	     35000 gin-pages/s	     10500 pages/s	         0.3000 x-gin
BenchmarkPages/sqlite/timeline-2     	     100	    469214 ns/op	     35000 gin-pages/s	     14000 pages/s	         0.4000 x-gin
pkg: xxsns/app/e2e
BenchmarkChat/direct/per-second=10-2 	       1	        20000 deliveries/s	        10.00 mariadbd-µs/delivery	         2.400 p50-ms/delivery	         5.000 redis-server-µs/delivery	        49.60 xxsns-µs/delivery
`

func TestTable(t *testing.T) {
	m := parse(output)
	var table strings.Builder
	missing := m.table(&table)
	for _, line := range []string{
		"| page: timeline, SQLite | 0.4 x-gin | ≥ 0.4 | met | 14,000 pages/s, 35,000 gin-pages/s |",
		"| chat, 200 rooms of ten, 20,000 deliveries/s: CPU of the replicas | 49.6 xxsns-µs/delivery | ≤ 20 | missed | 20,000 deliveries/s |",
		"| chat, 200 rooms of ten, 20,000 deliveries/s: database and Redis together | 0.3 cores-of-database-and-redis | ≤ 0.2 | missed | 5 redis-server-µs/delivery, 10 mariadbd-µs/delivery |",
	} {
		if !strings.Contains(table.String(), line+"\n") {
			t.Errorf("the table lacks\n%s\n%s", line, &table)
		}
	}
	if lines := strings.Count(table.String(), "\n"); lines+len(missing) != 2+len(rows()) || len(missing) == 0 {
		t.Errorf("%d lines, and %d figures are missing of %d", lines, len(missing), len(rows()))
	}
	if !strings.Contains(m.heading("abc"), "Commit abc, go") || !strings.Contains(m.heading("abc"), "2 × Some Processor") {
		t.Errorf("the heading is\n%s", m.heading("abc"))
	}
}

// A run that must be whole fails when a benchmark is gone; the record is written all the
// same.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	from := filepath.Join(dir, "output")
	if err := os.WriteFile(from, []byte(output), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(from, false, dir, "abc"); err != nil {
		t.Error(err)
	}
	if found, err := filepath.Glob(filepath.Join(dir, "20*.md")); err != nil || len(found) != 1 {
		t.Errorf("the records are %v, %v", found, err)
	}
	if err := run(from, true, "", ""); err == nil || !strings.Contains(err.Error(), "e2e.Photos MiB-peak") {
		t.Errorf("a benchmark that is gone: %v", err)
	}
}
