package e2e

import (
	"fmt"
	"sync/atomic"
	"time"

	"xxsns/app/apptest"
)

// Times of a page, as in chat.js and outbox.js.
const (
	pagePatience  = 10 * time.Second       // to wait for an answer on a socket
	questionTime  = 8 * time.Second        // to wait for what was missed
	retryPause    = 200 * time.Millisecond // until somebody presses "again"
	reconnectWait = 50 * time.Millisecond  // a page takes longer; a test has more tries this way
)

// A message is something that its sender has said, or tries to say.
type message struct {
	text, id string
	sent     time.Time // first
	tried    time.Time // last
	answered time.Time // by its own line; zero: not yet
	refused  time.Time // since it was tried last; zero: not
}

// A shownLine is a line of the room as a page shows it.
type shownLine struct {
	seq  int64
	text string // of a message
}

// A chatter is somebody in a room whose page does what chat.js and outbox.js do:
// it comes back after each interruption, asks for what it has missed, and says
// again, under the same client id, what was not answered. It keeps a list of
// what it said, and one of what it shows.
type chatter struct {
	name   string
	client *apptest.Client
	room   string        // its address
	burst  int           // how many messages it says at once
	pace   time.Duration // between two bursts

	said    []*message
	pending []*message // those not answered yet, in order
	shown   []shownLine
	over    string        // why the page shows another one; empty: it does not
	reloads int           // of an open room: the page had shown what was lost
	strange []string      // what no page should see
	slowest time.Duration // an answer to a message or a question
	longest time.Duration // until something was said, however often it took
	paused  time.Time     // when it said the last burst

	acknowledged atomic.Int64
}

// chatPace keeps chatters from taking the whole machine.
const chatPace = 10 * time.Millisecond

func newChatter(name string, client *apptest.Client) *chatter {
	return &chatter{name: name, client: client, burst: 1, pace: chatPace}
}

// chat talks until stop is closed and everything said is answered, or the room is
// over.
func (c *chatter) chat(stop <-chan struct{}) {
	for c.over == "" && !c.finished(stop) {
		talk, err := c.client.TryTalk(c.room + "/socket")
		if err != nil {
			c.catchUp() // which says why
			time.Sleep(reconnectWait)
			continue
		}
		if c.catchUp() {
			c.converse(talk, stop)
		}
		talk.Close()
		time.Sleep(reconnectWait)
	}
}

func (c *chatter) finished(stop <-chan struct{}) bool { return closed(stop) && len(c.pending) == 0 }

// converse talks on one socket for as long as it serves.
func (c *chatter) converse(talk *apptest.Talk, stop <-chan struct{}) {
	hangUp := make(chan struct{})
	defer close(hangUp)
	frames := arriving(talk, hangUp)
	for _, m := range c.pending {
		if !c.transmit(talk, m) {
			return
		}
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for c.speak(talk, stop) {
		select {
		case f, open := <-frames:
			if !open || !c.receive(f) {
				return
			}
		case <-tick.C:
		}
	}
}

// arriving brings what arrives on a socket, and is closed when that is.
func arriving(talk *apptest.Talk, hangUp <-chan struct{}) <-chan apptest.Frame {
	frames := make(chan apptest.Frame)
	go func() {
		defer close(frames)
		for {
			f, open := talk.Next(time.Hour)
			if !open {
				return
			}
			select {
			case frames <- f:
			case <-hangUp:
				return
			}
		}
	}()
	return frames
}

// speak says what is to be said now. It reports whether the socket still serves.
func (c *chatter) speak(talk *apptest.Talk, stop <-chan struct{}) bool {
	if c.over != "" || c.finished(stop) {
		return false
	}
	for _, m := range c.pending {
		switch {
		case !m.refused.IsZero() && time.Since(m.refused) > retryPause:
			if !c.transmit(talk, m) {
				return false
			}
		case m.refused.IsZero() && time.Since(m.tried) > pagePatience:
			c.note(time.Since(m.tried))
			return false // it may be dead without a word
		}
	}
	if len(c.pending) > 0 || time.Since(c.paused) < c.pace || closed(stop) {
		return true
	}
	c.paused = time.Now()
	for range c.burst {
		text := fmt.Sprintf("%s-%d", c.name, len(c.said))
		m := &message{text: text, id: fmt.Sprintf("%x", text), sent: time.Now()}
		c.said, c.pending = append(c.said, m), append(c.pending, m)
		if !c.transmit(talk, m) {
			return false
		}
	}
	return true
}

func closed(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

func (c *chatter) transmit(talk *apptest.Talk, m *message) bool {
	m.tried, m.refused = time.Now(), time.Time{}
	return talk.TrySay(m.text, m.id)
}

// note remembers how long the slowest answer took.
func (c *chatter) note(took time.Duration) { c.slowest = max(c.slowest, took) }
