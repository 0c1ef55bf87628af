package chat

import (
	"context"
	"errors"
	"fmt"

	"xxsns/app/sns"
)

// EraseAll empties everything that a user has said, in all rooms in which the user was. hold is
// called after each page of messages; its error ends EraseAll. sns.ErrSettling while the
// messages of a room are being saved; the caller begins again later. EraseAll may be repeated.
func (c *Chat) EraseAll(ctx context.Context, user int64, hold func() error) error {
	rooms, err := c.Store.RoomsEntered(ctx, user)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if err := c.eraseIn(ctx, room, sns.User{ID: user}, hold); err != nil {
			return fmt.Errorf("room %d: %w", room, err)
		}
	}
	return nil
}

// eraseIn is EraseAll in one room.
func (c *Chat) eraseIn(ctx context.Context, room int64, user sns.User, hold func() error) error {
	r, _, err := c.Store.Room(ctx, room, user.ID)
	if err != nil {
		return err
	}
	for after, more := int64(0), true; more; {
		lines, err := c.lines(ctx, r, sns.MessagePage{After: after, Limit: transcriptPage})
		if err != nil {
			return err
		}
		more = len(lines) == transcriptPage
		for _, m := range lines {
			after = m.Seq
			if m.Author.ID != user.ID || m.Kind != sns.MessageSaid || m.Deleted {
				continue
			}
			if err := c.Erase(ctx, r, user, m.Seq); err != nil && !errors.Is(err, sns.ErrNotFound) {
				return err
			}
		}
		if err := hold(); err != nil {
			return err
		}
	}
	return nil
}
