package web

import (
	"net/http"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// deskSize is how many ended rooms are shown at once; open ones are all shown,
// up to openMost.
const (
	deskSize = 20
	openMost = 100
)

// showDesk shows a mentor's own rooms: the open ones, and the ended ones with
// how far they are saved.
func (r *request) showDesk() error {
	if !r.viewer.Role.Is(sns.RoleMentor) {
		return errNotMentor
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	var v deskView
	if before == 0 {
		if v.Open, err = r.openDesk(); err != nil {
			return err
		}
	}
	ended, err := r.Store.MentorRooms(r.ctx(), r.viewer.ID, true, before, deskSize+1)
	if err != nil {
		return err
	}
	if len(ended) > deskSize {
		ended = ended[:deskSize]
		v.More = "/desk?before=" + itoa(ended[deskSize-1].ID)
	}
	if v.Ended, err = r.endedDesk(ended); err != nil {
		return err
	}
	return r.page(http.StatusOK, "room/desk", page{
		Title: r.T("desk.title"), Nav: "desk", Topics: "topic=" + chat.TopicRooms + "&topic=" + chat.TopicSettlement(r.viewer.ID), Data: v,
	})
}

func (r *request) openDesk() ([]deskRoomView, error) {
	open, err := r.Store.MentorRooms(r.ctx(), r.viewer.ID, false, 0, openMost)
	if err != nil {
		return nil, err
	}
	sizes := r.Rooms.Sizes(r.ctx(), open)
	views := make([]deskRoomView, len(open))
	for i, room := range open {
		views[i] = deskRoomView{
			Room: r.locale.viewRoomFor(r.viewer.User, room, sns.Standing{}, r.now), Notice: r.locale.viewNotice(room, r.now), Messages: sizes[room.ID],
		}
		people, err := r.Store.Participants(r.ctx(), room.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			switch {
			case p.Removed:
				views[i].Removed = append(views[i].Removed, r.locale.viewAuthor(p.User))
			case p.ExitedAt.IsZero():
				views[i].People = append(views[i].People, r.locale.viewParticipant(room, p.User, false))
			}
		}
	}
	return views, nil
}

func (r *request) endedDesk(ended []sns.Room) ([]deskRoomView, error) {
	ids := make([]int64, len(ended))
	for i, room := range ended {
		ids[i] = room.ID
	}
	settlements, err := r.Store.Settlements(r.ctx(), ids)
	if err != nil {
		return nil, err
	}
	heads, err := r.Store.CountParticipants(r.ctx(), ids)
	if err != nil {
		return nil, err
	}
	views := make([]deskRoomView, len(ended))
	for i, room := range ended {
		s := viewSettlement(settlements[room.ID])
		s.Retry = s.Failed
		views[i] = deskRoomView{Room: r.locale.viewRoomFor(r.viewer.User, room, sns.Standing{}, r.now), Settlement: s, Heads: heads[room.ID]}
	}
	return views, nil
}
