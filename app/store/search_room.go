package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"

	"xxsns/app/sns"
)

// SearchBoards returns the boards whose names, or the initials of whose names, have the words
// of a question, in order.
func (s searchStore) SearchBoards(ctx context.Context, q sns.Search) ([]sns.Board, error) {
	if len(q.Words) == 0 {
		return nil, nil
	}
	boards, err := boardStore(s).Boards(ctx)
	return slices.DeleteFunc(boards, func(b sns.Board) bool { return !q.MatchesName(b.Name) }), err
}

// SearchRooms returns the rooms whose topic, mentor and notice have the words of a question,
// newest first, and the cursor of the next page: open rooms, and ended ones whose messages the
// viewer may read. Notices are searched, and returned, if the viewer may read the messages.
// Strangers find none. sns.ErrSlow comes with what was found; sns.ErrNotFound if there is no
// such cursor.
func (s searchStore) SearchRooms(ctx context.Context, q sns.Search) (found []sns.ViewedRoom, next string, err error) {
	before, err := searchCursor(q.Before)
	if err != nil || len(q.Words) == 0 || q.Viewer.ID == 0 {
		return nil, "", err
	}
	brief, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	reach, err := s.Reach(brief, q.Viewer)
	if err != nil {
		return nil, "", err
	}
	ids, err := s.roomsNamed(brief, q, reach, before)
	if err != nil && ctx.Err() == nil && brief.Err() != nil {
		err = sns.ErrSlow
	}
	if len(ids) > q.Limit {
		ids = ids[:q.Limit]
		next = strconv.FormatInt(ids[q.Limit-1], 10)
	}
	if len(ids) == 0 {
		return nil, "", err
	}
	found, errRead := s.viewedRooms(ctx, ids, q.Viewer.ID, reach)
	return found, next, cmp.Or(errRead, err)
}

// viewedRooms returns rooms, newest first, without the notices that the viewer may not read.
func (s searchStore) viewedRooms(ctx context.Context, ids []int64, viewer int64, reach Reach) ([]sns.ViewedRoom, error) {
	ids = padded(ids)
	var rows []viewedRoomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+membershipColumns+roomTables+in(`WHERE r.id IN (?) ORDER BY r.id DESC`, ids),
		append([]any{viewer, viewer, viewer}, anys(ids)...)...)
	all := make([]sns.ViewedRoom, len(rows))
	for i, row := range rows {
		all[i] = sns.ViewedRoom{Room: row.room(), Membership: row.membership()}
		if !reach.May(all[i].Room) {
			all[i].Notice = ""
		}
	}
	return all, err
}

// A namedRoom is what rooms are found by.
type namedRoom struct {
	ID      int64          `db:"id"`
	Name    string         `db:"name"`
	Notice  string         `db:"notice"`
	EndedAt sql.NullInt64  `db:"ended_at"`
	Mentor  sql.NullString `db:"mentor"`
}

const namedRoomQuery = `SELECT r.id, r.name, r.notice, r.ended_at, u.username AS mentor FROM rooms r LEFT JOIN users u ON u.id = r.mentor_id WHERE `

// roomsNamed returns the ids of the rooms that a question finds, with ids below before, newest
// first: more than the limit if there are more. Texts are compared here, as those of posts.
func (s searchStore) roomsNamed(ctx context.Context, q sns.Search, reach Reach, before int64) (found []int64, err error) {
	open := namedRoomQuery + `r.ended_at IS NULL AND r.id < ? ORDER BY r.id DESC`
	if reach.user.Role.Is(sns.RoleAdmin) {
		open = namedRoomQuery + `r.id < ? ORDER BY r.id DESC`
	}
	const batch = 500
	for from := before; len(found) <= q.Limit; {
		var rooms []namedRoom
		if err := s.list(ctx, &rooms, open+limited(batch), from); err != nil {
			return found, err
		}
		found = append(found, matching(rooms, q.Question, reach)...)
		if len(rooms) < batch {
			break
		}
		from = rooms[len(rooms)-1].ID
	}
	if reach.user.Role.Is(sns.RoleAdmin) {
		return found, nil
	}
	within := slices.DeleteFunc(slices.Sorted(maps.Keys(reach.rooms)), func(id int64) bool { return id >= before })
	err = listIn(ctx, s.database, namedRoomQuery+`r.ended_at > 0 AND r.id IN (?)`, within, func(room namedRoom) {
		found = append(found, matching([]namedRoom{room}, q.Question, reach)...)
	})
	slices.SortFunc(found, func(a, b int64) int { return cmp.Compare(b, a) })
	return found, err
}

// matching returns the ids of the rooms that a question finds.
func matching(rooms []namedRoom, q sns.Question, reach Reach) (ids []int64) {
	for _, r := range rooms {
		notice := ""
		if reach.May(sns.Room{ID: r.ID, EndedAt: timeOrZero(r.EndedAt)}) {
			notice = r.Notice
		}
		mentor := sns.FoldText(r.Mentor.String)
		if q.MatchesName(r.Name, mentor, sns.Initials(mentor), notice) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
