package store

import (
	"context"
	"strconv"
	"time"
)

// A Late is work that should have been done.
type Late struct {
	Things int64
	Since  time.Time // of the longest one
}

// LateDeeds returns the deeds of which people should have been told before a time.
func (s doctorStore) LateDeeds(ctx context.Context, before time.Time) (Late, error) {
	return s.late(ctx, `SELECT COUNT(*) AS things, COALESCE(MIN(created_at), 0) AS since FROM untold_deeds WHERE created_at < ?`, before)
}

// LateErasures returns the deleted accounts of which nothing should have been left before a
// time.
func (s doctorStore) LateErasures(ctx context.Context, before time.Time) (Late, error) {
	return s.late(ctx, `SELECT COUNT(*) AS things, COALESCE(MIN(asked_at), 0) AS since FROM erasures WHERE asked_at < ?`, before)
}

func (s doctorStore) late(ctx context.Context, query string, before time.Time) (Late, error) {
	var row struct {
		Things int64 `db:"things"`
		Since  int64 `db:"since"`
	}
	err := s.get(ctx, &row, query, micros(before))
	return Late{row.Things, timeOf(row.Since)}, err
}

// OpenRoomsIn returns the number of rooms that are not settled, and whose messages are in a
// buffer of a name.
func (s doctorStore) OpenRoomsIn(ctx context.Context, buffer string) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM rooms r LEFT JOIN end_rooms e ON e.room_id = r.id
		WHERE r.buffer = ? AND (r.ended_at IS NULL OR e.room_id IS NOT NULL AND e.executed_at IS NULL)`, buffer)
	return n, err
}

// FullBuffers returns the open rooms that have more messages in the table of buffers than lines.
func (s doctorStore) FullBuffers(ctx context.Context, lines int) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT b.room_id FROM buffers b JOIN rooms r ON r.id = b.room_id WHERE r.ended_at IS NULL AND b.line_count > ? ORDER BY b.room_id`, lines)
	return rooms, err
}

// KnownPushKeys returns the keys of pushes, "" if there are none, and the number of devices that
// wait for pushes.
func (s doctorStore) KnownPushKeys(ctx context.Context) (public, private string, devices int64, err error) {
	var row struct {
		Public  string `db:"public_key"`
		Private string `db:"private_key"`
		Devices int64  `db:"devices"`
	}
	err = s.get(ctx, &row, `SELECT COALESCE((SELECT public_key FROM push_keys WHERE one = 1), '') AS public_key,
		COALESCE((SELECT private_key FROM push_keys WHERE one = 1), '') AS private_key,
		(SELECT COUNT(*) FROM push_subscriptions WHERE ended_at IS NULL) AS devices`)
	return row.Public, row.Private, row.Devices, err
}

// EachImage passes the names of images to use, with the paths of the pages that show them.
func (s doctorStore) EachImage(ctx context.Context, use func(name, path string)) error {
	for _, query := range []string{
		`SELECT p.post_id AS id, p.name, '' AS username FROM post_images p WHERE p.post_id > ? AND p.post_id <= ? ORDER BY p.post_id, p.position`,
		`SELECT u.id, u.image AS name, u.username FROM users u WHERE u.id > ? AND u.id <= ? AND u.image <> '' ORDER BY u.id`,
	} {
		var last int64
		err := s.get(ctx, &last, `SELECT COALESCE(MAX(n), 0) FROM (SELECT MAX(post_id) AS n FROM post_images UNION ALL SELECT MAX(id) FROM users) ids`)
		for after := int64(0); after < last && err == nil; after += countedAtOnce {
			err = s.someImages(ctx, query, after, use)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s doctorStore) someImages(ctx context.Context, query string, after int64, use func(name, path string)) error {
	var rows []struct {
		ID       int64  `db:"id"`
		Name     string `db:"name"`
		Username string `db:"username"`
	}
	err := s.list(ctx, &rows, query, after, after+countedAtOnce)
	for _, row := range rows {
		path := "/users/" + row.Username
		if row.Username == "" {
			path = "/posts/" + strconv.FormatInt(row.ID, 10)
		}
		use(row.Name, path)
	}
	return err
}
