package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/seed"
	"xxsns/app/store"
)

// Seed migrates the database and fills it with example data; see seed.Run. Seed
// may run beside servers. An error for the size, for UPLOADS_DIR or for REDIS_URL
// comes back before any data is made.
func Seed(ctx context.Context, cfg config.Config, size seed.Size, progress func(n int)) (made seed.Result, err error) {
	if err := size.Check(); err != nil {
		return made, explain(err)
	}
	community := seed.Community{Seats: cfg.RoomMaxLimit, Now: time.Now().In(cfg.Zone)}
	if size.Images {
		if community.Images, err = media.Open(cfg.UploadsDir, media.Memory(memoryLimit())); err != nil {
			return made, fmt.Errorf("UPLOADS_DIR: %w", err)
		}
	}
	err = withStore(ctx, cfg, func(db *store.Store) error {
		community.Store = db
		run := func() (err error) {
			made, err = seed.Run(ctx, community, size, progress)
			return err
		}
		if !size.OpensRooms() {
			return run()
		}
		return withRooms(ctx, cfg, slog.New(slog.DiscardHandler), db, func(s *Server) error {
			if ask := s.askRedis(); ask != nil {
				if err := ask(ctx); err != nil {
					return naming("REDIS_URL", err)
				}
			}
			community.Rooms = s.rooms
			return run()
		})
	})
	return made, err
}
