package load

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerWithin is the time limit of an answer.
const answerWithin = 30 * time.Second

// A Person is a signed-in user at an address of the site: that of nginx or of a
// replica, such as 127.0.0.1:8080.
type Person struct {
	Address string
	From    string // the address of the person's end of a connection; empty: any
	Cookie  string // name=value
}

// An Answer is the response to a request, read to its end.
type Answer struct {
	Status   int
	Location string // where a redirect leads
	Bytes    int64  // of the body, as sent
}

// A Line is one connection of a person, kept from one request to the next as
// browsers do. A Line belongs to one goroutine.
type Line struct {
	person *Person
	conn   net.Conn // nil: closed
	in     *bufio.Reader
}

// Line returns a line that connects at the first request.
func (p *Person) Line() *Line { return &Line{person: p} }

// Close closes the connection. The next request connects again.
func (l *Line) Close() {
	if l.conn != nil {
		_ = l.conn.Close()
		l.conn = nil
	}
}

// Get asks for a page.
func (l *Line) Get(path string) (Answer, error) {
	return l.do(l.person.request(http.MethodGet, path, ""), false)
}

// GetPart asks for fragments, as htmx does.
func (l *Line) GetPart(path string) (Answer, error) {
	return l.do(l.person.request(http.MethodGet, path, ""), true)
}

// Post sends a plain form: pairs of a field and its value.
func (l *Line) Post(path string, pairs ...string) (Answer, error) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req := l.person.request(http.MethodPost, path, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.do(req, false)
}

// do sends a request and reads the answer. After an error the fate of the
// request is unknown, so the line is closed.
func (l *Line) do(req *http.Request, part bool) (a Answer, err error) {
	if part {
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Request-Type", "partial")
	}
	if l.conn == nil {
		if l.conn, err = l.person.dial(context.Background(), "tcp", l.person.Address); err != nil {
			return a, err
		}
		l.in = bufio.NewReader(l.conn)
	}
	_ = l.conn.SetDeadline(time.Now().Add(answerWithin))
	res, err := ask(l.conn, l.in, req)
	if err == nil {
		a = Answer{Status: res.StatusCode, Location: res.Header.Get("Location")}
		a.Bytes, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	if err != nil || res.Close {
		l.Close()
	}
	return a, err
}

// ask sends a request and reads the head of the answer. The caller must close
// the body.
func ask(conn net.Conn, in *bufio.Reader, req *http.Request) (*http.Response, error) {
	if err := req.Write(conn); err != nil {
		return nil, err
	}
	return http.ReadResponse(in, req)
}

// request makes a request as a browser would.
func (p *Person) request(method, path, body string) *http.Request {
	target, _ := url.ParseRequestURI(path) // written by the tests
	req := &http.Request{
		Method: method, URL: target, Host: p.Address, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Accept-Language": {"ko"}, "Accept-Encoding": {"gzip"}, "Cookie": {p.Cookie}},
	}
	if method != http.MethodGet {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	return req
}

// dial connects from the person's address.
func (p *Person) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: answerWithin}
	if p.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(p.From)}
	}
	return dialer.DialContext(ctx, network, address)
}
