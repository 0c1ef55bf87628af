package apptest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A Stream is the open stream of events (/live) of a person's page.
type Stream struct {
	inbox
	body io.Closer
	err  error // the reason for the end; written before frames is closed
}

// Listen opens the stream of a page that is about the topics. The stream closes
// with the test.
func (c *Client) Listen(topics ...string) *Stream {
	c.tb.Helper()
	s, err := c.TryListen(topics...)
	if err != nil {
		c.tb.Fatal(err)
	}
	return s
}

// TryListen is Listen for a test in which the server may be away. TryListen may
// be called from any goroutine.
func (c *Client) TryListen(topics ...string) (*Stream, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet,
		c.base+"/live?"+url.Values{"topic": topics}.Encode(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", "ko")
	browser := *c.http
	browser.Timeout = 0 // the timeout would cover the whole answer
	res, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	c.tb.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	// The first line says that the stream is joined.
	if res.StatusCode != http.StatusOK || !lines.Scan() {
		_ = res.Body.Close()
		return nil, errors.Join(fmt.Errorf("no stream: status %d", res.StatusCode), lines.Err())
	}
	s := &Stream{inbox: newInbox(c.tb, "stream"), body: res.Body}
	go s.read(lines)
	return s, nil
}

// read parses the stream by the rules of server-sent events.
func (s *Stream) read(lines *bufio.Scanner) {
	defer close(s.frames)
	event, data := "", []string(nil)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "" && len(data) > 0:
			s.frames <- newEvent(event, strings.Join(data, "\n"))
			event, data = "", nil
		case field == "event":
			event = value
		case field == "data":
			data = append(data, value)
		}
	}
	s.err = lines.Err()
}

func newEvent(event, data string) Frame {
	f := Frame{Event: event, Body: data}
	html := data
	if event != "" {
		html = ""
	}
	f.Document, _ = parse(html) // a string can be read
	return f
}

// Shows waits for a fragment whose first element of the selector reads text,
// and returns the fragment.
func (s *Stream) Shows(selector, text string) Frame {
	s.tb.Helper()
	return s.Until(fmt.Sprintf("%q at %s", text, selector), func(f Frame) bool {
		found := f.Find(selector)
		return found.Length() > 0 && strings.TrimSpace(found.First().Text()) == text
	})
}

// Ended waits until the stream ends; the error is nil if the server has ended
// the stream in good order. Earlier frames are passed over.
func (s *Stream) Ended() error {
	s.tb.Helper()
	s.ended()
	return s.err
}

// Close closes the stream, as closing the tab does.
func (s *Stream) Close() { _ = s.body.Close() }
