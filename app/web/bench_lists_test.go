package web_test

import (
	"path/filepath"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/server"
)

// benchServers start the servers of a site, and return the URLs of the database and of
// Redis, which is empty without Redis.
type benchServers func(*testing.B) (database, redis string)

func onSQLite(b *testing.B) (database, redis string) {
	b.Helper()
	return "sqlite:" + filepath.Join(b.TempDir(), "xxsns.db"), ""
}

func onMariaDB(b *testing.B) (database, redis string) {
	b.Helper()
	return apptest.MariaDB(b), apptest.Redis(b)
}

// eachServers runs a benchmark on the small and on the large installation, with the pace of
// garbage of a program that serves.
func eachServers(b *testing.B, bench func(*testing.B, benchServers)) {
	go server.PaceGarbage(b.Context())
	b.Run("sqlite", func(b *testing.B) { bench(b, onSQLite) })
	b.Run("mariadb", func(b *testing.B) { bench(b, onMariaDB) })
}

// BenchmarkPages compares each list of posts, as a member gets it over a real connection,
// with a plain gin handler that answers with the very bytes of that page from memory. Both
// are asked in turns, so that the ratio holds on a busy machine. ns/op is our page alone.
func BenchmarkPages(b *testing.B) {
	eachServers(b, func(b *testing.B, servers benchServers) {
		site := newBenchSiteOn(b, servers, 1000)
		ours := site.listen(b, site.handler)
		for _, name := range []string{"timeline", "board", "local", "following", "post", "rooms"} {
			b.Run(name, func(b *testing.B) { site.againstGin(b, ours, site.pages[name]) })
		}
	})
}

// againstGin asks our page and gin's in turns.
func (s *benchSite) againstGin(b *testing.B, ours []*pageConn, path string) {
	b.Helper()
	memory := s.listen(b, fromMemory(path, ours[0].page(b, path)))
	var taken, plain []time.Duration
	var elapsed, inGin time.Duration
	b.ResetTimer()
	for done := 0; done < b.N; {
		round := min(b.N-done, 100*pageConns)
		inGin += askAll(b, memory, path, round, &plain)
		elapsed += askAll(b, ours, path, round, &taken)
		done += round
	}
	perSecond := func(d time.Duration) float64 { return float64(b.N) / d.Seconds() }
	b.ReportMetric(float64(elapsed.Nanoseconds())/float64(b.N), "ns/op")
	b.ReportMetric(perSecond(elapsed), "pages/s")
	b.ReportMetric(perSecond(inGin), "gin-pages/s")
	b.ReportMetric(perSecond(elapsed)/perSecond(inGin), "x-gin")
	b.ReportMetric(percentile(taken, 99)/percentile(taken, 50), "x-p99/p50")
	b.ReportMetric(percentile(plain, 99)/percentile(plain, 50), "x-gin-p99/p50")
}
