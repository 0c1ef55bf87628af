package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xxsns/app/sns"
)

// restoringTable stands in a database whose restore has not ended.
const restoringTable = "restoring"

var (
	// ErrRestoring means that a restore of the database has not ended: a part of the rows is
	// missing.
	ErrRestoring = errors.New("a restore of this database was not finished; run restore again")
	// ErrNotEmpty means that the database of a restore has people.
	ErrNotEmpty = errors.New("the database is not empty; --replace empties it first")
	// ErrInUse means that another program is connected to the database of a restore.
	ErrInUse = errors.New("another program uses the database; stop all servers first")
)

func newerSchema(version int64) error {
	return fmt.Errorf("the schema is %d and needs a newer version of the program; this one knows schemas up to %d", version, NewestSchema())
}

// refuseRestoring returns ErrRestoring if a restore of the database has not ended.
func (d *database) refuseRestoring(ctx context.Context, conn querier) error {
	tables, err := schemaTables(ctx, conn, d.dialect.name)
	if err == nil && slices.ContainsFunc(tables, func(t BackupTable) bool { return t.Name == restoringTable }) {
		return ErrRestoring
	}
	return d.translate(ctx, err)
}

// A Restore fills a database with the rows of a backup: first Insert for all tables, then
// Upgrade, then Hold, then Finish. Until Finish the database refuses to be served. A Restore
// is for one goroutine.
type Restore struct {
	*Store
	url    string
	lock   *sql.Conn // holds the lock of MySQL; nil for SQLite
	tables map[string]*restored
}

// BeginRestore empties a database and brings it to the schema of a backup. Without replace
// the database must have no people, unless a restore before has not ended. Before anything is
// deleted, may is asked, with true if that is allowed. ErrNotEmpty, ErrInUse. The caller, who
// has the lock of an embedded database, closes the Restore.
func BeginRestore(ctx context.Context, url string, schema int64, replace bool, may func(replace bool) error) (_ *Restore, err error) {
	if schema < 1 || schema > NewestSchema() {
		return nil, newerSchema(schema)
	}
	s, err := Open(ctx, url)
	if err != nil {
		return nil, err
	}
	r := &Restore{Store: s, url: url, tables: map[string]*restored{}}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	if err := r.alone(ctx); err != nil {
		return nil, err
	}
	again := errors.Is(r.refuseRestoring(ctx, r.writer), ErrRestoring) // a half has nothing to lose
	if !replace && !again {
		if err := r.refusePeople(ctx); err != nil {
			return nil, err
		}
	}
	if err := may(replace || again); err != nil {
		return nil, err
	}
	if err := r.empty(ctx); err != nil {
		return nil, err
	}
	_, err = migrate(ctx, url, schema, func(*Store, *sql.DB) error { return nil })
	return r, err
}

// Close closes the database.
func (r *Restore) Close() {
	if r.lock != nil {
		_ = r.lock.Close()
	}
	_ = r.Store.Close()
}

