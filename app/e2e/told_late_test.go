package e2e

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	chatting "xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/store"
)

// A lateTeller does what the replicas do half a minute after one of them has died: it tells of
// what the dead one has left untold. Its clock is ahead, so that nobody has to wait.
type lateTeller struct {
	store *store.Store
	rooms *chatting.Chat
}

// newLateTeller works on the database and the Redis (empty: none) of a life.
func newLateTeller(t *testing.T, databaseURL, redisURL string) *lateTeller {
	t.Helper()
	db, err := store.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	log := slog.New(slog.DiscardHandler)
	hub := live.NewHub(nil, live.Options{Log: log})
	bus := live.Local{Hub: hub}
	options := chatting.Options{
		Store: db, Hub: hub, Bus: bus, Gatherer: live.NewGatherer(bus, log), Log: log, Now: func() time.Time { return time.Now().Add(2 * time.Minute) },
		Buffers: map[string]chatting.Buffer{chatting.BufferTable: chatting.NewTable(db, bus)}, Buffer: chatting.BufferTable,
	}
	if redisURL != "" {
		client := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(redisURL, "redis://")})
		t.Cleanup(func() { _ = client.Close() })
		options.Buffers[chatting.BufferRedis], options.Buffer = chatting.NewRedis(client), chatting.BufferRedis
	}
	rooms := chatting.New(options)
	t.Cleanup(rooms.Close)
	return &lateTeller{db, rooms}
}

func (l *lateTeller) tells(t *testing.T) {
	t.Helper()
	err := errors.Join(l.rooms.TellUntold(t.Context()), l.store.TellRest(t.Context(), time.Now().Add(2*time.Minute)))
	if err != nil {
		t.Fatal(err)
	}
}
