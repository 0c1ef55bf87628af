package server

import (
	"context"
	"errors"
	"fmt"
)

// errForeignUploads means that the images in UPLOADS_DIR belong to another
// database: this database would take all of them for orphans.
var errForeignUploads = errors.New("UPLOADS_DIR belongs to another database")

// bindUploads checks that the uploads belong to this database. Call bindUploads
// before deleting orphans: otherwise a mistyped DATABASE_URL would delete all
// images. A folder becomes this database's if the folder has no images, or
// has an image that the database shows.
func (s *Server) bindUploads(ctx context.Context) error {
	site, err := s.store.SiteID(ctx)
	if err != nil {
		return err
	}
	owner, err := s.images.Owner()
	if err != nil || owner == site {
		return err
	}
	names, err := s.images.Names(100)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return s.images.SetOwner(site)
	}
	if owner != "" {
		return fmt.Errorf("%w: remove its file .owner if it is this one's after all", errForeignUploads)
	}
	used, err := s.store.ImagesInUse(ctx, names)
	if err != nil {
		return err
	}
	if len(used) == 0 {
		return errForeignUploads
	}
	return s.images.SetOwner(site)
}
