package server

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"

	"xxsns/app/store"
)

// A beginning is the start of a server that may be the first one of its database.
type beginning struct {
	server *Server
	owned  bool   // the uploads belong to a database
	images bool   // there are images, of nobody knows whom unless owned
	state  string // of the database, such as "is not there"; empty: it has been served before
}

// newBeginning looks at the uploads before anybody looks at the database: a replica that starts
// at the same moment writes the id of the database first, and then that of the uploads' owner.
func newBeginning(s *Server) (*beginning, error) {
	owner, err := s.images.Owner()
	if err != nil {
		return nil, naming("UPLOADS_DIR", err)
	}
	names, err := s.images.Names(1)
	if err != nil {
		return nil, naming("UPLOADS_DIR", err)
	}
	return &beginning{server: s, owned: owner != "", images: len(names) > 0}, nil
}

// may returns an error unless the server may serve from a database in such a state. With a
// mistyped DATABASE_URL everybody would otherwise find an empty community: the uploads tell that
// there is another one. Images without an owner may be those of the example data, which has
// filled the database before the first server.
func (b *beginning) may(state string) error {
	b.state = cmp.Or(b.state, state)
	if b.server.cfg.Begin || !b.owned && (!b.images || state == store.NeverServed) {
		return nil
	}
	uploads, err := filepath.Abs(b.server.cfg.UploadsDir)
	return errors.Join(err, fmt.Errorf("%s %s, but UPLOADS_DIR %s belongs to a community that has a database: correct DATABASE_URL or UPLOADS_DIR, "+
		"or bring the database back (xxsns restore FILE); xxsns serve --new begins a new, empty community all the same",
		b.server.cfg.Database(), b.state, uploads))
}

// mayFile is may for an embedded database whose file is missing or empty, before anything is
// made in its place.
func (b *beginning) mayFile() error {
	state := store.VacantFile(b.server.cfg.DatabaseURL)
	if state == "" {
		return nil
	}
	return naming("DATABASE_URL", b.may(state))
}

// tell logs that a new community begins, and where.
func (b *beginning) tell() {
	if b.state != "" {
		b.server.log.Info("a new community begins: its database "+b.state, "database", b.server.cfg.Database(), "uploads", b.server.cfg.UploadsDir)
	}
}
