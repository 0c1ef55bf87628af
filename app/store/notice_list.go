package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"xxsns/app/sns"
)

// inboxKey is the key of Inbox in memory.
type inboxKey struct{ user int64 }

// Inbox returns how many unread notices a user has. The inbox of a user who never had any has
// the version 0.
func (s noticeStore) Inbox(ctx context.Context, user int64) (sns.Inbox, error) {
	return recall(ctx, s.database, regionNotices, inboxKey{user}, func(ctx context.Context) (sns.Inbox, error) {
		row := inboxRow{User: user}
		err := s.one(ctx, []any{&row.Mine, &row.News, &row.Version}, `SELECT unread, news, version FROM inboxes WHERE user_id = ?`, user)
		if errors.Is(err, sns.ErrNotFound) {
			err = nil
		}
		return sns.Inbox(row), err
	})
}

// Notices returns the newest limit notices of a user with ranks below before (0: no bound):
// those under news, those for the user alone, or with a nil news both. Notices whose deeds are
// gone at that very moment are left out.
func (s noticeStore) Notices(ctx context.Context, user int64, news *bool, before int64, limit int) ([]sns.Notice, error) {
	var rows []noticeRow
	for part, read := range map[bool]bool{false: news == nil || !*news, true: news == nil || *news} {
		if !read {
			continue
		}
		some, err := s.noticeRows(ctx, user, part, before, limit)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b noticeRow) int { return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(b.ID, a.ID)) })
	return s.gathered(ctx, rows[:min(len(rows), limit)])
}

// Notice returns a notice of a user, or ErrNotFound.
func (s noticeStore) Notice(ctx context.Context, user, id int64) (sns.Notice, error) {
	var rows []noticeRow
	err := s.list(ctx, &rows, noticeQuery+` WHERE n.user_id = ? AND n.id = ?`, user, id)
	if err != nil {
		return sns.Notice{}, err
	}
	found, err := s.gathered(ctx, rows)
	if err == nil && len(found) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Notice{}, err
	}
	return found[0], nil
}

// gathered returns the notices of rows.
func (s noticeStore) gathered(ctx context.Context, rows []noticeRow) ([]sns.Notice, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	deeds, err := s.deeds(ctx, rows)
	if err != nil {
		return nil, err
	}
	all := make([]gathered, 0, len(rows))
	for _, row := range rows {
		if g, ok := gather(row, deeds[row.ID]); ok {
			all = append(all, g)
		}
	}
	return s.describe(ctx, all)
}

// noticeRows reads the rows of a part of an inbox: each part is in the order of an index.
func (s noticeStore) noticeRows(ctx context.Context, user int64, news bool, before int64, limit int) (rows []noticeRow, err error) {
	where, args := ` WHERE n.user_id = ? AND n.news = ?`, []any{user, news}
	if before > 0 {
		where, args = where+` AND n.ranked < ?`, append(args, before)
	}
	err = s.list(ctx, &rows, noticeQuery+where+` ORDER BY n.ranked DESC, n.id DESC`+limited(limit), args...)
	return rows, err
}

// noticeQuery selects notices with the first words of their things.
const noticeQuery = `SELECT ` + noticeColumns + `, SUBSTR(p.content, 1, 400) AS content, r.name, r.mentor_id
	FROM notices n LEFT JOIN posts p ON p.id = n.post_id LEFT JOIN rooms r ON r.id = n.room_id`

// A gathered is a notice of which the names and words are missing.
type gathered struct {
	sns.Notice
	actors   []int64
	latest   int64 // the comment of the latest deed that has one, or 0
	decision int64 // the latest decision, or 0
}

// gather makes a notice of a row and its deeds, and returns false if no deed is left.
func gather(row noticeRow, deeds []deed) (gathered, bool) {
	g := gathered{Notice: sns.Notice{
		ID: row.ID, Kind: row.Kind, Post: row.Post, Room: row.Room, Title: sns.FirstWords(cmp.Or(row.Content.String, row.RoomName.String)),
		Image: row.Content.Valid && row.Content.String == "", Unread: row.Open.Valid, At: timeOf(row.Changed), Rank: row.Rank,
	}}
	switch row.Kind {
	case sns.NoticeRoom:
		g.actors = []int64{row.Mentor.Int64}
		return g, row.Mentor.Valid
	case sns.NoticeSeat:
		return g, true
	}
	slices.SortFunc(deeds, func(a, b deed) int { return cmp.Compare(b.Ref, a.Ref) }) // the latest first
	if row.Kind == sns.NoticeReport {
		if len(deeds) > 0 {
			g.decision, g.Others = deeds[0].Ref, len(deeds)-1
		}
		return g, len(deeds) > 0
	}
	people, counted := int64(0), map[int64]bool{}
	for _, d := range deeds {
		people += d.People
		if d.Actor == 0 {
			continue
		}
		if !counted[d.Actor] && len(g.actors) < sns.NoticeActors {
			g.actors = append(g.actors, d.Actor)
		}
		counted[d.Actor] = true
		g.Comment, g.Seq, g.latest = d.Comment, d.Seq, cmp.Or(g.latest, d.Comment)
	}
	g.Others = max(int(people), len(counted)) - len(g.actors)
	return g, len(counted) > 0
}

// describe adds the people and the words of comments and decisions to notices.
func (s noticeStore) describe(ctx context.Context, all []gathered) ([]sns.Notice, error) {
	var people, comments, decided []int64
	for _, g := range all {
		people = append(people, g.actors...)
		if g.latest > 0 {
			comments = append(comments, g.latest)
		}
		if g.decision > 0 {
			decided = append(decided, g.decision)
		}
	}
	users, err := userStore(s).Users(ctx, unique(people))
	if err != nil {
		return nil, err
	}
	words := map[int64]string{}
	err = listIn(ctx, s.database, `SELECT c.id, SUBSTR(c.content, 1, 400) AS content FROM comments c WHERE c.id IN (?)`, unique(comments), func(row struct {
		ID      int64  `db:"id"`
		Content string `db:"content"`
	}) {
		words[row.ID] = sns.FirstWords(row.Content)
	})
	if err != nil {
		return nil, err
	}
	decisions, err := s.decisionsOf(ctx, decided)
	notices := make([]sns.Notice, len(all))
	for i, g := range all {
		for _, id := range g.actors {
			g.Actors = append(g.Actors, users[id])
		}
		g.Words, g.Decided, g.Path = words[g.latest], decisions[g.decision].Kind, decisions[g.decision].Path
		if g.decision > 0 {
			g.Words = sns.FirstWords(decisions[g.decision].Note)
		}
		notices[i] = g.Notice
	}
	return notices, err
}

// unique returns ids in order, each once.
func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}
