package live

import (
	"strings"

	"github.com/gorilla/websocket"
)

// admit counts somebody in, so that Close waits for them. Each admit is
// followed by one release.
func (h *Hub) admit() error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.closed {
		return ErrClosed
	}
	h.open.Add(1)
	return nil
}

func (h *Hub) release() { h.open.Done() }

// join makes c a client. It was made busy, so that what waits for it already is
// written only when c is on all its topics: a page that sees the stream open,
// and then fetches the present state, has missed nothing.
func (h *Hub) join(c *client, who Who) {
	c.session = strings.Clone(who.Session) // not the whole header it is cut from
	h.hold(c, who.topics())
	lang := strings.Clone(who.Lang)
	for i := range c.seats {
		c.seats[i].topic.join(&c.seats[i], lang)
	}
	h.pump.add(chain{c, c})
}

// hold puts c on the list and takes its topics, making those that are new. If
// the hub was closed since c was admitted, c ends like all the others.
func (h *Hub) hold(c *client, names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.slot = h.joined % slots
	h.joined++
	h.clients[c.slot][c] = struct{}{}
	c.seats = make([]seat, len(names))
	for i, name := range names {
		t := h.topics[name]
		if t == nil {
			name = strings.Clone(name)
			t = &topic{name: name}
			h.topics[name] = t
		}
		t.refs++
		c.seats[i] = seat{client: c, topic: t}
	}
	if h.lost {
		c.push(frames[c.wire](lost), nil)
	}
	if h.closed {
		c.end(lasts[c.wire](websocket.CloseServiceRestart), nil)
	}
}

// Watching returns how many clients are on a topic, such as a user's own.
func (h *Hub) Watching(name string) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if t := h.topics[name]; t != nil {
		return t.refs
	}
	return 0
}

// leave undoes join.
func (h *Hub) leave(c *client) {
	for i := range c.seats {
		c.seats[i].topic.leave(&c.seats[i])
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients[c.slot], c)
	for i := range c.seats {
		t := c.seats[i].topic
		if t.refs--; t.refs == 0 {
			delete(h.topics, t.name)
		}
	}
}
