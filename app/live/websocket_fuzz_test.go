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

// upgrade is a handshake as bytes.
const upgrade = "GET /socket HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// masked is a frame as a browser sends it: its length is what length says (for
// short ones), its mask is zero.
func masked(first, length byte, rest string) string {
	return string([]byte{first, 0x80 | length, 0, 0, 0, 0}) + rest
}

// FuzzSocket: whatever comes after the handshake, nothing panics, Receive gets
// only what it is promised, all that is answered are whole frames, and nobody
// is left when the peer is gone.
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
		_ = hub.ServeWebSocket(w, r, Who{Lang: "ko", Topics: []string{"room:3"}}, SocketHandler{
			Receive: func(s *Socket, frame []byte, binary bool) {
				if len(frame) > maxFrame || (!binary && !utf8.Valid(frame)) {
					panic("promised otherwise") // 1011, which is an error below
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
		_, _ = conn.Write(data) // the server may have had enough of it
		_ = conn.(*net.TCPConn).CloseWrite()
		onlyWholeFrames(t, in)
		_ = conn.Close()
		eventually(t, "the client leaves", func() bool { return hub.Stats().Clients == 0 && hub.Watching("room:3") == 0 })
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

// onlyWholeFrames reads to the end, which may come in the middle of a frame
// when the connection is closed for what the peer did.
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
		opcode := head[0] &^ final
		switch {
		case closed:
			t.Fatalf("frame %x after a close frame", head)
		case head[0]&final == 0 || n > 3*maxFrame:
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
