package chat

import (
	"context"
	"errors"
	"fmt"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Say adds a message of a user to a room and returns it with its seq. A repeat with
// the same clientID changes nothing and returns again = true. sns.Invalid if the
// content or the clientID is invalid; sns.ErrForbidden unless the user is inside;
// sns.ErrNotFound, sns.ErrRoomEnded; ErrBusy, with an sns.SlowDownError, which changes
// nothing. After any other error the message may or may not have been said: the caller
// may repeat the call with the same clientID.
func (c *Chat) Say(ctx context.Context, room int64, user sns.User, content, clientID string) (m sns.Message, again bool, err error) {
	content, err = sns.CheckMessage(content, clientID)
	if err != nil {
		return m, false, err
	}
	s, err := standingOf(ctx, c, room, user.ID, clientID)
	switch {
	case err != nil:
		return m, false, err
	case s.room.Ended():
		return m, false, sns.ErrRoomEnded
	case !s.inside:
		return m, false, sns.ErrForbidden
	}
	m = sns.Message{Room: room, Seq: s.said, Kind: sns.MessageSaid, Author: publicUser(user), Content: content, At: c.Now(), ClientID: clientID}
	if s.said > 0 {
		return m, true, nil
	}
	if m.Mentions, err = c.Store.MentionedInside(ctx, room, content, m.At); err != nil {
		return m, false, err
	}
	if m.Mentions == "" {
		m.Seq, again, err = c.append(ctx, s.room, m, s.mark)
	} else {
		m.Seq, again, err = c.sayAndTell(ctx, s.room, m, s.mark)
	}
	return m, again, err
}

// publicUser returns the fields of a user that events may hold.
func publicUser(u sns.User) sns.User {
	return sns.User{ID: u.ID, Username: u.Username, Role: u.Role, Image: u.Image}
}

// ErrBusy means that more is said in a room than Options.Rate allows.
var ErrBusy = errors.New("chat: too much is said in the room")

// appendLimit is how often append tries, of which each but the last finds that lines were
// spilled or lost meanwhile, or that room was made.
const appendLimit = 20

// append appends a line. The caller must have looked for the line among the spilled
// ones when the room was loaded. mark is AppendRule.Mark.
//
// A buffer that has lost the room is reopened: the room goes on with a notice that
// messages were lost. A full buffer is relieved first. If lines were spilled since the
// room was loaded, the line may be among them, as a repeat of a message that was said.
func (c *Chat) append(ctx context.Context, r sns.Room, m sns.Message, mark string) (seq int64, again bool, err error) {
	b, err := c.buffer(r)
	if err != nil {
		return 0, false, err
	}
	for range appendLimit {
		var done Appended
		done, err = b.Append(ctx, m, AppendRule{Spilled: r.SavedUpTo(), Rate: c.Rate, Mark: mark})
		_, slow := errors.AsType[sns.SlowDownError](err)
		switch {
		case errors.Is(err, ErrFull):
			if !c.Spills.relieve(ctx) {
				return 0, false, err
			}
		case errors.Is(err, ErrLost), errors.Is(err, ErrSpilled):
			if r, seq, err = reloaded(ctx, c, b, r, m, err); err != nil || seq > 0 {
				return seq, seq > 0, err
			}
		case errors.Is(err, ErrVacated):
			if r, mark, seq, err = seatedAgain(ctx, c, m); err != nil || seq > 0 {
				return seq, seq > 0, err
			}
		case errors.Is(err, ErrClosed):
			return 0, false, sns.ErrRoomEnded
		case slow:
			return 0, false, fmt.Errorf("%w: %w", ErrBusy, err)
		default:
			if err == nil {
				c.heardOf(m.Room)
				if c.Spill.exceeds(done) {
					c.Spills.soon(m.Room)
				}
			}
			return done.Seq, done.Again, err
		}
	}
	return 0, false, fmt.Errorf("%w: the buffer of room %d changes all the time", sns.ErrUnavailable, m.Room)
}

// reloaded loads a room whose buffer was lost, and is opened again, or has spilled
// lines, and returns the seq of m if m is among the spilled lines.
func reloaded(ctx context.Context, c *Chat, b Buffer, r sns.Room, m sns.Message, reason error) (sns.Room, int64, error) {
	if errors.Is(reason, ErrLost) {
		if err := c.reopen(ctx, b, r); err != nil {
			return r, 0, err
		}
	}
	r, membership, seq, err := c.Store.RoomToSay(ctx, r.ID, m.Author.ID, m.ClientID)
	if err == nil && m.Kind == sns.MessageSaid && !membership.Inside {
		err = sns.ErrForbidden
	}
	return r, seq, err
}

// seatedAgain asks again who is inside the room of m, and returns the room, the mark of
// the seats, and the seq of m if m is among the spilled lines. sns.ErrForbidden if the
// author is outside.
func seatedAgain(ctx context.Context, c *Chat, m sns.Message) (r sns.Room, mark string, seq int64, err error) {
	c.seated.Forget(m.Room)
	s, err := standingOf(ctx, c, m.Room, m.Author.ID, m.ClientID)
	if err == nil && !s.inside {
		err = sns.ErrForbidden
	}
	return s.room, s.mark, s.said, err
}

// reopen opens a room that its buffer does not know, in a new epoch. The database counts
// the openings: at the first one nothing is lost, at each later one messages are.
func (c *Chat) reopen(ctx context.Context, b Buffer, r sns.Room) error {
	epoch, err := c.Store.RaiseEpoch(ctx, r.ID, r.Epoch)
	if err != nil {
		return err
	}
	var notice *sns.Message
	if epoch > 1 {
		c.Log.ErrorContext(ctx, "messages of an open room were lost with the buffer", "room", r.ID, "buffer", r.Buffer)
		notice = &sns.Message{Room: r.ID, Kind: sns.MessageLost, Author: publicUser(r.Mentor), At: c.Now(), ClientID: "lost:"}
	}
	err = b.Open(ctx, r.ID, epoch-1, notice)
	if errors.Is(err, ErrClosed) {
		err = sns.ErrRoomEnded
	}
	return err
}

// appendNotice appends the line that a user entered or left. The change itself is
// committed: an error is logged, and only the line is missing.
func (c *Chat) appendNotice(ctx context.Context, r sns.Room, kind sns.MessageKind, user sns.User, participant int64) {
	ctx, cancel := afterCommit(ctx)
	defer cancel()
	_, _, err := c.append(ctx, r, sns.Message{
		Room: r.ID, Kind: kind, Author: publicUser(user), At: c.Now(), ClientID: fmt.Sprintf("%s:%d", kind, participant),
	}, "")
	if err != nil && !errors.Is(err, sns.ErrRoomEnded) {
		c.Log.WarnContext(ctx, "line not written", "room", r.ID, "kind", kind, "error", err)
	}
}

// Erase empties a message of a room; its seq stays. sns.ErrForbidden unless by is
// the author or manages the room; sns.ErrNotFound; sns.ErrSettling while the
// messages of the room are being saved.
//
// The database knows of a message with mentions before the buffer empties it, so that its notices
// go even if the replica dies in between. In an ended room they go before.
func (c *Chat) Erase(ctx context.Context, r sns.Room, by sns.User, seq int64) error {
	m, err := c.Message(ctx, r, seq)
	if err != nil {
		return err
	}
	if !r.MayDelete(by, m) {
		return sns.ErrForbidden
	}
	untold := int64(0)
	switch {
	case m.Mentions == "":
	case r.Ended():
		if err := c.Store.ForgetMessage(ctx, r.ID, seq); err != nil {
			return err
		}
	default:
		if untold, err = c.Store.AddUntold(ctx, store.Untold{Room: r.ID, Author: m.Author.ID, ClientID: m.ClientID, At: c.Now()}); err != nil {
			return err
		}
	}
	if err := c.erase(ctx, r, by, m); err != nil {
		return err // perhaps erased nevertheless: TellUntold looks
	}
	ctx, cancel := afterCommit(ctx)
	defer cancel()
	c.forgetErased(ctx, r.ID, seq, untold)
	return nil
}

// forgetErased deletes the notices of an erased message, and then the store.Untold (0: none),
// which stays after an error.
func (c *Chat) forgetErased(ctx context.Context, room, seq, untold int64) {
	err := c.Store.ForgetMessage(ctx, room, seq)
	if err == nil && untold > 0 {
		err = c.Store.ForgetUntold(ctx, untold)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "notices of an erased message not deleted yet", "room", room, "seq", seq, "error", err)
	}
}

