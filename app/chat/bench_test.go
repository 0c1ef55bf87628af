package chat_test

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// BenchmarkSay says one message after another in a room with three viewers, and in
// eight rooms at once.
func BenchmarkSay(b *testing.B) {
	for _, w := range worlds {
		b.Run(w.name, func(b *testing.B) {
			r := w.make(b).replica(b, setup{})
			rooms, mentors := make([]sns.Room, 8), make([]sns.User, 8)
			for i := range rooms {
				rooms[i], mentors[i], _ = r.party(b, 0)
			}
			for range 3 {
				r.looksOn(b, chat.Topic(rooms[0].ID))
			}
			var words atomic.Int64
			say := func(i int) {
				_, _, err := r.Say(context.Background(), rooms[i].ID, mentors[i], "오늘도 같이 읽어요", strconv.FormatInt(words.Add(1), 10))
				if err != nil {
					b.Error(err)
				}
			}
			b.Run("rooms=1", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					say(0)
				}
			})
			b.Run("rooms=8", func(b *testing.B) {
				b.ReportAllocs()
				b.SetParallelism(4) // on two processors
				var next atomic.Int64
				b.RunParallel(func(pb *testing.PB) {
					for i := int(next.Add(1)) % len(rooms); pb.Next(); {
						say(i)
					}
				})
			})
		})
	}
}

// benchLines is the number of lines of a room in BenchmarkSettle.
const benchLines = 100_000

// BenchmarkSettle settles rooms of 100,000 messages, in turns with inserting the
// same rows by plain statements of 500 rows. It reports the ratio of the speeds (1:
// as fast), without and with dropping the lines from the buffer.
func BenchmarkSettle(b *testing.B) {
	for _, w := range worlds {
		b.Run(w.name, func(b *testing.B) {
			w := w.make(b)
			r, buffer := w.onShaky(b, setup{}, 0)
			bare, bareTime, savedTime := w.raw(b), time.Duration(0), time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				room, mentor, _ := r.party(b, 0)
				lines := w.fill(b, room, mentor)
				if _, err := w.store.EndRoom(b.Context(), room.ID, time.Now()); err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				insertBare(b, bare, room.ID+1_000_000, lines)
				bareTime += time.Since(start)
				b.StartTimer()
				start = time.Now()
				buffer.on("before Drop 1", func(context.Context) error { savedTime += time.Since(start); return nil })
				if done, err := r.Settle(b.Context(), room.ID); !done || err != nil {
					b.Fatalf("settle: %t, %v", done, err)
				}
				if s := w.settlement(b, room.ID); s.Saved != benchLines {
					b.Fatalf("%+v", s)
				}
			}
			b.ReportMetric(benchLines*float64(b.N)/savedTime.Seconds(), "rows/s")
			b.ReportMetric(bareTime.Seconds()/savedTime.Seconds(), "x-bare")
			b.ReportMetric(bareTime.Seconds()/b.Elapsed().Seconds(), "x-bare-dropped")
		})
	}
}

// fill puts benchLines lines into the buffer of a room, faster than by Say, and
// returns the lines.
func (w *world) fill(b *testing.B, room sns.Room, mentor sns.User) []sns.Message {
	b.Helper()
	lines := make([]sns.Message, 0, benchLines)
	lines = append(lines, sns.Message{Room: room.ID, Seq: 1, Kind: sns.MessageEntered, Author: mentor, At: noon, ClientID: "entered:1"})
	for seq := int64(2); seq <= benchLines; seq++ {
		lines = append(lines, sns.Message{
			Room: room.ID, Seq: seq, Kind: sns.MessageSaid, Author: mentor,
			Content: fmt.Sprintf("%d번째 말: 오늘 읽은 책 이야기", seq), At: noon.Add(time.Duration(seq) * time.Second), ClientID: strconv.FormatInt(seq, 10),
		})
	}
	if w.redis == "" {
		w.fillTable(b, room, lines[1:])
	} else {
		w.fillRedis(b, lines[1:])
	}
	return lines
}

func (w *world) fillTable(b *testing.B, room sns.Room, lines []sns.Message) {
	db := w.raw(b)
	into := `INSERT INTO buffered_messages (room_id, seq, user_id, kind, content, created_at, client_id) VALUES `
	for rest := lines; len(rest) > 0; rest = rest[min(500, len(rest)):] {
		batch := rest[:min(500, len(rest))]
		args := make([]any, 0, 7*len(batch))
		for _, m := range batch {
			args = append(args, room.ID, m.Seq, m.Author.ID, string(m.Kind), m.Content, m.At.UnixMicro(), m.ClientID)
		}
		if _, err := db.ExecContext(b.Context(), into+"(?,?,?,?,?,?,?)"+strings.Repeat(",(?,?,?,?,?,?,?)", len(batch)-1), args...); err != nil {
			b.Fatal(err)
		}
	}
	w.exec(b, "UPDATE buffers SET seq = ?, line_count = ? WHERE room_id = ?", benchLines, benchLines, room.ID)
}

func (w *world) fillRedis(b *testing.B, lines []sns.Message) {
	buffer := chat.NewRedis(w.client)
	const at = 16
	together(at, func(i int) {
		for n := i; n < len(lines); n += at {
			if _, err := buffer.Append(context.Background(), lines[n], chat.AppendRule{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// insertBare inserts lines as messages of a room by plain statements.
func insertBare(b *testing.B, db *sql.DB, room int64, lines []sns.Message) {
	const into = `INSERT INTO messages (room_id, seq, user_id, kind, content, created_at, deleted) VALUES (?,?,?,?,?,?,?)`
	query := into + strings.Repeat(",(?,?,?,?,?,?,?)", 499)
	for ; len(lines) > 0; lines = lines[500:] {
		args := make([]any, 0, 7*500)
		for _, m := range lines[:500] {
			args = append(args, room, m.Seq, m.Author.ID, string(m.Kind), m.Content, m.At.UnixMicro(), m.Deleted)
		}
		if _, err := db.ExecContext(b.Context(), query, args...); err != nil {
			b.Fatal(err)
		}
	}
}
