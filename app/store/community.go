package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

type communityRow struct {
	Name          string `db:"name"`
	Notice        string `db:"notice"`
	NoticeVersion int64  `db:"notice_version"`
	Rules         string `db:"rules"`
	Contact       string `db:"contact"`
	SignUp        string `db:"sign_up"`
	MinAge        int    `db:"min_age"`
	Invites       int    `db:"invites"`
	FirstDay      bool   `db:"first_day"`
}

// Community returns what administrators have decided of the site.
func (s communityStore) Community(ctx context.Context) (sns.Community, error) {
	var row communityRow
	err := s.get(ctx, &row, `SELECT name, notice, notice_version, rules, contact, sign_up, min_age, invites, first_day FROM community WHERE one = 1`)
	return sns.Community{
		Name: row.Name, Notice: row.Notice, NoticeVersion: row.NoticeVersion, Rules: row.Rules, Contact: row.Contact,
		SignUp: sns.SignUpMode(row.SignUp), MinAge: row.MinAge, Invites: row.Invites, FirstDay: row.FirstDay,
	}, err
}

// SetCommunity changes the community, and writes the act of the administrator who does. The
// version of the notice rises if the notice changes.
func (s communityStore) SetCommunity(ctx context.Context, c sns.Community, act sns.Act) error {
	return s.tx(ctx, func(tx *transaction) error {
		// MySQL assigns in this order, and compares with the notice of before.
		err := change(ctx, tx, `UPDATE community SET notice_version = notice_version + CASE WHEN notice <> ? THEN 1 ELSE 0 END,
			name = ?, notice = ?, rules = ?, contact = ?, sign_up = ?, min_age = ?, invites = ?, first_day = ? WHERE one = 1`,
			c.Notice, c.Name, c.Notice, c.Rules, c.Contact, string(c.SignUp), c.MinAge, c.Invites, boolToInt(c.FirstDay))
		if err != nil {
			return err
		}
		return logAct(ctx, tx, act)
	})
}

// A CommunityCache answers Community from memory, for a moment: every page has the name. A
// CommunityCache is safe for concurrent use.
type CommunityCache struct{ cache[sns.Community] }

// NewCommunityCache returns an empty cache of the community in s.
func NewCommunityCache(s *Store, now func() time.Time) *CommunityCache {
	return &CommunityCache{cache[sns.Community]{load: s.Community, now: now}}
}

// Present returns the community. While another call loads it, or the database does not
// answer, Present returns the community of the last load.
func (c *CommunityCache) Present(ctx context.Context) (sns.Community, error) { return c.get(ctx) }

// Last returns the community of the last load without asking the database, or the zero
// Community.
func (c *CommunityCache) Last() sns.Community {
	if known := c.known.Load(); known != nil {
		return known.value
	}
	return sns.Community{}
}
