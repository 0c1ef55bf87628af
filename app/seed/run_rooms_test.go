package seed_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/seed"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// allLines selects the lines of all rooms, from messages and from the buffer.
const allLines = `(SELECT room_id, seq, user_id, kind, content, created_at FROM messages
	UNION ALL SELECT room_id, seq, user_id, kind, content, created_at FROM buffered_messages)`

// roomsFit fails if rooms are inconsistent with participants, messages and buffers.
func (s *seeding) roomsFit(t *testing.T) {
	t.Helper()
	s.none(t, "rooms have more people than seats, or another head count than people inside", `rooms r WHERE head_count > user_limit
		OR (ended_at IS NULL AND head_count <> (SELECT COUNT(*) FROM participants p WHERE p.room_id = r.id AND p.active = 1))`)
	s.none(t, "people are inside ended rooms", "participants p JOIN rooms r ON r.id = p.room_id WHERE r.ended_at IS NOT NULL AND (p.active = 1 OR p.exited_at IS NULL)")
	s.none(t, "ended rooms are not settled", `rooms r LEFT JOIN end_rooms e ON e.room_id = r.id WHERE r.ended_at IS NOT NULL
		AND (e.executed_at IS NULL OR e.total <> e.saved OR e.saved <> (SELECT COUNT(*) FROM messages m WHERE m.room_id = r.id))`)
	s.none(t, "open rooms have saved messages", "rooms r WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM messages m WHERE m.room_id = r.id)")
	s.none(t, "buffers count other lines than they hold", `buffers b WHERE line_count <> (SELECT COUNT(*) FROM buffered_messages m WHERE m.room_id = b.room_id)
		OR open <> (SELECT r.ended_at IS NULL FROM rooms r WHERE r.id = b.room_id)`)
	s.none(t, "people lead rooms who are no mentors", "rooms r LEFT JOIN users u ON u.id = r.mentor_id WHERE u.role IS NULL OR u.role <> 'MENTOR'")
	s.none(t, "mentors were never in their rooms", "rooms r WHERE NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = r.id AND p.user_id = r.mentor_id)")
}

// linesFit fails if lines are inconsistent with the stays of people in the rooms.
func (s *seeding) linesFit(t *testing.T) {
	t.Helper()
	s.none(t, "lines are older than the one before", allLines+" a JOIN "+allLines+" b ON b.room_id = a.room_id AND b.seq = a.seq + 1 WHERE b.created_at < a.created_at")
	s.none(t, "lines are of the future", allLines+" a WHERE created_at > ?", time.Now().UnixMicro())
	s.none(t, "lines are missing", "(SELECT MAX(seq) AS newest, COUNT(*) AS n FROM "+allLines+" a GROUP BY room_id) g WHERE newest <> n")
	s.none(t, "messages are of people who were not inside then", allLines+` a WHERE NOT EXISTS (SELECT 1 FROM participants p
		WHERE p.room_id = a.room_id AND p.user_id = a.user_id AND p.entered_at <= a.created_at AND (p.exited_at IS NULL OR p.exited_at >= a.created_at))`)
	s.none(t, "stays have no line of entering", `participants p WHERE NOT EXISTS (SELECT 1 FROM `+allLines+` a
		WHERE a.room_id = p.room_id AND a.user_id = p.user_id AND a.kind = 'entered' AND a.created_at = p.entered_at)`)
	s.none(t, "people left without a line", `participants p JOIN rooms r ON r.id = p.room_id WHERE p.exited_at IS NOT NULL
		AND (r.ended_at IS NULL OR p.exited_at < r.ended_at) AND NOT EXISTS (SELECT 1 FROM `+allLines+` a
			WHERE a.room_id = p.room_id AND a.user_id = p.user_id AND a.kind = 'left' AND a.created_at = p.exited_at)`)
	s.none(t, "rooms are older than their people", "participants p JOIN users u ON u.id = p.user_id WHERE p.entered_at < u.created_at")
}

func TestSeededRoomsFitWhatIsSaidInThem(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		s.seed(t, seed.Size{Users: 40, Rooms: 12, Messages: 1000, Password: password})
		s.fits(t)
		s.linesFit(t)
		if n := s.number(t, "SELECT COUNT(*) FROM "+allLines+" a WHERE kind = 'said'"); n != 1000 {
			t.Errorf("%d messages, want 1000", n)
		}
		if n := s.number(t, "SELECT COUNT(DISTINCT name) FROM rooms"); n < 11 {
			t.Errorf("%d different names of 12 rooms", n)
		}
		if n := s.number(t, "SELECT COUNT(DISTINCT mentor_id) FROM rooms"); n < 3 {
			t.Errorf("%d mentors lead 12 rooms", n)
		}
		if n := s.number(t, "SELECT COUNT(*) FROM rooms WHERE notice <> '' AND notice_at >= created_at"); n < 2 || n > 10 {
			t.Errorf("%d of 12 rooms have a notice", n)
		}
		if fewest := s.number(t, "SELECT MIN(line_count) FROM buffers WHERE open = 1"); fewest < 20 {
			t.Errorf("an open room has %d lines", fewest)
		}
		newest := s.number(t, "SELECT MIN(newest) FROM (SELECT MAX(created_at) AS newest FROM buffered_messages GROUP BY room_id) g")
		if age := time.Since(time.UnixMicro(newest)); age > time.Hour {
			t.Errorf("in an open room nobody has said anything for %v", age)
		}
	})
}

