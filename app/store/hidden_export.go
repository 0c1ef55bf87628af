package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"

	"xxsns/app/sns"
)

// HiddenPostsBy returns the newest limit hidden posts of a user whose id is below before (0: no
// bound), newest first, for the user alone. Counts are those of now.
func (s postStore) HiddenPostsBy(ctx context.Context, user, before int64, limit int) ([]sns.HiddenPost, error) {
	var rows []struct {
		ID        int64          `db:"id"`
		Board     string         `db:"board"`
		Content   string         `db:"content"`
		Town      string         `db:"town"`
		Area      sql.NullString `db:"area"`
		Likes     int            `db:"likes"`
		Comments  int            `db:"comments"`
		CreatedAt int64          `db:"created_at"`
		EditedAt  sql.NullInt64  `db:"edited_at"`
		HiddenAt  int64          `db:"hidden_at"`
	}
	err := s.list(ctx, &rows, `SELECT h.id, b.name AS board, h.content, h.town, k.area, h.created_at, h.edited_at, h.hidden_at,
		(SELECT COUNT(*) FROM likes l WHERE l.post_id = h.id) AS likes, (SELECT COUNT(*) FROM hidden_comments c WHERE c.post_id = h.id) AS comments
		FROM hidden_posts h LEFT JOIN boards b ON b.id = h.board_id LEFT JOIN buckets k ON k.id = h.bucket_id
		WHERE h.user_id = ? AND h.id < ? ORDER BY h.id DESC`+limited(limit), user, cmp.Or(before, math.MaxInt64))
	if err != nil {
		return nil, err
	}
	posts := make([]sns.Post, len(rows))
	for i, r := range rows {
		posts[i] = sns.Post{
			ID: r.ID, Author: sns.User{ID: user}, Board: sns.Board{Name: r.Board}, Content: r.Content, Likes: r.Likes, Comments: r.Comments,
			Location: sns.Location{Area: r.Area.String, Town: r.Town}, CreatedAt: timeOf(r.CreatedAt), EditedAt: timeOrZero(r.EditedAt),
		}
	}
	if err := s.addImages(ctx, posts); err != nil {
		return nil, err
	}
	hidden := make([]sns.HiddenPost, len(rows))
	for i, p := range posts {
		hidden[i] = sns.HiddenPost{Post: p, At: timeOf(rows[i].HiddenAt)}
	}
	return hidden, nil
}

// HiddenCommentsBy is CommentsBy for hidden comments, and those of hidden posts.
func (s exportStore) HiddenCommentsBy(ctx context.Context, user, before int64, limit int) ([]WrittenComment, error) {
	var rows []struct {
		writtenRow
		HiddenAt int64 `db:"hidden_at"`
	}
	err := s.list(ctx, &rows, `SELECT `+writtenColumns+`, c.hidden_at FROM hidden_comments c LEFT JOIN posts p ON p.id = c.post_id LEFT JOIN hidden_posts h ON h.id = c.post_id
		JOIN users u ON u.id = COALESCE(p.user_id, h.user_id)
		WHERE c.user_id = ? AND c.id < ? ORDER BY c.id DESC`+limited(limit), user, cmp.Or(before, math.MaxInt64))
	all := make([]WrittenComment, len(rows))
	for i, row := range rows {
		all[i] = row.comment()
		all[i].HiddenAt = timeOf(row.HiddenAt)
	}
	return all, err
}
