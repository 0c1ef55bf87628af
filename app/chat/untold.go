package chat

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	// untoldAfter is the age from which TellUntold takes a message for one whose replica has
	// died: longer than any Say lasts.
	untoldAfter = 15 * time.Second

	// untoldLife is the age from which a message that no buffer has was never said.
	untoldLife = time.Minute

	// untoldAtOnce is how many messages one query of TellUntold reads.
	untoldAtOnce = 100
)

// sayAndTell is append for a message with mentions. The database knows of the message before
// the buffer does, so that whoever is mentioned is told even if the replica dies in between.
func (c *Chat) sayAndTell(ctx context.Context, r sns.Room, m sns.Message, mark string) (seq int64, again bool, err error) {
	id, err := c.Store.AddUntold(ctx, store.Untold{Room: r.ID, Author: m.Author.ID, ClientID: m.ClientID, At: m.At})
	if err != nil {
		return 0, false, err
	}
	if m.Seq, again, err = c.append(ctx, r, m, mark); err != nil {
		return 0, false, err // perhaps said nevertheless: TellUntold looks
	}
	c.tellMentioned(ctx, r, m, again, id)
	return m.Seq, again, nil
}

// tellMentioned writes the notices of those whom a message mentions: once, since the store
// knows of which messages it has told. untold is the id of the store.Untold, which stays after
// an error.
func (c *Chat) tellMentioned(ctx context.Context, r sns.Room, m sns.Message, again bool, untold int64) {
	ctx, cancel := afterCommit(ctx)
	defer cancel()
	var err error
	if again { // perhaps with another text
		m, err = c.Message(ctx, r, m.Seq)
	}
	var alerted []int64
	if err == nil {
		alerted, err = c.Store.Alerted(ctx, m.Room, m.Mentions.IDs())
	}
	if err == nil && len(alerted) > 0 {
		err = c.Store.NoticeMessage(ctx, m.Room, m.Seq, m.Author.ID, alerted, m.At)
	}
	if err == nil || errors.Is(err, sns.ErrNotFound) {
		err = c.Store.ForgetUntold(ctx, untold)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "mentioned people not told yet", "room", m.Room, "seq", m.Seq, "error", err)
	}
}

// TellUntold tells those whom messages mention whose replicas died before they could, or takes
// the notices of messages away that such replicas have erased. Any
// replica may call it, also several at once. Whoever has left the room meanwhile, or finds it
// ended, is not told.
func (c *Chat) TellUntold(ctx context.Context) error {
	for after := int64(0); ; {
		untold, err := c.Store.Untolds(ctx, after, c.Now().Add(-untoldAfter), untoldAtOnce)
		if err != nil {
			return err
		}
		for _, u := range untold {
			if err := c.tellLate(ctx, u); err != nil {
				return err
			}
			after = u.ID
		}
		if len(untold) < untoldAtOnce {
			return nil
		}
	}
}

// tellLate is TellUntold of one message.
func (c *Chat) tellLate(ctx context.Context, u store.Untold) error {
	r, seq, err := c.saidSeq(ctx, u)
	switch {
	case errors.Is(err, sns.ErrNotFound), err == nil && r.Ended():
		return c.Store.ForgetUntold(ctx, u.ID)
	case err != nil:
		return err
	case seq > 0:
		return c.tellFound(ctx, r, seq, u)
	case c.Now().Sub(u.At) > untoldLife:
		return c.Store.ForgetUntold(ctx, u.ID)
	}
	return nil
}

// tellFound is tellLate of a message that was said, and perhaps erased.
func (c *Chat) tellFound(ctx context.Context, r sns.Room, seq int64, u store.Untold) error {
	m, err := c.Message(ctx, r, seq)
	switch {
	case err != nil && !errors.Is(err, sns.ErrNotFound):
		return err
	case err == nil && m.Deleted:
		c.forgetErased(ctx, r.ID, seq, u.ID)
	case err != nil:
		return c.Store.ForgetUntold(ctx, u.ID)
	default:
		c.tellMentioned(ctx, r, m, true, u.ID)
	}
	return nil
}

// saidSeq returns the room of an Untold, and the seq of its message, or 0. sns.ErrNotFound
// without a room.
func (c *Chat) saidSeq(ctx context.Context, u store.Untold) (r sns.Room, seq int64, err error) {
	r, _, seq, err = c.Store.RoomToSay(ctx, u.Room, u.Author, u.ClientID)
	if err != nil || seq > 0 || r.Ended() {
		return r, seq, err
	}
	b, err := c.buffer(r)
	if err == nil {
		seq, err = b.Said(ctx, u.Room, u.Author, u.ClientID)
	}
	return r, seq, err
}