// erase is Erase without the notices of the message. Erasing what somebody else has said is
// logged.
func (c *Chat) erase(ctx context.Context, r sns.Room, by sns.User, m sns.Message) error {
	if err := c.eraseFrom(ctx, r, m.Seq); err != nil || m.Author.ID == by.ID || m.Deleted {
		return err
	}
	return c.Store.LogAct(ctx, c.act(r, by, sns.ActErase, m.Author))
}

// eraseFrom empties a message wherever it is.
func (c *Chat) eraseFrom(ctx context.Context, r sns.Room, seq int64) error {
	source, err := c.source(ctx, r)
	if err != nil {
		return err
	}
	if source == nil {
		return eraseSaved(ctx, c, r, seq)
	}
	err = source.Erase(ctx, r.ID, seq)
	c.heardOf(r.ID)
	switch {
	case isSpilled(r, seq, err):
		return eraseSaved(ctx, c, r, seq)
	case errors.Is(err, ErrClosed):
		return sns.ErrSettling
	}
	return lostAsNotFound(err)
}

// eraseSaved empties a message in the database.
func eraseSaved(ctx context.Context, c *Chat, r sns.Room, seq int64) error {
	if err := c.Store.EraseMessage(ctx, r.ID, seq); err != nil {
		return err
	}
	c.publishData(ctx, Topic(r.ID), KindErased, Erased{r.ID, seq})
	return nil
}
