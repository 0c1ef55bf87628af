package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	goosedb "github.com/pressly/goose/v3/database"

	"xxsns/app/sns"
)

// ErrBackupRuns means that another backup of the same database is being made.
var ErrBackupRuns = errors.New("another backup of this database is being made")

// snapshotTimeout bounds each answer of MySQL to a snapshot: a page would not be waited for
// as long.
const snapshotTimeout = 5 * time.Minute

// querier is a connection or a pool.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A Snapshot is a database at one moment, for a backup: what others commit meanwhile does not
// show. Others read and write as ever. A Snapshot is for one goroutine.
type Snapshot struct {
	d    *database
	pool *sql.DB
	conn *sql.Conn
	lock *flock.Flock // nil for MySQL
}

// OpenSnapshot opens a snapshot of a database. The caller closes the snapshot. ErrBackupRuns,
// ErrRestoring, and an error if the database does not exist.
func OpenSnapshot(ctx context.Context, url string) (_ *Snapshot, err error) {
	path, embedded := strings.CutPrefix(url, "sqlite:")
	if _, err := os.Stat(path); embedded && err != nil {
		return nil, fmt.Errorf("there is no database: %w", err) // opening would make an empty one
	}
	s := &Snapshot{}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if embedded {
		s.lock = flock.New(path + ".backup")
		if locked, err := s.lock.TryLock(); err != nil || !locked {
			return nil, errors.Join(ErrBackupRuns, err)
		}
	}
	opened, err := Open(ctx, url)
	if err != nil {
		return nil, err
	}
	s.d = opened.database
	if s.pool, err = s.d.snapshotPool(url); err != nil {
		return nil, err
	}
	if s.conn, err = s.pool.Conn(ctx); err != nil {
		return nil, s.d.translate(ctx, err)
	}
	if err := s.d.refuseRestoring(ctx, s.conn); err != nil {
		return nil, err
	}
	return s, s.d.translate(ctx, s.begin(ctx))
}

// snapshotPool returns the pool for a snapshot, which waits longer than a page does.
func (d *database) snapshotPool(url string) (*sql.DB, error) {
	if d.dialect.name == sqliteDialect.name {
		return d.reader.DB, nil
	}
	cfg, err := mysqlConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.ReadTimeout, cfg.WriteTimeout = snapshotTimeout, snapshotTimeout
	return mysqlPool(cfg)
}

// begin starts the transaction of the snapshot. With SQLite the first SELECT fixes what the
// transaction sees.
func (s *Snapshot) begin(ctx context.Context) error {
	statements := []string{`BEGIN`, `SELECT COUNT(*) FROM sqlite_master`}
	if s.lock == nil {
		var got sql.NullInt64
		const lock = `SELECT GET_LOCK(CONCAT('xxsns.backup.', LEFT(SHA1(DATABASE()), 32)), 0)`
		if err := s.conn.QueryRowContext(ctx, lock).Scan(&got); err != nil || got.Int64 != 1 {
			return errors.Join(ErrBackupRuns, err)
		}
		statements = []string{
			// The server waits for who writes the backup to a slow disk or network.
			`SET SESSION net_write_timeout = 3600`,
			`START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY`,
		}
	}
	for _, statement := range statements {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the snapshot, and with it the lock.
func (s *Snapshot) Close() {
	if s.conn != nil {
		_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // closes what has the lock
		_ = s.conn.Close()
	}
	if s.d != nil {
		if s.pool != nil && s.pool != s.d.reader.DB {
			_ = s.pool.Close()
		}
		_ = s.d.Close()
	}
	if s.lock != nil {
		_ = s.lock.Unlock()
	}
}

// Schema returns the number of the newest migration of the database. An error if the database
// has none, or is newer than this program.
func (s *Snapshot) Schema(ctx context.Context) (version int64, err error) {
	version, err = s.d.schemaVersion(ctx, s.conn)
	switch {
	case err != nil:
		return 0, err
	case version == 0:
		return 0, errors.New("the database is empty")
	case version > NewestSchema():
		return 0, newerSchema(version)
	}
	return version, nil
}

// schemaVersion returns the number of the newest migration, or 0 if there is none.
func (d *database) schemaVersion(ctx context.Context, conn goosedb.DBTxConn) (int64, error) {
	versions, err := goosedb.NewStore(d.dialect.goose, goose.DefaultTablename)
	if err != nil {
		return 0, err
	}
	tables, err := schemaTables(ctx, conn, d.dialect.name)
	if err != nil {
		return 0, d.translate(ctx, err)
	}
	if !slices.ContainsFunc(tables, func(t BackupTable) bool { return t.Name == goose.DefaultTablename }) {
		return 0, nil
	}
	version, err := versions.GetLatestVersion(ctx, conn)
	if errors.Is(err, goosedb.ErrVersionNotFound) {
		return 0, nil
	}
	return version, d.translate(ctx, err)
}

// Site returns the id of the community; see SiteID.
func (s *Snapshot) Site(ctx context.Context) (id string, err error) {
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		id = text(row[0])
		return nil
	}, `SELECT id FROM site WHERE one = 1`)
	return id, err
}

