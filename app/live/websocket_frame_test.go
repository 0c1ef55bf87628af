package live

import (
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestTextFrame(t *testing.T) {
	for _, c := range []struct {
		m    Message
		want string
	}{
		{Message{HTML: []byte("<b>1</b>")}, "\x81\x08<b>1</b>"},
		{Message{HTML: []byte("<b>\r\n안녕\n")}, "\x81\x0c<b>\r\n안녕\n"},
		{Message{HTML: []byte("<b>\xec\x95</b>")}, "\x81\x0a<b>\uFFFD</b>"},
		{Message{Name: "gap"}, "\x81\x19" + `{"event":"gap","data":""}`},
		{Message{Name: "said", HTML: []byte("\"17\"\n")}, "\x81\x22" + `{"event":"said","data":"\"17\"\n"}`},
	} {
		if got := string(textFrame(c.m)); got != c.want {
			t.Errorf("%q %q:\n got %q\nwant %q", c.m.Name, c.m.HTML, got, c.want)
		}
	}
}

// sizes are the payload sizes around which the encoding of the length changes,
// and a few between.
var sizes = []int{0, 1, 2, 3, 124, 125, 126, 127, 1000, 65534, 65535, 65536, 65537, 300_000}

// texts returns a different message for each of sizes, in Korean if long enough.
func texts() []string {
	var all []string
	for i, size := range sizes {
		text := strings.Repeat("가나다", size/9)
		all = append(all, text+strings.Repeat(string(rune('a'+i)), size-len(text)))
	}
	return all
}

// A client decodes frames of all sizes, both one by one and merged into one
// write.
func TestFramesOfAllSizes(t *testing.T) {
	p, sockets := newTestHub(t, Options{MaxBytes: 4 << 20}), make(chan *Socket, 1)
	p.handler.Receive = func(s *Socket, _ []byte, _ bool) { sockets <- s }
	minji := p.openSocket(t, room)
	minji.says("hello")
	s := <-sockets
	for _, text := range texts() {
		s.enqueue(wsFrame(websocket.TextMessage, []byte(text)))
		minji.sees(text)
	}
	eventually(t, "nobody writes", func() bool { return occupy(s.client) })
	for range 3 {
		for _, text := range texts() {
			s.enqueue(wsFrame(websocket.TextMessage, []byte(text)))
		}
	}
	p.flusher.schedule(clientList{s.client, s.client})
	for range 3 {
		minji.sees(texts()...)
	}
}

// occupy marks an idle client as scheduled, so that all frames queued from then
// on leave in one write when the client is passed to the flusher.
func occupy(c *client) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.scheduled {
		return false
	}
	c.scheduled = true
	return true
}
