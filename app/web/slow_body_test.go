package web_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/server"
	"xxsns/app/web"
)

// hurried gives forms a second to arrive.
func hurried(c *config.Config) { c.FormTime = time.Second }

// A slowSender is a connection to the program that sends a request's body bit by bit.
type slowSender struct {
	net.Conn
	t       testing.TB
	answers *bufio.Reader
}

// sends opens a connection and sends the head of a request with a large body, of which
// nothing arrives yet.
func (v *siteWithMembers) sends(method, path string, header ...string) *slowSender {
	v.t.Helper()
	conn, err := net.Dial("tcp", v.address().Host)
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(2 * patience))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, v.address().Host)
	all := strings.Join(header, "\n")
	if !strings.Contains(all, "Transfer-Encoding") {
		header = append(header, "Content-Length: 500000")
	}
	if !strings.Contains(all, "Content-Type") {
		header = append(header, "Content-Type: application/x-www-form-urlencoded")
	}
	for _, line := range append(header, "") {
		fmt.Fprintf(conn, "%s\r\n", line)
	}
	return &slowSender{conn, v.t, bufio.NewReader(conn)}
}

// inside waits until the program begins to read the body: the request is one of those that
// are answered. The head must have asked for that, with "Expect: 100-continue".
func (s *slowSender) inside() {
	s.t.Helper()
	res, err := http.ReadResponse(s.answers, nil)
	if err != nil || res.StatusCode != http.StatusContinue {
		s.t.Fatalf("the program does not ask for the body: %v, %v", res, err)
	}
}

// drips sends a byte now and then until the connection is cut.
func (s *slowSender) drips() {
	for {
		if _, err := s.Write([]byte("a")); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// wantCut fails the test unless the program answers with the status, says so in its own
// words, and closes the connection. The sender has sent less than its body.
func (s *slowSender) wantCut(status int) {
	s.t.Helper()
	res, err := http.ReadResponse(s.answers, nil)
	if err != nil {
		s.t.Errorf("no answer: %v", err)
		return
	}
	page, err := io.ReadAll(res.Body)
	if res.StatusCode != status || err != nil || res.Header.Get("Content-Security-Policy") == "" {
		s.t.Errorf("the answer is %d, want %d: %v\n%.500s", res.StatusCode, status, err, page)
	}
	if _, err := s.answers.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		s.t.Errorf("after %d the connection stays open: %v", status, err)
	}
}

// cookieOf returns the header with the session of a member.
func (v *siteWithMembers) cookieOf(c *apptest.Client) string {
	var pairs []string
	for _, cookie := range c.HTTP().Jar.Cookies(v.address()) {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	return "Cookie: " + strings.Join(pairs, "; ")
}

func TestABodyThatDripsIsCut(t *testing.T) {
	v := open(t, hurried)
	member := v.cookieOf(v.minji)
	for what, s := range map[string]*slowSender{
		"sign-in": v.sends("POST", "/sign-in"),
		"comment": v.sends("POST", "/posts/1/comments", member),
		"post":    v.sends("POST", "/posts", member),
		"zipped":  v.sends("POST", "/sign-up", "Accept-Encoding: gzip"),
	} {
		go s.drips()
		t.Run(what, func(t *testing.T) {
			s.t = t
			s.wantCut(http.StatusRequestTimeout)
		})
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Errorf("%d posts were made", n)
	}
}

// An upload has to arrive at the least average rate, pictures and all.
func TestAnUploadThatDripsIsCutAndLeavesNothing(t *testing.T) {
	v := open(t, hurried)
	s := v.sends("POST", "/posts", v.cookieOf(v.minji), "Content-Type: multipart/form-data; boundary=x")
	whole := multipartBody("x", "Content-Disposition: form-data; name=\"images\"; filename=\"1.png\"\r\n\r\n"+string(smallPNG()), strings.Repeat("a", 1000))
	_, _ = s.Write(whole[:len(whole)-500])
	go s.drips()
	s.wantCut(http.StatusRequestTimeout)
	if left := v.uploads(); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

// A refusal does not wait for the body: the sender sends nothing more.
func TestARefusedRequestIsAnsweredBeforeItsBody(t *testing.T) {
	v := open(t, func(c *config.Config) { c.FormTime = time.Hour })
	for what, test := range map[string]struct {
		s      *slowSender
		status int
	}{
		"unknown":       {v.sends("POST", "/nowhere"), http.StatusNotFound},
		"unknown again": {v.sends("POST", "/nowhere", v.cookieOf(v.minji), "Accept-Encoding: gzip"), http.StatusNotFound},
		"method":        {v.sends("PUT", "/sign-in"), http.StatusMethodNotAllowed},
		"foreign":       {v.sends("POST", "/sign-in", "Origin: https://elsewhere.example"), http.StatusForbidden},
		"file":          {v.sends("POST", "/static/app.js"), http.StatusMethodNotAllowed},
		"guest":         {v.sends("POST", "/posts"), http.StatusSeeOther},
		"page":          {v.sends("GET", "/sign-in"), http.StatusBadRequest},
		"stream":        {v.sends("GET", "/live?topic=timeline", v.cookieOf(v.minji)), http.StatusBadRequest},
		"waiting":       {v.sends("POST", "/sign-in", "Origin: https://elsewhere.example", "Expect: 100-continue"), http.StatusForbidden},
	} {
		t.Run(what, func(t *testing.T) {
			test.s.t = t
			test.s.wantCut(test.status)
		})
	}
}

// A form that is too large is refused when it is, not when the rest has come.
func TestAFormThatIsTooLargeIsCut(t *testing.T) {
	v := open(t, func(c *config.Config) { c.FormTime = time.Hour })
	s := v.sends("POST", "/sign-in", "Transfer-Encoding: chunked")
	fmt.Fprintf(s, "%x\r\n%s\r\n", web.MaxForm+1, strings.Repeat("a", web.MaxForm+1))
	s.wantCut(http.StatusRequestEntityTooLarge)
}

// A refused form that has arrived costs no connection.
func TestAConnectionWhoseBodyHasArrivedIsKept(t *testing.T) {
	v := open(t)
	conn, err := net.Dial("tcp", v.address().Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for range 3 {
		fmt.Fprintf(conn, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\ncontent=a")
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		if res.StatusCode != http.StatusNotFound || res.Close {
			t.Errorf("the answer is %d, close: %t", res.StatusCode, res.Close)
		}
	}
}

// A writer without Unwrap hides the connection from the program.
func TestABodyThatCannotBeBoundedIsRefusedAndLogged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var log bytes.Buffer
	cfg := config.Config{DatabaseURL: "sqlite:" + filepath.Join(dir, "xxsns.db"), UploadsDir: filepath.Join(dir, "uploads"), Zone: apptest.Seoul}
	made, err := server.New(t.Context(), cfg, slog.New(slog.NewTextHandler(&log, nil)), false)
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made.Handler().ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	}))
	defer web.Close()
	res, err := http.PostForm(web.URL+"/sign-in", url.Values{"username": {"민지"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	web.Close()
	if res.StatusCode != http.StatusInternalServerError || !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "cannot be bounded") {
		t.Errorf("the answer is %d, the log says\n%s", res.StatusCode, &log)
	}
}
