package chat

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

// source is the buffer that holds the messages of a room, or nil when they are
// saved in the database.
func (c *Chat) source(ctx context.Context, r sns.Room) (Buffer, error) {
	if r.Ended() {
		if saved, err := c.saved(ctx, r.ID); saved || err != nil {
			return nil, err
		}
	}
	return c.buffer(r)
}

// saved tells whether the messages of a room are in the database now, also of
// one that was open when the caller looked.
func (c *Chat) saved(ctx context.Context, room int64) (bool, error) {
	s, err := c.Store.Settlement(ctx, room)
	if errors.Is(err, sns.ErrNotFound) {
		return false, nil
	}
	return s.Done(), err
}

// missing is the error of reading where a buffer has lost a room.
func missing(err error) error {
	if errors.Is(err, ErrLost) {
		return sns.ErrNotFound
	}
	return err
}

// Messages returns messages of a room, oldest first, with their authors. Who may
// read them is for the caller to ask. sns.ErrUnavailable.
func (c *Chat) Messages(ctx context.Context, r sns.Room, page sns.MessagePage) ([]sns.Message, error) {
	messages, err := c.lines(ctx, r, page)
	if err != nil {
		return nil, err
	}
	return messages, c.name(ctx, messages)
}

// lines is Messages without the authors' names.
func (c *Chat) lines(ctx context.Context, r sns.Room, page sns.MessagePage) ([]sns.Message, error) {
	source, err := c.source(ctx, r)
	if err != nil {
		return nil, err
	}
	if source != nil {
		messages, err := c.buffered(ctx, source, r, page)
		// Once saved, lines are dropped, also while they are read here.
		if saved, unknown := c.saved(ctx, r.ID); !saved {
			return messages, cmp.Or(err, unknown)
		}
	}
	return c.Store.Messages(ctx, r.ID, page)
}

// buffered is lines of a room that is in a buffer, unless it was saved meanwhile.
func (c *Chat) buffered(ctx context.Context, source Buffer, r sns.Room, page sns.MessagePage) ([]sns.Message, error) {
	messages, err := source.Messages(ctx, r.ID, page)
	if !errors.Is(err, ErrLost) {
		return messages, err
	}
	if r.Ended() {
		return nil, nil // its settlement says what is missing
	}
	// Opened again, the room says itself that something is missing.
	_, err = c.reopen(ctx, source, r)
	if errors.Is(err, sns.ErrRoomEnded) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return source.Messages(ctx, r.ID, page)
}

// name fills in the authors.
func (c *Chat) name(ctx context.Context, messages []sns.Message) error {
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
		}
	}
	return nil
}

// Message returns one message of a room, its author by ID alone.
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
	if err = missing(err); !errors.Is(err, sns.ErrNotFound) {
		return m, err
	}
	if saved, unknown := c.saved(ctx, r.ID); !saved { // dropped meanwhile
		return m, cmp.Or(unknown, err)
	}
	return c.Store.Message(ctx, r.ID, seq)
}

// transcriptPage is how many messages are read at once.
const transcriptPage = 500

// Transcript yields all messages of a room, oldest first, with their authors,
// and stops after an error.
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

// Search returns the newest messages of a room that hold a text, oldest first,
// at most limit, and how many there are in all. Case does not matter. It reads
// the whole room, wherever its messages are.
func (c *Chat) Search(ctx context.Context, r sns.Room, text string, limit int) (found []sns.Message, count int, err error) {
	text = folded(text)
	for m, err := range c.Transcript(ctx, r) {
		if err != nil {
			return nil, 0, err
		}
		if m.Kind != sns.MessageSaid || m.Deleted || !strings.Contains(folded(m.Content), text) {
			continue
		}
		count++
		if found = append(found, m); len(found) > 2*limit {
			found = append(found[:0], found[len(found)-limit:]...)
		}
	}
	return found[max(0, len(found)-limit):], count, nil
}

func folded(s string) string { return cases.Fold().String(norm.NFC.String(s)) }

// Sizes returns how many lines each of the open rooms has. A buffer that cannot
// be reached is logged, and its rooms are left out.
func (c *Chat) Sizes(ctx context.Context, rooms []sns.Room) map[int64]int64 {
	byBuffer := make(map[string][]int64)
	for _, r := range rooms {
		byBuffer[r.Buffer] = append(byBuffer[r.Buffer], r.ID)
	}
	sizes := make(map[int64]int64, len(rooms))
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
