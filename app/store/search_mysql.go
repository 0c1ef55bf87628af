package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// A postings index is a table with a row for each gram of each text, in the order of the
// grams and ids.
type postings struct{}

// insert inserts the rows in the order of the table: neighbours share a page.
func (postings) insert(ctx context.Context, tx *transaction, table string, docs []gramDoc) error {
	type posting struct {
		gram gram
		id   int64
	}
	var all []posting
	for _, doc := range docs {
		for _, g := range doc.grams {
			all = append(all, posting{g, doc.id})
		}
	}
	slices.SortFunc(all, func(a, b posting) int { return cmp.Or(cmp.Compare(a.gram, b.gram), cmp.Compare(a.id, b.id)) })
	rows := inserting(tx, `INSERT INTO `+table+` (gram, id)`)
	for _, p := range all {
		if err := rows.add(ctx, uint32(p.gram), p.id); err != nil {
			return err
		}
	}
	return rows.flush(ctx)
}

func (postings) remove(ctx context.Context, tx *transaction, table string, docs []gramDoc) error {
	for _, doc := range docs {
		for _, batch := range batches(doc.grams) {
			_, err := tx.ExecContext(ctx, in(`DELETE FROM `+table+` WHERE gram IN (?) AND id = ?`, batch), append(anys(batch), doc.id)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// empty truncates, which takes no time however many rows there are, and commits by itself.
func (postings) empty(ctx context.Context, d *database) error {
	for _, table := range append([]string{"search_blocks"}, indexTables...) {
		if _, err := d.writer.ExecContext(ctx, `TRUNCATE TABLE `+table); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of a lookup: the number of grams whose counts are estimated, and of those that are
// joined.
const (
	estimatedGrams = 16
	joinedGrams    = 6
)

// order returns the rarest grams first. EXPLAIN estimates counts by a few steps in the tree of
// the table, however common a gram is.
func (postings) order(ctx context.Context, d *database, table string, grams []gram) ([]gram, error) {
	if len(grams) < 2 {
		return grams, nil
	}
	grams = grams[:min(len(grams), estimatedGrams)]
	parts := make([]string, len(grams))
	for i, g := range grams {
		parts[i] = fmt.Sprintf(`SELECT g%d.id FROM %s g%d WHERE g%d.gram = %d`, i, table, i, i, g)
	}
	counts := make(map[gram]int64, len(grams))
	err := d.read(ctx, func(conn *sqlx.Conn) error {
		rows, err := conn.QueryxContext(ctx, `EXPLAIN `+strings.Join(parts, ` UNION ALL `))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			row := map[string]any{}
			if err := rows.MapScan(row); err != nil {
				return err
			}
			if i, ok := strings.CutPrefix(cell(row["table"]), "g"); ok {
				at, _ := strconv.Atoi(i)
				counts[grams[at]], _ = strconv.ParseInt(cell(row["rows"]), 10, 64)
			}
		}
		return rows.Err()
	})
	slices.SortStableFunc(grams, func(a, b gram) int { return cmp.Compare(counts[a], counts[b]) })
	return grams[:min(len(grams), joinedGrams)], err
}

// cell returns a value of EXPLAIN as a text.
func cell(value any) string {
	if raw, ok := value.([]byte); ok {
		return string(raw)
	}
	return fmt.Sprint(value)
}

func (postings) candidates(ctx context.Context, d *database, table string, grams []gram, before int64, limit int) (ids []int64, err error) {
	from, where, args := table+` g0`, `g0.gram = ? AND g0.id < ?`, []any(nil)
	for i, g := range grams[1:] {
		from += fmt.Sprintf(` STRAIGHT_JOIN %s g%d ON g%d.gram = ? AND g%d.id = g0.id`, table, i+1, i+1, i+1)
		args = append(args, g)
	}
	err = d.list(ctx, &ids, `SELECT g0.id FROM `+from+` WHERE `+where+` ORDER BY g0.id DESC`+limited(limit), append(args, grams[0], before)...)
	return ids, err
}

func (postings) entries(ctx context.Context, d *database, table string, use func(int64, gram)) error {
	return d.withConn(ctx, d.reader, func(conn *sqlx.Conn) error {
		rows, err := conn.QueryContext(ctx, `SELECT id, gram FROM `+table)
		if err != nil {
			return err
		}
		return eachEntry(rows, func(raw string) (uint64, error) { return strconv.ParseUint(raw, 10, 32) }, use)
	})
}
