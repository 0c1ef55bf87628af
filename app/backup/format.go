// Package backup is the format of a backup: one file with the rows of all tables, the
// pictures and what is said in open rooms. The package knows no database.
//
// A backup is a tar of numbered entries, in this order:
//
//	000000.header.json       the Header
//	000001.rows.users.zst    rows as lines, compressed; a table has as many parts as it needs
//	000002.rows.posts.zst
//	000003.file.NAME         a picture, or another file, as it is
//	000004.manifest.json     the Manifest: each entry with its size and SHA-256
//	000005.manifest.sha256   the SHA-256 of the manifest
//
// The manifest comes last, so that a backup can be written to a pipe. The first line of a
// part names the columns. Each line is a JSON array of whole numbers, texts and nulls.
//
// A Reader checks the bytes of entries by the manifest, and those between them by writing the
// tar again (see canon).
package backup

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Format is the version of the format that this package writes and reads.
const Format = 1

// A Header tells what is in a backup before its rows come.
type Header struct {
	Format  int       `json:"format"`
	Schema  int64     `json:"schema"`  // number of the newest migration
	Program string    `json:"program"` // version of the program that made the backup
	Site    string    `json:"site"`    // random id of the community
	MadeAt  time.Time `json:"made_at"`
}

// A Manifest lists all that a backup holds.
type Manifest struct {
	Tables  []Table  `json:"tables"`
	Entries []Entry  `json:"entries"` // all but the manifest and its hash
	Missing []string `json:"missing"` // files that rows name and that were not there
}

// A Table is the number of rows of a table.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// An Entry is an entry of the tar.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Limits of what a Reader accepts: a damaged or made-up file must not fill the memory.
const (
	maxHeader   = 1 << 16
	maxManifest = 1 << 30
	maxLine     = 128 << 20
	maxWindow   = 8 << 20 // of zstd
)

// partBytes is the number of bytes of lines after which a part ends.
const partBytes = 8 << 20

// Kinds of entries, as they stand in the names.
const (
	kindHeader   = "header.json"
	kindRows     = "rows"
	kindFile     = "file"
	kindManifest = "manifest.json"
	kindHash     = "manifest.sha256"
)

// ErrDamaged means that a backup is not as it was written. The error names the entry.
var ErrDamaged = errors.New("the backup is damaged")

// ErrNoBackup means that a file is no backup, or one of a version that this program does
// not know.
var ErrNoBackup = errors.New("no backup of xxsns")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}

var (
	fileName  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,79}$`)
	tableName = regexp.MustCompile(`^[a-z][a-z_]{0,63}$`)
	entryName = regexp.MustCompile(`^(\d{6,9})\.(header\.json|manifest\.json|manifest\.sha256|(rows)\.([a-z_]+)\.zst|(file)\.(.+))$`)
)

// nameOf returns the name of an entry.
func nameOf(number int, kind, what string) string {
	switch kind {
	case kindRows:
		kind += "." + what + ".zst"
	case kindFile:
		kind += "." + what
	}
	return fmt.Sprintf("%06d.%s", number, kind)
}

// parseName is the reverse of nameOf.
func parseName(name string) (number int, kind, what string, ok bool) {
	m := entryName.FindStringSubmatch(name)
	if m == nil {
		return 0, "", "", false
	}
	number, err := strconv.Atoi(m[1])
	switch {
	case m[3] != "":
		kind, what, ok = kindRows, m[4], tableName.MatchString(m[4])
	case m[5] != "":
		kind, what, ok = kindFile, m[6], fileName.MatchString(m[6])
	default:
		kind, ok = m[2], true
	}
	return number, kind, what, ok && err == nil && nameOf(number, kind, what) == name
}
