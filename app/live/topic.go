package live

import (
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

// A protocol is the way messages are encoded for a client.
type protocol int

const (
	protocolSSE protocol = iota
	protocolWebSocket
	protocols // their number
)

// encodeMessage encodes a message for each protocol.
var encodeMessage = [protocols]func(Message) []byte{protocolSSE: sseFrame, protocolWebSocket: textFrame}

// heartbeats are the frames that show a living connection: an SSE comment, and a
// WebSocket ping.
var heartbeats = [protocols][]byte{protocolSSE: []byte(":\n\n"), protocolWebSocket: wsFrame(websocket.PingMessage, nil)}

// encodeClose encodes the last frame for each protocol from a WebSocket close
// code. SSE has no such frame: nil.
var encodeClose = [protocols]func(code int) []byte{protocolSSE: func(int) []byte { return nil }, protocolWebSocket: closeFrame}

// A topic holds the subscriptions to the events of one name. Deliver holds mu
// from the check of the version until the event is in every queue, so that all
// subscribers see one order.
type topic struct {
	name        string
	subscribers int // guarded by Hub.mu

	mu     sync.Mutex
	groups []*group
}

// A group holds the subscriptions of the viewers who read one language: one
// render for all, and one frame for each protocol.
type group struct {
	lang          string
	subscriptions [protocols][]*subscription
}

// A subscription joins a client to a topic. The index in the group is kept, so
// that unsubscribing does not search among thousands.
type subscription struct {
	client *client
	topic  *topic
	group  *group
	index  int
}

func (t *topic) subscribe(s *subscription, lang string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.groups, func(g *group) bool { return g.lang == lang })
	if i < 0 {
		i = len(t.groups)
		t.groups = append(t.groups, &group{lang: lang})
	}
	s.group = t.groups[i]
	all := &s.group.subscriptions[s.client.protocol]
	s.index = len(*all)
	*all = append(*all, s)
}

// unsubscribe moves the last subscription of the group into the place of s.
func (t *topic) unsubscribe(s *subscription) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := &s.group.subscriptions[s.client.protocol]
	end := len(*all) - 1
	moved := (*all)[end]
	(*all)[s.index], moved.index = moved, s.index
	(*all)[end] = nil
	*all = (*all)[:end]
	if s.group.empty() {
		t.groups = slices.DeleteFunc(t.groups, func(g *group) bool { return g == s.group })
	}
}

func (g *group) empty() bool {
	for _, subscriptions := range g.subscriptions {
		if len(subscriptions) > 0 {
			return false
		}
	}
	return true
}

// enqueue queues m for all clients of the group but those of some users, and
// returns the number of clients that took it. ready is as in client.enqueue.
func (g *group) enqueue(m Message, except []int64, ready *clientList) (taken int) {
	for protocol, subscriptions := range g.subscriptions {
		if len(subscriptions) == 0 {
			continue
		}
		frame := encodeMessage[protocol](m)
		for _, s := range subscriptions {
			if !slices.Contains(except, s.client.user) && s.client.enqueue(frame, ready) {
				taken++
			}
		}
	}
	return taken
}

// closeGracefully closes the chosen clients of the group, WebSockets with code.
func (g *group) closeGracefully(code int, chosen func(*client) bool, ready *clientList) {
	for protocol, subscriptions := range g.subscriptions {
		frame := encodeClose[protocol](code)
		for _, s := range subscriptions {
			if chosen(s.client) {
				s.client.closeGracefully(frame, ready)
			}
		}
	}
}
