package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// A Stream is a person's open stream of events (/live).
type Stream struct {
	conn net.Conn
	body *bufio.Reader
}

// Stream opens the stream of a page that is about a topic.
func (p *Person) Stream(topic string) (*Stream, error) {
	conn, err := p.dial(context.Background(), "tcp", p.Address)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(answerWithin))
	s, err := p.openStream(conn, topic)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, conn.SetDeadline(time.Time{})
}

func (p *Person) openStream(conn net.Conn, topic string) (*Stream, error) {
	res, err := ask(conn, bufio.NewReader(conn), p.request(http.MethodGet, "/live?topic="+topic, "")) //nolint:bodyclose // it ends with conn
	if err != nil {
		return nil, err
	}
	s := &Stream{conn: conn, body: bufio.NewReader(res.Body)}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("no stream: status %d", res.StatusCode)
	}
	_, err = s.body.ReadSlice('\n') // the first line comes when the stream is joined
	return s, err
}

// Listen calls heard for each message until the stream ends: with the event's
// name, empty for HTML, and the beginning of the last line of the data, which
// is valid only during the call. The error is nil if the server has ended the
// stream in good order.
func (s *Stream) Listen(heard func(event string, data []byte)) error {
	event, data, filled := "", []byte(nil), false
	for {
		line, err := s.body.ReadSlice('\n')
		switch name, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(": ")); {
		case string(line) == "\n" && filled:
			heard(event, data)
			event, filled = "", false
		case string(name) == "event":
			event = string(value)
		case string(name) == "data":
			data, filled = append(data[:0], value...), true
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = s.body.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Close closes the stream, as leaving the page does.
func (s *Stream) Close() { _ = s.conn.Close() }
