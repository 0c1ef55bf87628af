package rooms

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const (
	// MaxFound is how many matching messages searchPage shows.
	MaxFound = 100

	// maxQuery bounds a search query, in bytes.
	maxQuery = 400
)

// searchQuery returns ?q= in the form in which texts are stored, so that both compare
// equal.
func searchQuery(r *request.Request) string {
	return sns.Query(r.Query("q"), maxQuery)
}

// searchPage shows the messages of an open or ended room that contain ?q=: on the page of
// the room if htmx asks, and on a page of their own otherwise. The viewer must be allowed
// to read the conversation.
func searchPage(r *request.Request, room sns.Room, membership sns.Membership) error {
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	query := searchQuery(r)
	found, count, err := r.Rooms.Search(r.Ctx(), room, query, MaxFound)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "room/_found", Data: r.Locale.Found(room, query, found, count, r.Now)})
	}
	v, err := newTranscript(r, room, membership)
	if err != nil {
		return err
	}
	v.Search.Query, v.Tally = query, view.Tally{Count: count, Shown: len(found)}
	v.Messages = r.Locale.FoundMessages(room, query, found)
	return r.Page(http.StatusOK, "room/transcript", transcriptLayout(r, room, v))
}
