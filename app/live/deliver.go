package live

import "github.com/gorilla/websocket"

// Deliver sends ev to everybody who looks on its topic, unless a newer version
// of its key was sent before. It renders once per language that is there, never
// waits for a client, and may be called concurrently: events of one topic reach
// all its clients in one order.
func (h *Hub) Deliver(ev Event) {
	t := h.topic(ev.Topic)
	if t == nil { // nobody there; yet a late, older version must not be sent
		h.advance(ev)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !h.advance(ev) {
		return
	}
	var woken chain
	for _, g := range t.groups {
		if ev.Kind == KindDisconnect {
			g.end(websocket.CloseNormalClosure, &woken)
		} else if m := h.message(ev, g.lang); !m.empty() {
			h.deliveries.Add(int64(g.send(m, &woken)))
		}
	}
	h.pump.add(woken)
}

func (h *Hub) topic(name string) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[name]
}

// advance reports whether ev is to be sent, and counts it if not.
func (h *Hub) advance(ev Event) bool {
	if h.versions.advance(ev) {
		return true
	}
	h.old.Add(1)
	return false
}

// message renders ev; one that fails is logged and sent to nobody.
func (h *Hub) message(ev Event, lang string) Message {
	h.renders.Add(1)
	m, err := h.render.call(ev, lang)
	if err != nil {
		h.opts.Log.Error("live event not rendered",
			"topic", ev.Topic, "kind", ev.Kind, "key", ev.Key, "lang", lang, "error", err)
		return Message{}
	}
	return m
}
