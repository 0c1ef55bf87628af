package live

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"

	"github.com/gorilla/websocket"
)

// final marks a WebSocket frame as a whole message: none is sent in pieces, so
// that frames of different messages can follow each other as they come.
const final = 0x80

// textFrame writes m as a WebSocket message. Bytes that are no UTF-8 are
// replaced: for them every browser would close its socket.
func textFrame(m Message) []byte {
	payload := m.HTML
	if m.Name != "" {
		payload, _ = json.Marshal(struct { // two strings: cannot fail
			Event string `json:"event"`
			Data  string `json:"data"`
		}{m.Name, string(m.HTML)})
	}
	return wsFrame(websocket.TextMessage, bytes.ToValidUTF8(payload, []byte("\uFFFD")))
}

// closeFrame says why the server closes a socket.
func closeFrame(code int) []byte {
	return wsFrame(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""))
}

// wsFrame writes an unmasked frame, as servers send them, for all sockets at
// once. gorilla/websocket builds frames only to write them to a connection.
func wsFrame(opcode byte, payload []byte) []byte {
	frame := append(make([]byte, 0, len(payload)+10), final|opcode)
	switch n := len(payload); {
	case n <= 125: // the two values above it announce a longer length
		frame = append(frame, byte(n))
	case n <= math.MaxUint16:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	return append(frame, payload...)
}
