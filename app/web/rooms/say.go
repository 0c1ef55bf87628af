package rooms

import (
	"context"
	"crypto/rand"
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// say checks a message and says it, for the socket and the form alike.
// sns.Invalid, and those of chat.Say.
func say(s *request.Services, ctx context.Context, room int64, user sns.User, raw, clientID string) (m sns.Message, again bool, err error) {
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

// Create says something without a socket.
func (Messages) Create(r *request.Request) error {
	room, standing, err := loadRoom(r)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	if err == nil && !standing.Inside {
		err = request.ErrOutside
	}
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitMessage); err != nil {
		inv, status := r.Problems(err)
		return retryMessage(r, status, room, standing, inv)
	}
	m, err := sayForm(r, room)
	if inv, status := r.Problems(err); inv != nil {
		return retryMessage(r, status, room, standing, inv)
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(view.RoomPath(room.ID) + "#message-" + view.Itoa(room.ID) + "-" + view.Itoa(m.Seq))
	}
	return r.Fragments(http.StatusOK, request.Fragment{
		Name: "message/_item", Data: r.Locale.Message(chat.Line{Message: m, Position: chat.Position{Seq: m.Seq, PrevAt: m.At.UnixMicro()}}),
		Target: "#messages", Swap: "beforeend",
	})
}

// sayForm says what the form holds. One that was sent before with something else
// in it, as after the Back button, says a new message: nothing may be lost in
// silence.
func sayForm(r *request.Request, room sns.Room) (sns.Message, error) {
	m, again, err := say(r.Services, r.Ctx(), room.ID, r.Viewer.User, r.Value("content"), clientID(r))
	if err != nil || !again {
		return m, err
	}
	first, err := r.Rooms.Message(r.Ctx(), room, m.Seq)
	if err != nil || first.Content == m.Content {
		return m, err
	}
	m, _, err = say(r.Services, r.Ctx(), room.ID, r.Viewer.User, r.Value("content"), rand.Text())
	return m, err
}

// clientID is what the form calls its message; a form without one says it once.
func clientID(r *request.Request) string {
	if id := r.Value("client_id"); id != "" {
		return id
	}
	return rand.Text()
}

func retryMessage(r *request.Request, status int, room sns.Room, standing sns.Standing, inv sns.Invalid) error {
	f := view.NewForm("content", r.Value("content")).WithProblems(r.Locale, inv)
	if r.Partial() {
		return r.Fragments(status, request.Fragment{
			Name: "message/_refusal", Data: view.Rejection{ClientID: r.Value("client_id"), Text: f.Summary(), Retry: status >= http.StatusTooManyRequests},
			Target: "#refusals", Swap: "beforeend",
		})
	}
	return chatPage(r, status, room, standing, f)
}
