package web

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
)

const (
	// sayWithin bounds how long saying something may take.
	sayWithin = 10 * time.Second

	// calm is how long nothing more is read from a socket that says too much.
	calm = 250 * time.Millisecond
)

// say checks a message and says it, for the socket and the form alike.
// sns.Invalid, errSlowDown, and those of chat.Say.
func (w *Web) say(ctx context.Context, room int64, user sns.User, raw, clientID string) (m sns.Message, again bool, err error) {
	var inv sns.Invalid
	clientID, p := sns.ClientID(clientID)
	inv.Add(p)
	content, p := sns.MessageContent(raw)
	inv.Add(p)
	if err := inv.Err(); err != nil {
		return m, false, err
	}
	if err := w.limits.take(limitMessage, itoa(user.ID)); err != nil {
		return m, false, err
	}
	return w.Rooms.Say(ctx, room, user, content, clientID)
}

// A talk is one open socket in a room.
type talk struct {
	web    *Web
	loaded *loaded
	texts  *Texts
	room   sns.Room
	user   sns.User
}

// socket is the conversation of a room. Whoever is not signed in or not inside
// gets a status, never a redirect: browsers cannot follow one here.
func (r *request) socket() error {
	if r.viewer == nil {
		r.Status(http.StatusUnauthorized)
		return nil
	}
	if !sameOrigin(r.Request) {
		return errForeign
	}
	room, standing, err := r.room()
	switch {
	case err != nil:
		return err
	case room.Ended():
		return sns.ErrRoomEnded
	case !standing.Inside:
		return sns.ErrForbidden
	}
	if err := r.limit(limitStream); err != nil {
		return err
	}
	if err := r.web.manyStreams(r.viewer.ID); err != nil {
		return err
	}
	return r.talk(room)
}

func (r *request) talk(room sns.Room) error {
	t := &talk{web: r.web, loaded: r.loaded, texts: r.texts, room: room, user: r.viewer.User}
	var depart func()
	arrived := make(chan struct{})
	err := r.web.Hub.ServeWebSocket(r.Writer, r.Request, live.Who{
		UserID: t.user.ID, Session: r.viewer.Session, Lang: t.texts.Lang,
		Topics: []string{chat.Topic(room.ID), chat.SeatTopic(room.ID, t.user.ID)},
	}, live.SocketHandler{Receive: t.receive, Closed: func() { <-arrived; depart() }})
	if errors.Is(err, live.ErrHandshake) {
		return nil // answered already
	}
	if err != nil {
		return err
	}
	depart = r.web.Rooms.Arrive(room, t.user)
	close(arrived)
	return r.web.stillInside(r.ctx(), room.ID, t.user.ID)
}

// stillInside hangs up on somebody who left between the look at the seat and
// the opening of the socket.
func (w *Web) stillInside(ctx context.Context, room, user int64) error {
	now, standing, err := w.Store.Room(context.WithoutCancel(ctx), room, user)
	if err != nil || now.Ended() || !standing.Inside {
		w.Hub.Deliver(live.Event{Topic: chat.SeatTopic(room, user), Kind: live.KindDisconnect})
	}
	return nil // the answer is gone: what went wrong is for the next frame to say
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

// receive is one frame: something said.
func (t *talk) receive(s *live.Socket, data []byte, binary bool) {
	var frame struct {
		Content  string `json:"content"`
		ClientID string `json:"client_id"`
	}
	if binary || json.Unmarshal(data, &frame) != nil {
		t.refuse(s, refusalView{Text: t.texts.Say("message.frame")})
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), sayWithin)
	defer cancel()
	m, again, err := t.web.say(ctx, t.room.ID, t.user, frame.Content, frame.ClientID)
	if err != nil {
		t.refuse(s, t.refusal(frame.ClientID, err))
	} else if again {
		t.repeat(ctx, s, m)
	}
}

// refusal says why something was not said.
func (t *talk) refusal(clientID string, err error) refusalView {
	v := refusalView{ClientID: clientID}
	if _, p := sns.ClientID(clientID); p != nil {
		v.ClientID = ""
	}
	inv, isInvalid := errors.AsType[sns.Invalid](err)
	slow, isSlow := errors.AsType[errSlowDown](err)
	switch {
	case isInvalid:
		v.Text = t.texts.SayWith(inv[0].Key, inv[0].Args)
	case isSlow:
		time.Sleep(calm)
		v.Text, v.Retry = t.texts.Say("message.slow", "Seconds", slow.seconds()), true
	case errors.Is(err, sns.ErrRoomEnded):
		v.Text = t.texts.Say("message.ended")
	case errors.Is(err, sns.ErrForbidden), errors.Is(err, sns.ErrNotFound):
		v.Text = t.texts.Say("message.outside")
	default:
		t.web.Log.Warn("message not said", "room", t.room.ID, "user", t.user.ID, "error", err)
		v.Text, v.Retry = t.texts.Say("message.unavailable"), true
	}
	return v
}

// refuse tells the sender alone.
func (t *talk) refuse(s *live.Socket, v refusalView) {
	t.send(s, "#refusals", "message/_refusal", v)
}

// repeat answers a message that was said before as it was said then, to the
// sender alone: its first answer was lost on the way.
func (t *talk) repeat(ctx context.Context, s *live.Socket, m sns.Message) {
	messages, err := t.web.Rooms.Messages(ctx, t.room, sns.MessagePage{After: m.Seq - 1, Limit: 1})
	if err != nil || len(messages) == 0 {
		t.refuse(s, t.refusal(m.ClientID, err))
		return
	}
	line := chat.Line{Message: messages[0], Position: chat.Position{Seq: m.Seq, PrevAt: messages[0].At.UnixMicro()}}
	t.send(s, "#messages", "message/_item", t.texts.viewLine(line, t.web.Pages.zone))
}

func (t *talk) send(s *live.Socket, target, name string, data any) {
	html, err := t.loaded.fragment(t.texts.Lang, name, data)
	if err != nil {
		t.web.Log.Error("answer not rendered", "fragment", name, "error", err)
		return
	}
	s.Send(live.Message{HTML: envelope(target, "beforeend", html)})
}
