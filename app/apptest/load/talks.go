package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// openers is the number of people who open their pages at the same time.
	openers = 16

	// hearWithin is the time limit for the last messages to arrive.
	hearWithin = time.Minute

	// mostSaid is the maximum number of messages in one Talks: the time of each
	// message is kept.
	mostSaid = 1 << 20
)

// Words is the text of all messages and posts.
const Words = "내일 저녁에는 어디에서 만날까요? 저는 아무 데나 좋아요."

// A Seat is a person's place in a room, which the person has entered.
type Seat struct {
	*Person
	Room string // the path of its page, such as /rooms/3
}

// Talks are rooms in which people talk, each person with an open socket.
type Talks struct {
	patience time.Duration // of account

	rooms   []*room
	begun   time.Time
	said    atomic.Int64
	saidAt  []atomic.Int64 // ns since begun, by number
	heard   atomic.Int64
	refused atomic.Int64
	latency atomic.Pointer[Histogram]
}

type room struct {
	turns atomic.Int64
	said  atomic.Int64 // messages to be heard: without the refused messages
	ears  []*ear
}

// An ear is one socket.
type ear struct {
	*Socket
	closed atomic.Bool

	mu     sync.Mutex // guards the fields below
	heard  int64      // messages of these talks, doubled messages included
	ledger Ledger
}

// account returns the losses of the socket after so many messages were said.
func (e *ear) account(said int64) (lost, doubled, disordered int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	doubled = int64(e.ledger.Doubled)
	return said + doubled - e.heard, doubled, int64(e.ledger.Disordered)
}

// A Result is the outcome of a Talk.
type Result struct {
	Said, Heard               int64      // Heard: of all receivers together
	Latency                   *Histogram // from saying to each receiver
	Lost, Doubled, Disordered int64
	Refused, Closed           int64 // messages; sockets
	Took                      time.Duration
}

// Err returns an error if a message was lost, doubled, disordered or refused,
// or a socket was closed.
func (r Result) Err() error {
	if r.Lost+r.Doubled+r.Disordered+r.Refused+r.Closed == 0 {
		return nil
	}
	return fmt.Errorf("of %d messages to %d receivers: lost %d, doubled %d, disordered %d, refused %d, sockets closed %d",
		r.Said, r.Heard, r.Lost, r.Doubled, r.Disordered, r.Refused, r.Closed)
}

// OpenTalks opens the sockets of all rooms.
func OpenTalks(rooms [][]Seat) (*Talks, error) {
	t := &Talks{patience: hearWithin, begun: time.Now(), saidAt: make([]atomic.Int64, mostSaid)}
	t.latency.Store(new(Histogram))
	var opening errgroup.Group
	opening.SetLimit(openers)
	for _, seats := range rooms {
		r := &room{ears: make([]*ear, len(seats))}
		t.rooms = append(t.rooms, r)
		for i, seat := range seats {
			opening.Go(func() (err error) {
				r.ears[i], err = t.open(r, seat)
				return err
			})
		}
	}
	if err := opening.Wait(); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (t *Talks) open(r *room, seat Seat) (*ear, error) {
	s, err := seat.Socket(seat.Room + "/socket")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", seat.Room, err)
	}
	e := &ear{Socket: s}
	go func() {
		_ = s.Listen(func(frame []byte) { t.hear(r, e, frame) })
		e.closed.Store(true)
	}()
	return e, nil
}

// hear records a frame of a socket. Only messages of these talks have a client
// id that is a number.
func (t *Talks) hear(r *room, e *ear, frame []byte) {
	seq, id, ok := parseSaid(frame)
	if !ok {
		if bytes.Contains(frame, []byte(`class="refusal`)) {
			t.refused.Add(1)
			r.said.Add(-1)
		}
		return
	}
	n, err := strconv.Atoi(string(id))
	ours := err == nil && n >= 0 && n < mostSaid
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ledger.Note(seq)
	if ours {
		t.latency.Load().Record(time.Since(t.begun) - time.Duration(t.saidAt[n].Load()))
		t.heard.Add(1)
		e.heard++
	}
}

// Talk lets the people of each room talk by turns, perSecond messages per
// second in each room, and waits until every socket has received every message.
// The result covers the time since the call, except for the losses, which are
// those of all calls.
func (t *Talks) Talk(perSecond float64, long time.Duration) (Result, error) {
	said, heard, latency, begin := t.said.Load(), t.heard.Load(), new(Histogram), time.Now()
	t.latency.Store(latency)
	errs, talking := make([]error, len(t.rooms)), sync.WaitGroup{}
	pause := time.Duration(float64(time.Second) / perSecond)
	for i, r := range t.rooms {
		talking.Go(func() {
			first := begin.Add(pause * time.Duration(i) / time.Duration(len(t.rooms)))
			for at := first; at.Before(begin.Add(long)) && errs[i] == nil; at = at.Add(pause) {
				time.Sleep(time.Until(at))
				errs[i] = t.say(r)
			}
		})
	}
	talking.Wait()
	result := t.account()
	result.Said, result.Heard = t.said.Load()-said, t.heard.Load()-heard
	result.Latency, result.Took = latency, time.Since(begin)
	return result, errors.Join(errors.Join(errs...), result.Err())
}

// say sends a message from the next socket of the room.
func (t *Talks) say(r *room) error {
	n := t.said.Add(1) - 1
	if n >= mostSaid {
		return fmt.Errorf("more than %d messages", mostSaid)
	}
	r.said.Add(1)
	turn := int(r.turns.Add(1)) % len(r.ears)
	t.saidAt[n].Store(int64(time.Since(t.begun)))
	return r.ears[turn].Say(Words, strconv.FormatInt(n, 10))
}

// account waits for messages that are still on their way, and sums up.
func (t *Talks) account() (result Result) {
	deadline := time.Now().Add(t.patience)
	for _, r := range t.rooms {
		for _, e := range r.ears {
			lost, doubled, disordered := e.account(r.said.Load())
			for lost > 0 && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
				lost, doubled, disordered = e.account(r.said.Load())
			}
			result.Lost += lost
			result.Doubled += doubled
			result.Disordered += disordered
			if e.closed.Load() {
				result.Closed++
			}
		}
	}
	result.Refused = t.refused.Load()
	return result
}

// Close closes all sockets.
func (t *Talks) Close() {
	for _, r := range t.rooms {
		for _, e := range r.ears {
			if e != nil {
				e.Close()
			}
		}
	}
}
