package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// restored is what Insert has written into a table.
type restored struct {
	columns []string
	blobs   []string
	rows    int64
	sum     checksum
}

// A checksum is the sum of rows in any order.
type checksum [sha256.Size]byte

func (c *checksum) add(row []any) {
	var line strings.Builder
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			line.WriteString("-")
		case int64:
			fmt.Fprintf(&line, "%d", v)
		default:
			raw := text(v)
			fmt.Fprintf(&line, "%d:%s", len(raw), raw)
		}
		line.WriteByte(',')
	}
	for i, b := range sha256.Sum256([]byte(line.String())) {
		c[i] ^= b
	}
}

// insertBatch is the number of rows that one transaction of Insert inserts.
const insertBatch = 10 * insertRows

// Insert inserts rows of a part of a table. The first call for a table deletes the rows that
// migrations have made.
func (r *Restore) Insert(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) error {
	done, err := r.begin(ctx, table, columns)
	if err != nil {
		return err
	}
	into := `INSERT INTO ` + table + ` (` + strings.Join(columns, `, `) + `)`
	batch := make([][]any, 0, insertBatch)
	flush := func() error {
		err := r.tx(ctx, func(tx *transaction) error {
			ins := inserting(tx, into)
			for _, row := range batch {
				if err := ins.add(ctx, row...); err != nil {
					return err
				}
			}
			return ins.flush(ctx)
		})
		batch = batch[:0]
		if err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
		return nil
	}
	size := 0
	for row, err := range rows {
		if err != nil {
			return err
		}
		done.rows++
		done.sum.add(row)
		batch = append(batch, done.asStored(row))
		if size += sizeOf(row); len(batch) == insertBatch || size > 16*insertBytes {
			if err := flush(); err != nil {
				return err
			}
			size = 0
		}
	}
	return flush()
}

// asStored returns a copy of a row as the columns take it: a column of bytes takes no text.
func (t *restored) asStored(row []any) []any {
	row = slices.Clone(row)
	for i, column := range t.columns {
		if text, ok := row[i].(string); ok && slices.Contains(t.blobs, column) {
			row[i] = []byte(text)
		}
	}
	return row
}

// sizeOf returns the bytes of the texts of a row.
func sizeOf(row []any) (size int) {
	for _, value := range row {
		if text, ok := value.(string); ok {
			size += len(text)
		}
	}
	return size
}

// begin returns what is known of a table, whose columns must be those of the database.
func (r *Restore) begin(ctx context.Context, table string, columns []string) (*restored, error) {
	if err := checkBackedUp(table); err != nil {
		return nil, err
	}
	if done := r.tables[table]; done != nil {
		if !slices.Equal(done.columns, columns) {
			return nil, fmt.Errorf("the parts of table %s have different columns", table)
		}
		return done, nil
	}
	tables, err := schemaTables(ctx, r.writer, r.dialect.name)
	if err != nil {
		return nil, r.translate(ctx, err)
	}
	i := slices.IndexFunc(tables, func(t BackupTable) bool { return t.Name == table })
	if i < 0 {
		return nil, fmt.Errorf("the schema has no table %s", table)
	}
	for _, column := range columns {
		if !slices.Contains(tables[i].Columns, column) {
			return nil, fmt.Errorf("table %s has no column %s", table, column)
		}
	}
	r.tables[table] = &restored{columns: columns, blobs: tables[i].blobs}
	return r.tables[table], r.exec(ctx, `DELETE FROM `+table)
}

// check reads each table again and compares what Insert has inserted, by the number and the
// sum of the rows. In tables of which a backup has no rows, check deletes those that
// migrations have made.
func (r *Restore) check(ctx context.Context) error {
	tables, err := schemaTables(ctx, r.writer, r.dialect.name)
	if err != nil {
		return r.translate(ctx, err)
	}
	for _, t := range tables {
		if !slices.Contains(backedUp, t.Name) {
			continue
		}
		want := r.tables[t.Name]
		if want == nil {
			if err := r.exec(ctx, `DELETE FROM `+t.Name); err != nil {
				return err
			}
			continue
		}
		var got restored
		err := eachRow(ctx, r.writer, r.database, func(row []any) error {
			got.rows++
			got.sum.add(row)
			return nil
		}, `SELECT `+strings.Join(want.columns, `, `)+` FROM `+t.Name)
		if err != nil {
			return err
		}
		if got.rows != want.rows || got.sum != want.sum {
			return fmt.Errorf("table %s has %d rows instead of %d, or other values, after the restore", t.Name, got.rows, want.rows)
		}
	}
	return nil
}
