package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// nameFormMost bounds the column users.search, in characters.
const nameFormMost = 1000

// personForm returns the value of the column users.search: the text in which a person is
// found.
func personForm(username, status string) string {
	form := []rune(sns.NameForm(username, status))
	return string(form[:min(len(form), nameFormMost)])
}

// nameUsers sets the column users.search of accounts. Those that change meanwhile are left out:
// their names are set in the transactions of the changes.
func nameUsers(ctx context.Context, tx *transaction, ids []int64) error {
	var rows []struct {
		ID       int64  `db:"id"`
		Username string `db:"username"`
		Status   string `db:"status_message"`
	}
	for _, batch := range batches(ids) {
		if err := tx.SelectContext(ctx, &rows, in(`SELECT id, username, status_message FROM users WHERE id IN (?) ORDER BY id`, batch), anys(batch)...); err != nil {
			return err
		}
		for _, row := range rows {
			_, err := tx.ExecContext(ctx, `UPDATE users SET search = ? WHERE id = ? AND username = ? AND status_message = ?`,
				personForm(row.Username, row.Status), row.ID, row.Username, row.Status)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// SearchPeople returns the people seen by the viewer whose name, initials and status message have the words of a
// question, the newest accounts first, and the cursor of the next page. The words may be short.
// sns.ErrNotFound if there is no such cursor.
func (s searchStore) SearchPeople(ctx context.Context, q sns.Search) (found []sns.User, next string, err error) {
	before, err := searchCursor(q.Before)
	if err != nil || len(q.Words) == 0 {
		return nil, "", err
	}
	where, args := `u.deleted_at IS NULL AND u.id < ?`, []any{before}
	for _, word := range q.Words {
		where, args = where+` AND INSTR(u.search, ?) > 0`, append(args, word)
	}
	if where, args, err = s.seen(ctx, `u.id`, q.Viewer.ID, where, args); err != nil {
		return nil, "", err
	}
	var rows []userRow
	err = s.list(ctx, &rows, `SELECT `+userColumns+` FROM users u WHERE `+where+` ORDER BY u.id DESC`+limited(q.Limit+1), args...)
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		next = strconv.FormatInt(rows[q.Limit-1].ID, 10)
	}
	return users(rows), next, err
}

func users(rows []userRow) []sns.User {
	all := make([]sns.User, len(rows))
	for i, row := range rows {
		all[i] = row.user()
	}
	return all
}

// CompletePeople returns people whose name, or the initials of whose name, begin with a text:
// those in the room or under the post first, then those whom the viewer follows, then those
// with the most followers. The viewer must be inside the room.
func (s searchStore) CompletePeople(ctx context.Context, c sns.Completion) ([]sns.User, error) {
	near, err := s.near(ctx, c)
	if err != nil {
		return nil, err
	}
	begin := sns.FoldText(c.Text)
	const matching = `u.deleted_at IS NULL AND u.id <> ? AND (INSTR(u.search, ?) = 1 OR INSTR(u.search, ?) > 0)`
	where, args, err := s.seen(ctx, `u.id`, c.Viewer.ID, matching, []any{c.Viewer.ID, begin, "\n" + begin})
	if err != nil {
		return nil, err
	}
	var rows []userRow
	for _, batch := range batches(slices.Sorted(maps.Keys(near))) {
		var some []userRow
		batch = padded(batch)
		err := s.list(ctx, &some, in(`SELECT `+userColumns+` FROM users u WHERE u.id IN (?) AND `+where+` ORDER BY u.id DESC`, batch), append(anys(batch), args...)...)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	if found := begins(rows, begin); len(found) >= c.Limit {
		return nearest(found, near, c.Limit), nil
	}
	// The words of a status message match, too, and are left out below.
	var others []userRow
	err = s.list(ctx, &others, `SELECT `+userColumns+` FROM users u WHERE `+where+` ORDER BY u.follower_count DESC, u.id DESC`+limited(completedMost), args...)
	return nearest(begins(append(rows, others...), begin), near, c.Limit), err
}

// completedMost bounds the people among whom CompletePeople chooses, beside those near.
const completedMost = 200

// begins returns the users whose name or initials begin with a folded text.
func begins(rows []userRow, begin string) []sns.User {
	return slices.DeleteFunc(users(rows), func(u sns.User) bool {
		name := sns.FoldText(u.Username)
		return !strings.HasPrefix(name, begin) && !strings.HasPrefix(sns.Initials(name), begin)
	})
}

// nearest returns the first limit users in the order of CompletePeople, each once.
func nearest(found []sns.User, near map[int64]int, limit int) []sns.User {
	slices.SortFunc(found, func(a, b sns.User) int {
		return cmp.Or(cmp.Compare(near[b.ID], near[a.ID]), cmp.Compare(b.Followers, a.Followers), cmp.Compare(b.ID, a.ID))
	})
	found = slices.CompactFunc(found, func(a, b sns.User) bool { return a.ID == b.ID })
	return found[:min(len(found), limit)]
}

// near returns how near people are to the viewer: 1 if followed, 2 if in the room or under the
// post, 3 if both.
func (s searchStore) near(ctx context.Context, c sns.Completion) (map[int64]int, error) {
	near := map[int64]int{}
	add := func(much int, query string, args ...any) error {
		var ids []int64
		err := s.list(ctx, &ids, query, args...)
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			near[id] += much
		}
		return err
	}
	if err := add(1, `SELECT followee_id FROM follows WHERE follower_id = ?`, c.Viewer.ID); err != nil {
		return nil, err
	}
	if c.Room != 0 {
		err := add(2, `SELECT p.user_id FROM participants p JOIN participants v ON v.room_id = p.room_id AND v.user_id = ? AND v.active = 1
			WHERE p.room_id = ? AND p.active = 1`, c.Viewer.ID, c.Room)
		if err != nil {
			return nil, err
		}
	}
	if c.Post == 0 {
		return near, nil
	}
	const newest = 500 // comments
	return near, add(2, `SELECT p.user_id FROM posts p WHERE p.id = ? UNION ALL SELECT user_id FROM
		(SELECT c.user_id FROM comments c WHERE c.post_id = ? ORDER BY c.id DESC`+limited(newest)+`) counted`, c.Post, c.Post)
}
