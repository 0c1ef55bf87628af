package server

import (
	"context"
	"errors"
	"fmt"
)

// errForeignUploads: the images in the folder are another database's, and would
// all look like orphans to this one.
var errForeignUploads = errors.New("UPLOADS_DIR belongs to another database")

// bindUploads makes sure that the uploads belong to this database before
// anything in them is deleted for not being in it: a mistyped DATABASE_URL must
// cost nobody their pictures. A folder without images, or with one that the
// database shows, becomes its own.
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
