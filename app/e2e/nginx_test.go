package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestNginx is what nginx adds to the answers of the program, and what it leaves
// alone.
func TestNginx(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{Env: []string{"LOG_LEVEL=info"}})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	for client, want := range map[*apptest.Client]string{minji: r.One.Address, seojun: r.Two.Address} {
		p := client.Get("/").Want(http.StatusOK)
		if got := p.Header.Get("X-Served-By"); got != want {
			t.Errorf("served by %s, want %s", got, want)
		}
		if got := p.Header.Get("Server"); got != "nginx" {
			t.Errorf("nginx tells its version: %q", got)
		}
	}
	claimsAnotherAddress(t, r, minji)
	claimsTLS(t, minji)
	isCompressed(t, minji)
	assetsAreKept(t, minji)
	sendsTooMuch(t, minji)
	logIsDiscreet(t, r, minji)
}

// claimsAnotherAddress: the program knows every client by the address that
// nginx sees, whatever address the client claims.
func claimsAnotherAddress(t *testing.T, r *apptest.Replicas, c *apptest.Client) {
	t.Helper()
	req := c.Request(http.MethodGet, "/posts/new?after=0", nil)
	for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "X-Client-IP"} {
		req.Header.Set(name, "203.0.113.9")
	}
	c.Do(req)
	if log := r.One.Log(); strings.Contains(log, "203.0.113.9") || !strings.Contains(log, "ip="+c.Address()) {
		t.Errorf("the program believes a forged address, or does not know %s:\n%s", c.Address(), log)
	}
}

// claimsTLS: a proxy before nginx may say that the browser speaks TLS.
func claimsTLS(t *testing.T, c *apptest.Client) {
	t.Helper()
	for proto, want := range map[string]bool{"https": true, "http": false, "https, http": false} {
		req := c.Request(http.MethodGet, "/sign-in", nil)
		req.Header.Set("X-Forwarded-Proto", proto)
		if got := c.Do(req).Header.Get("Strict-Transport-Security") != ""; got != want {
			t.Errorf("%q is taken for TLS: %v", proto, got)
		}
	}
}

// isCompressed: pages are, streams are not, and a fragment that has not changed is
// not sent again.
func isCompressed(t *testing.T, c *apptest.Client) {
	t.Helper()
	ask := func(path string, header ...string) *http.Response {
		req := c.Request(http.MethodGet, path, nil)
		req.Header.Set("Accept-Encoding", "gzip")
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := c.HTTP().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	page := ask("/")
	if page.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("a page is not compressed: %v", page.Header)
	}
	if zipped, err := gzip.NewReader(page.Body); err != nil {
		t.Error(err)
	} else if body, err := io.ReadAll(zipped); err != nil || !bytes.Contains(body, []byte("</html>")) {
		t.Errorf("half a page: %v", err)
	}
	htmx := []string{"HX-Request", "true", "HX-Request-Type", "partial"}
	fragment := ask("/rooms", htmx...)
	if again := ask("/rooms", append(htmx, "If-None-Match", fragment.Header.Get("ETag"))...); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same fragment is sent again: %d, ETag %s", again.StatusCode, fragment.Header.Get("ETag"))
	}
	if stream := ask("/live?topic=timeline"); stream.StatusCode != http.StatusOK || stream.Header.Get("Content-Encoding") != "" {
		t.Errorf("a stream is compressed: %d %v", stream.StatusCode, stream.Header)
	}
}

// assetsAreKept: styles come from the cache of nginx the second time.
func assetsAreKept(t *testing.T, c *apptest.Client) {
	t.Helper()
	path, _ := c.Get("/").Want(http.StatusOK).Find(`link[rel="stylesheet"]`).Attr("href")
	for _, want := range []string{"MISS", "HIT"} {
		if got := c.Get(path).Want(http.StatusOK).Header.Get("X-Cache-Status"); got != want {
			t.Errorf("%s: cache %s, want %s", path, got, want)
		}
	}
	c.Get("/static/app.0000000000000000.css").Want(http.StatusNotFound)
}

// sendsTooMuch ties the bounds of nginx to those of the program: the largest
// form that nginx lets through is too large for the program, so that the sender
// gets the program's answer, with the typed text; no smaller form is too large
// for nginx.
func sendsTooMuch(t *testing.T, c *apptest.Client) {
	t.Helper()
	bounds := clientMaxBodySize(t)
	const text = "사진이 아주 커요"
	form := c.Form("/posts", []apptest.File{{Field: "images", Name: "1.jpg", Content: make([]byte, bounds[1]-1<<10)}}, "content", text)
	if p := c.Do(form).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("#compose-content"), text) || !strings.Contains(p.Body, "사진이 모두 합쳐 너무 커요") {
		t.Errorf("the form comes back as\n%.3000s", p.Body)
	}
	c.Post("/posts/1/comments", "content", strings.Repeat("a", bounds[0]-1<<10)).Want(http.StatusRequestEntityTooLarge).Has("nav")

	c.Post("/posts/1/comments", "content", strings.Repeat("a", bounds[0])).Want(http.StatusRequestEntityTooLarge).Lacks("nav").Has("h1")
}

