package chat

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"strings"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// source returns the buffer that holds the messages of a room, or nil if they are
// saved in the database.
func (c *Chat) source(ctx context.Context, r sns.Room) (Buffer, error) {
	if r.Ended() {
		if saved, err := c.saved(ctx, r.ID); saved || err != nil {
			return nil, err
		}
	}
	return c.buffer(r)
}

// saved reports whether the messages of a room are in the database by now, even if
// the room was open when the caller loaded it.
func (c *Chat) saved(ctx context.Context, room int64) (bool, error) {
	s, err := c.Store.Settlement(ctx, room)
	if errors.Is(err, sns.ErrNotFound) {
		return false, nil
	}
	return s.Done(), err
}

// lostAsNotFound makes ErrLost sns.ErrNotFound.
func lostAsNotFound(err error) error {
	if errors.Is(err, ErrLost) {
		return sns.ErrNotFound
	}
	return err
}

// Messages returns messages of a room with their authors, oldest first. The caller
// must have checked that the viewer may read them. sns.ErrUnavailable.
func (c *Chat) Messages(ctx context.Context, r sns.Room, page sns.MessagePage) ([]sns.Message, error) {
	messages, err := c.lines(ctx, r, page)
	if err != nil {
		return nil, err
	}
	return messages, c.fillAuthors(ctx, messages)
}

// lines is Messages, with authors that have only an ID.
func (c *Chat) lines(ctx context.Context, r sns.Room, page sns.MessagePage) ([]sns.Message, error) {
	source, err := c.source(ctx, r)
	if err != nil {
		return nil, err
	}
	if source != nil {
		messages, seam, err := c.buffered(ctx, source, r, page)
		if err == nil {
			messages, err = acrossSeam(ctx, c.Store, r.ID, page, messages, seam)
		}
		// Saved lines are dropped, perhaps in the middle of this read.
		if saved, unknown := c.saved(ctx, r.ID); !saved {
			return messages, cmp.Or(err, unknown)
		}
	}
	return c.Store.Messages(ctx, r.ID, page)
}

// acrossSeam returns the messages of a page: upper, which are those of the buffer, and
// what lies below the seam, from the database. The buffer must have been read first: in
// this order no message is missing or doubled, even if messages are spilled between the
// two reads.
func acrossSeam(ctx context.Context, db *store.Store, room int64, page sns.MessagePage, upper []sns.Message, seam int64) ([]sns.Message, error) {
	if seam <= page.After || page.Before > 0 && len(upper) == page.Limit {
		return upper, nil
	}
	below := page
	if page.Before > 0 {
		below.Before, below.Limit = min(page.Before, seam+1), page.Limit-len(upper)
	}
	messages, err := db.Messages(ctx, room, below)
	for len(messages) > 0 && messages[len(messages)-1].Seq > seam { // the buffer has the present state
		messages = messages[:len(messages)-1]
	}
	messages = append(messages, upper...)
	return messages[:min(len(messages), page.Limit)], err
}

// buffered returns messages of a room from its buffer, and the seam. The buffer is
// reopened if the room is open and lost.
func (c *Chat) buffered(ctx context.Context, source Buffer, r sns.Room, page sns.MessagePage) (lines []sns.Message, seam int64, err error) {
	lines, seam, err = source.Messages(ctx, r.ID, page)
	if !errors.Is(err, ErrLost) {
		return lines, seam, err
	}
	if r.Ended() {
		return nil, r.Spilled, nil // the settlement shows the loss
	}
	// A reopened room begins with a notice of the loss.
	err = c.reopen(ctx, source, r)
	if errors.Is(err, sns.ErrRoomEnded) {
		return nil, r.Spilled, nil
	}
	if err != nil {
		return nil, 0, err
	}
	return source.Messages(ctx, r.ID, page)
}

// fillAuthors completes the authors of messages from the database.
func (c *Chat) fillAuthors(ctx context.Context, messages []sns.Message) error {
	ids := make([]int64, 0, 16)
	known := make(map[int64]bool)
	for _, m := range messages {
		if !known[m.Author.ID] {
			known[m.Author.ID] = true
			ids = append(ids, m.Author.ID)
		}
	}
	users, err := c.Store.Users(ctx, ids)
	if err != nil {
		return err
	}
	for i := range messages {
		if u, ok := users[messages[i].Author.ID]; ok {
			messages[i].Author = u
			if u.Erased && messages[i].Kind == sns.MessageSaid {
				messages[i].Content, messages[i].Mentions, messages[i].Deleted = "", "", true
			}
		}
	}
	return nil
}

