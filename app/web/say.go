package web

import (
	"context"
	"crypto/rand"
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// say checks a message and says it, for the socket and the form alike.
// sns.Invalid, and those of chat.Say.
func (s *services) say(ctx context.Context, room int64, user sns.User, raw, clientID string) (m sns.Message, again bool, err error) {
	var inv sns.Invalid
	clientID, p := sns.ClientID(clientID)
	inv.Add(p)
	content, p := sns.MessageContent(raw)
	inv.Add(p)
	if err := inv.Err(); err != nil {
		return m, false, err
	}
	return s.Rooms.Say(ctx, room, user, content, clientID)
}

// sayInRoom says something without a socket.
func (r *request) sayInRoom() error {
	if err := r.parse(); err != nil {
		return err
	}
	room, standing, err := r.room()
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err == nil && !standing.Inside {
		err = errOutside
	}
	if err != nil {
		return err
	}
	if err := r.limit(limitMessage); err != nil {
		inv, status := r.refusal(err)
		return r.refuseMessage(status, room, standing, inv)
	}
	m, err := r.sayForm(room)
	if inv, status := r.refusal(err); inv != nil {
		return r.refuseMessage(status, room, standing, inv)
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect("/rooms/" + itoa(room.ID) + "#message-" + itoa(room.ID) + "-" + itoa(m.Seq))
	}
	return r.fragments(http.StatusOK, part{
		name: "message/_item", data: r.locale.viewLine(chat.Line{Message: m, Position: chat.Position{Seq: m.Seq, PrevAt: m.At.UnixMicro()}}),
		target: "#messages", swap: "beforeend",
	})
}

// sayForm says what the form holds. One that was sent before with something else
// in it, as after the Back button, says a new message: nothing may be lost in
// silence.
func (r *request) sayForm(room sns.Room) (sns.Message, error) {
	m, again, err := r.say(r.ctx(), room.ID, r.viewer.User, r.value("content"), r.clientID())
	if err != nil || !again {
		return m, err
	}
	first, err := r.Rooms.Message(r.ctx(), room, m.Seq)
	if err != nil || first.Content == m.Content {
		return m, err
	}
	m, _, err = r.say(r.ctx(), room.ID, r.viewer.User, r.value("content"), rand.Text())
	return m, err
}

// clientID is what the form calls its message; a form without one says it once.
func (r *request) clientID() string {
	if id := r.value("client_id"); id != "" {
		return id
	}
	return rand.Text()
}

func (r *request) refuseMessage(status int, room sns.Room, standing sns.Standing, inv sns.Invalid) error {
	f := newForm("content", r.value("content")).withProblems(r.locale, inv)
	if r.partial() {
		return r.fragments(status, part{
			name: "message/_refusal", data: refusalView{ClientID: r.value("client_id"), Text: f.Summary(), Retry: status >= http.StatusTooManyRequests},
			target: "#refusals", swap: "beforeend",
		})
	}
	return r.chatPage(status, room, standing, f)
}