// Tables returns the tables that a backup holds.
func (s *Snapshot) Tables(ctx context.Context) ([]BackupTable, error) {
	all, err := schemaTables(ctx, s.conn, s.d.dialect.name)
	if err != nil {
		return nil, s.d.translate(ctx, err)
	}
	return slices.DeleteFunc(all, func(t BackupTable) bool { return !slices.Contains(backedUp, t.Name) }), nil
}

// Rows passes the rows of a table to use, in the order of the primary key. A row is valid
// until use returns.
func (s *Snapshot) Rows(ctx context.Context, t BackupTable, use func(row []any) error) error {
	return eachRow(ctx, s.conn, s.d, use, t.query())
}

// eachRow passes the rows of a query to use: nil, int64, string and []byte values.
func eachRow(ctx context.Context, conn querier, d *database, use func([]any) error, query string, args ...any) error {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return d.translate(ctx, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		pointers[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return d.translate(ctx, err)
		}
		if err := use(row); err != nil {
			return err
		}
	}
	return d.translate(ctx, rows.Err())
}

// lastIDs returns the largest id that was ever given in each table.
var lastIDs = map[string]string{
	sqliteDialect.name: `SELECT name, seq FROM sqlite_sequence`,
	mysqlDialect.name: `SELECT table_name, CAST(auto_increment - 1 AS SIGNED) FROM information_schema.tables
		WHERE table_schema = DATABASE() AND auto_increment > 1`,
}

// LastIDs returns the rows of the table LastIDs: no id is given twice, although its row is
// deleted.
func (s *Snapshot) LastIDs(ctx context.Context) (rows [][]any, err error) {
	if s.lock == nil {
		var version string
		if err := s.conn.QueryRowContext(ctx, `SELECT VERSION()`).Scan(&version); err != nil {
			return nil, s.d.translate(ctx, err)
		}
		if !strings.Contains(version, "MariaDB") { // MySQL answers from a cache of a day otherwise
			if _, err := s.conn.ExecContext(ctx, `SET SESSION information_schema_stats_expiry = 0`); err != nil {
				return nil, s.d.translate(ctx, err)
			}
		}
	}
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		if name := text(row[0]); slices.Contains(backedUp, name) {
			rows = append(rows, []any{name, row[1]})
		}
		return nil
	}, lastIDs[s.d.dialect.name])
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(text(a[0]), text(b[0])) })
	return rows, err
}

// text returns the text of a column.
func text(value any) string {
	if raw, ok := value.([]byte); ok {
		return string(raw)
	}
	s, _ := value.(string)
	return s
}

// Images returns the names of the images that posts and people show.
func (s *Snapshot) Images(ctx context.Context) (names []string, err error) {
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		names = append(names, text(row[0]))
		return nil
	}, `SELECT name FROM post_images UNION SELECT image FROM users WHERE image <> '' ORDER BY 1`)
	return names, err
}

