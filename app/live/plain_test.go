package live

import (
	"fmt"
	"net/http"
	"sync"
)

// plain is the hub one usually writes, to compare with: the handler's goroutine
// waits on a channel for each client and writes one message after the other.
type plain struct {
	mu      sync.Mutex
	clients map[chan []byte]struct{}
}

func (p *plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	flusher := w.(http.Flusher)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": ok\n\n")
	messages := make(chan []byte, 256)
	p.mu.Lock()
	p.clients[messages] = struct{}{}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.clients, messages)
		p.mu.Unlock()
	}()
	flusher.Flush()
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", m)
			flusher.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (p *plain) publish(m []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for messages := range p.clients {
		select {
		case messages <- m:
		default:
			delete(p.clients, messages)
			close(messages)
		}
	}
}
