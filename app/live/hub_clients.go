package live

import (
	"strings"

	"github.com/gorilla/websocket"
)

// admit counts a new connection, which Close then waits for, or returns
// ErrClosed. The caller must call release when the connection has ended.
func (h *Hub) admit() error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.closed {
		return ErrClosed
	}
	h.conns.Add(1)
	return nil
}

func (h *Hub) release() { h.conns.Done() }

// add subscribes c to the topics of viewer and schedules the first flush. The
// caller must have made c with scheduled set, so that frames queued before, such
// as the response header, are written only after all subscriptions stand: a page
// that sees the stream open and then fetches the present state misses no event.
func (h *Hub) add(c *client, viewer Viewer) {
	c.session = strings.Clone(viewer.Session) // not the whole header that holds the string
	c.user, c.left, c.role = viewer.UserID, viewer.Closed, viewer.Role
	h.register(c, viewer.topics())
	if viewer.Opened != nil {
		viewer.Opened()
	}
	lang := strings.Clone(viewer.Lang)
	for i := range c.subscriptions {
		c.subscriptions[i].topic.subscribe(&c.subscriptions[i], lang)
	}
	h.flusher.schedule(clientList{c, c})
}

// register adds c to the clients of a heartbeat slot and makes its
// subscriptions, creating missing topics. If the hub was closed after c was
// admitted, c is closed like all other clients.
func (h *Hub) register(c *client, names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.slot = h.added % heartbeatSlots
	h.added++
	h.clients[c.slot][c] = struct{}{}
	c.subscriptions = make([]subscription, len(names))
	for i, name := range names {
		t := h.topics[name]
		if t == nil {
			name = strings.Clone(name)
			t = &topic{name: name}
			h.topics[name] = t
		}
		t.subscribers++
		c.subscriptions[i] = subscription{client: c, topic: t}
	}
	if h.busDown {
		c.enqueue(encodeMessage[c.protocol](lostMessage), nil)
	}
	if h.closed {
		c.closeGracefully(encodeClose[c.protocol](websocket.CloseServiceRestart), nil)
	}
}

// Subscribers returns the number of clients that are subscribed to a topic.
func (h *Hub) Subscribers(topic string) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if t := h.topics[topic]; t != nil {
		return t.subscribers
	}
	return 0
}

// Streams returns the number of streams that are subscribed to a topic, sockets not counted.
func (h *Hub) Streams(topic string) (n int) {
	t := h.topic(topic)
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, g := range t.groups {
		n += len(g.subscriptions[protocolSSE])
	}
	return n
}

// remove undoes add. Topics without subscribers are deleted.
func (h *Hub) remove(c *client) {
	if c.left != nil {
		defer c.left()
	}
	for i := range c.subscriptions {
		c.subscriptions[i].topic.unsubscribe(&c.subscriptions[i])
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients[c.slot], c)
	for i := range c.subscriptions {
		t := c.subscriptions[i].topic
		if t.subscribers--; t.subscribers == 0 {
			delete(h.topics, t.name)
		}
	}
}
