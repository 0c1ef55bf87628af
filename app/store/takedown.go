package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// hidingStates and openStates select takedowns by their state.
const (
	hidingStates = `('hides', 'objected')`
	openStates   = `('waiting', 'hides', 'objected')`
)

// AskTakedown keeps a takedown with its proofs, and returns the id. A takedown with the same form
// key is not kept again: again is then true, and id is that of the first time. ErrNotFound if
// there is no such post, shown or hidden.
func (s takedownStore) AskTakedown(ctx context.Context, t sns.Takedown) (id int64, again bool, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		author, words, err := lockPost(ctx, tx, t.Post)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO takedowns (post_id, author_id, name, contact, harm, statement, words, form_key, asked_at, state, note, decided_by, objection)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, '')`,
			t.Post, author, t.Name, t.Contact, t.Harm, t.Statement, words, nullable(t.Key), micros(t.AskedAt), string(sns.TakedownWaiting))
		if err != nil {
			return err
		}
		if err := takedownProofs.keep(ctx, tx, id, t.Proofs); err != nil {
			return err
		}
		return mailAsker(ctx, tx, id, t.Contact, t.AskedAt)
	})
	if errors.Is(err, sns.ErrConflict) && t.Key != "" {
		err = s.get(ctx, &id, `SELECT id FROM takedowns WHERE form_key = ?`, t.Key)
		return id, err == nil, err
	}
	return id, false, err
}

// lockPost locks a post, shown or hidden, and returns its author and first words. ErrNotFound.
func lockPost(ctx context.Context, tx *transaction, post int64) (author int64, words string, err error) {
	for _, table := range []string{`posts`, `hidden_posts`} {
		if err = lockRow(ctx, tx, table, `id = ?`, post); errors.Is(err, sns.ErrNotFound) {
			continue
		}
		if err == nil {
			err = tx.QueryRowContext(ctx, `SELECT user_id, content FROM `+table+` WHERE id = ?`, post).Scan(&author, &words)
		}
		return author, sns.Beginning(words, sns.EvidenceWords), err
	}
	return 0, "", err
}

// mailAsker queues a mail that says how a takedown stands, if the contact of the asker is an
// address. The mail is made when it is sent, so that one that waits already is enough.
func mailAsker(ctx context.Context, tx *transaction, id int64, contact string, now time.Time) error {
	if sns.ContactAddress(contact) == "" {
		return nil
	}
	return queueMail(ctx, tx, sns.Mail{Kind: sns.MailTakedown, To: strconv.FormatInt(id, 10), CreatedAt: now}, now)
}

// RuleTakedown decides about a takedown: the post is hidden, shown again or deleted, author and
// asker are told, and the act is logged, all at once. by must be an administrator still, else
// sns.ErrForbidden. sns.ErrConflict if somebody else has decided, the time is over or the post has
// gone; sns.Invalid about a post of one's own.
func (s takedownStore) RuleTakedown(ctx context.Context, r sns.TakedownRuling) (h sns.Hiding, err error) {
	known, err := s.Takedown(ctx, r.Takedown)
	if err != nil {
		return h, err
	}
	switch {
	case known.State.Ended(): // the post may have gone, which no row says yet
		return h, sns.ErrConflict
	case known.Author.ID == r.By.ID:
		return h, sns.Invalid{{Field: "form", Key: "takedown.oneself"}}
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockAdmin(ctx, tx, r.By.ID, r.At); err != nil {
			return err
		}
		if err := lockTakedowns(ctx, tx, known.Post); err != nil {
			return err
		}
		if err := ruleTakedown(ctx, tx, r); err != nil {
			return err
		}
		if h, err = t.carryOutTakedown(ctx, known, r); err != nil {
			return err
		}
		err := logAct(ctx, tx, sns.Act{By: r.By, Kind: takedownActs[r.Verdict], User: known.Author, Thing: adminTakedown(r.Takedown), Note: r.Note, At: r.At})
		if err != nil {
			return err
		}
		return mailAsker(ctx, tx, known.ID, known.Contact, r.At)
	})
	return h, err
}

// lockTakedowns locks all takedowns of a post: whether one shows or hides the post depends on the
// others.
func lockTakedowns(ctx context.Context, tx *transaction, post int64) error {
	return lockRow(ctx, tx, `takedowns`, `post_id = ?`, post)
}

// adminTakedown returns the path of the page of a takedown for administrators.
func adminTakedown(id int64) string { return "/admin/takedowns/" + strconv.FormatInt(id, 10) }

// takedownActs are the acts of verdicts.
var takedownActs = map[sns.TakedownVerdict]sns.ActKind{
	sns.TakedownAccept: sns.ActTakedown, sns.TakedownDecline: sns.ActTakedownDecline,
	sns.TakedownRestore: sns.ActTakedownRestore, sns.TakedownDelete: sns.ActTakedownDelete,
}

// ruleTakedown writes a verdict into a takedown that waits for it. sns.ErrConflict if it does so no
// more.
func ruleTakedown(ctx context.Context, tx *transaction, r sns.TakedownRuling) error {
	const decided = `, note = ?, decided_by = ?, decided_at = ? WHERE id = ? AND `
	const hides = `state IN ` + hidingStates + ` AND until_at > ?`
	args := []any{r.Note, r.By.ID, micros(r.At), r.Takedown}
	var err error
	switch r.Verdict {
	case sns.TakedownAccept:
		err = change(ctx, tx, `UPDATE takedowns SET state = 'hides', until_at = ?`+decided+`state = 'waiting'`, append([]any{micros(r.At.Add(sns.TakedownTime))}, args...)...)
	case sns.TakedownDecline:
		err = change(ctx, tx, `UPDATE takedowns SET state = 'declined', ended_at = ?`+decided+`state = 'waiting'`, append([]any{micros(r.At)}, args...)...)
	case sns.TakedownRestore:
		err = change(ctx, tx, `UPDATE takedowns SET state = 'restored', ended_at = ?`+decided+hides, append(append([]any{micros(r.At)}, args...), micros(r.At))...)
	case sns.TakedownDelete:
		err = change(ctx, tx, `UPDATE takedowns SET state = 'deleted', ended_at = ?`+decided+hides, append(append([]any{micros(r.At)}, args...), micros(r.At))...)
	}
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrConflict
	}
	return err
}

// carryOutTakedown does with the post what a verdict says, and tells the author, unless nothing has
// happened to the author.
func (t *telling) carryOutTakedown(ctx context.Context, known sns.Takedown, r sns.TakedownRuling) (h sns.Hiding, err error) {
	switch r.Verdict {
	case sns.TakedownAccept:
		hidden, err := t.hidePost(ctx, known.Post, byTakedown, r.At)
		if errors.Is(err, sns.ErrNotFound) {
			return h, sns.ErrConflict
		}
		if err != nil {
			return h, err
		}
		if hidden {
			h.Gone = sns.Reported{Kind: sns.ReportPost, Thing: known.Post}
		}
		return h, t.tellAuthor(ctx, known, sns.DecisionTakenDown, r.Note, r.At)
	case sns.TakedownRestore:
		return h, t.showTakenDown(ctx, known, sns.DecisionPutBack, r.Note, r.At)
	case sns.TakedownDelete:
		if h.Images, err = t.eraseHiddenPost(ctx, known.Post); err != nil {
			return h, err
		}
		h.Gone = sns.Reported{Kind: sns.ReportPost, Thing: known.Post}
		return h, t.tellAuthor(ctx, known, sns.DecisionTakenAway, r.Note, r.At)
	case sns.TakedownDecline:
	}
	return h, nil
}

// showTakenDown shows a post again and tells the author, unless another takedown or a report hides
// the post.
func (t *telling) showTakenDown(ctx context.Context, known sns.Takedown, tells sns.DecisionKind, note string, now time.Time) error {
	var others int
	if err := t.tx.GetContext(ctx, &others, `SELECT COUNT(*) FROM takedowns WHERE post_id = ? AND state IN `+hidingStates, known.Post); err != nil || others > 0 {
		return err
	}
	err := t.showPost(ctx, known.Post, byTakedown)
	if err != nil {
		return ignoring(err, sns.ErrNotFound)
	}
	return t.tellAuthor(ctx, known, tells, note, now)
}

// tellAuthor tells the author of a post what became of a takedown. The page of the notice is the
// author's own: its address has no token, and works for the author alone.
func (t *telling) tellAuthor(ctx context.Context, known sns.Takedown, kind sns.DecisionKind, note string, now time.Time) error {
	return t.decide(ctx, sns.Decision{
		User: known.Author.ID, Kind: kind, Note: told(known.Words, note), Path: "/takedown/" + strconv.FormatInt(known.ID, 10), At: now,
	})
}

// ObjectTakedown keeps the objection of the author. sns.ErrConflict if the author has objected
// before, or the takedown hides the post no more.
func (s takedownStore) ObjectTakedown(ctx context.Context, id, author int64, text string, now time.Time) error {
	err := s.changeOne(ctx, `UPDATE takedowns SET state = 'objected', objection = ?, objected_at = ? WHERE id = ? AND author_id = ? AND state = 'hides' AND until_at > ?`,
		text, micros(now), id, author, micros(now))
	if errors.Is(err, sns.ErrNotFound) {
		err = sns.ErrConflict
	}
	return err
}
