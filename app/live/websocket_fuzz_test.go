package live

import (
	"bufio"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// upgrade is a WebSocket handshake.
const upgrade = "GET /socket HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// masked returns a frame as a browser sends it, with a length below 126 and a
// mask of zero.
func masked(first, length byte, rest string) string {
	return string([]byte{first, 0x80 | length, 0, 0, 0, 0}) + rest
}

// FuzzSocket: for any bytes after the handshake, nothing panics, the arguments of
// Receive are as documented, the server answers with whole frames, and no client
// is left after the peer has closed.
func FuzzSocket(f *testing.F) {
	for _, seed := range []string{
		"", "\x00", "hello", "GET / HTTP/1.1\r\n\r\n",
		masked(0x81, 5, "hello") + masked(0x82, 2, "\xff\xfe") + masked(0x89, 2, "hi") + masked(0x88, 2, "\x03\xe8"),
		masked(0x01, 3, "\xec\x95\x88") + masked(0x89, 0, "") + masked(0x80, 3, "\xeb\x85\x95"),
		masked(0x81, 2, "\xec\x95"), masked(0x88, 1, "\x03"), masked(0x88, 2, "\x03\xed"), masked(0x88, 4, "\x03\xe8\xff\xff"),
		"\x81\x05hello", "\xc1\x80\x00\x00\x00\x00", masked(0x83, 0, ""), masked(0x80, 0, ""), masked(0x09, 0, ""),
		"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00",
		"\x89\xfe\x00\x7e\x00\x00\x00\x00", "\x81\xfe\x00\x05\x01\x02\x03\x04iglkn",
	} {
		f.Add([]byte(seed))
	}
	hub := NewHub(show, Options{Log: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = hub.ServeWebSocket(w, r, Viewer{Lang: "ko", Topics: []string{"room:3"}}, SocketHandler{
			Receive: func(s *Socket, frame []byte, binary bool) {
				if len(frame) > maxMessageSize || (!binary && !utf8.Valid(frame)) {
					panic("promised otherwise") // closes with 1011, an error below
				}
				s.Send(Message{HTML: frame})
			},
			Closed: func() {},
		})
	}))
	f.Cleanup(server.Close)
	f.Cleanup(hub.Close)
	f.Fuzz(func(t *testing.T, data []byte) {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(patience))
		in := bufio.NewReader(conn)
		shakeHands(t, conn, in)
		_, _ = conn.Write(data) // fails if the server has closed already
		_ = conn.(*net.TCPConn).CloseWrite()
		onlyWholeFrames(t, in)
		_ = conn.Close()
		eventually(t, "the client leaves", func() bool { return hub.Stats().Clients == 0 && hub.Subscribers("room:3") == 0 })
	})
}

func shakeHands(t *testing.T, conn net.Conn, in *bufio.Reader) {
	t.Helper()
	if _, err := io.WriteString(conn, upgrade); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal("handshake: ", err)
	}
}

// onlyWholeFrames checks all frames up to the end of the connection. The last
// frame may be cut off if the server closed because of an error of the peer.
func onlyWholeFrames(t *testing.T, in *bufio.Reader) {
	t.Helper()
	for closed := false; ; {
		var head [2]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		n := uint64(head[1])
		switch n {
		case 126:
			var long uint16
			_ = binary.Read(in, binary.BigEndian, &long)
			n = uint64(long)
		case 127:
			_ = binary.Read(in, binary.BigEndian, &n)
		}
		payload, _ := io.ReadAll(io.LimitReader(in, int64(n)))
		opcode := head[0] &^ finBit
		switch {
		case closed:
			t.Fatalf("frame %x after a close frame", head)
		case head[0]&finBit == 0 || n > 3*maxMessageSize:
			t.Fatalf("frame %x of %d bytes", head, n)
		case opcode == websocket.CloseMessage:
			closed = true
			if len(payload) >= 2 && binary.BigEndian.Uint16(payload) == websocket.CloseInternalServerErr {
				t.Fatal("the handler panicked")
			}
		case opcode != websocket.TextMessage && opcode != websocket.PongMessage && opcode != websocket.PingMessage:
			t.Fatalf("opcode %d", opcode)
		}
	}
}
