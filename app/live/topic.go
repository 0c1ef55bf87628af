package live

import (
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

// A wire is how messages are written for a client.
type wire int

const (
	sse    wire = iota
	socket      // WebSocket
	wires       // how many there are
)

// frames builds a message's bytes for each wire.
var frames = [wires]func(Message) []byte{sse: sseFrame, socket: textFrame}

// beats is what each wire sends to show that it is still there.
var beats = [wires][]byte{sse: []byte(":\n\n"), socket: wsFrame(websocket.PingMessage, nil)}

// lasts builds what each wire sends before the hub closes it, from the close
// code of a WebSocket; nil is nothing.
var lasts = [wires]func(code int) []byte{sse: func(int) []byte { return nil }, socket: closeFrame}

// A topic knows who looks on. Its mutex is held from the check of an event's
// version until the event is in every queue, so that all its clients see one
// order.
type topic struct {
	name string
	refs int // clients that hold it; guarded by Hub.mu

	mu     sync.Mutex // guards what follows
	groups []*group
}

// A group is the clients of a topic who read one language: one render for all
// of them, and one frame for each wire.
type group struct {
	lang    string
	members [wires][]*seat
}

// A seat is a client's place in a topic. It knows its index, so that leaving
// does not search among thousands.
type seat struct {
	client *client
	topic  *topic
	group  *group
	index  int
}

func (t *topic) join(s *seat, lang string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.groups, func(g *group) bool { return g.lang == lang })
	if i < 0 {
		i = len(t.groups)
		t.groups = append(t.groups, &group{lang: lang})
	}
	s.group = t.groups[i]
	members := &s.group.members[s.client.wire]
	s.index = len(*members)
	*members = append(*members, s)
}

func (t *topic) leave(s *seat) {
	t.mu.Lock()
	defer t.mu.Unlock()
	members := &s.group.members[s.client.wire]
	end := len(*members) - 1
	moved := (*members)[end]
	(*members)[s.index], moved.index = moved, s.index
	(*members)[end] = nil
	*members = (*members)[:end]
	if s.group.empty() {
		t.groups = slices.DeleteFunc(t.groups, func(g *group) bool { return g == s.group })
	}
}

func (g *group) empty() bool {
	for _, members := range g.members {
		if len(members) > 0 {
			return false
		}
	}
	return true
}

// send queues m for everybody of the group and returns for how many.
func (g *group) send(m Message, woken *chain) (sent int) {
	for wire, members := range g.members {
		if len(members) == 0 {
			continue
		}
		frame := frames[wire](m)
		for _, s := range members {
			if s.client.push(frame, woken) {
				sent++
			}
		}
	}
	return sent
}

// end closes everybody of the group, with code where the wire has one.
func (g *group) end(code int, woken *chain) {
	for wire, members := range g.members {
		last := lasts[wire](code)
		for _, s := range members {
			s.client.end(last, woken)
		}
	}
}
