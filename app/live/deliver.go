package live

import "github.com/gorilla/websocket"

// Deliver sends ev to all subscribers of its topic, unless a newer version of
// its key was sent before. Any goroutine may call it. Deliver renders once per
// language in use and never waits for a client. All subscribers of a topic see
// the events in the same order.
func (h *Hub) Deliver(ev Event) {
	if h.opts.Before != nil {
		h.opts.Before(ev)
	}
	t := h.topic(ev.Topic)
	if t == nil { // no subscriber; yet a late, older version must not be sent to the next one
		h.versions.advance(ev)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !h.versions.advance(ev) {
		return
	}
	var ready clientList
	for _, g := range t.groups {
		if ev.Closes() {
			g.closeGracefully(websocket.CloseNormalClosure, ev.concerns, &ready)
		} else if m := h.renderEvent(ev, g.lang); !m.empty() {
			h.deliveries.Add(int64(g.enqueue(m, ev.Except, &ready)))
		}
	}
	h.flusher.schedule(ready)
}

// topic returns the topic of that name, or nil if it has no subscriber.
func (h *Hub) topic(name string) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[name]
}

// renderEvent renders ev. An error is logged, and the empty Message returned:
// the subscribers of other languages still get theirs.
func (h *Hub) renderEvent(ev Event, lang string) Message {
	h.renders.Add(1)
	m, err := h.render.call(ev, lang)
	if err != nil {
		h.opts.Log.Error("live event not rendered",
			"topic", ev.Topic, "kind", ev.Kind, "key", ev.Key, "lang", lang, "error", err)
		return Message{}
	}
	return m
}
