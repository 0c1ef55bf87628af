package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// SetBlock makes a user block another one, or block no more if on is false, and reports whether
// there was a change. Neither follows the other any more, and what one was told of the other
// goes. Repeating a call changes nothing. ErrNotFound if an account does not exist or was
// deleted; sns.Invalid if both users are the same or if the user would block more than
// sns.BlockMost users.
func (s blockStore) SetBlock(ctx context.Context, user, other int64, on bool, now time.Time) (changed bool, err error) {
	if user == other {
		return false, sns.Invalid{{Field: "on", Key: "block.self"}}
	}
	rest := untoldDeed{Kind: restOfBlock, Thing: user, Deed: other}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockUsers(ctx, tx, user, other); err != nil {
			return err
		}
		if changed, err = s.putBlock(ctx, tx, user, other, on, now); err != nil || !changed || !on {
			return err
		}
		for _, pair := range [][2]int64{{user, other}, {other, user}} {
			if err := s.part(ctx, tx, t, pair[0], pair[1]); err != nil {
				return err
			}
		}
		_, err = t.leave(ctx, rest, now)
		return err
	})
	if err != nil || !changed || !on {
		return changed, err
	}
	return true, s.partNotices(ctx, user, other)
}

// partNotices drops what two people were told of each other, in transactions of their own, since
// these lock posts before people.
func (s blockStore) partNotices(ctx context.Context, a, b int64) error {
	return errors.Join(s.dropBetween(ctx, a, b), s.dropBetween(ctx, b, a))
}

// partRest does partNotices again for a block of a while ago.
func (s blockStore) partRest(ctx context.Context, u untoldDeed) error {
	if err := s.partNotices(ctx, u.Thing, u.Deed); err != nil {
		return err
	}
	return s.exec(ctx, `DELETE FROM untold_deeds WHERE id = ?`, u.ID)
}

// putBlock writes or deletes a block, and returns whether there was a change.
func (s blockStore) putBlock(ctx context.Context, tx *transaction, user, other int64, on bool, now time.Time) (changed bool, err error) {
	if !on {
		n, err := affected(tx.ExecContext(ctx, `DELETE FROM blocks WHERE user_id = ? AND blocked_id = ?`, user, other))
		return n > 0, err
	}
	var known, all int
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN blocked_id = ? THEN 1 ELSE 0 END), 0), COUNT(*) FROM blocks WHERE user_id = ?`, other, user).Scan(&known, &all)
	switch {
	case err != nil || known > 0:
		return false, err
	case all >= sns.BlockMost:
		return false, sns.Invalid{{Field: "on", Key: "block.most", Args: map[string]any{"Max": sns.BlockMost}}}
	}
	_, err = insert(ctx, tx, `INSERT INTO blocks (user_id, blocked_id, created_at) VALUES (?, ?, ?)`, user, other, micros(now))
	return err == nil, err
}

// part ends what a user has with another one: the follow, the mentions of the other one, and
// the notices of rooms.
func (s blockStore) part(ctx context.Context, tx *transaction, t *telling, user, other int64) error {
	id, follows, err := followStore(s).putFollow(ctx, tx, user, other, false, time.Time{})
	if err == nil && follows {
		if err = countFollow(ctx, tx, user, other, false); err == nil {
			err = t.follow(ctx, id, user, other, false, time.Time{})
		}
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM mentions WHERE user_id = ? AND actor_id = ?`, other, user); err != nil {
		return err
	}
	return t.dropAll(ctx, selection{
		`n.user_id = ? AND n.kind = ` + sqlKind(sns.NoticeRoom) + ` AND n.room_id IN (SELECT r.id FROM rooms r WHERE r.mentor_id = ?)`, []any{user, other},
	})
}

// deedsBetween selects the notices of a reader that may tell of deeds, or of a post, of another
// user.
const deedsBetween = ` FROM notices n WHERE n.user_id = ? AND (n.kind = ? OR n.post_id > 0 AND (
	EXISTS (SELECT 1 FROM posts p WHERE p.id = n.post_id AND p.user_id = ?) OR
	EXISTS (SELECT 1 FROM likes l WHERE l.post_id = n.post_id AND l.user_id = ?) OR
	EXISTS (SELECT 1 FROM comments c WHERE c.post_id = n.post_id AND c.user_id = ?))) ORDER BY n.id`

