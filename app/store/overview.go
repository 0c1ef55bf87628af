package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

// An overviewStore counts for the overview of administrators. No query reads all posts or
// messages, whose numbers are known from counts that are kept, and from their order.
type overviewStore struct {
	*database
	days   *lru.Cache[dayLine, int64]
	totals *lru.Cache[string, total] // by table
}

// A total is how many rows a table had up to an id, when all were counted.
type total struct {
	upTo, rows int64
	at         time.Time
}

// countEvery is how often all rows of a table are counted. In between, the new rows are counted
// and added; rows that are deleted meanwhile are found missing later.
const countEvery = time.Hour

// A dayLine is the moment at which a day begins, in the rows of a table.
type dayLine struct {
	table string
	at    int64
}

func newOverviewStore(d *database) overviewStore {
	days, _ := lru.New[dayLine, int64](4 * sns.OverviewDays) // no error for a size above 0
	totals, _ := lru.New[string, total](2)
	return overviewStore{d, days, totals}
}

// CountAll returns the numbers of an overview, without its days. Messages of open rooms are
// missing. Messages include the notices of entering and leaving, as in settlements.
func (s overviewStore) CountAll(ctx context.Context, now time.Time) (o sns.Overview, err error) {
	count := func(to *int64, query string, args ...any) {
		if err == nil {
			err = s.get(ctx, to, query, args...)
		}
	}
	const seen = `SELECT COUNT(*) FROM (SELECT user_id FROM sessions WHERE seen_at > ? UNION SELECT user_id FROM known_networks WHERE seen_at > ?) seen`
	week, month := micros(now.AddDate(0, 0, -7)), micros(now.AddDate(0, 0, -30))
	count(&o.Members, `SELECT COUNT(*) FROM users WHERE deleted_at IS NULL`)
	count(&o.ThisWeek, seen, week, week)
	count(&o.ThisMonth, seen, month, month)
	count(&o.Messages, `SELECT COALESCE(SUM(total), 0) FROM end_rooms`)
	if err == nil {
		o.Posts, err = s.rowsOf(ctx, `posts`, now)
	}
	if err == nil {
		o.Comments, err = s.rowsOf(ctx, `comments`, now)
	}
	return o, err
}

// rowsOf returns how many rows a table has, perhaps with rows that were
// deleted within countEvery.
func (s overviewStore) rowsOf(ctx context.Context, table string, now time.Time) (int64, error) {
	if known, ok := s.totals.Get(table); ok && now.Sub(known.at) < countEvery {
		var newer int64
		err := s.get(ctx, &newer, `SELECT COUNT(*) FROM `+table+` WHERE id > ?`, known.upTo)
		return known.rows + newer, err
	}
	var row struct {
		Rows int64 `db:"row_count"`
		Last int64 `db:"last_id"`
	}
	err := s.get(ctx, &row, `SELECT COUNT(*) AS row_count, COALESCE(MAX(id), 0) AS last_id FROM `+table)
	if err == nil {
		s.totals.Add(table, total{row.Last, row.Rows, now})
	}
	return row.Rows, err
}

// JoinedOn returns how many accounts were made on the days between lines, of which all but the
// last have passed. Accounts that were deleted since count.
func (s overviewStore) JoinedOn(ctx context.Context, lines []time.Time) ([]int64, error) {
	return s.rowsOn(ctx, `users`, lines)
}

// PostsOn returns how many posts were written on the days between lines, of which all but the
// last have passed. Posts that were deleted or hidden since do not count.
func (s overviewStore) PostsOn(ctx context.Context, lines []time.Time) ([]int64, error) {
	return s.rowsOn(ctx, `posts`, lines)
}