var bodySize = regexp.MustCompile(`client_max_body_size (\d+)m;`)

// clientMaxBodySize returns the limits of nginx.conf, in bytes: of forms, and
// of forms with images.
func clientMaxBodySize(t *testing.T) []int {
	t.Helper()
	var all []int
	for _, m := range bodySize.FindAllStringSubmatch(apptest.NginxConf(t), -1) {
		n, _ := strconv.Atoi(m[1]) // digits
		all = append(all, n<<20)
	}
	if len(all) != 2 {
		t.Fatalf("nginx.conf has the bounds %v", all)
	}
	return all
}

// logIsDiscreet: the log holds neither search words nor the Referer of a request.
func logIsDiscreet(t *testing.T, r *apptest.Replicas, c *apptest.Client) {
	t.Helper()
	req := c.Request(http.MethodGet, "/rooms?q=%EB%B9%84%EB%B0%80", nil)
	req.Header.Set("Referer", r.URL+"/users/비밀")
	c.Do(req).Want(http.StatusOK)
	line := ""
	for deadline := time.Now().Add(patience); line == "" && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		line = regexp.MustCompile(`(?m)^.* GET /rooms .*$`).FindString(r.Nginx.Log())
	}
	if !strings.Contains(line, " 200 ") || !strings.Contains(line, r.One.Address) {
		t.Errorf("the line of the request is %q", line)
	}
	if log := r.Nginx.Log(); strings.Contains(log, "EB%B9") || strings.Contains(log, "비밀") || strings.Contains(log, "?") {
		t.Errorf("the log holds a search:\n%s", log)
	}
}

// TestIdleThroughNginx: an idle stream and an idle socket are still there after
// more time than nginx waits for a sign of life.
func TestIdleThroughNginx(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji := r.One.Mentor("유진"), r.Two.Member("민지")
	yujin.Post("/rooms", "name", "조용한 방", "user_limit", "5").Want(http.StatusSeeOther)
	minji.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	stream, talk := yujin.Listen("timeline"), minji.Talk("/rooms/1/socket")
	talk.Until("its own arrival", func(apptest.Frame) bool { return true })
	time.Sleep(65 * time.Second) // proxy_read_timeout is 60 s

	talk.Say("아직 있어요", "after-a-while")
	talk.Until("the message", func(f apptest.Frame) bool { return f.Find(`[data-client-id="after-a-while"]`).Length() > 0 })
	minji.HX().Post("/posts", "content", "다들 어디 계세요?").Want(http.StatusOK)
	stream.Until("the post", func(f apptest.Frame) bool { return f.Event == "post" })
}

// TestReplicaAway: while a replica is away the other replica answers its
// people, and hands them back; while both are away, nginx answers with a page
// of its own.
func TestReplicaAway(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	servedBy := func(c *apptest.Client, want *apptest.Replica) {
		t.Helper()
		if got := c.Get("/").Want(http.StatusOK).Header.Get("X-Served-By"); got != want.Address {
			t.Errorf("served by %s, want %s", got, want.Address)
		}
	}
	servedBy(minji, r.One)
	r.One.Kill9()
	minji.HX().Post("/posts", "content", "그래도 돼요").Want(http.StatusOK) // a POST, too: the replica had not begun
	servedBy(minji, r.Two)
	servedBy(seojun, r.Two)
	r.One.Start()
	r.One.AwaitServing()
	servedBy(minji, r.One)

	_, picture := postsWithPhoto(t, minji, "사진")
	seojun.Get(picture).Want(http.StatusOK)
	r.One.Kill9()
	r.Two.Kill9()
	for range 3 { // refused, and then known to be away
		p := seojun.Get("/").Want(http.StatusServiceUnavailable).Has(`[lang="en"]`)
		if p.Header.Get("Retry-After") == "" || !strings.Contains(p.Text("h1"), "지금은 연결할 수 없어요") {
			t.Errorf("nginx says\n%v\n%s", p.Header, p.Body)
		}
	}
	seojun.Post("/posts", "content", "안 돼요").Want(http.StatusServiceUnavailable)
	seojun.Get(picture).Want(http.StatusOK) // kept
	r.Two.Start()
	r.Two.AwaitServing()
	if shown := seojun.Get("/").Want(http.StatusOK).Text("#timeline"); !strings.Contains(shown, "그래도 돼요") || strings.Contains(shown, "안 돼요") {
		t.Errorf("the timeline is %s", shown)
	}
}

// TestNginxReload: operators can change nginx.conf while people are there.
func TestNginxReload(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	stream := minji.Listen("timeline")
	r.Nginx.Reload()
	seojun.Reconnect()
	seojun.HX().Post("/posts", "content", "새 설정").Want(http.StatusOK)
	stream.Until("the post", func(f apptest.Frame) bool { return f.Event == "post" })
	r.Nginx.Kill9()
	if err := stream.Ended(); err == nil {
		t.Error("a stream that breaks off seems to have ended in good order")
	}
	r.Nginx.Start()
	minji.Get("/").Want(http.StatusOK)
}
