package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A Reach tells of which rooms a user may read the messages.
type Reach struct {
	user  sns.User
	rooms map[int64]bool // open ones inside, and ended ones in which the user was and was not removed
}

// May reports whether the user may read the messages of a room, as sns.Room.MayRead does.
func (r Reach) May(room sns.Room) bool {
	return r.rooms[room.ID] || room.Ended() && r.user.Role.Is(sns.RoleAdmin)
}

// mayHave is May without the room, of which an administrator may need more.
func (r Reach) mayHave(room int64) bool { return r.rooms[room] || r.user.Role.Is(sns.RoleAdmin) }

// Reach returns the reach of a user; that of a stranger is empty.
func (s searchStore) Reach(ctx context.Context, user sns.User) (Reach, error) {
	var rows []struct {
		Room    int64 `db:"room_id"`
		Inside  int   `db:"inside_now"`
		Removed int   `db:"ever_removed"`
		EndedAt int64 `db:"ended_at"`
	}
	err := s.list(ctx, &rows, `SELECT p.room_id, COALESCE(p.active, 0) AS inside_now, p.removed AS ever_removed, COALESCE(r.ended_at, 0) AS ended_at
		FROM participants p JOIN rooms r ON r.id = p.room_id WHERE p.user_id = ?`, user.ID)
	removed, reach := map[int64]bool{}, Reach{user, map[int64]bool{}}
	for _, row := range rows {
		removed[row.Room] = removed[row.Room] || row.Removed > 0
	}
	for _, row := range rows {
		if row.EndedAt > 0 && !removed[row.Room] || row.EndedAt == 0 && row.Inside > 0 {
			reach.rooms[row.Room] = true
		}
	}
	return reach, err
}

// A MessageCursor is the place of a message in the order of searches: newest first.
type MessageCursor struct{ At, Room, Seq int64 }

// CursorOf returns the place of a message.
func CursorOf(m sns.Message) MessageCursor { return MessageCursor{m.At.UnixMicro(), m.Room, m.Seq} }

// ParseMessageCursor returns the cursor of a text; an empty one is that of the newest.
// sns.ErrNotFound if there is no such cursor.
func ParseMessageCursor(raw string) (c MessageCursor, err error) {
	if raw == "" {
		return MessageCursor{At: maxID}, nil
	}
	if n, err := fmt.Sscanf(raw, "%d.%d.%d", &c.At, &c.Room, &c.Seq); err != nil || n != 3 || c.String() != raw {
		return c, sns.ErrNotFound
	}
	return c, nil
}

// String returns the text of a cursor.
func (c MessageCursor) String() string { return fmt.Sprintf("%d.%d.%d", c.At, c.Room, c.Seq) }

// Compare returns -1 if c is newer than other, 0 if both are the same, and otherwise 1.
func (c MessageCursor) Compare(other MessageCursor) int {
	return cmp.Or(cmp.Compare(other.At, c.At), cmp.Compare(other.Room, c.Room), cmp.Compare(other.Seq, c.Seq))
}

// A MessageSearch collects the newest messages after a cursor that a question finds.
type MessageSearch struct {
	sns.Question
	Reach  Reach
	After  MessageCursor
	Limit  int   // how many are needed
	author int64 // of from:, or 0

	found map[MessageCursor]sns.Message
	rooms map[int64]sns.Room
}

// NewMessageSearch returns the search of a viewer, or nil if the question finds no messages: a
// board has none.
func (s searchStore) NewMessageSearch(ctx context.Context, q sns.Search) (*MessageSearch, error) {
	after, err := ParseMessageCursor(q.Before)
	if err != nil || !q.FindsTexts() || q.Board != "" || q.Viewer.ID == 0 {
		return nil, err
	}
	n, err := s.narrow(ctx, q)
	if err != nil || n.none {
		return nil, err
	}
	reach, err := s.Reach(ctx, q.Viewer)
	return &MessageSearch{
		Question: q.Question, Reach: reach, After: after, Limit: q.Limit + 1, author: n.author,
		found: map[MessageCursor]sns.Message{}, rooms: map[int64]sns.Room{},
	}, err
}

// Add adds those of some messages that the question finds. The caller has asked Reach.
func (m *MessageSearch) Add(messages []sns.Message) {
	for _, one := range messages {
		if m.author != 0 && one.Author.ID != m.author || m.After.Compare(CursorOf(one)) >= 0 {
			continue
		}
		if text := one.Searched(); text != "" && m.Matches(text) {
			m.found[CursorOf(one)] = one
		}
	}
}