// An UnsavedRoom is a room whose messages are, in part, in a buffer.
type UnsavedRoom struct {
	ID      int64
	Mentor  int64
	Buffer  string
	Spilled int64
	Ended   bool
}

// UnsavedRooms returns open rooms, and ended rooms that are not settled.
func (s *Snapshot) UnsavedRooms(ctx context.Context) (rooms []UnsavedRoom, err error) {
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		rooms = append(rooms, UnsavedRoom{ID: row[0].(int64), Mentor: row[1].(int64), Buffer: text(row[2]), Spilled: row[3].(int64), Ended: row[4] != nil})
		return nil
	}, `SELECT r.id, r.mentor_id, r.buffer, r.spilled, r.ended_at FROM rooms r LEFT JOIN end_rooms e ON e.room_id = r.id
		WHERE r.ended_at IS NULL OR e.room_id IS NOT NULL AND e.executed_at IS NULL ORDER BY r.id`)
	return rooms, err
}

// Speakers returns the users who are or were in a room.
func (s *Snapshot) Speakers(ctx context.Context, r UnsavedRoom) (map[int64]bool, error) {
	speakers := map[int64]bool{r.Mentor: true}
	err := eachRow(ctx, s.conn, s.d, func(row []any) error {
		speakers[row[0].(int64)] = true
		return nil
	}, `SELECT user_id FROM participants WHERE room_id = ?`, r.ID)
	return speakers, err
}

// A HeldRoom is what a buffer holds of a room: the lines after Seam up to Last. Base is the
// seq before the first line that the buffer ever had.
type HeldRoom struct {
	Room             int64
	Open             bool
	Base, Seam, Last int64
	Lines            []sns.Message // the authors have only an ID
}

// Row returns the row of the table OpenRooms.
func (h HeldRoom) Row() []any {
	open := int64(0)
	if h.Open {
		open = 1
	}
	return []any{h.Room, open, h.Base, h.Seam, h.Last}
}

// OpenLine returns the row of the table OpenLines.
func OpenLine(m sns.Message) []any {
	deleted := int64(0)
	if m.Deleted {
		deleted = 1
	}
	return []any{m.Room, m.Seq, m.Author.ID, string(m.Kind), m.Content, string(m.Mentions), m.At.UnixMicro(), deleted, m.ClientID}
}

// Held returns what the table of the snapshot holds of a room; ok is false if the table has
// no buffer of the room.
func (s *Snapshot) Held(ctx context.Context, r UnsavedRoom) (h HeldRoom, ok bool, err error) {
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		lines, spilled := row[2].(int64), row[3].(int64)
		h = HeldRoom{Room: r.ID, Open: !r.Ended, Last: row[0].(int64), Seam: row[1].(int64)}
		h.Base, ok = h.Last-lines-spilled, lines != neverOpened
		return nil
	}, `SELECT seq, seam, line_count, spilled_count FROM buffers WHERE room_id = ?`, r.ID)
	if err != nil || !ok {
		return h, false, err
	}
	err = eachRow(ctx, s.conn, s.d, func(row []any) error {
		m, err := messageOf(append([]any{r.ID}, row...))
		h.Lines = append(h.Lines, m)
		return err
	}, `SELECT seq, user_id, kind, content, mentions, created_at, deleted, COALESCE(client_id, '') FROM buffered_messages WHERE room_id = ? ORDER BY room_id, seq`, r.ID)
	return h, ok, err
}

// messageOf returns the message of a row of OpenLines.
func messageOf(row []any) (sns.Message, error) {
	var n [5]int64
	for i, at := range []int{0, 1, 2, 6, 7} {
		var ok bool
		if n[i], ok = row[at].(int64); !ok {
			return sns.Message{}, fmt.Errorf("column %s of %s is no number", OpenLineColumns[at], OpenLines)
		}
	}
	return sns.Message{
		Room: n[0], Seq: n[1], Author: sns.User{ID: n[2]}, Kind: sns.MessageKind(text(row[3])), Content: text(row[4]),
		Mentions: sns.Mentioned(text(row[5])), At: timeOf(n[3]), Deleted: n[4] != 0, ClientID: text(row[8]),
	}, nil
}
