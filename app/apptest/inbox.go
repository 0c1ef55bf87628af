package apptest

import (
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// A Frame is a message of the server: HTML, or an event by its name.
type Frame struct {
	*goquery.Document // of an event: empty

	Body  string
	Event string // of HTML: empty
}

// An inbox holds the frames that arrive by a stream or socket.
type inbox struct {
	tb     testing.TB
	from   string
	frames chan Frame // closed after the last frame
}

func newInbox(tb testing.TB, from string) inbox {
	return inbox{tb: tb, from: from, frames: make(chan Frame, 1<<14)}
}

// Next returns the next frame, or false when no frame arrives in time.
func (i *inbox) Next(within time.Duration) (Frame, bool) {
	select {
	case f, ok := <-i.frames:
		return f, ok
	case <-time.After(within):
		return Frame{}, false
	}
}

// Until waits for a frame for which is returns true, and returns the frame;
// earlier frames are passed over.
func (i *inbox) Until(what string, is func(Frame) bool) Frame {
	i.tb.Helper()
	last := "(nothing)"
	for deadline := time.Now().Add(patience); ; {
		f, ok := i.Next(time.Until(deadline))
		if !ok {
			i.tb.Fatalf("the %s does not bring %s; the last frame is %.800s", i.from, what, last)
		}
		if is(f) {
			return f
		}
		last = f.Body
	}
}

// ended waits until no more frames will come. Earlier frames are passed over.
func (i *inbox) ended() {
	i.tb.Helper()
	for deadline := time.After(patience); ; {
		select {
		case _, open := <-i.frames:
			if !open {
				return
			}
		case <-deadline:
			i.tb.Fatalf("the %s is still open", i.from)
		}
	}
}
