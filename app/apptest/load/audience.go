//go:build unix

package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// Of every `closely` sockets of an audience, the first parses its frames; the
	// rest only count marks.
	closely = 50

	// sweepEvery is the time between two reads of a socket that only counts. A
	// read takes all messages that have arrived meanwhile: waking up for each
	// message would cost more than sending the message.
	sweepEvery = 5 * time.Millisecond

	// aliveEvery is the time between two unasked pongs of the sockets that answer
	// no pings.
	aliveEvery = 10 * time.Second

	// speakers is the number of sockets of an audience that send messages, by
	// turns.
	speakers = 8
)

// An Audience is many sockets in one room. Some of the sockets send messages as
// fast as possible, and all sockets receive them. Each message bears a mark, a
// byte that stands nowhere else in a frame, so that counting messages is
// counting bytes. An Audience belongs to one goroutine.
type Audience struct {
	patience time.Duration // of wait

	mark    byte
	sockets []*Socket
	got     []atomic.Int64
	ledgers []*Ledger // of the sockets that parse their frames
	sent    int64
	closed  atomic.Int64
	ended   chan struct{}
}

// OpenAudience opens a socket for each seat.
func OpenAudience(seats []Seat, mark byte) (*Audience, error) {
	a := &Audience{patience: hearWithin, mark: mark, sockets: make([]*Socket, len(seats)), got: make([]atomic.Int64, len(seats)), ended: make(chan struct{})}
	var opening errgroup.Group
	opening.SetLimit(openers)
	for i, seat := range seats {
		opening.Go(func() (err error) {
			a.sockets[i], err = seat.Socket(seat.Room + "/socket")
			return err
		})
	}
	err := opening.Wait()
	if err == nil {
		err = a.listen()
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	go a.stayAlive()
	return a, nil
}

// listen begins to count the messages of every socket.
func (a *Audience) listen() error {
	var counters []counter
	for i, s := range a.sockets {
		if i%closely == 0 {
			ledger := new(Ledger)
			a.ledgers = append(a.ledgers, ledger)
			go a.lookClosely(s, ledger, &a.got[i])
			continue
		}
		conn, err := s.conn.NetConn().(*net.TCPConn).SyscallConn()
		if err != nil {
			return err
		}
		counters = append(counters, counter{conn, &a.got[i]})
	}
	go a.sweep(counters)
	return nil
}

func (a *Audience) lookClosely(s *Socket, ledger *Ledger, got *atomic.Int64) {
	_ = s.Listen(func(frame []byte) {
		if seq, _, ok := parseSaid(frame); ok {
			ledger.Note(seq)
		}
		got.Add(int64(bytes.Count(frame, []byte{a.mark})))
	})
	a.closed.Add(1)
}

// A counter is a socket of which only the marks are counted.
type counter struct {
	conn syscall.RawConn
	got  *atomic.Int64
}

// sweep reads the arrived bytes of one socket after the other, over and over.
func (a *Audience) sweep(counters []counter) {
	buffer := make([]byte, 256<<10)
	for {
		next := time.Now().Add(sweepEvery)
		for _, c := range counters {
			if !a.take(c, buffer) {
				a.closed.Add(1)
				return
			}
		}
		time.Sleep(time.Until(next))
	}
}

// take counts the marks that have arrived at one socket, and reports whether
// the socket is open.
func (a *Audience) take(c counter, buffer []byte) bool {
	n, failed := 0, error(nil)
	err := c.conn.Read(func(fd uintptr) bool {
		n, failed = syscall.Read(int(fd), buffer)
		return true // also when no bytes are there
	})
	c.got.Add(int64(bytes.Count(buffer[:max(n, 0)], []byte{a.mark})))
	return err == nil && n != 0 && (failed == nil || errors.Is(failed, syscall.EAGAIN) || errors.Is(failed, syscall.EINTR))
}

// stayAlive keeps the server from giving up on the sockets that answer no
// pings.
func (a *Audience) stayAlive() {
	for {
		select {
		case <-a.ended:
			return
		case <-time.After(aliveEvery):
			for _, s := range a.sockets {
				s.alive()
			}
		}
	}
}

// Run sends count messages, at most ahead of them on their way to the slowest
// socket, and returns the time until every socket had every message. frame
// makes the nth message of all runs, from 0.
func (a *Audience) Run(count, ahead int64, frame func(n int64) []byte) (time.Duration, error) {
	begin, step := time.Now(), max(ahead/4, 1)
	for i := range count {
		if err := a.sockets[a.sent%speakers].Send(frame(a.sent)); err != nil {
			return 0, err
		}
		a.sent++
		if i%step == step-1 {
			if err := a.wait(a.sent - ahead + step); err != nil {
				return 0, err
			}
		}
	}
	err := a.wait(a.sent)
	return time.Since(begin), err
}

// wait returns when every socket has got so many messages.
func (a *Audience) wait(messages int64) error {
	deadline := time.Now().Add(a.patience)
	for i := range a.got {
		for a.got[i].Load() < messages {
			if a.closed.Load() > 0 || time.Now().After(deadline) {
				return fmt.Errorf("one of %d has got %d of %d messages; %d sockets were closed",
					len(a.got), a.got[i].Load(), messages, a.closed.Load())
			}
			time.Sleep(time.Millisecond) // a look at all sockets costs more than the wait: a step takes tens of them
		}
	}
	return nil
}

// Err returns the losses and doubles, once all messages have arrived: every
// socket must have got each message once, and the sockets that parse their
// frames in order.
func (a *Audience) Err() error {
	var errs []error
	for i := range a.got {
		if got := a.got[i].Load(); got != a.sent {
			errs = append(errs, fmt.Errorf("one has got %d of %d messages", got, a.sent))
		}
	}
	for _, l := range a.ledgers {
		if l.Lost()+l.Doubled+l.Disordered > 0 {
			errs = append(errs, fmt.Errorf("lost %d, doubled %d, disordered %d", l.Lost(), l.Doubled, l.Disordered))
		}
	}
	return errors.Join(errs...)
}

// Close closes all sockets.
func (a *Audience) Close() {
	close(a.ended)
	for _, s := range a.sockets {
		if s != nil {
			s.Close()
		}
	}
}
