package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// messageQuery selects messages that are saved, not buffered.
const messageQuery = `SELECT room_id, seq, user_id, kind, content, mentions, created_at, deleted, '' AS client_id FROM messages `

type messageRow struct {
	Room      int64           `db:"room_id"`
	Seq       int64           `db:"seq"`
	UserID    int64           `db:"user_id"`
	Kind      sns.MessageKind `db:"kind"`
	Content   string          `db:"content"`
	Mentions  string          `db:"mentions"`
	CreatedAt int64           `db:"created_at"`
	Deleted   bool            `db:"deleted"`
	ClientID  string          `db:"client_id"`
}

func (r messageRow) message() sns.Message {
	return sns.Message{
		Room: r.Room, Seq: r.Seq, Kind: r.Kind, Author: sns.User{ID: r.UserID}, Content: r.Content, Mentions: sns.Mentioned(r.Mentions),
		At: timeOf(r.CreatedAt), Deleted: r.Deleted, ClientID: r.ClientID,
	}
}

// SaveMessages saves messages of an ended room and adds their number to the
// settlement. Messages whose seq is saved already are skipped, so that a batch
// may be repeated; those that were spilled and then erased in the buffer are erased.
// ErrLeaseLost if the token does not hold the settlement any
// more; then nothing is saved.
func (s messageStore) SaveMessages(ctx context.Context, room int64, token string, batch []sns.Message) error {
	if len(batch) == 0 {
		return nil
	}
	err := s.txRepeatable(ctx, func(tx *transaction) error {
		if err := changeHeld(ctx, tx, `saved = saved + ?`, room, token, len(batch)); err != nil {
			return err
		}
		return insertMessages(ctx, tx, room, batch)
	})
	if errors.Is(err, sns.ErrConflict) { // the whole batch was rolled back
		err = s.saveMissing(ctx, room, token, batch)
	}
	return err
}

// saveMissing finds out which messages of a batch are saved already, and saves
// the others. SaveMessages tries the whole batch first, since saved messages
// are rare: only an interrupted settlement or spill leaves them behind.
func (s messageStore) saveMissing(ctx context.Context, room int64, token string, batch []sns.Message) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		// Lock the settlement before the SELECT, so that no other token saves
		// messages in between.
		if err := lockHeld(ctx, tx, room, token); err != nil {
			return err
		}
		missing, err := mergeSaved(ctx, tx, room, batch)
		if err != nil {
			return err
		}
		if err := changeHeld(ctx, tx, `saved = saved + ?`, room, token, len(missing)); err != nil {
			return err
		}
		return insertMessages(ctx, tx, room, missing)
	})
}

