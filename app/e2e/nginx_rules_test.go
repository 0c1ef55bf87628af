package e2e

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"xxsns/app/apptest"
)

// A stand is a server in the place of a replica, which keeps the requests.
type stand struct {
	address string
	mu      sync.Mutex // guards the fields below
	asked   []*http.Request
}

// stands starts a server that gives every request the same answer.
func stands(t *testing.T, answer http.HandlerFunc) *stand {
	t.Helper()
	s := &stand{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only the test itself breaks a request off
		s.mu.Lock()
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	s.address = strings.TrimPrefix(server.URL, "http://")
	return s
}

// requests returns the requests to the server so far.
func (s *stand) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.asked...)
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// breaksOff takes a request and gives no answer, as a replica does that is killed.
func breaksOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// asks sends a request through nginx from one of many networks, so that some
// land on either server.
func asks(t *testing.T, n *apptest.Nginx, network int, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(network), 1)}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), method, n.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	return sendsOver(t, client, req)
}

// sendsOver sends a request by a client, and returns the answer with its body.
func sendsOver(t *testing.T, client *http.Client, req *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// TestNothingIsPostedTwice: a POST that a replica has taken is lost with that
// replica, and the sender gets an error; a request that only reads goes to the
// other replica.
func TestNothingIsPostedTwice(t *testing.T) {
	t.Parallel()
	one, two := stands(t, breaksOff), stands(t, breaksOff)
	n := apptest.StartNginx(t, one.address, two.address)
	res, _ := asks(t, n, 1, http.MethodPost, "/posts", nil)
	if asked := len(one.requests()) + len(two.requests()); res.StatusCode != http.StatusServiceUnavailable || asked != 1 {
		t.Errorf("posted %d times, and answered with %d", asked, res.StatusCode)
	}
	n = apptest.StartNginx(t, one.address, two.address)
	asks(t, n, 1, http.MethodGet, "/", nil)
	if asked := len(one.requests()) + len(two.requests()); asked != 3 {
		t.Errorf("asked for a page %d times, want 2", asked-1)
	}
}

// TestAnotherVersionHasTheFile: while replicas are replaced, a page of one
// replica finds its styles at the other replica.
func TestAnotherVersionHasTheFile(t *testing.T) {
	t.Parallel()
	older, newer := stands(t, answers(http.StatusNotFound, "")), stands(t, answers(http.StatusOK, "body{}"))
	n := apptest.StartNginx(t, older.address, newer.address)
	for network := range 4 {
		if res, body := asks(t, n, network+1, http.MethodGet, "/static/app."+strings.Repeat("0", network)+".css", nil); body != "body{}" {
			t.Errorf("network %d gets %d %q", network+1, res.StatusCode, body)
		}
	}
	if len(older.requests()) == 0 {
		t.Error("nobody was sent to the other version: the test proves nothing")
	}
}

// TestProgramSpeaksForItself: an answer of the program stays unchanged,
// whatever the status.
func TestProgramSpeaksForItself(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusRequestEntityTooLarge, http.StatusInternalServerError, http.StatusServiceUnavailable} {
		s := stands(t, answers(status, "말씀"))
		n := apptest.StartNginx(t, s.address, s.address)
		if res, body := asks(t, n, 1, http.MethodGet, "/", nil); res.StatusCode != status || body != "말씀" || len(s.requests()) != 1 {
			t.Errorf("%d becomes %d %q", status, res.StatusCode, body)
		}
	}
}

// TestWhatNginxHandsOn: the program gets the true address of the client,
// requests for files carry no cookies, and only WebSockets leave HTTP.
func TestWhatNginxHandsOn(t *testing.T) {
	t.Parallel()
	s := stands(t, answers(http.StatusOK, "ok"))
	n := apptest.StartNginx(t, s.address, s.address)
	forged := http.Header{
		"Cookie": {"session=secret"}, "Connection": {"Upgrade"}, "Upgrade": {"h2c"}, "X-Forwarded-For": {"203.0.113.9"}, "X-Real-Ip": {"203.0.113.9"},
		"Forwarded": {"for=203.0.113.9"}, "X-Forwarded-Host": {"example.com"}, "X-Forwarded-Prefix": {"/x"}, "X-Forwarded-Proto": {"gopher"},
	}
	for _, path := range []string{"/", "/uploads/a.jpg", "/static/a.css"} {
		asks(t, n, 7, http.MethodGet, path, forged)
	}
	for _, req := range s.requests() {
		want := map[string]string{
			"X-Forwarded-For": "127.0.7.1", "X-Forwarded-Proto": "http", "X-Real-IP": "", "Forwarded": "", "X-Forwarded-Host": "", "X-Forwarded-Prefix": "",
			"Upgrade": "", "Connection": "close", "Cookie": "",
		}
		if req.URL.Path == "/" {
			want["Cookie"] = "session=secret"
		}
		for name, value := range want {
			if got := strings.Join(req.Header.Values(name), ", "); got != value {
				t.Errorf("%s: %s is %q, want %q", req.URL.Path, name, got, value)
			}
		}
		if req.Host != strings.TrimPrefix(n.URL, "http://") {
			t.Errorf("host %s", req.Host)
		}
	}
}
