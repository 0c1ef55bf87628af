package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/seed"
	"xxsns/app/sns"
)

// A stage is where open rooms are made as people make them, so that what is
// said is where it would be, and running servers tell of it. The rooms take it
// to be the time that is set.
type stage struct {
	rooms *chat.Chat
	now   time.Time
	close func()
}

// openStage opens a stage. An error names REDIS_URL when Redis does not answer.
func (s *seeder) openStage(ctx context.Context, cfg config.Config) (*stage, error) {
	command := &Server{cfg: cfg, log: slog.New(slog.DiscardHandler), store: s.store}
	if err := command.openLive(ctx, nil); err != nil {
		return nil, err
	}
	if ask := command.askRedis(); ask != nil {
		if err := ask(ctx); err != nil {
			command.closeLive()
			return nil, naming("REDIS_URL", err)
		}
	}
	st := &stage{rooms: command.rooms, close: command.closeLive}
	st.rooms.Now = func() time.Time { return st.now }
	return st, nil
}

// addOpenRoom makes a room in which people still talk.
func (s *seeder) addOpenRoom(ctx context.Context, r seed.Room, limit int, people []sns.User, steps []seed.Step) error {
	s.stage.now = r.Opened
	room, err := s.stage.open(ctx, people[0], sns.RoomChange{Name: r.Name, UserLimit: limit, Notice: r.Notice})
	if err != nil {
		return err
	}
	s.tell(SeedResult{Rooms: 1})
	for i, step := range steps[1:] { // the mentor is inside
		s.stage.now = step.At
		if err := s.stage.play(ctx, room, people[step.Who], step, fmt.Sprintf("seed-%d", i)); err != nil {
			return err
		}
		if step.Kind == sns.MessageSaid {
			s.tell(SeedResult{Messages: 1})
		}
	}
	return nil
}

// open opens a room and pins its notice.
func (st *stage) open(ctx context.Context, mentor sns.User, change sns.RoomChange) (int64, error) {
	id, _, err := st.rooms.Open(ctx, chat.NewRoom{Mentor: mentor, Change: change})
	if err != nil || change.Notice == "" {
		return id, err
	}
	room, _, err := st.rooms.Store.Room(ctx, id, mentor.ID)
	if err == nil {
		_, err = st.rooms.Change(ctx, room, mentor, change)
	}
	return id, err
}

// play does what one of the people does next.
func (st *stage) play(ctx context.Context, room int64, user sns.User, step seed.Step, clientID string) (err error) {
	switch step.Kind {
	case sns.MessageEntered:
		_, err = st.rooms.Enter(ctx, room, user)
	case sns.MessageLeft:
		err = st.rooms.Leave(ctx, room, user)
	default:
		_, _, err = st.rooms.Say(ctx, room, user, step.Text, clientID)
	}
	return err
}