// People can go on in an example room as in any other room.
func TestSeededRoomsCanBeTalkedInAndEnded(t *testing.T) {
	for name, redis := range map[string]bool{"table": false, "redis": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := onSQLite(t)
			if redis {
				s.cfg.RedisURL = apptest.Redis(t)
			}
			s.seed(t, seed.Size{Users: 30, Rooms: 4, Messages: 300, Password: password})
			s.roomsFit(t)
			if n := s.number(t, "SELECT COUNT(*) FROM rooms WHERE buffer = ? AND ended_at IS NULL", name); n != 2 {
				t.Errorf("%d open rooms keep their messages in %s, want 2", n, name)
			}
			if n := s.number(t, "SELECT COUNT(*) FROM buffered_messages"); (n == 0) != redis {
				t.Errorf("%d lines are in the table", n)
			}
			s.goOn(t)
			if done, err := server.Settle(t.Context(), s.cfg, slog.New(slog.DiscardHandler)); done != 2 || err != nil {
				t.Errorf("%d rooms were settled, %v", done, err)
			}
			s.roomsFit(t)
			s.linesFit(t)
			if n := s.number(t, "SELECT COUNT(*) FROM messages WHERE kind = 'said'"); n != 302 {
				t.Errorf("%d messages are saved, want 300 and one more in each room", n)
			}
		})
	}
}

// goOn says a message in each open room, and ends the room without settling.
func (s *seeding) goOn(t *testing.T) {
	t.Helper()
	db, err := store.Open(t.Context(), s.cfg.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rooms := s.chat(t, db)
	open, err := db.Rooms(t.Context(), store.RoomFilter{Limit: 10})
	if err != nil || len(open) != 2 {
		t.Fatalf("%d open rooms, %v", len(open), err)
	}
	for _, r := range open {
		before, err := rooms.Messages(t.Context(), r.Room, sns.LastMessages(1))
		if err != nil || len(before) != 1 {
			t.Fatalf("%d messages, %v", len(before), err)
		}
		m, again, err := rooms.Say(t.Context(), r.ID, r.Mentor, "이어서 할게요", "first")
		if err != nil || again || m.Seq != before[0].Seq+1 {
			t.Errorf("message %d after %d, %v", m.Seq, before[0].Seq, err)
		}
		if _, err := db.EndRoom(t.Context(), r.ID, time.Now()); err != nil {
			t.Error(err)
		}
	}
}

// chat returns the rooms of the configuration.
func (s *seeding) chat(t *testing.T, db *store.Store) *chat.Chat {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	hub := live.NewHub(nil, live.Options{Log: log})
	bus := live.Local{Hub: hub}
	o := chat.Options{Store: db, Hub: hub, Bus: bus, Gatherer: live.NewGatherer(bus, log), Log: log, Now: time.Now, Buffer: chat.BufferTable}
	o.Buffers = map[string]chat.Buffer{chat.BufferTable: chat.NewTable(db, bus)}
	if s.cfg.RedisURL != "" {
		options, err := redis.ParseURL(s.cfg.RedisURL)
		if err != nil {
			t.Fatal(err)
		}
		client := redis.NewClient(options)
		t.Cleanup(func() { _ = client.Close() })
		o.Buffers[chat.BufferRedis] = chat.NewRedis(client)
	}
	rooms := chat.New(o)
	t.Cleanup(func() { rooms.Close(); o.Gatherer.Close(); hub.Close() })
	return rooms
}

func TestSeedNeedsTheRedisThatIsConfigured(t *testing.T) {
	s := onSQLite(t)
	s.cfg.RedisURL = "redis://127.0.0.1:1"
	made, err := server.Seed(t.Context(), s.cfg, seed.Size{Users: 3, Rooms: 1, Password: password}, func(int) {})
	if err == nil || made != (seed.Result{}) {
		t.Errorf("%+v, %v", made, err)
	}
	s.none(t, "people were made", "users")
}

func TestSeedGivenUpWhilePeopleTalkLeavesWhatFits(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		told := 0
		made, err := server.Seed(ctx, s.cfg, seed.Size{Users: 20, Rooms: 5, Messages: 400, Password: password}, func(int) {
			if told++; told == 50 {
				time.AfterFunc(5*time.Millisecond, cancel)
			}
			if told > 70 { // the timer is late
				<-ctx.Done()
			}
		})
		if !errors.Is(err, context.Canceled) || made.Messages == 400 || made.Rooms == 0 {
			t.Errorf("%+v, %v", made, err)
		}
		s.fits(t)
	})
}

func TestSeedMakesManyRoomsWithFewOpen(t *testing.T) {
	s := onSQLite(t)
	s.seed(t, seed.Size{Users: 60, Rooms: 150, Messages: 150, Password: password})
	if n := s.number(t, "SELECT COUNT(*) FROM rooms WHERE ended_at IS NULL"); n != 40 {
		t.Errorf("%d open rooms, want 40", n)
	}
	s.fits(t)
	s.linesFit(t)
}
