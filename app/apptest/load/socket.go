package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// A Socket is a person's open WebSocket of a room. One goroutine may say
// messages while another goroutine listens.
type Socket struct{ conn *websocket.Conn }

// Socket opens the socket at a path, as the page of a room does.
func (p *Person) Socket(path string) (*Socket, error) {
	dialer := websocket.Dialer{
		NetDialContext: p.dial, HandshakeTimeout: answerWithin, ReadBufferSize: 2 << 10, WriteBufferSize: 1 << 10,
	}
	conn, res, err := dialer.Dial("ws://"+p.Address+path, http.Header{ //nolint:bodyclose // that of a handshake is read already
		"Accept-Language": {"ko"}, "Cookie": {p.Cookie}, "Origin": {"http://" + p.Address},
	})
	if err == nil {
		return &Socket{conn}, nil
	}
	if res != nil {
		err = fmt.Errorf("%w: status %d", err, res.StatusCode)
	}
	return nil, err
}

// Say sends a message, as the form of a room does.
func (s *Socket) Say(content, clientID string) error {
	frame, _ := json.Marshal(map[string]string{"content": content, "client_id": clientID}) // plain strings
	return s.Send(frame)
}

// Send sends a text frame unchanged.
func (s *Socket) Send(frame []byte) error {
	return s.conn.WriteMessage(websocket.TextMessage, frame)
}

// Listen calls heard for each frame until the socket closes, and returns the
// reason. A frame is valid only during the call.
func (s *Socket) Listen(heard func(frame []byte)) error {
	var frame bytes.Buffer
	for {
		_, r, err := s.conn.NextReader()
		if err == nil {
			frame.Reset()
			_, err = frame.ReadFrom(r)
		}
		if err != nil {
			return err
		}
		heard(frame.Bytes())
	}
}

// alive tells the server with a pong that the socket is still there.
func (s *Socket) alive() {
	_ = s.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second)) // if the socket has closed, the reader gets the error
}

// Close closes the connection without a close frame.
func (s *Socket) Close() { _ = s.conn.Close() }
