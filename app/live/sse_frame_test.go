package live

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

func TestSSEFrame(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"", "<b>1</b>", "data: <b>1</b>\n\n"},
		{"", "<b>\n 1\n</b>\n", "data: <b>\ndata:  1\ndata: </b>\n\n"},
		{"", "a\r\nb\rc\n\nd", "data: a\ndata: b\ndata: c\ndata: \ndata: d\n\n"},
		{"", "하나\rdata: 둘", "data: 하나\ndata: data: 둘\n\n"},
		{"gap", "", "event: gap\ndata: \n\n"},
		{"new-post", "17", "event: new-post\ndata: 17\n\n"},
	} {
		if got := string(sseFrame(Message{HTML: []byte(c.html), Name: c.name})); got != c.want {
			t.Errorf("%q %q:\n got %q\nwant %q", c.name, c.html, got, c.want)
		}
	}
}

// FuzzSSEFrame: for any text, the stream holds exactly one message with that
// text, and no part of the text is read as a field.
func FuzzSSEFrame(f *testing.F) {
	for _, seed := range []string{"", "\n", "<p>안녕</p>", "a\r\n\r\nevent: gap\r\n\r\n", "\revent: gap\r\r", ": ok", "\x00\n\ufeff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, html []byte) {
		frame := sseFrame(Message{HTML: html})
		if bytes.ContainsRune(frame, '\r') {
			t.Fatalf("%q holds a carriage return", frame)
		}
		in := bufio.NewReader(bytes.NewReader(frame))
		m, err := readMessage(in)
		if err != nil || m.Name != "" || in.Buffered() != 0 {
			t.Fatalf("%q is not one unnamed message: %v", frame, err)
		}
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimRight(string(html), "\r\n"))
		if string(m.HTML) != want {
			t.Fatalf("got %q, want %q", m.HTML, want)
		}
	})
}
