package rooms

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const (
	// sayTimeout bounds how long saying a message may take.
	sayTimeout = 10 * time.Second

	// maxThrottle bounds how long throttle holds back a frame.
	maxThrottle = 30 * time.Second
)

// A connection is one open socket of a user in a room. Each frame that the user
// sends goes through these steps:
//
//	decode    reads the text and the client id of the message from the frame
//	throttle  waits while the sender is above the limit of messages and their bytes
//	say       checks the session, and says the message in the room
//
// The broadcast of the message to the room is the acknowledgement. The sender alone
// gets an answer in two cases:
//
//	resend    the message was said before, and its broadcast may have been lost
//	reject    the message was not said, and the sender is told why
type connection struct {
	services  *request.Services
	locale    *view.Locale
	room      sns.Room
	user      int64
	session   string
	limitKey  string // of the user, for request.Limiter
	throttled bool   // the sender was told to slow down
}

// receive handles one frame. The hub calls receive for one frame after another
// (live.SocketHandler).
func (c *connection) receive(s *live.Socket, data []byte, binary bool) {
	f, ok := decode(data, binary)
	tooFast := c.throttle(s, request.MessageActs(f.Content)) // malformed frames count, too
	if !ok {
		c.reject(s, view.Rejection{Text: c.locale.T("message.frame")})
		return
	}
	if tooFast != nil {
		c.reject(s, c.rejection(f, tooFast))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), sayTimeout)
	defer cancel()
	m, again, err := c.say(ctx, f)
	if err == nil && again {
		err = c.resend(ctx, s, m.Seq)
	}
	if err != nil {
		c.reject(s, c.rejection(f, err))
	}
}

// throttle waits until the sender is within the limit of messages, and tells the
// sender to slow down, once. The next frame is not read meanwhile, so that messages
// keep their order. After maxThrottle, throttle returns request.SlowDownError.
func (c *connection) throttle(s *live.Socket, acts int) error {
	for begun := c.services.Clock(); ; {
		err := c.services.Limits.TakeN(context.Background(), request.LimitMessage, c.limitKey, acts)
		slow, limited := errors.AsType[request.SlowDownError](err)
		if limited {
			c.services.Refusals.Count(context.Background(), request.LimitMessage.Name, c.user, "")
		}
		if !limited || c.services.Clock().Sub(begun) > maxThrottle {
			return err
		}
		if !c.throttled {
			c.throttled = true
			c.reject(s, view.Rejection{Text: c.locale.T("message.slow")})
		}
		time.Sleep(max(slow.Wait, 10*time.Millisecond))
	}
}

// A frame is what the page of a room sends to say a message.
type frame struct {
	Content  string `json:"content"`
	ClientID string `json:"client_id"`
}

// decode reports false if a page of this site cannot have sent the data.
func decode(data []byte, binary bool) (frame, bool) {
	var f frame
	err := json.Unmarshal(data, &f)
	return f, err == nil && !binary
}

// say says the message of a frame. Each message asks for the session and the user: since the socket was opened, the session may have ended, and the user may
// have got another role or image. A connection is closed whose session has ended, or whose user
// is suspended.
func (c *connection) say(ctx context.Context, f frame) (m sns.Message, again bool, err error) {
	_, user, err := c.services.Store.KnownSession(ctx, c.session, c.services.Clock())
	if err == nil && user.Suspended(c.services.Clock()) {
		err = sns.ErrForbidden
	}
	if errors.Is(err, sns.ErrNotFound) || errors.Is(err, sns.ErrForbidden) {
		c.services.DisconnectHere(c.session)
	}
	if err != nil {
		return sns.Message{}, false, err
	}
	return c.services.Rooms.Say(ctx, c.room.ID, user, f.Content, f.ClientID)
}

// resend sends a message that was said before to the sender, with the text that was said
// first. If the room has lost the message, the error is sns.ErrNotFound.
func (c *connection) resend(ctx context.Context, s *live.Socket, seq int64) error {
	messages, err := c.services.Rooms.Messages(ctx, c.room, sns.MessagePage{After: seq - 1, Limit: 1})
	if err != nil {
		return err
	}
	if len(messages) == 0 {
		return sns.ErrNotFound
	}
	m := messages[0]
	line := chat.Line{Message: m, Position: chat.Position{Seq: seq, PrevAt: m.At.UnixMicro()}}
	c.send(s, "#messages", "message/_item", c.locale.Message(line))
	return nil
}

// rejection explains an error to the sender of a frame. Errors that the sender cannot
// mend are logged.
func (c *connection) rejection(f frame, err error) view.Rejection {
	var v view.Rejection
	if sns.ValidKey(f.ClientID) {
		v.ClientID = f.ClientID
	}
	problems, invalid := errors.AsType[sns.Invalid](err)
	_, tooFast := errors.AsType[request.SlowDownError](err)
	switch {
	case invalid:
		v.Text = c.locale.TWith(problems[0].Key, problems[0].Args)
	case errors.Is(err, chat.ErrBusy):
		v.Text, v.Retry = c.locale.T("message.busy"), true
	case tooFast:
		v.Text, v.Retry = c.locale.T("message.slow"), true
	case errors.Is(err, sns.ErrRoomEnded):
		v.Text = c.locale.T("message.ended")
	case errors.Is(err, sns.ErrForbidden), errors.Is(err, sns.ErrNotFound):
		v.Text = c.locale.T("message.outside")
	default:
		c.services.Log.Warn("message not said", "room", c.room.ID, "user", c.user, "error", err)
		v.Text, v.Retry = c.locale.T("message.unavailable"), true
	}
	return v
}

// reject tells the sender that a message was not said.
func (c *connection) reject(s *live.Socket, v view.Rejection) {
	c.send(s, "#refusals", "message/_refusal", v)
}

// send adds a fragment to the element target of the sender's page.
func (c *connection) send(s *live.Socket, target, name string, data any) {
	html, err := c.locale.Fragment(name, data)
	if err != nil {
		c.services.Log.Error("answer not rendered", "fragment", name, "error", err)
		return
	}
	s.Send(live.Message{HTML: view.Envelope(target, "beforeend", html)})
}
