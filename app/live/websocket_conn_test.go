package live

import (
	"testing"
	"time"
)

// gorilla/websocket reuses the buffer that it passes to Write: the queue must hold
// a copy.
func TestTapKeepsNoBufferOfItsCaller(t *testing.T) {
	p := newTestHub(t, Options{})
	s := &Socket{client: &client{hub: p.Hub, protocol: protocolWebSocket, scheduled: true}}
	gorillas := &queuedConn{socket: s}
	pong := []byte("\x8a\x02hi")
	if n, err := gorillas.Write(pong); n != len(pong) || err != nil {
		t.Fatalf("took %d bytes, %v", n, err)
	}
	clear(pong)
	if err := gorillas.SetWriteDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := string(s.client.takeQueue().frames[0]); got != "\x8a\x02hi" {
		t.Errorf("%q waits", got)
	}
}
