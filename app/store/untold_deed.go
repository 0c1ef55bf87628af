package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"xxsns/app/sns"
)

// tellAtOnce is how many people a transaction tells of a deed. The others are told by TellRest,
// so that a comment below thousands of others costs its author no more than the first ones do.
const tellAtOnce = 100

// Kinds of rows of untold_deeds. A row is written in the transaction of the deed, and goes in
// the transaction that does the last of its work: a process that dies leaves it to the others.
const (
	restOfComment = "comment" // thing_id: the post; deed_id: the comment; told_to: up to which user
	restOfRoom    = "room"    // thing_id: the room; deed_id: the mentor; told_to: up to which follow
	restOfBlock   = "block"   // thing_id and deed_id: two people, of whom one has blocked the other
)

// restAge is the age from which TellRest does the rest of a block. SetBlock has done so itself,
// unless its process has died, but deeds that began before the block may have been committed after
// that: those have ended by now.
const restAge = 15 * time.Second

// An untoldDeed is a row of untold_deeds.
type untoldDeed struct {
	ID     int64  `db:"id"`
	Kind   string `db:"kind"`
	Thing  int64  `db:"thing_id"`
	Deed   int64  `db:"deed_id"`
	ToldTo int64  `db:"told_to"`
	At     int64  `db:"created_at"`
}

// leave writes that a deed has a rest, which TellRest does.
func (t *telling) leave(ctx context.Context, u untoldDeed, now time.Time) (id int64, err error) {
	t.rest = t.rest || u.Kind != restOfBlock
	return insert(ctx, t.tx, `INSERT INTO untold_deeds (kind, thing_id, deed_id, told_to, created_at) VALUES (?, ?, ?, ?, ?)`,
		u.Kind, u.Thing, u.Deed, u.ToldTo, micros(now))
}

// OnRest lets wake be called after each commit of a deed that TellRest has to go on with. OnRest
// must precede the first change.
func (d *database) OnRest(wake func()) { d.wakeRest = wake }

// restsAtOnce is how many rows of untold_deeds one query of TellRest reads.
const restsAtOnce = 100

