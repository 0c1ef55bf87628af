package chat

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// searchTime bounds the time of a search. After that, the search returns what was found.
const searchTime = time.Second

// SearchMessages returns the messages that a question finds in the rooms whose messages the
// viewer may read, newest first, and the cursor of the next page. sns.ErrSlow comes with what
// was found; sns.ErrNotFound if there is no such cursor, sns.ErrUnavailable.
func (c *Chat) SearchMessages(ctx context.Context, q sns.Search) (found []sns.FoundMessage, next string, err error) {
	brief, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	m, err := c.Store.NewMessageSearch(brief, q)
	if err != nil || m == nil {
		return nil, "", err
	}
	err = c.searchAll(brief, m)
	if err != nil && ctx.Err() == nil && brief.Err() != nil {
		err = sns.ErrSlow
	}
	if err != nil && !errors.Is(err, sns.ErrSlow) {
		return nil, "", err
	}
	messages := m.Found()
	if len(messages) > q.Limit {
		messages = messages[:q.Limit]
		next = store.CursorOf(messages[q.Limit-1]).String()
	}
	found, errFill := c.withRooms(ctx, messages)
	return found, next, errors.Join(errFill, err)
}

// searchAll searches the buffers first, then the database: messages that are saved meanwhile
// are found at least once.
func (c *Chat) searchAll(ctx context.Context, m *store.MessageSearch) error {
	rooms, err := c.Store.UnsavedRooms(ctx)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if !m.Reach.May(r) {
			continue
		}
		if err := c.searchBuffer(ctx, m, r); err != nil {
			return err
		}
	}
	return c.Store.SearchSaved(ctx, m)
}

// searchBuffer adds the messages that the buffer of a room holds. A buffer that has lost the
// room, or was dropped meanwhile, holds none.
func (c *Chat) searchBuffer(ctx context.Context, m *store.MessageSearch, r sns.Room) error {
	b, err := c.buffer(r)
	if err != nil {
		return err
	}
	err = m.AddBackwards(sns.LastMessages(0).Before-1, func(before int64, limit int) ([]sns.Message, error) {
		lines, _, err := b.Messages(ctx, r.ID, sns.MessagePage{Before: before, Limit: limit})
		return lines, err
	})
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}

// withRooms completes messages with their authors and rooms.
func (c *Chat) withRooms(ctx context.Context, messages []sns.Message) ([]sns.FoundMessage, error) {
	if err := c.fillAuthors(ctx, messages); err != nil {
		return nil, err
	}
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i] = m.Room
	}
	rooms, err := c.Store.RoomsByID(ctx, ids)
	found := make([]sns.FoundMessage, len(messages))
	for i, m := range messages {
		found[i] = sns.FoundMessage{Message: m, Room: rooms[m.Room]}
	}
	return found, err
}