// Message returns one message of a room. The author has only an ID.
// sns.ErrNotFound, sns.ErrUnavailable.
func (c *Chat) Message(ctx context.Context, r sns.Room, seq int64) (sns.Message, error) {
	source, err := c.source(ctx, r)
	if err != nil {
		return sns.Message{}, err
	}
	if source == nil {
		return c.Store.Message(ctx, r.ID, seq)
	}
	m, err := source.Message(ctx, r.ID, seq)
	if isSpilled(r, seq, err) {
		return c.Store.Message(ctx, r.ID, seq)
	}
	if err = lostAsNotFound(err); !errors.Is(err, sns.ErrNotFound) {
		return m, err
	}
	if saved, unknown := c.saved(ctx, r.ID); !saved { // dropped meanwhile
		return m, cmp.Or(unknown, err)
	}
	return c.Store.Message(ctx, r.ID, seq)
}

// isSpilled reports whether the error of a buffer means that a message of an open room
// is in the database, if anywhere. A buffer that has lost the room had spilled the
// message before.
func isSpilled(r sns.Room, seq int64, err error) bool {
	return errors.Is(err, ErrSpilled) || errors.Is(err, ErrLost) && seq <= r.Spilled
}

// CountSince returns how many messages were said in a room since a moment, deleted ones
// left out. Only the newest most lines are read, so that the result is at most that.
func (c *Chat) CountSince(ctx context.Context, r sns.Room, since time.Time, most int) (count int, err error) {
	lines, err := c.lines(ctx, r, sns.LastMessages(most))
	for _, m := range lines {
		if m.Kind == sns.MessageSaid && !m.Deleted && !m.At.Before(since) {
			count++
		}
	}
	return count, err
}

// transcriptPage is the number of messages that Transcript reads at once.
const transcriptPage = 500

// Transcript yields all messages of a room with their authors, oldest first. It
// stops after an error.
func (c *Chat) Transcript(ctx context.Context, r sns.Room) iter.Seq2[sns.Message, error] {
	return func(yield func(sns.Message, error) bool) {
		for after := int64(0); ; {
			messages, err := c.Messages(ctx, r, sns.MessagePage{After: after, Limit: transcriptPage})
			if err != nil {
				yield(sns.Message{}, err)
				return
			}
			for _, m := range messages {
				if !yield(m, nil) {
					return
				}
				after = m.Seq
			}
			if len(messages) < transcriptPage {
				return
			}
		}
	}
}

// Search returns the newest messages of a room that contain text, limit at most,
// oldest first, and the number of all such messages. Case does not matter. Search
// reads the whole room.
func (c *Chat) Search(ctx context.Context, r sns.Room, text string, limit int) (found []sns.Message, count int, err error) {
	text = sns.Fold(text)
	for m, err := range c.Transcript(ctx, r) {
		if err != nil {
			return nil, 0, err
		}
		if m.Kind != sns.MessageSaid || m.Deleted || !strings.Contains(sns.Fold(m.Content), text) {
			continue
		}
		count++
		if found = append(found, m); len(found) > 2*limit {
			found = append(found[:0], found[len(found)-limit:]...)
		}
	}
	return found[max(0, len(found)-limit):], count, nil
}

// Sizes returns what the buffers hold of each room. The rooms of a buffer that cannot be
// reached are left out, and the error is logged.
func (c *Chat) Sizes(ctx context.Context, rooms []sns.Room) map[int64]Extent {
	byBuffer := make(map[string][]int64)
	for _, r := range rooms {
		byBuffer[r.Buffer] = append(byBuffer[r.Buffer], r.ID)
	}
	sizes := make(map[int64]Extent, len(rooms))
	for name, ids := range byBuffer {
		b := c.Buffers[name]
		if b == nil {
			continue
		}
		found, err := b.Sizes(ctx, ids)
		if err != nil {
			c.Log.WarnContext(ctx, "sizes of rooms not known", "buffer", name, "error", err)
		}
		maps.Copy(sizes, found)
	}
	return sizes
}
