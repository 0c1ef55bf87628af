package rooms

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Reads has the handlers of what a participant has read of a room, and wants to hear of it.
type Reads struct{}

// Create records that the viewer has seen the messages of a room up to seq. The viewer must
// be inside. A page is told by 202 instead of 204 that nothing is recorded, while the
// buffer cannot be reached.
func (Reads) Create(r *request.Request) error {
	room, _, err := loadInside(r)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.Value("seq"), 10, 64)
	if err != nil || seq < 0 {
		return request.ErrBadRequest
	}
	if err := r.Limit(request.LimitRead); err != nil {
		return err
	}
	err = r.Rooms.Read(r.Ctx(), room, r.Viewer.ID, seq)
	if r.Partial() && errors.Is(err, sns.ErrUnavailable) {
		return answerEmpty(r, http.StatusAccepted) // the page tells again, and others log the outage
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(view.RoomPath(room.ID))
	}
	return answerEmpty(r, http.StatusNoContent)
}

// answerEmpty answers a page with a status alone.
func answerEmpty(r *request.Request, status int) error {
	r.Header("Cache-Control", "no-store")
	r.Status(status)
	r.Writer.WriteHeaderNow()
	return nil
}

// SetAlerts sets of which messages of a room the viewer wants to be told. The viewer must be
// inside.
func (Reads) SetAlerts(r *request.Request) error {
	room, _, err := loadInside(r)
	if err != nil {
		return err
	}
	alerts, ok := sns.ParseAlerts(r.Value("alerts"))
	if !ok {
		return request.ErrBadRequest
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	if err := r.Store.SetAlerts(r.Ctx(), r.Viewer.ID, room.ID, alerts); err != nil {
		return err
	}
	return r.Done(view.RoomPath(room.ID), "done.saved", request.Fragment{Name: "room/_alerts", Data: r.Locale.Alerts(room.ID, alerts)})
}

// Bounds of a page to which somebody comes back: so many lines are shown above the first
// unread message and, if they are not too many, all lines from there on.
const (
	readAbove  = 10
	MostUnread = 400
)

// backlog returns how many messages the page of a room shows at first.
func backlog(u sns.Unread) int {
	lines := u.Newest - u.Mark + readAbove
	if u.Count == 0 || lines > MostUnread {
		return Backlog
	}
	return max(Backlog, int(lines))
}

// markUnread marks the first message that the viewer has not read. What is above must be on
// the page, too: otherwise the mark would say too little.
func markUnread(v *view.Messages, u sns.Unread) {
	for i, m := range v.Items {
		if m.Seq > u.Mark {
			if u.Count > 0 && i > 0 {
				v.Unread = m.Seq
			}
			return
		}
	}
}

// readShown records that the viewer has read the messages of a page. A browser that runs
// scripts tells by itself what was on the screen.
func readShown(r *request.Request, room sns.Room, shown []view.Message) {
	if r.Scripted() || len(shown) == 0 {
		return
	}
	if err := r.Rooms.Read(r.Ctx(), room, r.Viewer.ID, shown[len(shown)-1].Seq); err != nil {
		r.Warn("messages not marked as read", err)
	}
}
