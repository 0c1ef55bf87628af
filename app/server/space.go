package server

import (
	"fmt"
	"path/filepath"
)

// scarce is how many free bytes a disk needs for the server to be ready; of a disk that is
// small, a twentieth is enough. Posts, the log of SQLite and a post with four photos still
// fit, so that an operator is told before anybody is refused.
const scarce = 128 << 20

// A disk is the disk of a folder to which the program writes.
type disk struct {
	what      string // "uploads" or "database"
	all, free int64  // bytes; both 0 if that is not known
}

// isScarce reports whether the disk is nearly full.
func (d disk) isScarce() bool { return d.free < min(scarce, d.all/20) }

// disks returns the disks of the uploads and of an embedded database. The disk of another
// database is unknown to this program.
func (s *Server) disks() []disk {
	disks := []disk{diskOf("uploads", s.cfg.UploadsDir)}
	if path := sqlitePath(s.cfg.DatabaseURL); path != "" {
		disks = append(disks, diskOf("database", filepath.Dir(path)))
	}
	return disks
}

func diskOf(what, folder string) disk {
	all, free := diskSpace(folder)
	return disk{what: what, all: all, free: free}
}

// shortOfSpace says which disk is nearly full, or returns "". Everybody may read the answer
// of /readyz: no path is in it.
func (s *Server) shortOfSpace() string {
	for _, d := range s.disks() {
		if d.isScarce() {
			return fmt.Sprintf("of the %s is nearly full, %.1f MB are free", d.what, float64(d.free)/1e6)
		}
	}
	return ""
}

// checkSpace warns the operator of a disk that is nearly full, also where nothing asks
// /readyz.
func (s *Server) checkSpace() {
	if short := s.shortOfSpace(); short != "" {
		s.log.Warn("the disk " + short + ": soon nobody can write")
	}
}