// rowsOn counts the rows of a table that were made between lines. The ids of a table rise with
// created_at, but for rows that replicas make at the same moment.
func (s overviewStore) rowsOn(ctx context.Context, table string, lines []time.Time) ([]int64, error) {
	var last int64
	if err := s.get(ctx, &last, `SELECT COALESCE(MAX(id), 0) FROM `+table); err != nil {
		return nil, err
	}
	at := func(id int64) (int64, time.Time, error) {
		var row struct {
			ID        int64 `db:"id"`
			CreatedAt int64 `db:"created_at"`
		}
		err := s.get(ctx, &row, `SELECT id, created_at FROM `+table+` WHERE id = (SELECT MIN(id) FROM `+table+` WHERE id >= ?)`, id)
		return row.ID, timeOf(row.CreatedAt), err
	}
	ids, err := LastBefore(lines, last, at, func(i int) (int64, bool) { return s.days.Get(dayLine{table, lines[i].UnixMicro()}) })
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(lines)-1)
	for i := range counts {
		s.days.Add(dayLine{table, lines[i].UnixMicro()}, ids[i]) // stays the same, as the day has begun
		if ids[i] == ids[i+1] {
			continue
		}
		if err := s.get(ctx, &counts[i], `SELECT COUNT(*) FROM `+table+` WHERE id > ? AND id <= ?`, ids[i], ids[i+1]); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// LastBefore returns for each of some moments, in their order, the number of the last row that
// is older; 0: none is. Rows have numbers from 1 to last, which rise with their times, and may
// have gaps. at returns the first row from a number on, and its time, or sns.ErrNotFound. known
// returns the number for the moment i, if it is known already.
func LastBefore(moments []time.Time, last int64, at func(int64) (int64, time.Time, error), known func(i int) (int64, bool)) ([]int64, error) {
	numbers := make([]int64, len(moments))
	low, next := int64(0), time.Time{} // next is the time of the first row after low; zero: not known
	for i, moment := range moments {
		if n, ok := known(i); ok {
			low, next = n, time.Time{}
		} else if next.Before(moment) {
			var err error
			if low, next, err = lastBefore(moment, low, last, at); err != nil {
				return nil, err
			}
		}
		numbers[i] = low
	}
	return numbers, nil
}

// forever is later than every row.
var forever = time.Unix(1<<40, 0)

// lastBefore returns the number of the last row before a moment, which is from low to high, and
// the time of the row after it.
func lastBefore(moment time.Time, low, high int64, at func(int64) (int64, time.Time, error)) (before int64, next time.Time, err error) {
	next = forever
	for low < high {
		middle := low + (high-low+1)/2
		found, created, err := at(middle)
		switch {
		case errors.Is(err, sns.ErrNotFound):
			high = middle - 1
		case err != nil:
			return 0, next, err
		case found > high || !created.Before(moment):
			high, next = middle-1, created
		default:
			low = found
		}
	}
	return low, next, nil
}

// A RoomLife is when a room was open, and how many messages it had when it ended.
type RoomLife struct {
	Room     sns.Room // with ID, Buffer, CreatedAt and EndedAt alone
	Messages int64
}

// RoomsSince returns the rooms that are open, or were at some moment since.
func (s overviewStore) RoomsSince(ctx context.Context, since time.Time) ([]RoomLife, error) {
	type row struct {
		ID        int64         `db:"id"`
		Buffer    string        `db:"buffer"`
		Spilled   int64         `db:"spilled"`
		CreatedAt int64         `db:"created_at"`
		EndedAt   sql.NullInt64 `db:"ended_at"`
		Total     int64         `db:"total"`
	}
	var open, ended []row
	err := s.list(ctx, &open, `SELECT id, buffer, spilled, created_at, ended_at, 0 AS total FROM rooms WHERE ended_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, err
	}
	err = s.list(ctx, &ended, `SELECT r.id, r.buffer, r.spilled, r.created_at, r.ended_at, e.total
		FROM rooms r JOIN end_rooms e ON e.room_id = r.id WHERE r.ended_at >= ? ORDER BY r.ended_at, r.id`, micros(since))
	all := make([]RoomLife, 0, len(open)+len(ended))
	for _, r := range append(open, ended...) {
		all = append(all, RoomLife{
			sns.Room{ID: r.ID, Buffer: r.Buffer, Spilled: r.Spilled, CreatedAt: timeOf(r.CreatedAt), EndedAt: timeOrZero(r.EndedAt)}, r.Total,
		})
	}
	return all, err
}

// UnsettledRooms returns the first limit rooms that have ended and whose messages are not all
// saved, the one that ended first before the others.
func (s overviewStore) UnsettledRooms(ctx context.Context, limit int) (rooms []UnsettledRoom, err error) {
	var rows []struct {
		settlementRow
		Name string `db:"name"`
	}
	err = s.list(ctx, &rows, `SELECT e.room_id, e.ended_at, e.total, e.saved, e.attempts, e.last_error, e.executed_at, e.lost, r.name
		FROM end_rooms e JOIN rooms r ON r.id = e.room_id WHERE e.executed_at IS NULL ORDER BY e.ended_at, e.room_id`+limited(limit))
	for _, r := range rows {
		rooms = append(rooms, UnsettledRoom{r.settlement(), r.Name})
	}
	return rooms, err
}

// An UnsettledRoom is the settlement of a room that is not done, with the name of the room.
type UnsettledRoom struct {
	sns.Settlement
	Name string
}

// Schema returns the number of the newest migration of the database.
func (s overviewStore) Schema(ctx context.Context) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT MAX(version_id) FROM goose_db_version`)
	return n, err
}

// Product returns the name and the version of the database, such as "MariaDB 10.11.6".
func (s overviewStore) Product(ctx context.Context) (string, error) {
	var version string
	err := s.get(ctx, &version, `SELECT `+s.dialect.version)
	number, rest, _ := strings.Cut(version, "-")
	switch {
	case s.dialect.name == sqliteDialect.name:
		return "SQLite " + number, err
	case strings.Contains(rest, "MariaDB"):
		return "MariaDB " + number, err
	}
	return "MySQL " + number, err
}

// DatabaseSize returns how many bytes the tables and indexes take, and those of them that only
// searches read. search is 0 if that is not known cheaply: SQLite has all in one file.
func (s overviewStore) DatabaseSize(ctx context.Context) (all, search int64, err error) {
	var row struct {
		All    int64 `db:"all_bytes"`
		Search int64 `db:"search_bytes"`
	}
	err = s.get(ctx, &row, s.dialect.size)
	return row.All, row.Search, err
}
