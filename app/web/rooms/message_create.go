package rooms

import (
	"cmp"
	"crypto/rand"
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Create says a message by a form, which works without a socket. The viewer must be
// inside the room.
func (Messages) Create(r *request.Request) error {
	room, membership, err := loadInside(r)
	if err != nil {
		return err
	}
	m, err := createMessage(r, room)
	if err != nil {
		return r.Again(err, r.Typed("content"), func(status int, f view.Form) error {
			return rejectMessage(r, status, room, membership, f)
		})
	}
	if !r.Partial() {
		return r.Redirect(view.RoomPath(room.ID) + view.MessageSelector(room.ID, m.Seq))
	}
	line := chat.Line{Message: m, Position: chat.Position{Seq: m.Seq, PrevAt: m.At.UnixMicro()}}
	return r.Fragments(http.StatusOK, request.Fragment{
		Name: "message/_item", Data: r.Locale.Message(line), Target: "#messages", Swap: "beforeend",
	})
}

// createMessage says the message of the form. If an earlier message with the same
// client id has a different text, the form was sent again after the Back button: the
// text is said as a new message, since otherwise the text would be lost silently.
func createMessage(r *request.Request, room sns.Room) (sns.Message, error) {
	content := r.Value("content")
	if err := r.Limits.TakeN(r.Ctx(), request.LimitMessage, r.Viewer.LimitKey, request.MessageActs(content)); err != nil {
		return sns.Message{}, err
	}
	m, again, err := r.Rooms.Say(r.Ctx(), room.ID, r.Viewer.User, content, cmp.Or(r.Value("client_id"), rand.Text()))
	if err != nil || !again {
		return m, err
	}
	first, err := r.Rooms.Message(r.Ctx(), room, m.Seq)
	if err != nil || first.Content == m.Content {
		return m, err
	}
	m, _, err = r.Rooms.Say(r.Ctx(), room.ID, r.Viewer.User, content, rand.Text())
	return m, err
}

// rejectMessage answers a form whose message was not said: htmx with the reason, and a
// plain form with the page of the room and the typed text. The form keeps its client
// id: in spite of the error the message may have been said, and must not be said twice.
func rejectMessage(r *request.Request, status int, room sns.Room, membership sns.Membership, f view.Form) error {
	clientID := r.Value("client_id")
	if r.Partial() {
		v := view.Rejection{ClientID: clientID, Text: f.Summary(), Retry: status >= http.StatusTooManyRequests}
		return r.Fragments(status, request.Fragment{Name: "message/_refusal", Data: v, Target: "#refusals", Swap: "beforeend"})
	}
	form := newMessageForm(room)
	form.Form = f
	if sns.ValidKey(clientID) {
		form.ClientID = clientID
	}
	return chatPage(r, status, room, membership, form)
}
