package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestHordeAtTheProgram: 260 slow connections from one address reach a program with 256 file
// descriptors. People elsewhere notice nothing, people behind the same address get in, and
// the log holds one line about the address.
func TestHordeAtTheProgram(t *testing.T) {
	t.Parallel()
	p := apptest.StartSmallProgram(t, 256, "RATE_LIMITS=on")
	p.AddUser("민지", sns.RoleUser)
	p.AddUser("서준", sns.RoleUser)
	minji := p.Guest().From("127.0.50.1")
	minji.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(http.StatusSeeOther)
	stream := minji.Listen("timeline")

	h := attacks(t, p.URL, "127.0.9.1")
	neighbour := p.Guest().From("127.0.9.1")
	elsewhere := p.Guest().From("127.0.51.1")
	for begun := time.Now(); time.Since(begun) < headerTime+2*time.Second; time.Sleep(500 * time.Millisecond) {
		minji.Get("/").Want(http.StatusOK)
		fresh := elsewhere.Request(http.MethodGet, "/sign-in", nil)
		fresh.Close = true
		elsewhere.Do(fresh).Want(http.StatusOK)
		getsIn(t, neighbour, patience, func() *http.Request { return neighbour.Request(http.MethodGet, "/sign-in", nil) }, http.StatusOK)
	}
	getsIn(t, neighbour, patience, func() *http.Request {
		form := url.Values{"username": {"서준"}, "password": {apptest.Password}}.Encode()
		req := neighbour.Request(http.MethodPost, "/sign-in", strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return req
	}, http.StatusSeeOther)
	minji.Post("/posts", "content", "아무 일 없어요").Want(http.StatusSeeOther)
	stream.Until("the post", func(f apptest.Frame) bool { return f.Event == "post" })

	if h.cut.Load() == 0 {
		t.Error("no slow connection was cut")
	}
	if n := strings.Count(p.Log(), "too much open"); n != 1 {
		t.Errorf("the log says %d times that an address has too much open:\n%.3000s", n, p.Log())
	}
	if strings.Contains(p.Log(), "out of file descriptors") {
		t.Error("the descriptors ran out")
	}
}
