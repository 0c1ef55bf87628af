package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// A doctorStore compares columns with the rows that the columns count, and mends differences.
type doctorStore struct{ *database }

// A Count is a column that keeps a number of rows.
type Count struct {
	Name  string
	table string // t in the texts below
	kept  string
	rows  string // query of the number of rows
	where string // rows of table whose column is right; empty: all
	raise string // further columns to set: pages ignore an older version after a newer version
}

// Counts are all such columns.
var Counts = []Count{
	{"likes", "posts", "like_count", `SELECT COUNT(*) FROM likes l WHERE l.post_id = t.id`, "", `, version = version + 1`},
	{"comments", "posts", "comment_count", `SELECT COUNT(*) FROM comments c WHERE c.post_id = t.id`, "", `, version = version + 1`},
	{"followers", "users", "follower_count", `SELECT COUNT(*) FROM follows f WHERE f.followee_id = t.id`, "", ""},
	{"following", "users", "following_count", `SELECT COUNT(*) FROM follows f WHERE f.follower_id = t.id`, "", ""},
	{"seats", "rooms", "head_count", `SELECT COUNT(*) FROM participants p WHERE p.room_id = t.id AND p.active = 1`, ` AND t.ended_at IS NULL`, `, version = version + 1`},
	{"boards", "buckets", "post_count", `SELECT COUNT(*) FROM posts p WHERE p.bucket_id = t.id`, "", ""},
}

// countedAtOnce is how many rows a query of WrongCounts compares: MySQL would take longer than
// packetTimeout to compare all rows of a big table.
const countedAtOnce = 5000

// WrongCounts returns the ids of the rows whose column is not the number of rows.
func (s doctorStore) WrongCounts(ctx context.Context, c Count) (ids []int64, err error) {
	var last int64
	if err := s.get(ctx, &last, `SELECT COALESCE(MAX(id), 0) FROM `+c.table); err != nil {
		return nil, err
	}
	query := `SELECT t.id FROM ` + c.table + ` t WHERE t.id > ? AND t.id <= ?` + c.where + ` AND t.` + c.kept + ` <> (` + c.rows + `) ORDER BY t.id`
	for after := int64(0); after < last; after += countedAtOnce {
		var some []int64
		if err := s.list(ctx, &some, query, after, after+countedAtOnce); err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

// Recount counts the rows again. Servers may write meanwhile.
func (s doctorStore) Recount(ctx context.Context, c Count, ids []int64) error {
	for _, id := range ids {
		err := s.exec(ctx, `UPDATE `+c.table+` AS t SET `+c.kept+` = (`+c.rows+`)`+c.raise+` WHERE t.id = ?`+c.where, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// lastSaved is the last message of the room of the mark m, all of whose messages are saved.
const lastSaved = `COALESCE((SELECT MAX(seq) FROM messages WHERE room_id = m.room_id), 0)`

// wrongMarks selects the marks m that are beyond the last message of an ended room.
const wrongMarks = `FROM room_reads m JOIN end_rooms e ON e.room_id = m.room_id WHERE e.executed_at > 0 AND m.seq > ` + lastSaved

// WrongMarks returns the number of read marks that are beyond the last message of an ended room.
func (s doctorStore) WrongMarks(ctx context.Context) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) `+wrongMarks)
	return n, err
}

// MendMarks sets such marks to the last message.
func (s doctorStore) MendMarks(ctx context.Context) error {
	var marks []struct {
		User int64 `db:"user_id"`
		Room int64 `db:"room_id"`
		Last int64 `db:"last_seq"`
	}
	err := s.list(ctx, &marks, `SELECT m.user_id, m.room_id, `+lastSaved+` AS last_seq `+wrongMarks+` ORDER BY m.user_id, m.room_id`)
	for _, m := range marks {
		if err == nil {
			err = s.exec(ctx, `UPDATE room_reads SET seq = ? WHERE user_id = ? AND room_id = ?`, m.Last, m.User, m.Room)
		}
	}
	return err
}

// RebuildSearch empties the index of searches and fills it again from all texts. Searches find
// old texts again when the index has them.
func (s doctorStore) RebuildSearch(ctx context.Context) error {
	if err := s.dialect.grams.empty(ctx, s.database); err != nil {
		return s.translate(ctx, err)
	}
	search := searchStore(s)
	if err := search.ReindexSearch(ctx); err != nil {
		return err
	}
	return search.IndexAll(ctx)
}

// indexedAtOnce is how many texts a transaction of IndexAll indexes.
const indexedAtOnce = 100

// IndexAll calls IndexSearch until no text is left.
func (s searchStore) IndexAll(ctx context.Context) error {
	for {
		if n, err := s.IndexSearch(ctx, indexedAtOnce); err != nil || n == 0 {
			return err
		}
	}
}

// Clock returns the time of the database.
func (s doctorStore) Clock(ctx context.Context) (time.Time, error) {
	var now int64
	err := s.get(ctx, &now, `SELECT `+s.dialect.now)
	return timeOf(now), err
}

// Newest returns when the newest account, post or comment was made; the zero time in an
// empty database.
func (s doctorStore) Newest(ctx context.Context) (time.Time, error) {
	var newest int64
	for _, table := range []string{"users", "posts", "comments"} {
		var at int64
		err := s.get(ctx, &at, `SELECT created_at FROM `+table+` ORDER BY id DESC LIMIT 1`)
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			return time.Time{}, err
		}
		newest = max(newest, at)
	}
	if newest == 0 {
		return time.Time{}, nil
	}
	return timeOf(newest), nil
}

// Site returns the id of SiteID, or "" before the first call of SiteID.
func (s doctorStore) Site(ctx context.Context) (id string, err error) {
	if err = s.get(ctx, &id, `SELECT id FROM site WHERE one = 1`); errors.Is(err, sns.ErrNotFound) {
		err = nil
	}
	return id, err
}

// Restoring returns ErrRestoring if a restore of the database has not ended.
func (s doctorStore) Restoring(ctx context.Context) error { return s.refuseRestoring(ctx, s.reader) }

// ActiveAdmins returns the number of administrators who are not suspended.
func (s doctorStore) ActiveAdmins(ctx context.Context, now time.Time) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM users WHERE role = ? AND suspended_until <= ? AND deleted_at IS NULL`, sns.RoleAdmin, micros(now))
	return n, err
}

// HasSessions reports whether any session exists.
func (s doctorStore) HasSessions(ctx context.Context) (has bool, err error) {
	err = s.get(ctx, &has, `SELECT EXISTS (SELECT 1 FROM sessions)`)
	return has, err
}
