package e2e

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// sends sends the bytes of a request as they are, and returns the answer.
func sends(t *testing.T, n *apptest.Nginx, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(n.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// nginx may answer, and cut, before all has arrived.
	go func() { _, _ = io.WriteString(conn, request) }()
	method, _, _ := strings.Cut(request, " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.60q: %v", request, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(res.Body) // a page that is cut fails below
	return res, string(body)
}

// protecting are the headers by which the program tells browsers what a page may do.
var protecting = []string{
	"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Strict-Transport-Security",
	"Content-Security-Policy",
}

// othersOfTheProgram are the further headers of a page of the program that is refused.
var othersOfTheProgram = map[string]bool{
	"Cache-Control": true, "Content-Length": true, "Content-Type": true, "Connection": true, "Date": true, "Server": true, "Vary": true,
	"X-Request-Id": true, "X-Served-By": true, "Content-Encoding": true, "Etag": true,
}

// TestNginxSpeaksAsTheProgramDoes: nginx's own answers have the headers of the program's
// that protect people, with and without TLS.
func TestNginxSpeaksAsTheProgramDoes(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	address := strings.TrimPrefix(app.URL, "http://")
	n, alone := apptest.StartNginx(t, address, address), apptest.StartNginx(t, "127.0.0.1:1", "127.0.0.1:1")
	for _, tls := range []string{"", "X-Forwarded-Proto: https\r\n"} {
		end := "Host: sns.example.org\r\nConnection: close\r\n" + tls + "\r\n"
		program, _ := sends(t, n, "GET /nowhere HTTP/1.1\r\n"+end)
		hasAll(t, program.Header, tls != "")
		for what, test := range ownAnswers(end) {
			server := n
			if test.status == http.StatusServiceUnavailable {
				server = alone
			}
			res, body := sends(t, server, test.request)
			if res.StatusCode != test.status {
				t.Errorf("%s: %d, want %d", what, res.StatusCode, test.status)
			}
			if by := res.Header.Get("X-Served-By"); by != "nginx" && server == n {
				t.Fatalf("%s: answered by %q: the test proves nothing", what, by)
			}
			// nginx refuses some requests before it has read how the browser came.
			speaksAs(t, what, res.Header, program.Header, test.unread)
			if strings.Contains(body, "<script") || strings.Contains(body, "nginx/") {
				t.Errorf("%s: the page is %s", what, body)
			}
		}
	}
}

// hasAll fails the test unless a page of the program has exactly the known headers: a new
// one belongs into protecting and nginx.conf, or into othersOfTheProgram.
func hasAll(t *testing.T, h http.Header, tls bool) {
	t.Helper()
	for _, name := range protecting {
		if (h.Get(name) != "") != (tls || name != "Strict-Transport-Security") {
			t.Errorf("the program has %s: %q", name, h.Get(name))
		}
		if len(h.Values(name)) > 1 {
			t.Errorf("nginx adds its own %s to the program's: %q", name, h.Values(name))
		}
	}
	known := strings.Join(protecting, " ")
	for name := range h {
		if !strings.Contains(known, name) && !othersOfTheProgram[name] {
			t.Errorf("nginx may lack the program's header %s", name)
		}
	}
}

// An ownAnswer is a request that nginx answers itself.
type ownAnswer struct {
	request string
	status  int
	unread  bool // nginx refuses the request before its headers are read
}

func ownAnswers(end string) map[string]ownAnswer {
	long := strings.Repeat("a", 20<<10)
	return map[string]ownAnswer{
		"no replica":             {"GET / HTTP/1.1\r\n" + end, 503, false},
		"no replica, a file":     {"GET /static/a.css HTTP/1.1\r\n" + end, 503, false},
		"no replica, a picture":  {"GET /uploads/a.jpg HTTP/1.1\r\n" + end, 503, false},
		"no replica, a stream":   {"GET /live HTTP/1.1\r\n" + end, 503, false},
		"no replica, a socket":   {"GET /rooms/1/socket HTTP/1.1\r\nUpgrade: websocket\r\n" + end, 503, false},
		"too large":              {"POST /sign-in HTTP/1.1\r\nContent-Length: 2000000\r\n" + end, 413, false},
		"too large a picture":    {"POST /posts HTTP/1.1\r\nContent-Length: 200000000\r\n" + end, 413, false},
		"no request":             {"안녕\r\n\r\n", 400, true},
		"no host":                {"GET / HTTP/1.1\r\n\r\n", 400, true},
		"two hosts":              {"GET / HTTP/1.1\r\nHost: b\r\n" + end, 400, true},
		"an evil path":           {"GET /../../etc/passwd HTTP/1.1\r\n" + end, 400, true},
		"too long an address":    {"GET /" + long + " HTTP/1.1\r\n" + end, 414, true},
		"too long a header":      {"GET / HTTP/1.1\r\nX-Long: " + long + "\r\n" + end, 400, true},
		"TRACE":                  {"TRACE / HTTP/1.1\r\n" + end, 405, false},
		"an unknown coding":      {"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: snail\r\n" + end, 501, true},
		"a version of tomorrow":  {"GET / HTTP/3.0\r\n" + end, 505, true},
		"two lengths of a body":  {"POST /sign-in HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n" + end, 400, true},
		"an impossible length":   {"POST /sign-in HTTP/1.1\r\nContent-Length: -1\r\n" + end, 400, true},
		"HEAD without a replica": {"HEAD / HTTP/1.1\r\n" + end, 503, false},
	}
}

// speaksAs compares the headers of an answer of nginx with those of the program.
func speaksAs(t *testing.T, what string, h, program http.Header, unread bool) {
	t.Helper()
	for _, name := range protecting {
		want := program.Get(name)
		switch name {
		case "Content-Security-Policy":
			// At least as strict: the pages of nginx need nothing at all.
			want = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
		case "Strict-Transport-Security":
			if unread {
				continue
			}
		}
		if got := strings.Join(h.Values(name), ", "); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	if got := h.Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s: Cache-Control %q", what, got)
	}
}
