package rooms

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const (
	// sayWithin bounds how long saying something may take.
	sayWithin = 10 * time.Second

	// paceMost is how long a frame may wait for its turn on a socket that says
	// too much.
	paceMost = 30 * time.Second
)

// A talk is one open socket in a room.
type talk struct {
	services *request.Services
	locale   *view.Locale
	room     sns.Room
	user     int64
	session  string
	slowed   bool // has been told that it says too much
}

// receive is one frame: something said.
func (t *talk) receive(s *live.Socket, data []byte, binary bool) {
	var frame struct {
		Content  string `json:"content"`
		ClientID string `json:"client_id"`
	}
	slow := t.pace(s) // whatever the frame is
	if binary || json.Unmarshal(data, &frame) != nil {
		t.refuse(s, view.Rejection{Text: t.locale.T("message.frame")})
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), sayWithin)
	defer cancel()
	m, again, err := t.say(ctx, frame.Content, frame.ClientID, slow)
	if err != nil {
		t.refuse(s, t.refusal(frame.ClientID, err))
	} else if again {
		t.repeat(ctx, s, m)
	}
}

// pace lets a socket say no more than the limit. What comes faster waits for its
// turn, so that it keeps its order, and nothing more is read meanwhile; one is
// told, once. SlowDownError after a long time.
func (t *talk) pace(s *live.Socket) error {
	for begun := t.services.Clock(); ; {
		err := t.services.Limits.Take(context.Background(), request.LimitMessage, view.Itoa(t.user))
		slow, limited := errors.AsType[request.SlowDownError](err)
		waited := t.services.Clock().Sub(begun)
		if !limited || waited > paceMost {
			t.slowed = t.slowed && waited > 0
			return err
		}
		if !t.slowed {
			t.slowed = true
			t.refuse(s, view.Rejection{Text: t.locale.T("message.slow")})
		}
		time.Sleep(max(slow.Wait, 10*time.Millisecond))
	}
}

// say says something as who holds the session now: it may have ended, and its
// user have another role or face.
func (t *talk) say(ctx context.Context, content, clientID string, slow error) (sns.Message, bool, error) {
	if slow != nil {
		return sns.Message{}, false, slow
	}
	_, user, err := t.services.Store.Session(ctx, t.session, t.services.Clock())
	if errors.Is(err, sns.ErrNotFound) {
		t.services.DisconnectHere(t.session)
	}
	if err != nil {
		return sns.Message{}, false, err
	}
	return say(t.services, ctx, t.room.ID, user, content, clientID)
}

// refusal says why something was not said.
func (t *talk) refusal(clientID string, err error) view.Rejection {
	v := view.Rejection{ClientID: clientID}
	if _, p := sns.ClientID(clientID); p != nil {
		v.ClientID = ""
	}
	inv, isInvalid := errors.AsType[sns.Invalid](err)
	_, isSlow := errors.AsType[request.SlowDownError](err)
	switch {
	case isInvalid:
		v.Text = t.locale.TWith(inv[0].Key, inv[0].Args)
	case isSlow:
		v.Text, v.Retry = t.locale.T("message.slow"), true
	case errors.Is(err, sns.ErrRoomEnded):
		v.Text = t.locale.T("message.ended")
	case errors.Is(err, sns.ErrForbidden), errors.Is(err, sns.ErrNotFound):
		v.Text = t.locale.T("message.outside")
	default:
		t.services.Log.Warn("message not said", "room", t.room.ID, "user", t.user, "error", err)
		v.Text, v.Retry = t.locale.T("message.unavailable"), true
	}
	return v
}

// refuse tells the sender alone.
func (t *talk) refuse(s *live.Socket, v view.Rejection) {
	t.send(s, "#refusals", "message/_refusal", v)
}

// repeat answers a message that was said before as it was said then, to the
// sender alone: its first answer was lost on the way.
func (t *talk) repeat(ctx context.Context, s *live.Socket, m sns.Message) {
	messages, err := t.services.Rooms.Messages(ctx, t.room, sns.MessagePage{After: m.Seq - 1, Limit: 1})
	if err == nil && len(messages) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		t.refuse(s, t.refusal(m.ClientID, err))
		return
	}
	line := chat.Line{Message: messages[0], Position: chat.Position{Seq: m.Seq, PrevAt: messages[0].At.UnixMicro()}}
	t.send(s, "#messages", "message/_item", t.locale.Message(line))
}

func (t *talk) send(s *live.Socket, target, name string, data any) {
	html, err := t.locale.Fragment(name, data)
	if err != nil {
		t.services.Log.Error("answer not rendered", "fragment", name, "error", err)
		return
	}
	s.Send(live.Message{HTML: view.Envelope(target, "beforeend", html)})
}

// Socket is the conversation of a room. Whoever is not signed in or not inside
// gets a status, never a redirect: browsers cannot follow one here.
func (Messages) Socket(r *request.Request) error {
	if r.Viewer == nil {
		r.Status(http.StatusUnauthorized)
		return nil
	}
	if !sameOrigin(r.Request) {
		return request.ErrForeign
	}
	room, standing, err := loadRoom(r)
	switch {
	case err != nil:
		return err
	case room.Ended():
		return sns.ErrRoomEnded
	case !standing.Inside:
		return request.ErrOutside
	}
	if err := r.Limit(request.LimitStream); err != nil {
		return err
	}
	if err := r.TooManyStreams(r.Viewer.ID); err != nil {
		return err
	}
	return openSocket(r, room)
}

func openSocket(r *request.Request, room sns.Room) error {
	t := &talk{services: r.Services, locale: r.Locale, room: room, user: r.Viewer.ID, session: r.Viewer.Session}
	var depart func()
	arrived := make(chan struct{})
	err := r.Hub.ServeWebSocket(r.Writer, r.Request, live.Who{
		UserID: t.user, Session: t.session, Lang: t.locale.Lang,
		Topics: []string{chat.Topic(room.ID), chat.SeatTopic(room.ID, t.user)},
	}, live.SocketHandler{Receive: t.receive, Closed: func() { <-arrived; depart() }})
	if errors.Is(err, live.ErrHandshake) {
		return nil // answered already
	}
	if err != nil {
		return err
	}
	depart = r.Rooms.Arrive(room, r.Viewer.User)
	close(arrived)
	checkInside(r.Services, r.Ctx(), room.ID, t.user)
	r.CheckSession(r.Ctx(), t.session)
	return nil
}

// checkInside hangs up on somebody who left between the look at the seat and
// the opening of the socket. Where the database does not say, the next check
// does.
func checkInside(s *request.Services, ctx context.Context, room, user int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), request.CheckWithin)
	defer cancel()
	now, standing, err := s.Store.Room(ctx, room, user)
	if err != nil {
		s.Log.WarnContext(ctx, "seat not checked", "room", room, "user", user, "error", err)
	} else if now.Ended() || !standing.Inside {
		s.Hub.Deliver(live.Event{Topic: chat.SeatTopic(room, user), Kind: live.KindDisconnect})
	}
}

// sameOrigin tells whether a page of ours opens the socket, or no page at all.
func sameOrigin(req *http.Request) bool {
	origin := req.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, req.Host)
}
