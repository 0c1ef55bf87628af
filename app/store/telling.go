package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// A telling changes notices within a transaction, and remembers whose inboxes are to be told
// after the commit.
//
// Transactions that change notices lock in this order: the thing of the notice (posts, rooms,
// then users), then the inboxes (raise), then the notices. Whoever holds the thing and then
// reads for the first time sees the present state of the notices about the thing: all changes
// of them hold the thing, too. The numbers of an inbox are counted by an UPDATE, which reads
// what others have committed, whatever the transaction saw before.
type telling struct {
	tx      *transaction
	changed map[int64]inboxPart // of the users whose inboxes are raised: what to count again
	most    int                 // people whom the transaction tells of a deed
	rest    bool                // TellRest has something to do
}

// An inboxPart is a set of the parts of an inbox.
type inboxPart int

const (
	partMine inboxPart = 1 << iota // for the user alone
	partNews
)

var mineKinds, newsKinds = kindsOf(partMine), kindsOf(partNews)

// kindsOf returns the kinds of a part, as part of a query.
func kindsOf(part inboxPart) string {
	var all []string
	for _, kind := range sns.NoticeKinds {
		if partOf(kind) == part {
			all = append(all, sqlKind(kind))
		}
	}
	return strings.Join(all, `, `)
}

func partOf(kind sns.NoticeKind) inboxPart {
	if kind.IsNews() {
		return partNews
	}
	return partMine
}

// txTelling works like tx, for changes of notices. After the commit, the inboxes that the
// telling has raised are told (TellInboxes).
func (d *database) txTelling(ctx context.Context, fn func(*transaction, *telling) error) error {
	var told []sns.Inbox
	rest := false
	err := d.tx(ctx, func(tx *transaction) error {
		t := telling{tx: tx, changed: map[int64]inboxPart{}, most: d.tellAtOnce}
		if err := fn(tx, &t); err != nil {
			return err
		}
		var err error
		told, err = t.finish(ctx)
		rest = t.rest
		return err
	})
	if err == nil && rest && d.wakeRest != nil {
		d.wakeRest()
	}
	if err == nil && len(told) > 0 && d.tellInboxes != nil {
		d.tellInboxes(ctx, told)
	}
	return err
}

// TellInboxes lets tell be called with the inboxes that a transaction has changed, after each
// commit. TellInboxes must precede the first change.
func (d *database) TellInboxes(tell func(context.Context, []sns.Inbox)) { d.tellInboxes = tell }

// raise locks the inboxes of users, raises their versions, and returns those users who may
// have notices, in order of their ids: without a fixed order two transactions that tell the
// same people would deadlock. Accounts that were deleted are left out.
func (t *telling) raise(ctx context.Context, users []int64) ([]int64, error) {
	users = slices.Compact(slices.Sorted(slices.Values(users)))
	var raised []int64
	for _, batch := range batches(users) {
		there, err := t.raiseBatch(ctx, batch)
		if err != nil {
			return nil, err
		}
		raised = append(raised, there...)
	}
	for _, user := range raised {
		if _, known := t.changed[user]; !known {
			t.changed[user] = 0
		}
	}
	return raised, nil
}

const raiseInboxes = `UPDATE inboxes SET version = version + 1 WHERE user_id IN (?) AND closed = 0`

func (t *telling) raiseBatch(ctx context.Context, users []int64) ([]int64, error) {
	result, err := t.tx.ExecContext(ctx, in(raiseInboxes, users), anys(users)...)
	if err != nil {
		return nil, err
	}
	n, err := result.RowsAffected()
	if err != nil || n == int64(len(users)) {
		return users, err
	}
	var there []int64 // the rows of the UPDATE, and perhaps one that was closed a moment ago
	if err := t.tx.SelectContext(ctx, &there, in(`SELECT user_id FROM inboxes WHERE closed = 0 AND user_id IN (?)`, users), anys(users)...); err != nil {
		return nil, err
	}
	if int64(len(there)) != n {
		there = nil
	}
	var raised []int64
	for _, user := range users {
		ok := slices.Contains(there, user)
		if !ok {
			if ok, err = t.raiseOrOpen(ctx, user); err != nil {
				return nil, err
			}
		}
		if ok {
			raised = append(raised, user)
		}
	}
	return raised, nil
}

// raiseOrOpen raises the inbox of a user, or makes it unless the account was deleted. The
// inbox of a deleted account stays closed, or was never made.
func (t *telling) raiseOrOpen(ctx context.Context, user int64) (bool, error) {
	raise := func() (int64, error) {
		return affected(t.tx.ExecContext(ctx, in(raiseInboxes, []int64{user}), user))
	}
	n, err := raise()
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = affected(t.tx.ExecContext(ctx, `INSERT INTO inboxes (user_id, version) SELECT id, 1 `+fromActiveUser, user))
	if err != nil && isDuplicate(err) { // somebody else has just made the inbox
		n, err = raise()
	}
	return n > 0, err
}

// count lets parts of an inbox, which is raised, be counted again at the end of the
// transaction.
func (t *telling) count(user int64, part inboxPart) {
	if known, ok := t.changed[user]; ok {
		t.changed[user] = known | part
	}
}

// countInboxes counts a part of inboxes by an UPDATE, which reads what others have committed.
// A part may have many rows, so that the others are not read.
var countInboxes = map[inboxPart]string{
	partMine: `UPDATE inboxes SET unread = (SELECT COUNT(*) FROM notices n WHERE n.user_id = inboxes.user_id AND n.open = 1 AND n.kind IN (` + mineKinds + `)) WHERE user_id IN (?)`,
	partNews: `UPDATE inboxes SET news = (SELECT COUNT(*) FROM notices n WHERE n.user_id = inboxes.user_id AND n.open = 1 AND n.kind IN (` + newsKinds + `)) WHERE user_id IN (?)`,
}

// finish counts and returns the inboxes that have changed.
func (t *telling) finish(ctx context.Context) (all []sns.Inbox, err error) {
	users := slices.Sorted(maps.Keys(t.changed))
	for _, part := range []inboxPart{partMine, partNews} {
		counted := slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return t.changed[user]&part == 0 })
		for _, batch := range batches(counted) {
			if _, err := t.tx.ExecContext(ctx, in(countInboxes[part], batch), anys(batch)...); err != nil {
				return nil, err
			}
		}
	}
	for _, batch := range batches(users) {
		var rows []inboxRow
		if err := t.tx.SelectContext(ctx, &rows, in(`SELECT user_id, unread, news, version FROM inboxes WHERE user_id IN (?)`, batch), anys(batch)...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			all = append(all, sns.Inbox(row))
		}
	}
	return all, nil
}

type inboxRow struct {
	User    int64 `db:"user_id"`
	Mine    int   `db:"unread"`
	News    int   `db:"news"`
	Version int64 `db:"version"`
}
