package live

import (
	"testing"
	"time"
)

// What waits is the client's own: the buffer of whoever wrote it is used again.
func TestTapKeepsNoBufferOfItsCaller(t *testing.T) {
	p := newPlace(t, Options{})
	s := &Socket{client: &client{hub: p.Hub, wire: socket, busy: true}}
	gorillas := &tap{socket: s}
	pong := []byte("\x8a\x02hi")
	if n, err := gorillas.Write(pong); n != len(pong) || err != nil {
		t.Fatalf("took %d bytes, %v", n, err)
	}
	clear(pong)
	if err := gorillas.SetWriteDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := string(s.client.take().frames[0]); got != "\x8a\x02hi" {
		t.Errorf("%q waits", got)
	}
}
