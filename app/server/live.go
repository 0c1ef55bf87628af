package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

// openLive makes the hub, the bus and the rooms: in this process, or through
// Redis. A room that was opened without Redis stays in its table.
func (s *Server) openLive(ctx context.Context, render live.Render) (err error) {
	s.hub = live.NewHub(render, live.Options{Log: s.log, Before: s.before})
	if s.redis, err = openRedis(s.cfg.RedisURL, s.cfg.RedisPool); err != nil {
		return err
	}
	s.store.ShareStamp(SharedStamp(s.redis))
	s.bus = s.newBus(ctx)
	s.gatherer = live.NewGatherer(s.bus, s.log)
	s.store.TellInboxes(s.tellInboxes)
	s.store.OnRest(func() {
		select {
		case s.rest <- struct{}{}:
		default: // the worker is awake
		}
	})
	s.rooms = s.newRooms()
	return nil
}

// tellInboxes tells all pages of users what is unread in their inboxes, gathered.
func (s *Server) tellInboxes(_ context.Context, inboxes []sns.Inbox) {
	for _, inbox := range inboxes {
		data, _ := json.Marshal(inbox) // numbers: cannot fail
		topic := live.UserTopic(inbox.User)
		s.gatherer.Add(live.Event{Topic: topic, Kind: view.KindInbox, Key: topic, Version: inbox.Version, Data: data})
	}
}

// before lets this process know of an event before its clients do. An event that closes
// the streams and sockets of a session or user, or gives a user another name, tells that they
// have ended or changed: their next request asks the database.
func (s *Server) before(ev live.Event) {
	s.heard.Hear(ev)
	if user, ok := chat.RenamedUser(ev); ok {
		s.store.ForgetUser(user.ID)
	}
	if !ev.Closes() {
		return
	}
	if session, ok := live.SessionOf(ev.Topic); ok {
		s.store.ForgetSession(session)
	} else if user, ok := live.UserOf(ev.Topic); ok {
		s.store.ForgetUser(user)
	}
}

// newBus returns a live.Redis if there is a Redis, or a live.Local.
func (s *Server) newBus(ctx context.Context) live.Bus {
	if s.redis == nil {
		return live.Local{Hub: s.hub}
	}
	for _, warning := range redisWarnings(ctx, s.redis) {
		s.log.Warn("redis may lose what is said in rooms", "reason", warning)
	}
	bus := live.NewRedis(s.redis, s.hub, s.log)
	bus.OnGap(func() {
		s.heard.Miss()
		select {
		case s.gap <- struct{}{}:
		default: // a check is pending already
		}
	})
	return bus
}

// roomRate is how many bytes may be said in a room a minute: as much as eight people say
// who never stop (request.LimitMessage), or 9,000 messages of twenty syllables.
const roomRate = 512 << 10

// newRooms returns the rooms with all available buffers; new rooms use Redis if
// there is one.
func (s *Server) newRooms() *chat.Chat {
	o := chat.Options{
		Store: s.store, Hub: s.hub, Bus: s.bus, Gatherer: s.gatherer, Log: s.log, Now: time.Now, Heard: &s.heard,
		Buffers: map[string]chat.Buffer{chat.BufferTable: chat.NewTable(s.store, s.bus)}, Buffer: chat.BufferTable,
		Spill: chat.SpillBounds{
			Lines: int64(s.cfg.RoomBufferLines), Bytes: int64(s.cfg.RoomBufferMB) << 20, Full: float64(s.cfg.RedisFull) / 100,
		},
	}
	if s.cfg.RateLimits {
		o.Rate = roomRate
	}
	if s.redis != nil {
		o.Redis = s.redis
		o.Buffers[chat.BufferRedis], o.Buffer = chat.NewRedis(s.redis), chat.BufferRedis
	}
	return chat.New(o)
}

// askRedis returns a function that pings Redis, or nil if there is none.
func (s *Server) askRedis() func(context.Context) error {
	if s.redis == nil {
		return nil
	}
	return func(ctx context.Context) error { return s.redis.Ping(ctx).Err() }
}

// closeLive closes the rooms first: settling publishes events.
func (s *Server) closeLive() {
	if s.rooms != nil {
		s.rooms.Close()
	}
	if s.gatherer != nil {
		s.gatherer.Close()
	}
	if s.hub != nil {
		s.hub.Close()
	}
	if s.bus != nil {
		_ = s.bus.Close()
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
}

// withRooms runs a command with the rooms of the configuration, on a database
// that is open.
func withRooms(ctx context.Context, cfg config.Config, log *slog.Logger, db *store.Store, do func(*Server) error) error {
	cfg.RateLimits = false // seed says in seconds what people say in days
	command := &Server{cfg: cfg, log: log, store: db}
	if err := command.openLive(ctx, nil); err != nil {
		return err
	}
	defer command.closeLive()
	return do(command)
}

// Settle saves the messages of all ended rooms that are not settled yet, and
// returns the number of these rooms. Settle may run beside servers.
func Settle(ctx context.Context, cfg config.Config, log *slog.Logger) (done int, err error) {
	err = withStore(ctx, cfg, func(db *store.Store) error {
		return withRooms(ctx, cfg, log, db, func(s *Server) error {
			if err := db.EndPauses(ctx); err != nil {
				return err
			}
			done, err = s.rooms.Sweep(ctx)
			return err
		})
	})
	return done, err
}
