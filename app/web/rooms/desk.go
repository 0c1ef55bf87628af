package rooms

import (
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Desk has the handler of a mentor's desk.
type Desk struct{}

// The desk shows open rooms, at most maxOpenRooms, and DeskPerPage ended rooms at once.
const (
	DeskPerPage  = 20
	maxOpenRooms = 100
)

// Show shows a mentor's own rooms: open rooms with participants, ended rooms with
// settlements. The viewer must be a mentor.
func (Desk) Show(r *request.Request) error {
	if err := requireMentor(r); err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	var v view.Desk
	if v.Reports, err = r.Store.CountCases(r.Ctx(), r.Viewer.ID, view.OpenCasesMost); err != nil {
		return err
	}
	if before == 0 { // the first page
		if v.Open, err = openDeskRooms(r); err != nil {
			return err
		}
	}
	ended, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, true, before, DeskPerPage+1)
	if err != nil {
		return err
	}
	ended, more := view.Cut(ended, DeskPerPage)
	if more {
		v.More = "/desk?before=" + view.Itoa(ended[len(ended)-1].ID)
	}
	if v.Ended, err = endedDeskRooms(r, ended); err != nil {
		return err
	}
	topics := "topic=" + chat.TopicRooms + "&topic=" + chat.TopicSettlement(r.Viewer.ID)
	return r.Page(http.StatusOK, "room/desk", view.Page{Title: r.T("desk.title"), Nav: "desk", Topics: topics, Data: v})
}

func openDeskRooms(r *request.Request) ([]view.DeskRoom, error) {
	open, err := r.Store.MentorRooms(r.Ctx(), r.Viewer.ID, false, 0, maxOpenRooms)
	if err != nil {
		return nil, err
	}
	counts, err := r.Rooms.Spills.CountLines(r.Ctx(), open)
	if err != nil {
		return nil, err
	}
	views := make([]view.DeskRoom, len(open))
	for i, room := range open {
		if views[i], err = openDeskRoom(r, room, counts[room.ID]); err != nil {
			return nil, err
		}
	}
	return views, nil
}

func openDeskRoom(r *request.Request, room sns.Room, messages int64) (view.DeskRoom, error) {
	v := view.DeskRoom{Room: roomView(r, room, sns.Membership{}), Notice: r.Locale.Notice(room, r.Now), Messages: messages}
	participants, err := r.Store.Participants(r.Ctx(), room.ID)
	for _, p := range participants {
		switch {
		case p.Removed:
			v.Removed = append(v.Removed, r.Locale.Author(p.User))
		case p.Inside():
			v.People = append(v.People, r.Locale.Participant(room, p.User, false))
		}
	}
	return v, err
}

func endedDeskRooms(r *request.Request, ended []sns.Room) ([]view.DeskRoom, error) {
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
		views[i] = view.DeskRoom{
			Room:       roomView(r, room, sns.Membership{}),
			Settlement: view.NewSettlementFor(settlements[room.ID], true),
			Heads:      heads[room.ID],
		}
	}
	return views, nil
}
