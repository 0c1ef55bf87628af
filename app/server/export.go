package server

import (
	"context"
	"path/filepath"
	"time"

	"xxsns/app/export"
	"xxsns/app/view"
)

// exportEvery is how often exports are looked for that another replica was asked for, or has
// given up.
const exportEvery = 5 * time.Second

// openExports makes the worker of exports, whose folder lies beside the images: the replicas
// share both.
func (s *Server) openExports(pages *view.Templates) {
	s.exports = &export.Worker{
		Store: s.store, Rooms: s.rooms, Images: s.images, Templates: pages,
		Folder: export.Folder(filepath.Join(s.cfg.UploadsDir, "exports")), Log: s.log, Now: time.Now,
	}
}

// makeExports makes the exports that were asked for.
func (s *Server) makeExports(ctx context.Context) {
	s.warn(ctx, "exports not made yet", s.exports.Run(ctx))
}
