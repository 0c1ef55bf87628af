package chat_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// A shaky buffer calls a function of the test before or after a method.
type shaky struct {
	chat.Buffer
	batch int // limit of lines of Messages; 0: none

	mu    sync.Mutex
	calls map[string]int
	at    map[string]func(context.Context) error // by moment: "before Close 2"
}

// on sets the function of a moment. Its error becomes the error of the method.
func (s *shaky) on(moment string, do func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.at = make(map[string]int), map[string]func(context.Context) error{moment: do}
}

// reach counts a call and calls the function of the moment, if any.
func (s *shaky) reach(ctx context.Context, when, method string) error {
	s.mu.Lock()
	moment := when + " " + method
	if s.calls != nil {
		s.calls[moment]++
		moment += fmt.Sprint(" ", s.calls[moment])
	}
	do := s.at[moment]
	s.mu.Unlock()
	if do == nil {
		return nil
	}
	return do(ctx)
}

// Append implements Buffer. A line that the buffer refuses was not said: the caller hears
// so.
func (s *shaky) Append(ctx context.Context, m sns.Message, rule chat.AppendRule) (chat.Appended, error) {
	if err := s.reach(ctx, "before", "Append"); err != nil {
		return chat.Appended{}, err
	}
	done, err := s.Buffer.Append(ctx, m, rule)
	if errors.Is(err, chat.ErrVacated) || errors.Is(err, chat.ErrSpilled) {
		return done, err
	}
	if lost := s.reach(ctx, "after", "Append"); lost != nil {
		return chat.Appended{}, lost
	}
	return done, err
}

// Vacate implements Buffer.
func (s *shaky) Vacate(ctx context.Context, room int64) error {
	if err := s.reach(ctx, "before", "Vacate"); err != nil {
		return err
	}
	return s.Buffer.Vacate(ctx, room)
}

// Trim implements Buffer.
func (s *shaky) Trim(ctx context.Context, room int64, lines []sns.Message, erasures int64) error {
	if err := s.reach(ctx, "before", "Trim"); err != nil {
		return err
	}
	err := s.Buffer.Trim(ctx, room, lines, erasures)
	if lost := s.reach(ctx, "after", "Trim"); lost != nil {
		return lost
	}
	return err
}

// Close implements Buffer.
func (s *shaky) Close(ctx context.Context, room int64) (int64, error) {
	if err := s.reach(ctx, "before", "Close"); err != nil {
		return 0, err
	}
	lines, err := s.Buffer.Close(ctx, room)
	if lost := s.reach(ctx, "after", "Close"); lost != nil {
		return 0, lost
	}
	return lines, err
}

// Messages implements Buffer.
func (s *shaky) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, int64, error) {
	if s.batch > 0 {
		page.Limit = min(page.Limit, s.batch)
	}
	if err := s.reach(ctx, "before", "Messages"); err != nil {
		return nil, 0, err
	}
	lines, seam, err := s.Buffer.Messages(ctx, room, page)
	if lost := s.reach(ctx, "after", "Messages"); lost != nil {
		return nil, 0, lost
	}
	return lines, seam, err
}

// Drop implements Buffer.
func (s *shaky) Drop(ctx context.Context, room int64) error {
	if err := s.reach(ctx, "before", "Drop"); err != nil {
		return err
	}
	err := s.Buffer.Drop(ctx, room)
	if lost := s.reach(ctx, "after", "Drop"); lost != nil {
		return lost
	}
	return err
}

// onShaky starts a replica on a shaky buffer.
func (w *world) onShaky(t testing.TB, s setup, batch int) (*replica, *shaky) {
	shaky := &shaky{batch: batch}
	s.wrap = func(b chat.Buffer) chat.Buffer {
		shaky.Buffer = b
		if table, ok := b.(*chat.Table); ok {
			return shakyTable{shaky, table}
		}
		return shaky
	}
	return w.replica(t, s), shaky
}

// A shakyTable is a shaky Table, which saves lines by itself.
type shakyTable struct {
	*shaky
	table *chat.Table
}

// Save is Save of Table.
func (s shakyTable) Save(ctx context.Context, room int64, token string, after int64, limit int) (int64, error) {
	if s.batch > 0 {
		limit = min(limit, s.batch)
	}
	if err := s.reach(ctx, "before", "Save"); err != nil {
		return 0, err
	}
	last, err := s.table.Save(ctx, room, token, after, limit)
	if lost := s.reach(ctx, "after", "Save"); lost != nil {
		return 0, lost
	}
	return last, err
}
