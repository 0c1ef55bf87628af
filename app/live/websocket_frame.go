package live

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// finBit marks a WebSocket frame as a whole message. The hub never splits a
// message, so that frames of different messages may follow in any order.
const finBit = 0x80

// textFrame encodes m as a WebSocket text message. Invalid UTF-8 is replaced:
// browsers would close the socket.
func textFrame(m Message) []byte {
	payload := m.HTML
	if m.Name != "" {
		payload, _ = json.Marshal(struct { // two strings: cannot fail
			Event string `json:"event"`
			Data  string `json:"data"`
		}{m.Name, string(m.HTML)})
	}
	if !utf8.Valid(payload) {
		payload = bytes.ToValidUTF8(payload, []byte("\uFFFD"))
	}
	return wsFrame(websocket.TextMessage, payload)
}

// closeFrame encodes a WebSocket close message with a code and no reason.
func closeFrame(code int) []byte {
	return wsFrame(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""))
}

// wsFrame encodes an unmasked frame, as a server sends it, to be shared by all
// sockets. gorilla/websocket can encode a frame only while writing to a
// connection.
func wsFrame(opcode byte, payload []byte) []byte {
	frame := append(make([]byte, 0, len(payload)+10), finBit|opcode)
	switch n := len(payload); {
	case n <= 125: // 126 and 127 announce a longer length
		frame = append(frame, byte(n))
	case n <= math.MaxUint16:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	return append(frame, payload...)
}
