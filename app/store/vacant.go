package store

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"xxsns/app/sns"
)

// NeverServed is the state of a database in which commands, but no server, may have written.
const NeverServed = "has never been served"

// VacantFile says in what state the file of an embedded database is if no database is in it,
// such as "is not there", or returns "". Nothing is made.
func VacantFile(url string) string {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return ""
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return "is not there"
	case err == nil && info.Mode().IsRegular() && info.Size() == 0:
		return "is an empty file"
	}
	return ""
}

// vacant says in what state a database is in which no server has ever served, or returns "". A
// database of a version before SiteID is not vacant.
func (d *database) vacant(ctx context.Context, conn querier) (string, error) {
	tables, err := schemaTables(ctx, conn, d.dialect.name)
	if err != nil {
		return "", d.translate(ctx, err)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(tables, func(t BackupTable) bool { return t.Name == name })
	}
	if !has(goose.DefaultTablename) {
		return "is an empty database", nil
	}
	if !has("site") {
		return "", nil
	}
	var id string
	err = d.get(ctx, &id, `SELECT id FROM site WHERE one = 1`)
	if errors.Is(err, sns.ErrNotFound) {
		return NeverServed, nil
	}
	return "", err
}