// TellRest tells of the deeds that were done to more people than one transaction tells, and ends
// what a process that died has left of its blocks. Any process may call it, also several at once:
// nobody is told twice.
func (s noticeStore) TellRest(ctx context.Context, now time.Time) error {
	for after, more := int64(0), true; more; {
		var rows []untoldDeed
		err := s.list(ctx, &rows, `SELECT id, kind, thing_id, deed_id, told_to, created_at FROM untold_deeds WHERE id > ? ORDER BY id`+limited(restsAtOnce), after)
		if err != nil {
			return err
		}
		more = len(rows) == restsAtOnce
		for _, row := range rows {
			after = row.ID
			if err := s.tellRest(ctx, row, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellRest is TellRest of one deed.
func (s noticeStore) tellRest(ctx context.Context, u untoldDeed, now time.Time) error {
	switch u.Kind {
	case restOfComment:
		return s.tellOn(ctx, `posts`, u, now, s.restOfComment)
	case restOfRoom:
		return s.tellOn(ctx, `rooms`, u, now, s.restOfRoom)
	case restOfBlock:
		if now.Sub(timeOf(u.At)) < restAge {
			return nil
		}
		return blockStore(s).partRest(ctx, u)
	}
	return nil // of a later version
}

// A restTeller tells the next people of a deed, and returns up to whom it has told: 0 if nobody
// is left.
type restTeller func(ctx context.Context, t *telling, u untoldDeed, now time.Time) (toldTo int64, err error)

// tellOn tells people of a deed on a row of a table, some in each transaction, which begins
// where the one before ended, whoever did that.
func (s noticeStore) tellOn(ctx context.Context, table string, u untoldDeed, now time.Time, tell restTeller) error {
	for more := true; more; {
		err := s.txTelling(ctx, func(tx *transaction, t *telling) error {
			more = false
			gone := lockRow(ctx, tx, table, `id = ?`, u.Thing)
			if gone != nil && !errors.Is(gone, sns.ErrNotFound) {
				return gone
			}
			err := tx.GetContext(ctx, &u.ToldTo, `SELECT told_to FROM untold_deeds WHERE id = ?`, u.ID)
			if errors.Is(err, sql.ErrNoRows) { // another process was faster
				return nil
			}
			toldTo := int64(0)
			if err == nil && gone == nil {
				toldTo, err = tell(ctx, t, u, now)
			}
			if err != nil {
				return err
			}
			if more = toldTo > 0; more {
				return change(ctx, tx, `UPDATE untold_deeds SET told_to = ? WHERE id = ?`, toldTo, u.ID)
			}
			return change(ctx, tx, `DELETE FROM untold_deeds WHERE id = ?`, u.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// restOfComment tells those who have commented on a post before a comment was made, unless the
// comment has gone.
func (s noticeStore) restOfComment(ctx context.Context, t *telling, u untoldDeed, now time.Time) (int64, error) {
	var deed struct {
		Actor  int64 `db:"actor"`
		Author int64 `db:"author"`
	}
	err := t.tx.GetContext(ctx, &deed, `SELECT c.user_id AS actor, p.user_id AS author FROM comments c JOIN posts p ON p.id = c.post_id WHERE c.id = ?`, u.Deed)
	if err != nil {
		return 0, ignoring(err, sql.ErrNoRows)
	}
	var users []int64
	err = t.tx.SelectContext(ctx, &users, `SELECT DISTINCT user_id FROM comments WHERE post_id = ? AND user_id > ? AND id < ? ORDER BY user_id`+limited(s.tellAtOnce),
		u.Thing, u.ToldTo, u.Deed)
	if err != nil || len(users) == 0 {
		return 0, err
	}
	toldTo := users[len(users)-1]
	told, err := t.mentionsIn(ctx, said{post: u.Thing, comment: u.Deed})
	if err != nil {
		return 0, err
	}
	users = slices.DeleteFunc(users, func(user int64) bool { return user == deed.Author || told[user] > 0 })
	readers, err := t.readers(ctx, sqlKind(sns.NoticeThread), thing{post: u.Thing}, deed.Actor, u.Deed, users)
	if err == nil {
		readers, err = t.unlessRead(ctx, readers)
	}
	if err != nil {
		return 0, err
	}
	if err := t.coverFrom(ctx, readers); err != nil {
		return 0, err
	}
	return toldTo, t.notify(ctx, thing{post: u.Thing}, readers, now)
}

// unlessRead leaves out the readers who have read the post since a comment was made.
func (t *telling) unlessRead(ctx context.Context, readers []reader) ([]reader, error) {
	if len(readers) == 0 {
		return nil, nil
	}
	users := make([]int64, len(readers))
	for i, r := range readers {
		users[i] = r.User
	}
	var read []int64
	err := t.tx.SelectContext(ctx, &read, in(`SELECT n.user_id FROM notices n WHERE n.user_id IN (?) AND n.open IS NULL AND n.kind = `+sqlKind(sns.NoticeThread)+`
		AND n.post_id = (SELECT c.post_id FROM comments c WHERE c.id = ?) AND n.room_id = 0 AND n.last_ref > ?`, users),
		append(anys(users), readers[0].ref, readers[0].ref)...)
	return slices.DeleteFunc(readers, func(r reader) bool { return slices.Contains(read, r.User) }), err
}

// coverFrom lets open notices, which later comments have made meanwhile, tell of an earlier one,
// too.
func (t *telling) coverFrom(ctx context.Context, readers []reader) error {
	var open []int64
	for _, r := range readers {
		if r.Open > 0 && r.wants() {
			open = append(open, r.Open)
		}
	}
	if len(open) == 0 {
		return nil
	}
	ref := readers[0].ref
	_, err := t.tx.ExecContext(ctx, in(`UPDATE notices SET first_ref = ? WHERE first_ref > ? AND open = 1 AND id IN (?)`, open), append([]any{ref, ref}, anys(open)...)...)
	return err
}

// restOfRoom tells the followers of a mentor of a room, unless the room has ended.
func (s noticeStore) restOfRoom(ctx context.Context, t *telling, u untoldDeed, now time.Time) (int64, error) {
	var open int
	if err := t.tx.GetContext(ctx, &open, `SELECT COUNT(*) FROM rooms WHERE id = ? AND ended_at IS NULL`, u.Thing); err != nil || open == 0 {
		return 0, err
	}
	followers, toldTo, err := t.followersAfter(ctx, u.Deed, u.ToldTo, s.tellAtOnce)
	if err != nil || len(followers) == 0 {
		return 0, err
	}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeRoom), thing{room: u.Thing}, u.Deed, u.Thing, followers)
	if err != nil {
		return 0, err
	}
	return toldTo, t.notify(ctx, thing{room: u.Thing}, readers, now)
}

// followersAfter returns the first limit followers of a user whose follows have an id above
// after, and the id of the last follow.
func (t *telling) followersAfter(ctx context.Context, user, after int64, limit int) (followers []int64, last int64, err error) {
	var rows []struct {
		ID       int64 `db:"id"`
		Follower int64 `db:"follower_id"`
	}
	err = t.tx.SelectContext(ctx, &rows, `SELECT id, follower_id FROM follows WHERE followee_id = ? AND id > ? ORDER BY id`+limited(limit), user, after)
	for _, row := range rows {
		followers, last = append(followers, row.Follower), row.ID
	}
	return followers, last, err
}
