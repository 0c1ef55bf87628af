package rooms

import (
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// TranscriptPerPage is how many messages a page of a transcript shows.
const TranscriptPerPage = 200

// transcriptPage shows the transcript of an ended room: the messages after ?after=, or
// the last messages before ?before=. The viewer must be allowed to read the
// conversation.
func transcriptPage(r *request.Request, room sns.Room, membership sns.Membership) error {
	page := sns.MessagePage{Limit: TranscriptPerPage + 1}
	var err error
	if page.After, err = r.Cursor("after"); err != nil {
		return err
	}
	if page.Before, err = r.Cursor("before"); err != nil {
		return err
	}
	messages, err := r.Rooms.Messages(r.Ctx(), room, page)
	if err != nil {
		return err
	}
	v, err := newTranscript(r, room, membership)
	if err != nil {
		return err
	}
	v.Messages, v.After = transcriptMessages(r, room, messages, page)
	return r.Page(http.StatusOK, "room/transcript", transcriptLayout(r, room, v))
}

// transcriptMessages shows the messages of a page without the one row too many, and
// links to the pages before and after, if there are any. The row too many is the first
// row of a page that was read backwards, from Before, and the last row otherwise.
func transcriptMessages(r *request.Request, room sns.Room, rows []sns.Message, page sns.MessagePage) (v view.Messages, after string) {
	backwards := page.Before > 0
	messages, more := view.Cut(rows, TranscriptPerPage)
	if backwards && more {
		messages = rows[1:]
	}
	v = view.Messages{Room: room.ID, Items: r.Locale.Messages(messages, nil)}
	if len(messages) == 0 {
		return v, ""
	}
	path := view.RoomPath(room.ID)
	if page.After > 0 || (backwards && more) {
		v.Before = path + "?before=" + view.Itoa(messages[0].Seq)
	}
	if backwards || more {
		after = path + "?after=" + view.Itoa(messages[len(messages)-1].Seq)
	}
	return v, after
}

// newTranscript shows a room's transcript without messages. The participants are
// the users inside or, of an ended room, all users who were ever inside.
func newTranscript(r *request.Request, room sns.Room, membership sns.Membership) (view.Transcript, error) {
	v := view.Transcript{Room: roomView(r, room, membership), Search: view.Search{URL: view.RoomPath(room.ID), Field: "q"}}
	var err error
	v.People, err = participantViews(r, room, func(p sns.Participant) bool { return room.Ended() || p.Inside() })
	if err != nil || !room.Ended() {
		return v, err
	}
	s, err := r.Store.Settlement(r.Ctx(), room.ID)
	if err != nil {
		return v, err
	}
	settlement := view.NewSettlementFor(s, v.Room.Manager)
	v.Settlement = &settlement
	return v, nil
}

// transcriptLayout returns the page of a transcript. As long as messages are being
// saved, the page of a viewer who may follow the settlement is live.
func transcriptLayout(r *request.Request, room sns.Room, v view.Transcript) view.Page {
	p := view.Page{Title: room.Name, Nav: "rooms", Data: v}
	topic := chat.TopicSettlement(room.Mentor.ID)
	if v.Settlement != nil && !v.Settlement.Done && r.MayFollow(topic) {
		p.Topics = "topic=" + topic
	}
	return p
}