// mergeSaved returns the messages of a batch whose seq is not in the database, without
// duplicates, and makes the saved ones like those of the batch. A saved message that
// was erased stays erased: the batch may have been read before.
//
// A saved message that differs in author or time was saved before Redis was restored
// from an older state, which has used the seq again. The message of the batch takes
// the place, since people have seen that one since.
func mergeSaved(ctx context.Context, tx *transaction, room int64, batch []sns.Message) ([]sns.Message, error) {
	first, last := bounds(batch)
	var rows []messageRow
	if err := tx.SelectContext(ctx, &rows, messageQuery+`WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`, room, first, last); err != nil {
		return nil, err
	}
	saved := make(map[int64]sns.Message, len(rows)+len(batch))
	for _, row := range rows {
		saved[row.Seq] = row.message()
	}
	var missing []sns.Message
	for _, m := range batch {
		old, ok := saved[m.Seq]
		if !ok {
			missing = append(missing, m)
			saved[m.Seq] = m
		} else if err := replaceSaved(ctx, tx, room, old, m); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// bounds returns the lowest and the highest seq of messages.
func bounds(batch []sns.Message) (first, last int64) {
	first, last = batch[0].Seq, batch[0].Seq
	for _, m := range batch {
		first, last = min(first, m.Seq), max(last, m.Seq)
	}
	return first, last
}

// replaceSaved makes the saved message old like m, unless both are the same or old was
// erased.
func replaceSaved(ctx context.Context, tx *transaction, room int64, old, m sns.Message) error {
	same := old.Author.ID == m.Author.ID && old.At.UnixMicro() == m.At.UnixMicro()
	if same && (old.Deleted || !m.Deleted) {
		return nil
	}
	if err := changeWaits(ctx, tx, old); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE messages SET user_id = ?, kind = ?, content = ?, mentions = ?, created_at = ?, deleted = ? WHERE room_id = ? AND seq = ?`,
		m.Author.ID, string(m.Kind), m.Content, string(m.Mentions), micros(m.At), m.Deleted, room, m.Seq)
	return err
}

func insertMessages(ctx context.Context, tx *transaction, room int64, batch []sns.Message) error {
	if len(batch) == 0 {
		return nil
	}
	rows := inserting(tx, `INSERT INTO messages (room_id, seq, user_id, kind, content, mentions, created_at, deleted)`)
	for _, m := range batch {
		if err := rows.add(ctx, room, m.Seq, m.Author.ID, string(m.Kind), m.Content, string(m.Mentions), micros(m.At), m.Deleted); err != nil {
			return err
		}
	}
	if err := rows.flush(ctx); err != nil {
		return err
	}
	first, last := bounds(batch)
	return messagesWait(ctx, tx, room, first, last, "")
}

// Messages returns a page of the saved messages of a room, in order of seq. Of
// the authors only ID is set.
func (s messageStore) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	return s.messages(ctx, messageQuery, room, page)
}

// Message returns a saved message, or ErrNotFound.
func (s messageStore) Message(ctx context.Context, room, seq int64) (sns.Message, error) {
	return s.message(ctx, messageQuery, room, seq)
}

// messages returns a page of the messages that query selects.
func (s messageStore) messages(ctx context.Context, query string, room int64, page sns.MessagePage) ([]sns.Message, error) {
	where, order, args := []string{`room_id = ?`, `seq > ?`}, `ORDER BY seq LIMIT ?`, []any{room, page.After}
	if page.Before > 0 {
		where, order, args = append(where, `seq < ?`), `ORDER BY seq DESC LIMIT ?`, append(args, page.Before)
	}
	all := make([]sns.Message, 0, min(page.Limit, 500))
	scan := func(rows *sqlx.Rows) error {
		all = all[:0]
		for rows.Next() {
			var r messageRow // Scan by hand: a settlement reads very many rows, and reflection takes time
			if err := rows.Scan(&r.Room, &r.Seq, &r.UserID, &r.Kind, &r.Content, &r.Mentions, &r.CreatedAt, &r.Deleted, &r.ClientID); err != nil {
				return err
			}
			all = append(all, r.message())
		}
		return rows.Err()
	}
	err := s.query(ctx, scan, query+`WHERE `+strings.Join(where, ` AND `)+` `+order, append(args, page.Limit)...)
	if page.Before > 0 {
		slices.Reverse(all)
	}
	return all, err
}

func (s messageStore) message(ctx context.Context, query string, room, seq int64) (sns.Message, error) {
	var row messageRow
	err := s.get(ctx, &row, query+`WHERE room_id = ? AND seq = ?`, room, seq)
	return row.message(), err
}

// CountMessages returns the number of saved messages of a room.
func (s messageStore) CountMessages(ctx context.Context, room int64) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM messages WHERE room_id = ?`, room)
	return n, err
}

// EraseMessage empties a saved message; the seq stays. Erasing again changes
// nothing. ErrNotFound.
func (s messageStore) EraseMessage(ctx context.Context, room, seq int64) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, `UPDATE messages SET deleted = 1 WHERE room_id = ? AND seq = ?`, room, seq); err != nil {
			return err
		}
		var old string
		if err := tx.GetContext(ctx, &old, `SELECT content FROM messages WHERE room_id = ? AND seq = ?`, room, seq); err != nil || old == "" {
			return err
		}
		if err := messagesWait(ctx, tx, room, seq, seq, old); err != nil {
			return err
		}
		return change(ctx, tx, `UPDATE messages SET content = '', mentions = '' WHERE room_id = ? AND seq = ?`, room, seq)
	})
}
