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

	// foundContext is how many messages after a match are on the page that the match
	// links to.
	foundContext = 20
)

// searchQuery returns ?q= in the form in which texts are stored, so that both compare
// equal.
func searchQuery(r *request.Request) string {
	return sns.Query(r.Query("q"), maxQuery)
}

// searchPage shows the messages of an open or ended room that contain ?q=. The viewer
// must be allowed to read the conversation.
func searchPage(r *request.Request, room sns.Room, membership sns.Membership) error {
	if err := r.Limit(request.LimitTranscript); err != nil {
		return err
	}
	v, err := newTranscript(r, room, membership)
	if err != nil {
		return err
	}
	v.Query = searchQuery(r)
	found, count, err := r.Rooms.Search(r.Ctx(), room, v.Query, MaxFound)
	if err != nil {
		return err
	}
	v.Found, v.Capped = count, count > len(found)
	v.Messages = view.Messages{Room: room.ID, Items: r.Locale.Messages(found, nil)}
	for i, m := range found {
		page := view.RoomPath(room.ID) + "?before=" + view.Itoa(m.Seq+foundContext)
		v.Messages.Items[i].Link = page + view.MessageSelector(room.ID, m.Seq)
	}
	return r.Page(http.StatusOK, "room/transcript", transcriptLayout(r, room, v))
}
