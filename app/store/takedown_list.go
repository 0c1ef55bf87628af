package store

import (
	"context"
	"database/sql"
	"io"

	"xxsns/app/sns"
)

// takedownColumns are those of a takedownRow, of a takedown t.
const takedownColumns = `t.id, t.post_id, t.author_id, t.name, t.contact, t.harm, t.statement, t.words, t.asked_at, t.state, t.until_at, t.note, t.decided_by,
	t.decided_at, t.objection, t.objected_at, t.ended_at, CASE WHEN ` + postGone + ` THEN 1 ELSE 0 END AS gone`

// A takedownRow is a row of the table takedowns.
type takedownRow struct {
	ID         int64         `db:"id"`
	Post       int64         `db:"post_id"`
	Author     int64         `db:"author_id"`
	Name       string        `db:"name"`
	Contact    string        `db:"contact"`
	Harm       string        `db:"harm"`
	Statement  string        `db:"statement"`
	Words      string        `db:"words"`
	AskedAt    int64         `db:"asked_at"`
	State      string        `db:"state"`
	Until      sql.NullInt64 `db:"until_at"`
	Note       string        `db:"note"`
	DecidedBy  int64         `db:"decided_by"`
	DecidedAt  sql.NullInt64 `db:"decided_at"`
	Objection  string        `db:"objection"`
	ObjectedAt sql.NullInt64 `db:"objected_at"`
	EndedAt    sql.NullInt64 `db:"ended_at"`
	Gone       bool          `db:"gone"`
}

func (r takedownRow) takedown() sns.Takedown {
	t := sns.Takedown{
		ID: r.ID, Post: r.Post, Author: sns.User{ID: r.Author}, Name: r.Name, Contact: r.Contact, Harm: r.Harm, Statement: r.Statement, Words: r.Words,
		AskedAt: timeOf(r.AskedAt), State: sns.TakedownState(r.State), Until: timeOrZero(r.Until), Note: r.Note, DecidedBy: sns.User{ID: r.DecidedBy},
		DecidedAt: timeOrZero(r.DecidedAt), Objection: r.Objection, ObjectedAt: timeOrZero(r.ObjectedAt), EndedAt: timeOrZero(r.EndedAt),
	}
	if r.Gone && !t.State.Ended() {
		t.State = sns.TakedownGone // EndTakedowns writes so a moment later
	}
	return t
}

// Takedown returns a takedown with the list of its proofs. A post that has gone is known at once.
// ErrNotFound.
func (s takedownStore) Takedown(ctx context.Context, id int64) (sns.Takedown, error) {
	all, err := s.takedowns(ctx, `t.id = ?`, ` ORDER BY t.id`, id)
	if err != nil {
		return sns.Takedown{}, err
	}
	if len(all) == 0 {
		return sns.Takedown{}, sns.ErrNotFound
	}
	all[0].Proofs, err = takedownProofs.of(ctx, s.database, id)
	return all[0], err
}

// TakedownOf returns the takedown that hides a post longest, without its proofs. ErrNotFound if
// none does.
func (s takedownStore) TakedownOf(ctx context.Context, post int64) (sns.Takedown, error) {
	all, err := s.takedowns(ctx, `t.post_id = ? AND t.state IN `+hidingStates, ` ORDER BY t.until_at DESC, t.id DESC`+limited(1), post)
	if err == nil && len(all) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Takedown{}, err
	}
	return all[0], nil
}

// TakedownsOn returns the takedowns that hide posts of a user, the newest first.
func (s takedownStore) TakedownsOn(ctx context.Context, author int64, limit int) ([]sns.Takedown, error) {
	return s.takedowns(ctx, `t.author_id = ? AND t.state IN `+hidingStates, ` ORDER BY t.id DESC`+limited(limit), author)
}

// waitingTakedowns are those that wait for an administrator, and whose posts are there.
const waitingTakedowns = `t.state IN ('waiting', 'objected') AND NOT ` + postGone

// Takedowns returns a page of takedowns, without their proofs.
func (s takedownStore) Takedowns(ctx context.Context, p sns.TakedownPage) ([]sns.Takedown, error) {
	where, order, args := waitingTakedowns+` AND t.id > ?`, ` ORDER BY t.id`, []any{p.From}
	switch p.List {
	case sns.TakedownsHiding:
		where = `t.state IN ` + hidingStates + ` AND t.id > ?`
	case sns.TakedownsEnded:
		where, order, args = `t.ended_at IS NOT NULL`, ` ORDER BY t.id DESC`, nil
		if p.From > 0 {
			where, args = where+` AND t.id < ?`, []any{p.From}
		}
	}
	return s.takedowns(ctx, where, order+limited(p.Limit), args...)
}

// CountTakedowns returns how many takedowns wait for an administrator, at most most.
func (s takedownStore) CountTakedowns(ctx context.Context, most int) (n int, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT t.id FROM takedowns t WHERE `+waitingTakedowns+limited(most)+`) counted`)
	return n, err
}

// takedowns returns takedowns with their people as they are now.
func (s takedownStore) takedowns(ctx context.Context, where, order string, args ...any) ([]sns.Takedown, error) {
	var rows []takedownRow
	if err := s.list(ctx, &rows, `SELECT `+takedownColumns+` FROM takedowns t WHERE `+where+order, args...); err != nil {
		return nil, err
	}
	ids := make([]int64, 0, 2*len(rows))
	for _, row := range rows {
		ids = append(ids, row.Author, row.DecidedBy)
	}
	users, err := (userStore)(s).Users(ctx, ids)
	all := make([]sns.Takedown, len(rows))
	for i, row := range rows {
		all[i] = row.takedown()
		for _, u := range []*sns.User{&all[i].Author, &all[i].DecidedBy} {
			if known, ok := users[u.ID]; ok {
				*u = known
			}
		}
	}
	return all, err
}

// WriteProof writes the content of a proof to w, a part at a time. ErrNotFound if the proof is gone.
func (s takedownStore) WriteProof(ctx context.Context, w io.Writer, takedown int64, p sns.Document) error {
	return takedownProofs.write(ctx, s.database, w, takedown, p)
}
