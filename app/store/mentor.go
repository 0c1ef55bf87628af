package store

import (
	"context"

	"xxsns/app/sns"
)

// Mentors returns limit mentors whom a viewer sees, the latest account first, with ids below
// before (0: no bound), and what each has led.
func (s userStore) Mentors(ctx context.Context, viewer, before int64, limit int) ([]sns.Mentor, error) {
	from, args, err := s.seen(ctx, `u.id`, viewer, ` FROM users u WHERE u.role = ? AND u.deleted_at IS NULL`, []any{sns.RoleMentor})
	if err != nil {
		return nil, err
	}
	if before > 0 {
		from, args = from+` AND u.id < ?`, append(args, before)
	}
	var rows []userRow
	if err := s.list(ctx, &rows, `SELECT `+userColumns+from+` ORDER BY u.id DESC`+limited(limit), args...); err != nil {
		return nil, err
	}
	all, ids, at := make([]sns.Mentor, len(rows)), make([]int64, len(rows)), map[int64]int{}
	for i, row := range rows {
		all[i], ids[i], at[row.ID] = sns.Mentor{User: row.user()}, row.ID, i
	}
	type led struct {
		Mentor int64 `db:"mentor_id"`
		Rooms  int   `db:"led"`
		Last   int64 `db:"last_at"`
	}
	err = listIn(ctx, s.database, `SELECT mentor_id, COUNT(*) AS led, MAX(created_at) AS last_at FROM rooms WHERE mentor_id IN (?) GROUP BY mentor_id`, ids, func(l led) {
		all[at[l.Mentor]].Rooms, all[at[l.Mentor]].LastAt = l.Rooms, timeOf(l.Last)
	})
	return all, err
}
