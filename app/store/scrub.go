package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

const (
	// scrubPages is how many pages of an index one transaction of scrubSQLite writes, for
	// which other changes wait.
	scrubPages = 500

	// scrubWait is how long scrubSQLite waits for readers of the log, in milliseconds. Other
	// changes wait as long.
	scrubWait = 200
)

// scrubSQLite merges the indexes of searches, whose deleted entries otherwise stay until a later
// merge, writes the file anew and empties the log (WAL). The pragma secure_delete alone leaves
// copies of rows behind that SQLite has moved between pages. Other changes wait meanwhile, about
// a second for each 100 MB; people read on.
func scrubSQLite(ctx context.Context, d *database) error {
	for _, kind := range []searchKind{searchedPosts, searchedComments, searchedMessages} {
		if err := mergeIndex(ctx, d, kind.index()); err != nil {
			return err
		}
	}
	return d.translate(ctx, d.withConn(ctx, d.writer, func(conn *sqlx.Conn) error {
		defer func() { // as openSQLite has set them
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d; PRAGMA temp_store = memory`, busyTimeout.Milliseconds()))
		}()
		// In memory the new file would take as much as the database has.
		if _, err := conn.ExecContext(ctx, `PRAGMA temp_store = file; VACUUM`); err != nil {
			return err
		}
		d.committed(ctx, everywhere)
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, scrubWait)); err != nil {
			return err
		}
		var busy, frames, copied int64
		if err := conn.QueryRowxContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &copied); err != nil {
			return err
		}
		if busy != 0 {
			return fmt.Errorf("%w: the log is being read", sns.ErrUnavailable)
		}
		return nil
	}))
}

// mergeIndex merges all parts of an index into one, a few pages at a time. A negative number of
// pages begins a merge, a positive one goes on; the merge is over when next to nothing changes.
func mergeIndex(ctx context.Context, d *database, table string) error {
	for pages, changed := -scrubPages, int64(2); changed >= 2; pages = scrubPages {
		err := d.tx(ctx, func(tx *transaction) error {
			var before, after int64
			if err := tx.GetContext(ctx, &before, `SELECT total_changes()`); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO `+table+` (`+table+`, rank) VALUES ('merge', ?)`, pages); err != nil {
				return err
			}
			err := tx.GetContext(ctx, &after, `SELECT total_changes()`)
			changed = after - before
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scrubNothing is the scrub of MySQL, which purges deleted rows by itself.
func scrubNothing(context.Context, *database) error { return nil }
