package load

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// Plain is the usual hub of tutorials, to compare with: a goroutine for each
// client waits on a channel and writes one message after the other.
type Plain struct {
	mu      sync.Mutex
	clients map[chan []byte]struct{}
}

// NewPlain returns a hub without clients.
func NewPlain() *Plain { return &Plain{clients: make(map[chan []byte]struct{})} }

func (p *Plain) join() chan []byte {
	messages := make(chan []byte, 256)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients[messages] = struct{}{}
	return messages
}

func (p *Plain) leave(messages chan []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(messages)
}

// drop removes a client. The caller must hold p.mu.
func (p *Plain) drop(messages chan []byte) {
	if _, there := p.clients[messages]; there {
		delete(p.clients, messages)
		close(messages)
	}
}

// ServeStream sends the published messages as server-sent events.
func (p *Plain) ServeStream(w http.ResponseWriter, r *http.Request) {
	flusher := w.(http.Flusher)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": ok\n\n")
	messages := p.join()
	defer p.leave(messages)
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

// ServeSocket is the chat example of gorilla/websocket: one goroutine reads
// frames and publishes them, and another goroutine writes.
func (p *Plain) ServeSocket(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	messages := p.join() // before the answer, after which viewers count
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		p.leave(messages)
		return
	}
	go func() {
		defer conn.Close()
		for m := range messages {
			if conn.WriteMessage(websocket.TextMessage, m) != nil {
				return
			}
		}
	}()
	go func() {
		defer p.leave(messages)
		for {
			_, m, err := conn.ReadMessage()
			if err != nil {
				return
			}
			p.Publish(m)
		}
	}()
}

// Publish sends m to all clients. A client whose channel is full is
// disconnected.
func (p *Plain) Publish(m []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for messages := range p.clients {
		select {
		case messages <- m:
		default:
			p.drop(messages)
		}
	}
}
