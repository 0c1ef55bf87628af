package store

import (
	"context"
	"strings"
	"time"

	"xxsns/app/sns"
)

// The table search_waits has a row for each change of a text that the index does not have yet,
// written in the transaction of the change: that costs less than the grams themselves, which
// IndexSearch writes in batches. Until then searches read the text itself.

const insertWait = `INSERT INTO search_waits (kind, doc, first_seq, last_seq, old_text)`

// waitForIndex records that a text is new, or has changed or gone. old is what the index may
// have of the text.
func waitForIndex(ctx context.Context, tx *transaction, kind searchKind, id int64, old ...string) error {
	_, err := tx.ExecContext(ctx, insertWait+` VALUES (?, ?, 0, 0, ?)`, kind, id, strings.Join(old, "\n"))
	return err
}

// commentsWait records that the comments that a condition selects are about to be changed or
// deleted. The caller has locked their post, so that their texts stay until then.
func commentsWait(ctx context.Context, tx *transaction, where string, args ...any) error {
	_, err := tx.ExecContext(ctx, insertWait+` SELECT ?, id, 0, 0, content FROM comments WHERE `+where, append([]any{searchedComments}, args...)...)
	return err
}

// postWaits records that a post is about to be changed or deleted. The caller has locked the
// post.
func postWaits(ctx context.Context, tx *transaction, post int64) error {
	texts, err := postTextsIn(ctx, tx, []int64{post})
	if err != nil {
		return err
	}
	return waitForIndex(ctx, tx, searchedPosts, post, texts[post])
}

// messagesWait records that messages of a room are saved, or have changed. old is what the
// index may have of those that have changed.
func messagesWait(ctx context.Context, tx *transaction, room, first, last int64, old string) error {
	_, err := tx.ExecContext(ctx, insertWait+` VALUES (?, ?, ?, ?, ?)`, searchedMessages, room, first, last, old)
	return err
}

// newestAgain is how many texts of a kind wait again.
const newestAgain = 200

// IndexNewestAgain lets the newest texts wait for the index again, and the messages of rooms
// that were settled after a time, and names the newest people who have no name there: a replica of a version
// without searches writes past both while an update runs. The server calls IndexNewestAgain
// at its start, when the replica before has stopped.
func (s searchStore) IndexNewestAgain(ctx context.Context, settled time.Time) error {
	newest := ` ORDER BY t.id DESC` + limited(newestAgain)
	// Read apart, since INSERT … SELECT locks what is read, and who writes posts would wait.
	var waits []waitRow
	for _, kind := range []searchKind{searchedPosts, searchedComments} {
		var some []waitRow
		err := s.list(ctx, &some, `SELECT t.id AS doc, t.content AS old_text FROM `+tables[kind]+` t`+newest)
		if err != nil {
			return err
		}
		for _, w := range some {
			w.Kind = kind
			waits = append(waits, w)
		}
	}
	var ended []waitRow
	err := s.list(ctx, &ended, `SELECT e.room_id AS doc, e.total AS last_seq FROM end_rooms e WHERE e.executed_at > ? AND e.total > 0 ORDER BY e.room_id`, micros(settled))
	if err != nil {
		return err
	}
	for _, w := range ended {
		w.Kind, w.First = searchedMessages, 1
		waits = append(waits, w)
	}
	var people []int64
	if err := s.list(ctx, &people, `SELECT t.id FROM users t WHERE t.deleted_at IS NULL AND t.search = ''`+newest); err != nil {
		return err
	}
	return s.txRepeatable(ctx, func(tx *transaction) error {
		rows := inserting(tx, insertWait)
		for _, w := range waits {
			if err := rows.add(ctx, w.Kind, w.Doc, w.First, w.Last, w.Old); err != nil {
				return err
			}
		}
		if err := rows.flush(ctx); err != nil {
			return err
		}
		return nameUsers(ctx, tx, people)
	})
}

// postTextsIn returns the folded texts in which posts are found, as of a transaction. Posts
// that do not exist are missing from the map.
func postTextsIn(ctx context.Context, tx *transaction, ids []int64) (map[int64]string, error) {
	posts := make(map[int64]*sns.Post, len(ids))
	var rows []struct {
		ID      int64  `db:"id"`
		Content string `db:"content"`
		Town    string `db:"town"`
		Area    string `db:"area"`
	}
	err := tx.SelectContext(ctx, &rows, in(`SELECT p.id, p.content, p.town, COALESCE(k.area, '') AS area
		FROM posts p LEFT JOIN buckets k ON k.id = p.bucket_id WHERE p.id IN (?)`, ids), anys(ids)...)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		posts[row.ID] = &sns.Post{Content: row.Content, Location: sns.Location{Area: row.Area, Town: row.Town}}
	}
	var alts []struct {
		Post int64  `db:"post_id"`
		Alt  string `db:"alt"`
	}
	err = tx.SelectContext(ctx, &alts, in(`SELECT post_id, alt FROM post_images WHERE post_id IN (?) ORDER BY post_id, position`, ids), anys(ids)...)
	if err != nil {
		return nil, err
	}
	for _, row := range alts {
		if p := posts[row.Post]; p != nil {
			p.Images = append(p.Images, sns.PostImage{Alt: row.Alt})
		}
	}
	texts := make(map[int64]string, len(posts))
	for id, p := range posts {
		texts[id] = p.Searched()
	}
	return texts, nil
}

// commentTextsIn is postTextsIn for comments.
func commentTextsIn(ctx context.Context, tx *transaction, ids []int64) (map[int64]string, error) {
	var rows []struct {
		ID      int64  `db:"id"`
		Content string `db:"content"`
	}
	err := tx.SelectContext(ctx, &rows, in(`SELECT id, content FROM comments WHERE id IN (?)`, ids), anys(ids)...)
	texts := make(map[int64]string, len(rows))
	for _, row := range rows {
		texts[row.ID] = sns.FoldText(row.Content)
	}
	return texts, err
}
