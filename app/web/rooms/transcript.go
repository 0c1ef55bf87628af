package rooms

import (
	"fmt"
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// How many messages of a transcript are shown at once, and how many that match
// a search.
const (
	TranscriptPerPage = 200
	MostFound         = 100
	foundContext      = 20 // messages below one that was found, on the page it leads to
)

// transcriptPage shows an ended room to who may read it, from the message after
// ?after= on, or up to the one before ?before=.
func transcriptPage(r *request.Request, room sns.Room, standing sns.Standing) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	messages, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{After: after, Before: before, Limit: TranscriptPerPage + 1})
	if err != nil {
		return err
	}
	v, err := newTranscript(r, room, standing)
	if err != nil {
		return err
	}
	v.Messages, v.After = transcriptMessages(r, room, messages, after, before)
	return r.Page(http.StatusOK, "room/transcript", transcriptLayout(r, room, v))
}

// transcriptMessages cuts the one message too many, which tells that there is
// more: at the end, or at the beginning when one goes backwards.
func transcriptMessages(r *request.Request, room sns.Room, messages []sns.Message, after, before int64) (v view.Messages, next string) {
	path := view.RoomPath(room.ID)
	more := len(messages) > TranscriptPerPage
	switch {
	case more && before > 0:
		messages = messages[1:]
	case more:
		messages = messages[:TranscriptPerPage]
	}
	v = view.Messages{Room: room.ID, Items: r.Locale.Messages(messages, nil)}
	if len(messages) == 0 {
		return v, ""
	}
	if after > 0 || (before > 0 && more) {
		v.Before = path + "?before=" + view.Itoa(messages[0].Seq)
	}
	if before > 0 || more {
		next = path + "?after=" + view.Itoa(messages[len(messages)-1].Seq)
	}
	return v, next
}

// newTranscript is what stands around the messages.
func newTranscript(r *request.Request, room sns.Room, standing sns.Standing) (view.Transcript, error) {
	v := view.Transcript{Room: r.Locale.RoomFor(r.Viewer.User, room, standing, r.Now)}
	everybody := func(p sns.Participant) bool { return room.Ended() || p.ExitedAt.IsZero() }
	var err error
	if v.People, err = participants(r, room, everybody); err != nil || !room.Ended() {
		return v, err
	}
	s, err := r.Store.Settlement(r.Ctx(), room.ID)
	if err != nil {
		return v, err
	}
	settlement := view.NewSettlement(s)
	settlement.Retry = settlement.Failed && v.Room.Manager
	if !v.Room.Manager {
		settlement.Error = ""
	}
	v.Settlement = &settlement
	return v, nil
}

func transcriptLayout(r *request.Request, room sns.Room, v view.Transcript) view.Page {
	p := view.Page{Title: room.Name, Nav: "rooms", Data: v}
	if v.Settlement != nil && !v.Settlement.Done && r.MayFollow(chat.TopicSettlement(room.Mentor.ID)) {
		p.Topics = "topic=" + chat.TopicSettlement(room.Mentor.ID)
	}
	return p
}

// searchPage shows the messages of a room, open or ended, that hold ?q=.
func searchPage(r *request.Request, room sns.Room, standing sns.Standing) error {
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	v, err := newTranscript(r, room, standing)
	if err != nil {
		return err
	}
	v.Query = searchQuery(r)
	found, count, err := r.Rooms.Search(r.Ctx(), room, v.Query, MostFound)
	if err != nil {
		return err
	}
	v.Found, v.Capped = count, count > len(found)
	v.Messages = view.Messages{Room: room.ID, Items: r.Locale.Messages(found, nil)}
	for i, m := range v.Messages.Items {
		v.Messages.Items[i].Link = fmt.Sprintf("/rooms/%d?before=%d#message-%d-%d", room.ID, m.Seq+foundContext, room.ID, m.Seq)
	}
	return r.Page(http.StatusOK, "room/transcript", transcriptLayout(r, room, v))
}
