package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"xxsns/app/web/request"
)

// A body may take FormTime to arrive, the pauses and all bytes together. An upload may take
// longer, as long as leastRate bytes arrive in a second on average, but never uploadTime.
const (
	leastRate  = 8 << 10
	uploadTime = 10 * time.Minute
)

// Bounds of what is read of a body that no handler wanted: mostUnread bytes, if they arrive
// within lastWait, which is enough for a browser that sends the head and the body of a form
// apart. A connection whose body has arrived is kept, and any other is cut.
const (
	mostUnread = 256 << 10
	lastWait   = 100 * time.Millisecond
)

// A body is the body of a request, with the time that its bytes may take. The time in which
// the handler does not read, since it works, does not count.
type body struct {
	io.ReadCloser
	control *http.ResponseController // of the writer of net/http: no middleware hides the connection
	least   time.Duration            // the time of a body without bytes
	most    time.Duration            // the time of a body of any size
	begun   bool                     // true after the first Read
	late    bool                     // true after a Read that took too long
	err     error                    // why no deadline can be set
	now     func() time.Time         // by which the body is waited for

	mu      sync.Mutex    // guards the fields below, which network.Gate looks at, and the deadline
	n       int64         // bytes read
	waited  time.Duration // for the bytes
	reading time.Time     // since when a Read waits; zero: none does
	ended   bool          // true after the last byte
	cut     bool          // true after Cut
}

// Read implements io.Reader. After the last byte the connection has no read deadline: the
// handler may work on.
func (b *body) Read(p []byte) (int, error) {
	b.begun = true
	if err := b.beginRead(); err != nil {
		return 0, err
	}
	n, err := b.ReadCloser.Read(p)
	b.endRead(n, err)
	return n, err
}

// beginRead sets the deadline of a Read.
func (b *body) beginRead() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut {
		b.late = true
		return os.ErrDeadlineExceeded
	}
	allowed := min(b.most, b.least+time.Duration(b.n)*time.Second/leastRate)
	b.reading = b.now()
	b.err = b.control.SetReadDeadline(time.Now().Add(allowed - b.waited))
	return b.err
}

// endRead counts what a Read has returned.
func (b *body) endRead(n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n += int64(n)
	b.waited += b.now().Sub(b.reading)
	b.reading = time.Time{}
	b.late = b.late || errors.Is(err, os.ErrDeadlineExceeded)
	if errors.Is(err, io.EOF) {
		b.ended = true
		b.err = b.control.SetReadDeadline(time.Time{})
	}
}

// paceAfter is how long a body is waited for before its pace is known: a body that has
// been sent arrives in less time.
const paceAfter = time.Second

// Pace is network.Body.Pace.
func (b *body) Pace() (bytes float64, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	waited := b.waited
	if !b.reading.IsZero() {
		waited += b.now().Sub(b.reading)
	}
	if b.ended || waited < paceAfter {
		return 0, false
	}
	return float64(b.n) / waited.Seconds(), true
}

// Cut is network.Body.Cut.
func (b *body) Cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut = !b.ended; b.cut {
		_ = b.control.SetReadDeadline(time.Now()) // Read returns; a Read to come looks at cut
	}
}

// finish reads what has arrived of an unread body, and cuts the connection if there is more.
// The handler must have answered.
func (b *body) finish(w http.ResponseWriter, expects bool) {
	// A sender that waits for "100 Continue" sends nothing before: reading would ask for
	// the body.
	if !expects || b.begun {
		b.hurry()
		_, _ = io.CopyN(io.Discard, b, mostUnread)
	}
	if b.ended {
		return
	}
	_ = b.control.SetReadDeadline(time.Now()) // net/http would go on reading
	// The way to tell net/http that the rest is not wanted, also after the answer has begun:
	// net/http leaves the sender a moment to read the answer, and cuts the connection.
	_, _ = http.MaxBytesReader(w, io.NopCloser(strings.NewReader("more")), 0).Read(make([]byte, 1))
}

// hurry leaves the rest of the body lastWait to arrive.
func (b *body) hurry() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.least, b.most, b.waited = lastWait, lastWait, 0
}

// hurryBody precedes the answers of routes that do not exist: a text that has arrived is
// shown again, and no other is waited for.
func hurryBody(c *gin.Context) {
	if b := bodyOf(c); b != nil {
		b.hurry()
	}
}

// bodyKey is the key of the *body in the context of a request.
type bodyKey struct{}

// bodyOf returns the body of a request, or nil if there is none.
func bodyOf(c *gin.Context) *body {
	b, _ := c.Request.Context().Value(bodyKey{}).(*body)
	return b
}

// boundBodies bounds the time of every request's body, and answers without waiting for a
// body that the handler does not read. boundBodies must be the outermost handler: below a
// middleware whose writer has no Unwrap, such as slog-gin's, the connection cannot be
// reached.
func (w web) boundBodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		// Without a server, as in a test, there is no connection to be bounded.
		if r.ContentLength == 0 || r.Context().Value(http.ServerContextKey) == nil {
			h.ServeHTTP(rw, r)
			return
		}
		b := &body{ReadCloser: r.Body, control: http.NewResponseController(rw), least: w.FormTime, most: w.FormTime, now: w.FormClock}
		b.err = errors.Join(b.control.EnableFullDuplex(), b.control.SetReadDeadline(time.Now().Add(w.FormTime)))
		ctx := request.WithLate(r.Context(), func() bool { return b.late })
		bounded := r.WithContext(context.WithValue(ctx, bodyKey{}, b)) // net/http keeps r and its body
		bounded.Body = b
		h.ServeHTTP(rw, bounded)
		if !b.ended {
			b.finish(rw, strings.EqualFold(r.Header.Get("Expect"), "100-continue"))
		}
	})
}

// checkBody refuses a body that cannot be bounded, which is an error of this program, and
// the body of a request that has none by its method: a stream would take the connection
// over with the body in it.
func (w web) checkBody(c *gin.Context) {
	b := bodyOf(c)
	if b == nil {
		return
	}
	err := b.err
	if err != nil {
		err = fmt.Errorf("the time of a body cannot be bounded: %w", err)
	} else if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		err = request.ErrBadRequest
	}
	if err != nil {
		r, _ := w.Anonymous(c)
		w.Fail(c, r, err)
	}
}

// limitBody bounds the bytes of a body that a handler may read. A body that arrives at
// leastRate may take the time within, if that is more than FormTime.
func limitBody(bytes int64, within time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		if b := bodyOf(c); b != nil {
			b.most = max(b.most, within)
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bytes)
	}
}
