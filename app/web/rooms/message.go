package rooms

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Messages has the handlers of messages: to read, say and delete messages, the socket
// of a room, and the download of a transcript.
type Messages struct{}

// Backlog is how many messages a page of an open room shows at first, and how many
// earlier messages List adds at once.
const Backlog = 40

// List answers htmx with the messages before ?before= or, to a page that catches up,
// after ?after=. All other requests get the whole page of the room. The viewer must be
// allowed to read the conversation.
func (Messages) List(r *request.Request) error {
	room, membership, err := loadReadable(r)
	if err != nil {
		return err
	}
	if !r.Partial() {
		return conversationPage(r, room, membership)
	}
	if err := r.Limit(request.LimitRead); err != nil {
		return err
	}
	if r.Query("after") != "" {
		return catchUp(r, room)
	}
	return earlierMessages(r, room)
}

// MaxEarlier is how many messages List adds at once to a page that leads to a message far
// above.
const MaxEarlier = 200

// earlierMessages answers with the messages before ?before=: Backlog of them or, with
// ?from=, all from a few before that message on, but at most MaxEarlier.
func earlierMessages(r *request.Request, room sns.Room) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	from, err := r.Cursor("from")
	if err != nil {
		return err
	}
	limit := int64(Backlog)
	if from > 0 {
		limit = min(max(limit, before-from+Backlog/2), MaxEarlier)
	}
	v, err := messagesBefore(r, room, before, int(limit))
	if err != nil {
		return err
	}
	if len(v.Items) > 0 && before > 0 {
		v.Join = needlessDivider(r, room, v.Items[len(v.Items)-1], before)
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "message/_list", Data: v})
}

// needlessDivider returns the element id of the day divider above the message seq if
// last, the message before, is of the same day, or "".
func needlessDivider(r *request.Request, room sns.Room, last view.Message, seq int64) string {
	m, err := r.Rooms.Message(r.Ctx(), room, seq)
	if err != nil || r.Locale.Day(m.At) != last.Date {
		return ""
	}
	return "day-" + view.Itoa(room.ID) + "-" + view.Itoa(seq)
}

// messagesBefore shows the last messages before the message seq or, if seq is 0, the
// newest messages.
func messagesBefore(r *request.Request, room sns.Room, seq int64, limit int) (view.Messages, error) {
	page := sns.LastMessages(limit + 1)
	if seq > 0 {
		page.Before = seq
	}
	messages, err := r.Rooms.Messages(r.Ctx(), room, page)
	if err != nil {
		return view.Messages{}, err
	}
	v := view.Messages{Room: room.ID}
	var prev *sns.Message
	if len(messages) > limit {
		prev, messages = &messages[0], messages[1:]
		v.Before = view.RoomPath(room.ID) + "/messages?before=" + view.Itoa(messages[0].Seq)
	}
	v.Items = r.Locale.Messages(messages, prev)
	return v, nil
}
