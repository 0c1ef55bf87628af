package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// A Member is an account, with when it was last seen; the zero time if that is not known.
type Member struct {
	sns.User
	SeenAt time.Time
}

// membersAtOnce is how many members one query of EachMember reads.
const membersAtOnce = 500

// EachMember passes the accounts that were not deleted to use, the first one first; with a role,
// those alone that have it. EachMember reads some at a time: any number costs no memory.
func (s userStore) EachMember(ctx context.Context, role sns.Role, use func(Member) error) error {
	where, args := `u.id > ? AND u.deleted_at IS NULL`, []any{int64(0)}
	if role != "" {
		where, args = where+` AND u.role = ?`, append(args, role)
	}
	for {
		var rows []struct {
			userRow
			Session int64 `db:"session_at"`
			Network int64 `db:"network_at"`
		}
		err := s.list(ctx, &rows, `SELECT `+userColumns+`,
			COALESCE((SELECT MAX(seen_at) FROM sessions WHERE user_id = u.id), 0) AS session_at,
			COALESCE((SELECT MAX(seen_at) FROM known_networks WHERE user_id = u.id), 0) AS network_at
			FROM users u WHERE `+where+` ORDER BY u.id`+limited(membersAtOnce), args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			m := Member{User: row.user()}
			if at := max(row.Session, row.Network); at > 0 {
				m.SeenAt = timeOf(at)
			}
			if err := use(m); err != nil {
				return err
			}
			args[0] = row.ID
		}
		if len(rows) < membersAtOnce {
			return nil
		}
	}
}