// alone returns ErrInUse if MySQL has other connections to the database, or another restore
// runs. Replicas keep connections open as long as they run.
func (r *Restore) alone(ctx context.Context) (err error) {
	if r.dialect.name == sqliteDialect.name {
		return nil
	}
	if r.lock, err = r.writer.Conn(ctx); err != nil {
		return r.translate(ctx, err)
	}
	var got sql.NullInt64
	const lock = `SELECT GET_LOCK(CONCAT('xxsns.restore.', LEFT(SHA1(DATABASE()), 32)), 0)`
	if err := r.lock.QueryRowContext(ctx, lock).Scan(&got); err != nil || got.Int64 != 1 {
		return errors.Join(ErrInUse, r.translate(ctx, err))
	}
	var others int
	const connected = `SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()`
	for range 20 { // a program that has just ended may still be in the list
		err := r.lock.QueryRowContext(ctx, connected).Scan(&others)
		if err != nil || others <= r.idle() {
			return r.translate(ctx, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return ErrInUse
}

// idle is the number of connections of this program beside the one of the lock.
func (r *Restore) idle() int { return r.writer.Stats().OpenConnections - 1 }

// refusePeople returns ErrNotEmpty if the database has people, or what they have made.
func (r *Restore) refusePeople(ctx context.Context) error {
	tables, err := schemaTables(ctx, r.writer, r.dialect.name)
	if err != nil {
		return r.translate(ctx, err)
	}
	for _, t := range tables {
		if !slices.Contains([]string{"users", "posts", "rooms"}, t.Name) {
			continue
		}
		var some bool
		if err := r.get(ctx, &some, `SELECT EXISTS (SELECT 1 FROM `+t.Name+`)`); err != nil {
			return err
		}
		if some {
			return ErrNotEmpty
		}
	}
	return nil
}

// empty marks the database and drops all tables of this program.
func (r *Restore) empty(ctx context.Context) error {
	if _, err := r.writer.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+restoringTable+` (one INT)`); err != nil {
		return r.translate(ctx, err)
	}
	tables, err := schemaTables(ctx, r.writer, r.dialect.name)
	if err != nil {
		return r.translate(ctx, err)
	}
	for _, t := range tables {
		if _, other := notBackedUp[t.Name]; t.Name == restoringTable || !other && !slices.Contains(backedUp, t.Name) {
			continue // also the tables that SQLite keeps for a search index, which go with it
		}
		if _, err := r.writer.ExecContext(ctx, `DROP TABLE IF EXISTS `+t.Name); err != nil {
			return r.translate(ctx, err)
		}
	}
	return nil
}

// Upgrade checks what Insert has inserted and brings the database to the newest schema. buffer
// is the sns.Room.Buffer of rooms that are not saved yet. lastIDs are the rows of LastIDs.
func (r *Restore) Upgrade(ctx context.Context, buffer string, lastIDs [][]any) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	if _, err := migrate(ctx, r.url, NewestSchema(), func(*Store, *sql.DB) error { return nil }); err != nil {
		return err
	}
	if err := r.exec(ctx, `UPDATE rooms SET buffer = ? WHERE ended_at IS NULL
		OR id IN (SELECT room_id FROM end_rooms WHERE executed_at IS NULL)`, buffer); err != nil {
		return err
	}
	for _, row := range lastIDs {
		if err := r.raiseLastID(ctx, row); err != nil {
			return err
		}
	}
	if err := r.changeOne(ctx, `UPDATE revisions SET names = names + 1 WHERE one = 1`); err != nil {
		return err
	}
	return r.ReindexSearch(ctx)
}

// raiseLastID lets the ids of a table go on after the largest one that was ever given.
func (r *Restore) raiseLastID(ctx context.Context, row []any) error {
	table, _ := row[0].(string)
	id, ok := row[1].(int64)
	if err := checkBackedUp(table); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the last id of %s is no number", table))
	}
	if r.dialect.name == mysqlDialect.name {
		_, err := r.writer.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s AUTO_INCREMENT = %d`, table, id+1))
		return r.translate(ctx, err)
	}
	return r.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?`, id, table)
		if errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, table, id)
		}
		return err
	})
}

// Hold puts what a buffer held of a room into the table of the database. Upgrade comes
// before.
func (r *Restore) Hold(ctx context.Context, h HeldRoom) error {
	size := 0
	for _, m := range h.Lines {
		size += len(m.Content)
	}
	return r.tx(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO buffers (room_id, open, seq, seam, line_count, spilled_count, byte_count) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			h.Room, h.Row()[1], h.Last, h.Seam, h.Last-h.Seam, h.Seam-h.Base, size)
		if err != nil {
			return err
		}
		ins := inserting(tx, `INSERT INTO buffered_messages (`+strings.Join(OpenLineColumns, `, `)+`)`)
		for _, m := range h.Lines {
			row := OpenLine(m)
			row[8] = nullable(m.ClientID)
			if err := ins.add(ctx, row...); err != nil {
				return err
			}
		}
		return ins.flush(ctx)
	})
}

// ParseHeld returns the room of a row of OpenRooms.
func ParseHeld(row []any) (h HeldRoom, err error) {
	var n [5]int64
	for i := range n {
		var ok bool
		if len(row) != len(n) {
			return h, fmt.Errorf("a row of %s has %d columns", OpenRooms, len(row))
		}
		if n[i], ok = row[i].(int64); !ok {
			return h, fmt.Errorf("column %s of %s is no number", OpenRoomColumns[i], OpenRooms)
		}
	}
	return HeldRoom{Room: n[0], Open: n[1] != 0, Base: n[2], Seam: n[3], Last: n[4]}, nil
}

// ParseLine returns the message of a row of OpenLines.
func ParseLine(row []any) (sns.Message, error) {
	if len(row) != len(OpenLineColumns) {
		return sns.Message{}, fmt.Errorf("a row of %s has %d columns", OpenLines, len(row))
	}
	return messageOf(row)
}

// Finish ends the restore: the database may be served from now on.
func (r *Restore) Finish(ctx context.Context) error {
	_, err := r.writer.ExecContext(ctx, `DROP TABLE `+restoringTable)
	if err != nil {
		return r.translate(ctx, err)
	}
	r.committed(ctx, everywhere)
	return nil
}

// SchemaOf returns the number of the newest migration of a database, or 0 if there is none.
func (d *database) SchemaOf(ctx context.Context) (int64, error) {
	return d.schemaVersion(ctx, d.writer)
}