// Enough reports whether no message up to a time, in microseconds, can be among the newest.
// Clocks of replicas differ: the messages of a room may be out of order by less than slack.
func (m *MessageSearch) Enough(at int64) bool {
	newer := 0
	for c := range m.found {
		if c.At > at {
			newer++
		}
	}
	return newer >= m.Limit
}

// Found returns the newest messages, at most one more than asked for.
func (m *MessageSearch) Found() []sns.Message {
	all := make([]sns.Message, 0, len(m.found))
	for _, one := range m.found {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b sns.Message) int { return CursorOf(a).Compare(CursorOf(b)) })
	return all[:min(len(all), m.Limit)]
}

// clockSlack is by how much the messages of a room may be out of order.
const clockSlack = int64(time.Minute / time.Microsecond)

// linesAtOnce is how many messages are read at once, from the newest on.
const linesAtOnce = 500

// AddBackwards adds the messages of a room, of which page returns pages from the newest on,
// until those that are left are too old.
func (m *MessageSearch) AddBackwards(last int64, page func(before int64, limit int) ([]sns.Message, error)) error {
	for before := last + 1; ; {
		lines, err := page(before, linesAtOnce)
		m.Add(lines)
		if err != nil || len(lines) < linesAtOnce || m.Enough(lines[0].At.UnixMicro()+clockSlack) {
			return err
		}
		before = lines[0].Seq
	}
}

// SearchSaved adds saved messages: those that wait for the index, then those in the index.
func (s searchStore) SearchSaved(ctx context.Context, m *MessageSearch) error {
	var waits []waitRow
	err := s.list(ctx, &waits, `SELECT id, kind, doc, first_seq, last_seq, old_text FROM search_waits WHERE kind = ? ORDER BY doc DESC`, searchedMessages)
	if err != nil {
		return err
	}
	for _, w := range waits {
		if may, err := s.mayRead(ctx, m, w.Doc); err != nil || !may {
			if err != nil {
				return err
			}
			continue
		}
		err := m.AddBackwards(w.Last, func(before int64, limit int) ([]sns.Message, error) {
			return messageStore(s).Messages(ctx, w.Doc, sns.MessagePage{After: w.First - 1, Before: before, Limit: limit})
		})
		if err != nil {
			return err
		}
	}
	return s.searchBlocks(ctx, m)
}

// mayRead reports whether the viewer may read the messages of a room.
func (s searchStore) mayRead(ctx context.Context, m *MessageSearch, room int64) (bool, error) {
	if !m.Reach.mayHave(room) {
		return false, nil
	}
	r, ok := m.rooms[room]
	if !ok {
		rooms, err := roomStore(s).RoomsByID(ctx, []int64{room})
		if err != nil {
			return false, err
		}
		r = rooms[room]
		m.rooms[room] = r
	}
	return r.ID != 0 && m.Reach.May(r), nil
}

// searchBlocks adds messages in the index, from the newest block on, until the others are too
// old.
func (s searchStore) searchBlocks(ctx context.Context, m *MessageSearch) error {
	table := searchedMessages.index()
	grams, err := s.dialect.grams.order(ctx, s.database, table, questionGrams(m.Question))
	if err != nil {
		return err
	}
	before := int64(maxID)
	for n := m.Limit; ; n = min(4*n, mostCandidates) {
		ids, err := s.dialect.grams.candidates(ctx, s.database, table, grams, before, n)
		if err != nil || len(ids) == 0 {
			return err
		}
		var blocks []block
		batch := padded(ids)
		if err := s.list(ctx, &blocks, in(blockQuery+`WHERE id IN (?) ORDER BY id DESC`, batch), anys(batch)...); err != nil {
			return err
		}
		for _, b := range blocks {
			if m.Enough(blockTime(b.ID)) {
				return nil
			}
			if err := s.searchBlock(ctx, m, b); err != nil {
				return err
			}
		}
		if len(ids) < n {
			return nil
		}
		before = ids[len(ids)-1]
	}
}

// searchBlock adds the messages of a block.
func (s searchStore) searchBlock(ctx context.Context, m *MessageSearch, b block) error {
	if b.FirstAt > m.After.At {
		return nil // of an earlier page
	}
	may, err := s.mayRead(ctx, m, b.Room)
	if err != nil || !may {
		return err
	}
	lines, err := messageStore(s).Messages(ctx, b.Room, sns.MessagePage{After: b.First - 1, Before: b.Last + 1, Limit: blockLines})
	m.Add(lines)
	return err
}
