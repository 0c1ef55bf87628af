package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// A ftsIndex is a table of FTS5, which keeps the ids of each gram compressed.
type ftsIndex struct{}

// token returns the word of FTS5 that stands for a gram.
func (g gram) token() string { return strconv.FormatUint(uint64(g), 36) }

func (ftsIndex) insert(ctx context.Context, tx *transaction, table string, docs []gramDoc) error {
	statement, err := tx.PreparexContext(ctx, `REPLACE INTO `+table+` (rowid, grams) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	defer statement.Close()
	var text strings.Builder
	for _, doc := range docs {
		text.Reset()
		for _, g := range doc.grams {
			text.WriteString(g.token())
			text.WriteByte(' ')
		}
		if _, err := statement.ExecContext(ctx, doc.id, text.String()); err != nil {
			return err
		}
	}
	return nil
}

func (ftsIndex) remove(ctx context.Context, tx *transaction, table string, docs []gramDoc) error {
	for _, doc := range docs {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE rowid = ?`, doc.id); err != nil {
			return err
		}
	}
	return nil
}

func (ftsIndex) empty(ctx context.Context, d *database) error {
	return d.tx(ctx, func(tx *transaction) error {
		for _, table := range indexTables {
			if _, err := tx.ExecContext(ctx, `INSERT INTO `+table+` (`+table+`) VALUES ('delete-all')`); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM search_blocks`)
		return err
	})
}

// Bounds of a lookup: the number of grams of which FTS5 intersects the texts, and the number of
// texts from which the rarity of a gram is estimated.
const (
	ftsGrams  = 4
	ftsSample = 100
)

// order returns the rarest grams first: FTS5 reads all texts of each. The newest texts of a gram
// lie the closer together, the more common the gram is.
func (ftsIndex) order(ctx context.Context, d *database, table string, grams []gram) ([]gram, error) {
	if len(grams) <= ftsGrams {
		return grams, nil
	}
	grams = grams[:min(len(grams), estimatedGrams)]
	oldest := make(map[gram]int64, len(grams))
	for _, g := range grams {
		var n, least int64
		err := d.one(ctx, []any{&n, &least}, `SELECT COUNT(*), COALESCE(MIN(id), 0) FROM (SELECT rowid AS id FROM `+table+` WHERE `+table+` MATCH ? ORDER BY rowid DESC`+
			limited(ftsSample)+`) counted`, `"`+g.token()+`"`)
		if err != nil {
			return nil, err
		}
		if oldest[g] = least; n < ftsSample {
			oldest[g] = n - ftsSample // below all ids
		}
	}
	slices.SortStableFunc(grams, func(a, b gram) int { return cmp.Compare(oldest[a], oldest[b]) })
	return grams[:ftsGrams], nil
}

func (ftsIndex) candidates(ctx context.Context, d *database, table string, grams []gram, before int64, limit int) (ids []int64, err error) {
	tokens := make([]string, len(grams))
	for i, g := range grams {
		tokens[i] = g.token()
	}
	err = d.list(ctx, &ids, `SELECT rowid FROM `+table+` WHERE `+table+` MATCH ? AND rowid < ? ORDER BY rowid DESC`+limited(limit),
		`"`+strings.Join(tokens, `" AND "`)+`"`, before)
	return ids, err
}

// entries reads a table of the connection alone, which shows what FTS5 has: the readers may
// not change the database, and so not make one, but for a moment.
func (ftsIndex) entries(ctx context.Context, d *database, table string, use func(int64, gram)) error {
	return d.withConn(ctx, d.reader, func(conn *sqlx.Conn) error {
		if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
			return err
		}
		defer func() {
			clean := context.WithoutCancel(ctx)
			_, _ = conn.ExecContext(clean, `DROP TABLE IF EXISTS temp.grams_seen`)
			_, _ = conn.ExecContext(clean, `PRAGMA query_only = 1`)
		}()
		if _, err := conn.ExecContext(ctx, `CREATE VIRTUAL TABLE temp.grams_seen USING fts5vocab(main, `+table+`, instance)`); err != nil {
			return err
		}
		rows, err := conn.QueryContext(ctx, `SELECT doc, term FROM temp.grams_seen`)
		if err != nil {
			return err
		}
		return eachEntry(rows, func(term string) (uint64, error) { return strconv.ParseUint(term, 36, 32) }, use)
	})
}

// eachEntry calls use with each row, which has an id and a gram. read returns the number of a
// gram.
func eachEntry(rows *sql.Rows, read func(string) (uint64, error), use func(int64, gram)) error {
	defer rows.Close()
	for rows.Next() {
		var id int64
		var raw string
		if err := rows.Scan(&id, &raw); err != nil {
			return err
		}
		g, err := read(raw)
		if err != nil {
			return err
		}
		use(id, gram(g))
	}
	return rows.Err()
}
