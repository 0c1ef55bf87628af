package rooms

import (
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// DeskPerPage is how many ended rooms are shown at once; open ones are all shown,
// up to openMost.
const (
	DeskPerPage = 20
	openMost    = 100
)

// Show shows a mentor's own rooms: the open ones, and the ended ones with
// how far they are saved.
func (Desk) Show(r *request.Request) error {
	if !r.Viewer.Role.Is(sns.RoleMentor) {
		return request.ErrNotMentor
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	var v view.Desk
	if before == 0 {
		if v.Open, err = openDesk(r); err != nil {
			return err
		}
	}
	ended, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, true, before, DeskPerPage+1)
	if err != nil {
		return err
	}
	if len(ended) > DeskPerPage {
		ended = ended[:DeskPerPage]
		v.More = "/desk?before=" + view.Itoa(ended[DeskPerPage-1].ID)
	}
	if v.Ended, err = endedDesk(r, ended); err != nil {
		return err
	}
	return r.Page(http.StatusOK, "room/desk", view.Page{
		Title: r.T("desk.title"), Nav: "desk", Topics: "topic=" + chat.TopicRooms + "&topic=" + chat.TopicSettlement(r.Viewer.ID), Data: v,
	})
}

func openDesk(r *request.Request) ([]view.DeskRoom, error) {
	open, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, false, 0, openMost)
	if err != nil {
		return nil, err
	}
	sizes := r.Rooms.Sizes(r.Ctx(), open)
	views := make([]view.DeskRoom, len(open))
	for i, room := range open {
		views[i] = view.DeskRoom{
			Room: r.Locale.RoomFor(r.Viewer.User, room, sns.Standing{}, r.Now), Notice: r.Locale.Notice(room, r.Now), Messages: sizes[room.ID],
		}
		people, err := r.Store.Participants(r.Ctx(), room.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			switch {
			case p.Removed:
				views[i].Removed = append(views[i].Removed, r.Locale.Author(p.User))
			case p.ExitedAt.IsZero():
				views[i].People = append(views[i].People, r.Locale.Participant(room, p.User, false))
			}
		}
	}
	return views, nil
}

func endedDesk(r *request.Request, ended []sns.Room) ([]view.DeskRoom, error) {
	ids := make([]int64, len(ended))
	for i, room := range ended {
		ids[i] = room.ID
	}
	settlements, err := r.Store.Settlements(r.Ctx(), ids)
	if err != nil {
		return nil, err
	}
	heads, err := r.Store.CountParticipants(r.Ctx(), ids)
	if err != nil {
		return nil, err
	}
	views := make([]view.DeskRoom, len(ended))
	for i, room := range ended {
		s := view.NewSettlement(settlements[room.ID])
		s.Retry = s.Failed
		views[i] = view.DeskRoom{Room: r.Locale.RoomFor(r.Viewer.User, room, sns.Standing{}, r.Now), Settlement: s, Heads: heads[room.ID]}
	}
	return views, nil
}