// dropBetween deletes the notices of a reader that tell of nothing but deeds, or of a post, of a
// user whom the reader does not see.
func (s blockStore) dropBetween(ctx context.Context, reader, actor int64) error {
	var all []noticeRow
	err := s.list(ctx, &all, `SELECT `+noticeColumns+deedsBetween, reader, sns.NoticeMention, actor, actor, actor)
	for some := range slices.Chunk(all, emptyAtOnce) {
		if err != nil {
			return err
		}
		err = s.txTelling(ctx, func(_ *transaction, t *telling) error {
			if err := t.lockThings(ctx, reader, some); err != nil {
				return err
			}
			return t.dropEmptyOf(ctx, some)
		})
	}
	return err
}

// blocksKey is the key of Blocks in memory.
type blocksKey struct{ user int64 }

// Blocks returns whom a user has blocked, and who has blocked the user. Callers must not change
// the slices.
func (d *database) Blocks(ctx context.Context, user int64) (sns.Blocks, error) {
	if user == 0 {
		return sns.Blocks{}, nil
	}
	return recall(ctx, d, regionRest, blocksKey{user}, func(ctx context.Context) (b sns.Blocks, err error) {
		scan := func(rows *sqlx.Rows) error {
			b = sns.Blocks{}
			var other, mine int64
			for rows.Next() {
				if err := rows.Scan(&other, &mine); err != nil {
					return err
				}
				if mine > 0 {
					b.Blocked = append(b.Blocked, other)
				} else {
					b.By = append(b.By, other)
				}
			}
			return rows.Err()
		}
		err = d.query(ctx, scan, `SELECT k.blocked_id, 1 FROM blocks k WHERE k.user_id = ? UNION ALL SELECT k.user_id, 0 FROM blocks k WHERE k.blocked_id = ?`, user, user)
		slices.Sort(b.Blocked)
		slices.Sort(b.By)
		return b, err
	})
}

// hides reports whether a viewer does not see everybody. Most viewers do, so that their queries
// need no condition.
func (d *database) hides(ctx context.Context, viewer int64) (bool, error) {
	b, err := d.Blocks(ctx, viewer)
	return !b.None(), err
}

// seenBy is the condition that a viewer and the user of a column see each other. The arguments
// are the viewer, twice.
func seenBy(column string) string {
	return ` AND NOT EXISTS (SELECT 1 FROM blocks k WHERE k.user_id = ? AND k.blocked_id = ` + column + `)` +
		` AND NOT EXISTS (SELECT 1 FROM blocks k WHERE k.blocked_id = ? AND k.user_id = ` + column + `)`
}

// seen adds seenBy to a condition and its arguments, unless the viewer sees everybody.
func (d *database) seen(ctx context.Context, column string, viewer int64, where string, args []any) (string, []any, error) {
	hides, err := d.hides(ctx, viewer)
	if err != nil || !hides {
		return where, args, err
	}
	return where + seenBy(column), append(args[:len(args):len(args)], viewer, viewer), nil
}

// unlessHidden returns ErrNotFound if two users do not see each other, as of a transaction.
func unlessHidden(ctx context.Context, tx *transaction, a, b int64) error {
	var found int
	err := tx.GetContext(ctx, &found, `SELECT 1 FROM blocks WHERE user_id = ? AND blocked_id = ? UNION ALL SELECT 1 FROM blocks WHERE user_id = ? AND blocked_id = ? LIMIT 1`, a, b, b, a)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = sns.ErrNotFound
	}
	return err
}

type blockRow struct {
	userRow
	BlockID int64 `db:"block_id"`
}

// Blocked returns limit users whom a user has blocked, latest first, with block ids below
// before (0: no bound).
func (s blockStore) Blocked(ctx context.Context, user, before int64, limit int) ([]sns.Block, error) {
	where, args := `WHERE k.user_id = ?`, []any{user}
	if before > 0 {
		where, args = where+` AND k.id < ?`, append(args, before)
	}
	var rows []blockRow
	err := s.list(ctx, &rows, `SELECT k.id AS block_id, `+userColumns+` FROM blocks k LEFT JOIN users u ON u.id = k.blocked_id `+where+` ORDER BY k.id DESC`+limited(limit), args...)
	all := make([]sns.Block, len(rows))
	for i, row := range rows {
		all[i] = sns.Block{ID: row.BlockID, User: row.user()}
	}
	return all, err
}
