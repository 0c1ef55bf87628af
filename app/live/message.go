package live

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// A Message is a rendered event in one language. The zero Message is not sent.
type Message struct {
	// HTML is swapped into the page. On an SSE stream every line break arrives
	// as "\n", and line breaks at the end are dropped.
	HTML []byte

	// Name, a single line, makes the message a DOM event of that name with HTML
	// as its data, instead of a swap. A WebSocket gets the JSON
	// {"event": Name, "data": HTML}, which hx-ws does not swap.
	Name string
}

// Render renders an event for readers of lang. The Hub calls it once per event
// and language while holding the lock of the topic: Render must neither block
// nor call the Hub.
type Render func(ev Event, lang string) (Message, error)

var errName = errors.New("live: message name has a line break")

// call calls render and turns a panic into an error.
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
