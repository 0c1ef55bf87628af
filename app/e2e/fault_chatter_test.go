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
	questionTime  = 8 * time.Second        // to wait for missed lines
	retryPause    = 200 * time.Millisecond // until a person presses "again"
	reconnectWait = 50 * time.Millisecond  // a page takes longer; a test has more tries this way
)

// A message is a text that its sender has said, or tries to say.
type message struct {
	text, id string
	sent     time.Time // first
	tried    time.Time // last
	answered time.Time // by its own line; zero: not yet
	refused  time.Time // since the last try; zero: not
}

// A shownLine is a line of the room as a page shows it.
type shownLine struct {
	seq  int64
	text string // of a message
}

// A chatter is a person in a room whose page does as chat.js and outbox.js do:
// the page comes back after each interruption, asks for missed lines, and
// repeats unanswered messages under the same client id. A chatter keeps a list
// of its messages, and a list of the lines on the page.
type chatter struct {
	name   string
	client *apptest.Client
	room   string        // the room's address
	burst  int           // number of messages said at once
	pace   time.Duration // between two bursts

	said    []*message
	pending []*message // those not answered yet, in order
	shown   []shownLine
	over    string        // reason to leave the room's page; empty: still there
	reloads int           // of an open room: the page had shown lost lines
	strange []string      // lines that no page should see
	slowest time.Duration // an answer to a message or a question
	longest time.Duration // until a message was said, over all its tries
	paused  time.Time     // time of the last burst

	acknowledged atomic.Int64
	heard        atomic.Int64 // answers
}

// chatPace keeps chatters from taking the whole machine.
const chatPace = 10 * time.Millisecond

func newChatter(name string, client *apptest.Client) *chatter {
	return &chatter{name: name, client: client, burst: 1, pace: chatPace}
}

// chat talks until stop is closed and every message is answered, or the room is
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

// converse talks on one socket for as long as the socket works.
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

// arriving returns a channel of the frames that arrive on a socket; the channel
// is closed with the socket.
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

// speak sends the messages that are due. It reports whether the socket still
// works.
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
			return false // the socket may be dead without a close frame
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
func (c *chatter) note(took time.Duration) {
	c.slowest = max(c.slowest, took)
	c.heard.Add(1)
}
