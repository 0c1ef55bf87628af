package e2e

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestHordeAtNginx: 260 slow connections from one address reach nginx and two replicas.
// People elsewhere notice nothing. People behind the same address read on; while the
// horde sends as many bodies as the address may, they are told why they cannot send.
func TestHordeAtNginx(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{Bounded: true})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	stream := minji.Listen("timeline")
	attacks(t, r.URL, "127.0.200.1")
	neighbour := r.One.Guest().From("127.0.200.1")
	signIn := func() *apptest.Page {
		return neighbour.Post("/sign-in", "username", "하늘", "password", apptest.Password)
	}
	for deadline := time.Now().Add(patience); signIn().Status != http.StatusTooManyRequests; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("an address may send as many bodies as it likes")
		}
	}
	wantNginxRefusal(t, signIn())
	for range 12 {
		minji.Get("/").Want(http.StatusOK)
		seojun.Post("/posts", "content", "아무 일 없어요").Want(http.StatusSeeOther)
		neighbour.Get("/sign-in").Want(http.StatusOK)
		time.Sleep(time.Second)
	}
	stream.Until("the post", func(f apptest.Frame) bool { return f.Event == "post" })
}

// wantNginxRefusal fails the test unless the answer is what nginx says to an address that
// has too much open.
func wantNginxRefusal(t *testing.T, p *apptest.Page) {
	t.Helper()
	p.Want(http.StatusTooManyRequests).Lacks("nav").Has(`[lang="en"]`)
	for name, want := range map[string]string{
		"Retry-After": "5", "HX-Reswap": "none", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html; charset=utf-8",
	} {
		if got := p.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(p.Text("h1 + p"), "5초 뒤에 다시") {
		t.Errorf("nginx says %s", p.Body)
	}
}

// believesEverybody makes nginx take every client for a proxy, so that a test may come from
// any address.
func believesEverybody(text string) string {
	return regexp.MustCompile(`# (set_real_ip_from 10\.0\.0\.0/8;)\n +# (real_ip_header \S+)\n +# real_ip_recursive on;`).
		ReplaceAllString(text, "set_real_ip_from 127.0.0.0/8; $2")
}

// boundIn returns a number of nginx.conf.
func boundIn(t *testing.T, pattern string) int {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(apptest.NginxConf(t))
	if m == nil {
		t.Fatalf("nginx.conf has no %s", pattern)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A lobby is nginx before servers that answer requests for /wait when the test ends, and
// all others at once.
type lobby struct {
	*apptest.Nginx
	t *testing.T
	s *stand
}

func newLobby(t *testing.T) *lobby {
	t.Helper()
	over := make(chan struct{})
	s := stands(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			<-over
		}
		_, _ = io.WriteString(w, "ok")
	})
	l := &lobby{apptest.StartBoundedNginx(t, s.address, s.address, believesEverybody), t, s}
	t.Cleanup(func() { close(over) })
	return l
}

// from asks for a path from an address, and returns the status.
func (l *lobby) from(address, method, path, body string) int {
	l.t.Helper()
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.URL+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", address)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		l.t.Error(err)
	}
	return res.StatusCode
}

// waits opens as many requests as a network may, by turns from the addresses.
func (l *lobby) waits(pages int, addresses ...string) {
	l.t.Helper()
	before := len(l.s.requests())
	var open sync.WaitGroup
	l.t.Cleanup(open.Wait)
	for i := range pages {
		open.Go(func() {
			req, _ := http.NewRequest(http.MethodGet, l.URL+"/wait", nil) //nolint:noctx // answered when the test ends
			req.Header.Set("X-Forwarded-For", addresses[i%len(addresses)])
			if res, err := http.DefaultClient.Do(req); err == nil {
				_ = res.Body.Close()
			}
		})
	}
	for deadline := time.Now().Add(patience); len(l.s.requests()) < before+pages; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("%d of %d requests arrive", len(l.s.requests())-before, pages)
		}
	}
}

// TestNginxBoundsNetworks: the pages of a network have a bound, which other networks, files
// and streams do not notice. All addresses of a /64 are one network, and so are the two
// forms of an IPv4 address.
func TestNginxBoundsNetworks(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	pages := boundIn(t, `limit_conn pages (\d+);`)
	for _, test := range []struct{ one, another, next, elsewhere string }{
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::a", "2001:db8:1:2:10::3", "2001:db8:1:3::1"},
		{"2001:db8::1", "2001:db8::a:b:c:d", "2001:db8:0:0:1::", "2001:db8:0:1::1"},
		{"192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207", "::ffff:192.0.2.8"},
	} {
		l.waits(pages, test.one, test.another)
		for address, want := range map[string]int{test.one: 429, test.another: 429, test.next: 429, test.elsewhere: 200} {
			if got := l.from(address, http.MethodGet, "/", ""); got != want {
				t.Errorf("beside %s, %s is answered with %d, want %d", test.one, address, got, want)
			}
		}
		for _, path := range []string{"/live", "/rooms/1/socket", "/static/a.css", "/uploads/a.jpg"} {
			if got := l.from(test.one, http.MethodGet, path, ""); got != 200 {
				t.Errorf("%s is answered with %d", path, got)
			}
		}
	}
}

// TestNginxBoundsRequests: a flood of one address is refused, and files are not counted. A
// class that opens the pages of all its tabs at once is no flood.
func TestNginxBoundsRequests(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	burst := boundIn(t, `limit_req zone=asked burst=(\d+) nodelay;`)
	if class := 40 * 40; burst < class {
		t.Errorf("%d requests at once are too few for a class", burst)
	}
	refused := 0
	for i := 0; refused == 0; i++ {
		if i > 10*burst {
			t.Fatal("it is never too much")
		}
		if l.from("192.0.2.7", http.MethodGet, "/", "") == http.StatusTooManyRequests {
			if refused++; i < burst {
				t.Errorf("refused at %d", i)
			}
		}
	}
	if got := l.from("192.0.2.7", http.MethodGet, "/static/a.css", ""); got != 200 {
		t.Errorf("a file is answered with %d", got)
	}
	if got := l.from("192.0.2.8", http.MethodGet, "/", ""); got != 200 {
		t.Errorf("another address is answered with %d", got)
	}
	if got := l.from("192.0.2.8", http.MethodPost, "/sign-in", url.Values{"username": {"민지"}}.Encode()); got != 200 {
		t.Errorf("a form of another address is answered with %d", got)
	}
}
