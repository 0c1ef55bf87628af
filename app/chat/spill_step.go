package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A spiller saves the older lines of one open room. The token names the attempt: the
// database refuses the writes of an attempt that no longer holds the lease, or whose
// room has ended.
type spiller struct {
	*Chat
	buffer Buffer
	room   int64
	token  string
	kept   kept
}

// spill saves lines of an open room and trims them from the buffer, until only kept is
// left, and returns the number of trimmed lines. Nothing happens if another attempt
// holds the lease, or the room has ended. A spill may stop at any point, and the next
// one goes on.
func (s *Spills) spill(ctx context.Context, room int64, k kept) (lines int, err error) {
	c := s.chat
	r, _, err := c.Store.Room(ctx, room, 0)
	if err != nil {
		return 0, err
	}
	b, err := c.buffer(r)
	if err != nil {
		return 0, err
	}
	step := spiller{c, b, room, rand.Text(), k}
	claimed, err := c.Store.ClaimSpill(ctx, room, step.token, c.Lease)
	if err != nil || !claimed {
		return 0, err
	}
	s.rooms.Add(1)
	defer s.rooms.Add(-1)
	lines, err = step.steps(ctx)
	brief, cancel := afterCommit(ctx)
	defer cancel()
	return lines, errors.Join(err, c.Store.ReleaseSpill(brief, room, step.token))
}

// stepTries is how often a step is repeated because lines were erased meanwhile.
const stepTries = 20

// steps repeats step until nothing is left to spill.
func (s spiller) steps(ctx context.Context) (lines int, err error) {
	for try := 1; ; {
		n, err := s.step(ctx)
		switch {
		case errors.Is(err, ErrChanged) && try < stepTries:
			try++
			continue
		case errors.Is(err, ErrClosed), errors.Is(err, store.ErrLeaseLost):
			return lines, nil // the settlement, or another replica, goes on
		case err != nil || n == 0:
			return lines, err
		}
		lines, try = lines+n, 1
		s.Spills.lines.Add(int64(n))
	}
}

// step spills the next lines, at most settlementPage. The lines leave the buffer only
// after the database has them all, and only as the database has them: if one was erased
// since it was read, Trim refuses and the step is repeated.
func (s spiller) step(ctx context.Context) (int, error) {
	sizes, err := s.buffer.Sizes(ctx, []int64{s.room})
	if err != nil {
		return 0, err
	}
	e := sizes[s.room]
	last := s.kept.target(e)
	if last <= e.Seam {
		return 0, nil
	}
	lines, err := s.read(ctx, e, last)
	if err != nil {
		return 0, err
	}
	if err := s.Store.Spill(ctx, s.room, s.token, lines, s.Lease); err != nil {
		return 0, err
	}
	saved, err := s.Store.CountMessagesBetween(ctx, s.room, lines[0].Seq, lines[len(lines)-1].Seq)
	if err == nil && saved != int64(len(lines)) {
		err = fmt.Errorf("%d of %d messages from %d on are saved", saved, len(lines), lines[0].Seq)
	}
	if err != nil {
		return 0, err
	}
	return len(lines), s.buffer.Trim(ctx, s.room, lines, e.Erasures)
}

// read returns the first lines after the seam, up to last. ErrChanged if they were
// trimmed meanwhile.
func (s spiller) read(ctx context.Context, e Extent, last int64) ([]sns.Message, error) {
	limit := int(min(last-e.Seam, settlementPage))
	lines, seam, err := s.buffer.Messages(ctx, s.room, sns.MessagePage{After: e.Seam, Limit: limit})
	if err != nil {
		return nil, err
	}
	if seam > e.Seam {
		return nil, ErrChanged
	}
	for i, m := range lines {
		if m.Seq != e.Seam+1+int64(i) {
			return nil, fmt.Errorf("the buffer of room %d lacks line %d", s.room, e.Seam+1+int64(i))
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("the buffer of room %d has no lines after %d", s.room, e.Seam)
	}
	return lines, nil
}
