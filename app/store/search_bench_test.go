package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// searchSizes are the numbers of posts of BenchmarkSearch; $SEARCH adds a million.
func searchSizes() []int {
	if os.Getenv("SEARCH") != "" {
		return []int{1000, 100_000, 1_000_000}
	}
	return []int{1000, 100_000}
}

// BenchmarkSearch searches posts for words that are rare, common, absent, or common but seldom
// together. The metrics are the slowest of a hundred searches, and the size of the index beside
// that of the texts.
func BenchmarkSearch(b *testing.B) {
	for _, size := range searchSizes() {
		b.Run(fmt.Sprint("posts=", size), func(b *testing.B) {
			eachBench(b, func(b *testing.B, d *database) {
				book := phrasebook{rand.New(rand.NewPCG(16, 2))} //nolint:gosec // no secret
				bytes := 0
				for _, p := range d.bulkPosts(b, book, size) {
					bytes += len(p.Content)
				}
				before, start := d.size(b), time.Now()
				d.indexed(b)
				indexed := time.Since(start)
				for _, c := range []struct{ name, typed string }{
					{"rare", "iphone277"}, {"common", "카드"}, {"absent", "없는말"}, {"two", "카드 부산299"}, {"twocommon", "漢字했어요 노을까지"},
				} {
					b.Run(c.name, func(b *testing.B) { d.benchSearch(b, c.typed) })
				}
				b.Run("index", func(b *testing.B) {
					for b.Loop() {
					}
					b.ReportMetric(float64(d.size(b)-before)/float64(bytes), "of-texts")
					b.ReportMetric(float64(size)/indexed.Seconds(), "posts/s")
				})
			})
		})
	}
}

func (d *database) benchSearch(b *testing.B, typed string) {
	var times []time.Duration
	q := asked(typed, sns.SearchPage)
	for b.Loop() {
		start := time.Now()
		if _, _, err := d.SearchPosts(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

// size returns the bytes of the database.
func (d *database) size(b *testing.B) (n int64) {
	b.Helper()
	if path, ok := strings.CutPrefix(d.url, "sqlite:"); ok {
		d.run(b, "PRAGMA wal_checkpoint(truncate)")
		info, err := os.Stat(filepath.Clean(path))
		if err != nil {
			b.Fatal(err)
		}
		return info.Size()
	}
	d.run(b, "ANALYZE TABLE posts, search_posts")
	err := d.raw.QueryRowContext(context.Background(), `SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()`).Scan(&n)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkWriteSearched creates posts, alternately with their waits and as before there were
// searches. The metric is the ratio of the times. The posts are indexed beside, as a worker
// does. Commits reach the disk on both databases, as in production.
func BenchmarkWriteSearched(b *testing.B) {
	durable := func(t testing.TB) string {
		return apptest.StartMariaDB(t, apptest.MariaDBOptions{Durable: true}).Database(t)
	}
	for name, empty := range map[string]func(testing.TB) string{"sqlite": sqliteFile, "mariadb": durable} {
		b.Run(name, func(b *testing.B) { benchWriteSearched(b, migrated(b, empty(b))) })
	}
}

func benchWriteSearched(b *testing.B, d *database) {
	book := phrasebook{rand.New(rand.NewPCG(16, 3))} //nolint:gosec // no secret
	p := d.newPost(b, d.user(b, "민지"), "")
	var with, without, indexing time.Duration
	for i := 0; b.Loop(); i++ {
		p.Content = book.text(12)
		start := time.Now()
		if _, err := d.CreatePost(b.Context(), p); err != nil {
			b.Fatal(err)
		}
		with += time.Since(start)
		start = time.Now()
		if err := d.CreateUnsearched(b.Context(), p); err != nil {
			b.Fatal(err)
		}
		without += time.Since(start)
		if i%100 == 99 {
			start = time.Now()
			d.indexed(b)
			indexing += time.Since(start)
		}
	}
	b.ReportMetric(with.Seconds()/without.Seconds(), "of-without")
	b.ReportMetric((with+indexing).Seconds()/without.Seconds(), "of-without-with-worker")
}
