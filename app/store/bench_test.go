package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// eachBench runs a benchmark on each dialect.
func eachBench(b *testing.B, bench func(*testing.B, *database)) {
	for _, dialect := range dialects {
		b.Run(dialect.name, func(b *testing.B) { bench(b, migrated(b, dialect.empty(b))) })
	}
}

// BenchmarkAppendBuffered appends messages one after the other to one room, and
// to eight rooms in parallel.
func BenchmarkAppendBuffered(b *testing.B) {
	eachBench(b, func(b *testing.B, d *database) {
		for room := range int64(9) {
			if _, err := d.OpenBuffer(b.Context(), room, 0); err != nil {
				b.Fatal(err)
			}
		}
		var lines atomic.Int64 // makes each client id unique
		b.Run("rooms=1", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.say(b, 0, fmt.Sprint(lines.Add(1)))
			}
		})
		b.Run("rooms=8", func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(4) // with two processors
			var rooms atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for room := 1 + rooms.Add(1)%8; pb.Next(); {
					d.say(b, room, fmt.Sprint(lines.Add(1)))
				}
			})
		})
	})
}

func (d *database) say(t testing.TB, room int64, clientID string) {
	m := sns.Message{Room: room, Kind: sns.MessageSaid, Author: sns.User{ID: 1}, Content: "오늘도 같이 읽어요", At: noon, ClientID: clientID}
	if _, err := d.AppendBuffered(context.Background(), m, store.AppendRule{}); err != nil {
		t.Error(err)
	}
}

// BenchmarkSaveMessages saves 100,000 messages, alternately by the store and by
// bare statements with as many rows each. The metric is the ratio of the speeds
// (1: as fast).
func BenchmarkSaveMessages(b *testing.B) {
	const lines = 100_000
	conversation := said(1, 1, lines)
	eachBench(b, func(b *testing.B, d *database) {
		mentor, bare, bareTime := d.user(b, "민지"), bareConnection(b, d.url), time.Duration(0)
		for b.Loop() {
			room := d.endedRoom(b, mentor)
			d.claim(b, room, "bench")
			for i := 0; i < lines; i += 500 {
				if err := d.SaveMessages(b.Context(), room, "bench", conversation[i:i+500]); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			room = d.endedRoom(b, mentor)
			start := time.Now()
			for i := 0; i < lines; i += 500 {
				insertBare(b, bare, room, conversation[i:i+500])
			}
			bareTime += time.Since(start)
			b.StartTimer()
		}
		b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		b.ReportMetric(bareTime.Seconds()/b.Elapsed().Seconds(), "of-bare")
	})
}

// bareConnection returns a connection with the settings of the store's
// connections.
func bareConnection(b *testing.B, url string) *sql.DB {
	driver, dsn := "sqlite", strings.TrimPrefix(url, "sqlite:")+"?_txlock=immediate&_pragma=synchronous(full)&_pragma=cache_size(-16384)&_pragma=mmap_size(268435456)"
	if rest, ok := strings.CutPrefix(url, "mysql://"); ok {
		rest, name, _ := strings.Cut(rest, "/")
		account, address, _ := strings.Cut(rest, "@")
		driver, dsn = "mysql", fmt.Sprintf("%s@tcp(%s)/%s?interpolateParams=true&collation=utf8mb4_bin", account, address, name)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	return db
}

var bareInsert = `INSERT INTO messages (room_id, seq, user_id, kind, content, created_at, deleted) VALUES (?,?,?,?,?,?,?)` +
	strings.Repeat(",(?,?,?,?,?,?,?)", 499)

func insertBare(b *testing.B, db *sql.DB, room int64, batch []sns.Message) {
	args := make([]any, 0, 7*len(batch))
	for _, m := range batch {
		args = append(args, room, m.Seq, m.Author.ID, string(m.Kind), m.Content, m.At.UnixMicro(), m.Deleted)
	}
	if _, err := db.ExecContext(b.Context(), bareInsert, args...); err != nil {
		b.Fatal(err)
	}
}
