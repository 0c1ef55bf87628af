package store

import (
	"context"
	"errors"
	"slices"

	"xxsns/app/sns"
)

// readAtOnce is how many notices one transaction reads: it locks their things.
const readAtOnce = 500

// ReadHalf marks the unread notices of a user as read: those under news, those for the user
// alone, or with a nil news both.
func (s noticeStore) ReadHalf(ctx context.Context, user int64, news *bool) error {
	if news == nil {
		return s.readOpen(ctx, user, ``)
	}
	return s.readOpen(ctx, user, ` AND n.news = ?`, *news)
}

// ReadNotices marks unread notices of a user as read: those with the ids, or without ids all.
// Notices of others, and those that are read already, stay as they are.
func (s noticeStore) ReadNotices(ctx context.Context, user int64, ids []int64) error {
	if ids == nil {
		return s.readOpen(ctx, user, ``)
	}
	for _, batch := range batches(ids) {
		if err := s.readOpen(ctx, user, in(` AND n.id IN (?)`, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return nil
}

// ReadPost marks the notices of a user about a post as read: the user has opened its page.
func (s noticeStore) ReadPost(ctx context.Context, user, post int64) error {
	inbox, err := s.Inbox(ctx, user)
	if err != nil || inbox.Mine+inbox.News == 0 {
		return err
	}
	open, err := recall(ctx, s.database, regionNotices, openOnPostKey{user, post}, func(ctx context.Context) ([]noticeRow, error) {
		return s.openNotices(ctx, user, ` AND n.kind IN (`+postKinds+`) AND n.post_id = ? AND n.room_id = 0`, post)
	})
	if err != nil {
		return err
	}
	return s.readAll(ctx, user, open)
}

// An openOnPostKey is the key, in memory, of the open notices of a user about a post.
type openOnPostKey struct{ user, post int64 }

// ReadFollows marks the notices of a user about new followers as read.
func (s noticeStore) ReadFollows(ctx context.Context, user int64) error {
	return s.readOpen(ctx, user, ` AND n.kind = `+sqlKind(sns.NoticeFollow))
}

// ReadDecisions marks the notices of a user about decisions as read.
func (s noticeStore) ReadDecisions(ctx context.Context, user int64) error {
	return s.readOpen(ctx, user, ` AND n.kind = `+sqlKind(sns.NoticeReport))
}

// ReadRoom marks the notices of a user about a room as read, those about mentions as far as
// the messages up to a seq tell of them.
func (s noticeStore) ReadRoom(ctx context.Context, user, room, upTo int64) error {
	const further = `SELECT COALESCE(MIN(m.id), 0) FROM mentions m WHERE m.user_id = ? AND m.post_id = 0 AND m.room_id = ? AND m.seq > ? AND m.id >= ?`
	open, err := s.openNoticesOf(ctx, user, ` AND n.kind IN (`+roomKinds+`) AND n.post_id = 0 AND n.room_id = ?`, room)
	if err != nil || len(open) == 0 {
		return err
	}
	return s.txTelling(ctx, func(_ *transaction, t *telling) error {
		if err := lockRows(ctx, t.tx, `rooms`, []int64{room}); err != nil {
			return err
		}
		var read []noticeRow
		for _, n := range open {
			var next int64
			if n.Kind == sns.NoticeMention {
				if err := t.tx.GetContext(ctx, &next, further, user, room, upTo, n.First); err != nil {
					return err
				}
			}
			if next == 0 {
				read = append(read, n)
			} else if _, err := t.tx.ExecContext(ctx, `UPDATE notices SET first_ref = ? WHERE id = ? AND open = 1`, next, n.ID); err != nil {
				return err
			}
		}
		return t.read(ctx, user, read)
	})
}

var (
	postKinds = sqlKind(sns.NoticeComment) + `, ` + sqlKind(sns.NoticeThread) + `, ` + sqlKind(sns.NoticeMention) + `, ` + sqlKind(sns.NoticeLike)
	roomKinds = sqlKind(sns.NoticeMention) + `, ` + sqlKind(sns.NoticeRoom) + `, ` + sqlKind(sns.NoticeSeat)
)

// openNoticesOf returns the open notices of a user that a condition selects. Who has no unread
// notice costs no query beside the inbox.
func (s noticeStore) openNoticesOf(ctx context.Context, user int64, where string, args ...any) ([]noticeRow, error) {
	inbox, err := s.Inbox(ctx, user)
	if err != nil || inbox.Mine+inbox.News == 0 {
		return nil, err
	}
	return s.openNotices(ctx, user, where, args...)
}

// openNotices is openNoticesOf for a user who has unread notices.
func (s noticeStore) openNotices(ctx context.Context, user int64, where string, args ...any) (all []noticeRow, err error) {
	err = s.listOnce(ctx, &all, `SELECT `+noticeColumns+` FROM notices n WHERE n.user_id = ? AND n.open = 1`+where+` ORDER BY n.id`, append([]any{user}, args...)...)
	return all, err
}

// readOpen marks the open notices of a user that a condition selects as read.
func (s noticeStore) readOpen(ctx context.Context, user int64, where string, args ...any) error {
	open, err := s.openNoticesOf(ctx, user, where, args...)
	if err != nil {
		return err
	}
	return s.readAll(ctx, user, open)
}

// readAll marks open notices of a user as read.
func (s noticeStore) readAll(ctx context.Context, user int64, open []noticeRow) error {
	for some := range slices.Chunk(open, readAtOnce) {
		if err := s.txTelling(ctx, func(_ *transaction, t *telling) error { return t.lockAndRead(ctx, user, some) }); err != nil {
			return err
		}
	}
	return nil
}

// lockAndRead marks notices of a user as read. The transaction holds nothing yet.
func (t *telling) lockAndRead(ctx context.Context, user int64, open []noticeRow) error {
	if err := t.lockThings(ctx, user, open); err != nil {
		return ignoring(err, sns.ErrNotFound)
	}
	return t.read(ctx, user, open)
}

// lockThings locks the things of notices of a user. ErrNotFound if the user is one of them, and
// the account was deleted.
func (t *telling) lockThings(ctx context.Context, user int64, open []noticeRow) error {
	var posts, rooms []int64
	own := false
	for _, n := range open {
		if n.Post > 0 {
			posts = append(posts, n.Post)
		}
		if n.Room > 0 {
			rooms = append(rooms, n.Room)
		}
		own = own || n.Kind == sns.NoticeFollow || n.Kind == sns.NoticeReport
	}
	if err := lockRows(ctx, t.tx, `posts`, unique(posts)); err != nil {
		return err
	}
	if err := lockRows(ctx, t.tx, `rooms`, unique(rooms)); err != nil {
		return err
	}
	if own {
		return lockUser(ctx, t.tx, user)
	}
	return nil
}

// ignoring returns err, or nil if err is the known one.
func ignoring(err, known error) error {
	if errors.Is(err, known) {
		return nil
	}
	return err
}

// nextRefs are the lowest refs that no deed has yet, by kind. Kinds without a query have one
// deed alone.
var nextRefs = map[sns.NoticeKind]string{
	sns.NoticeComment: `SELECT c.id + 1 FROM comments c WHERE c.post_id = notices.post_id ORDER BY c.id DESC LIMIT 1`,
	sns.NoticeThread:  `SELECT c.id + 1 FROM comments c WHERE c.post_id = notices.post_id ORDER BY c.id DESC LIMIT 1`,
	sns.NoticeLike:    `SELECT p.version + 1 FROM posts p WHERE p.id = notices.post_id`,
	sns.NoticeFollow:  `SELECT f.id + 1 FROM follows f WHERE f.followee_id = notices.user_id ORDER BY f.id DESC LIMIT 1`,
	sns.NoticeMention: `SELECT m.id + 1 FROM mentions m WHERE m.user_id = notices.user_id AND m.post_id = notices.post_id AND m.room_id = notices.room_id
		ORDER BY m.id DESC LIMIT 1`,
	sns.NoticeReport: `SELECT d.id + 1 FROM decisions d WHERE d.user_id = notices.user_id ORDER BY d.id DESC LIMIT 1`,
	sns.NoticeRoom:   `SELECT NULL`, sns.NoticeSeat: `SELECT NULL`,
}

// read marks notices of a user as read, whose things the transaction has locked: they cover
// the deeds of now, and the next deed makes another notice.
func (t *telling) read(ctx context.Context, user int64, open []noticeRow) error {
	byKind := map[sns.NoticeKind][]int64{}
	for _, n := range open {
		byKind[n.Kind] = append(byKind[n.Kind], n.ID)
	}
	if len(byKind) == 0 {
		return nil
	}
	raised, err := t.raise(ctx, []int64{user})
	if err != nil || len(raised) == 0 {
		return err
	}
	for _, kind := range sns.NoticeKinds {
		if len(byKind[kind]) > 0 {
			t.count(user, partOf(kind))
		}
		for _, batch := range batches(byKind[kind]) {
			_, err := t.tx.ExecContext(ctx, in(`UPDATE notices SET open = NULL, last_ref = COALESCE((`+nextRefs[kind]+`), first_ref + 1)
				WHERE user_id = ? AND open = 1 AND id IN (?)`, batch), append([]any{user}, anys(batch)...)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
