package live

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// A Message is what an event looks like in one language. The zero Message is
// nothing to send.
type Message struct {
	// HTML is swapped into the page. It may hold line breaks, which on a stream
	// all arrive as "\n"; those at its end are left out.
	HTML []byte

	// Name makes the message a DOM event of that name, with HTML as its data,
	// instead of a swap; a socket gets {"event": Name, "data": HTML} as JSON,
	// which hx-ws swaps nowhere. It is a single line.
	Name string
}

// Render turns an event into a message for those who read lang. The Hub calls
// it once per event and language, while it holds the topic: it must neither
// block nor call the Hub.
type Render func(ev Event, lang string) (Message, error)

var errName = errors.New("live: message name has a line break")

// call runs the render function and turns a panic into an error.
func (render Render) call(ev Event, lang string) (m Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("live: panic: %v\n%s", p, debug.Stack())
		}
	}()
	if m, err = render(ev, lang); err == nil && strings.ContainsAny(m.Name, "\r\n") {
		err = errName
	}
	return m, err
}

func (m Message) empty() bool { return len(m.HTML) == 0 && m.Name == "" }

// sseFrame writes m as a server-sent event. Every kind of line break starts a
// new data line: a lone "\r" in somebody's text would otherwise let them write
// fields of their own into everybody's stream.
func sseFrame(m Message) []byte {
	rest := bytes.TrimRight(m.HTML, "\r\n")
	frame := make([]byte, 0, len(rest)+len(m.Name)+64)
	if m.Name != "" {
		frame = append(append(append(frame, "event: "...), m.Name...), '\n')
	}
	for more := true; more; {
		var line []byte
		line, rest, more = cutLine(rest)
		frame = append(append(append(frame, "data: "...), line...), '\n')
	}
	return append(frame, '\n')
}

// cutLine cuts text after its first line, ended by "\n", "\r" or "\r\n".
func cutLine(text []byte) (line, rest []byte, more bool) {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 {
		return text, nil, false
	}
	line, rest = text[:i], text[i+1:]
	if text[i] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return line, rest, true
}
