package export

import (
	"context"
	"path"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

type room struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Mentor    string     `json:"mentor"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Whole     bool       `json:"whole"` // false: the user's own messages alone
}

type message struct {
	Seq     int64           `json:"seq"`
	Kind    sns.MessageKind `json:"kind"`
	Author  string          `json:"author"`
	Mine    bool            `json:"mine"`
	Text    string          `json:"text"`
	Deleted bool            `json:"deleted,omitempty"`
	At      time.Time       `json:"at"`
}

// rooms adds the rooms in which the user was, and what was said there: everything that the user
// may read, and of other rooms what the user has said.
func (a *archive) rooms(ctx context.Context, p part) error {
	ids, err := a.Store.RoomsEntered(ctx, a.user.ID)
	if err != nil {
		return err
	}
	reach, err := a.Store.Reach(ctx, a.user)
	if err != nil {
		return err
	}
	left := ids
	err = list(ctx, a, p, func(_ int64, limit int) ([]sns.Room, error) {
		next := left[:min(len(left), limit)]
		left = left[min(len(left), perSheet):]
		return a.roomsOf(ctx, next)
	}, func(r sns.Room) (view.ExportItem, room, int64) {
		return view.ExportItem{URL: view.Itoa(r.ID) + "/1.html", Head: r.Name, Time: a.locale.ExportTime(r.CreatedAt), Note: a.locale.Name(r.Mentor)},
			room{r.ID, r.Name, a.locale.Name(r.Mentor), r.CreatedAt, known(r.EndedAt), reach.May(r)}, r.ID
	})
	for _, id := range ids {
		if err == nil {
			err = a.transcript(ctx, p, id, reach)
		}
	}
	return err
}

// roomsOf returns rooms in the order of their ids.
func (a *archive) roomsOf(ctx context.Context, ids []int64) ([]sns.Room, error) {
	found, err := a.Store.RoomsByID(ctx, ids)
	all := make([]sns.Room, 0, len(ids))
	for _, id := range ids {
		if r, ok := found[id]; ok {
			all = append(all, r)
		}
	}
	return all, err
}

// transcript adds what was said in a room.
func (a *archive) transcript(ctx context.Context, p part, id int64, reach store.Reach) error {
	r, _, err := a.Store.Room(ctx, id, a.user.ID) // anew: the room may have ended meanwhile
	if err != nil {
		return err
	}
	after := int64(0)
	return a.sheets(ctx, p, path.Join(p.folder, view.Itoa(id)), r.Name, func() (s sheet, err error) {
		data := make([]message, 0, perSheet)
		for s.more = true; s.more && len(data) == 0; {
			lines, err := a.Rooms.Messages(ctx, r, sns.MessagePage{After: after, Limit: perSheet + 1})
			if err != nil {
				return s, err
			}
			lines, s.more = view.Cut(lines, perSheet)
			for _, m := range lines {
				after = m.Seq
				if !reach.May(r) && (m.Author.ID != a.user.ID || m.Kind != sns.MessageSaid) {
					continue
				}
				item, one := a.message(m)
				s.items, data = append(s.items, item), append(data, one)
			}
			if err := a.hold(ctx); err != nil {
				return s, err
			}
		}
		s.data = data
		return s, nil
	})
}

func (a *archive) message(m sns.Message) (view.ExportItem, message) {
	data := message{Seq: m.Seq, Kind: m.Kind, Author: a.locale.Name(m.Author), Mine: m.Author.ID == a.user.ID, Text: m.Content, Deleted: m.Deleted, At: m.At}
	item := view.ExportItem{ID: "message-" + view.Itoa(m.Seq), Head: data.Author, Time: a.locale.ExportTime(m.At), Text: view.ExportText(m.Content)}
	switch {
	case m.Kind != sns.MessageSaid:
		item.Head = a.locale.TUser("message."+string(m.Kind), m.Author)
	case m.Deleted:
		item.Note = a.locale.T("message.gone")
	}
	return item, data
}
