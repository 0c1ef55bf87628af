package live

import "sync"

// Reserve reserves one of the most streams and sockets that a user may have on this hub,
// and reports whether one is free. Reserved places count as taken: of many streams that
// open at once no more than most get one. The caller must call release when the stream
// has not opened; Viewer.Opened is the place to call it when the stream has. A second
// call does nothing.
func (h *Hub) Reserve(user int64, most int) (release func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := h.reserved[user]
	if t := h.topics[UserTopic(user)]; t != nil {
		taken += t.subscribers
	}
	if taken >= most {
		return nil, false
	}
	h.reserved[user]++
	return sync.OnceFunc(func() { h.unreserve(user) }), true
}

func (h *Hub) unreserve(user int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.reserved[user]--; h.reserved[user] == 0 {
		delete(h.reserved, user)
	}
}
