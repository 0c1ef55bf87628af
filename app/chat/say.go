package chat

import (
	"context"
	"errors"
	"fmt"

	"xxsns/app/sns"
)

// Say says something in a room, as the user, who must be inside: sns.ErrForbidden
// otherwise. It returns the number of the message; saying it again with the same
// client id is harmless, and again tells so. sns.ErrNotFound, sns.ErrRoomEnded;
// any other error means that it may or may not have been said, and may be tried
// again with the same client id.
func (c *Chat) Say(ctx context.Context, room int64, user sns.User, content, clientID string) (m sns.Message, again bool, err error) {
	r, standing, err := c.Store.Room(ctx, room, user.ID)
	switch {
	case err != nil:
		return m, false, err
	case r.Ended():
		return m, false, sns.ErrRoomEnded
	case !standing.Inside:
		return m, false, sns.ErrForbidden
	}
	m = sns.Message{Room: room, Kind: sns.MessageSaid, Author: shown(user), Content: content, At: c.Now(), ClientID: clientID}
	m.Seq, again, err = c.append(ctx, r, m)
	return m, again, err
}

// shown is what a line tells of a user.
func shown(u sns.User) sns.User {
	return sns.User{ID: u.ID, Username: u.Username, Role: u.Role, Image: u.Image}
}

// reopenings is how often a line is tried again after its buffer was lost.
const reopenings = 3

// append stores a line. A buffer that has lost the room is opened again: the
// room goes on, and says that something is missing.
func (c *Chat) append(ctx context.Context, r sns.Room, m sns.Message) (int64, bool, error) {
	b, err := c.buffer(r)
	if err != nil {
		return 0, false, err
	}
	for try := 0; ; try++ {
		seq, again, err := b.Append(ctx, m)
		if errors.Is(err, ErrClosed) {
			err = sns.ErrRoomEnded
		}
		if !errors.Is(err, ErrLost) || try == reopenings {
			return seq, again, err
		}
		if r, err = c.reopen(ctx, b, r); err != nil {
			return 0, false, err
		}
	}
}

// reopen opens a room that its buffer does not know. A room counts its openings
// in the database: the first one finds nothing lost, every other one does.
func (c *Chat) reopen(ctx context.Context, b Buffer, r sns.Room) (sns.Room, error) {
	epoch, err := c.Store.RaiseEpoch(ctx, r.ID, r.Epoch)
	if err != nil {
		return r, err
	}
	r.Epoch = epoch
	var notice *sns.Message
	if epoch > 1 {
		c.Log.ErrorContext(ctx, "messages of an open room were lost with the buffer", "room", r.ID, "buffer", r.Buffer)
		notice = &sns.Message{Room: r.ID, Kind: sns.MessageLost, Author: shown(r.Mentor), At: c.Now(), ClientID: "lost:"}
	}
	err = b.Open(ctx, r.ID, epoch-1, notice)
	if errors.Is(err, ErrClosed) {
		err = sns.ErrRoomEnded
	}
	return r, err
}

// note writes that somebody came or went. The change is made already: when the
// buffer cannot be reached the line is missing, and everything else is right.
func (c *Chat) note(ctx context.Context, r sns.Room, kind sns.MessageKind, user sns.User, participant int64) {
	ctx, cancel := afterAll(ctx)
	defer cancel()
	_, _, err := c.append(ctx, r, sns.Message{
		Room: r.ID, Kind: kind, Author: shown(user), At: c.Now(), ClientID: fmt.Sprintf("%s:%d", kind, participant),
	})
	if err != nil && !errors.Is(err, sns.ErrRoomEnded) {
		c.Log.WarnContext(ctx, "line not written", "room", r.ID, "kind", kind, "error", err)
	}
}

// Erase deletes a message of a room, where it stays as an empty one. Its author
// may, and who manages the room: sns.ErrForbidden. sns.ErrNotFound;
// sns.ErrSettling while the room's messages are being saved.
func (c *Chat) Erase(ctx context.Context, r sns.Room, by sns.User, seq int64) error {
	m, err := c.Message(ctx, r, seq)
	if err != nil {
		return err
	}
	if !r.MayDelete(by, m) {
		return sns.ErrForbidden
	}
	source, err := c.source(ctx, r)
	if err != nil {
		return err
	}
	if source == nil {
		if err := c.Store.EraseMessage(ctx, r.ID, seq); err != nil {
			return err
		}
		c.tell(ctx, Topic(r.ID), KindErased, Erased{r.ID, seq})
		return nil
	}
	err = source.Erase(ctx, r.ID, seq)
	if errors.Is(err, ErrClosed) {
		err = sns.ErrSettling
	}
	return missing(err)
}
