package load

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// site starts a server and returns the server with a person who sends requests.
func site(t *testing.T, handle http.HandlerFunc) (*httptest.Server, *Person) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server, &Person{Address: strings.TrimPrefix(server.URL, "http://"), From: "127.0.0.7", Cookie: "session=secret"}
}

// TestLine: a line keeps its connection as long as the server does, and
// connects from the person's address.
func TestLine(t *testing.T) {
	t.Parallel()
	var froms atomic.Pointer[[]string]
	froms.Store(new([]string))
	_, p := site(t, func(w http.ResponseWriter, r *http.Request) {
		all := append(slices.Clone(*froms.Load()), r.RemoteAddr)
		froms.Store(&all)
		if c, err := r.Cookie("session"); err != nil || c.Value != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch r.URL.Path {
		case "/last":
			w.Header().Set("Connection", "close")
		case "/form":
			http.Redirect(w, r, "/posts/"+r.FormValue("content"), http.StatusSeeOther)
		case "/part":
			fmt.Fprint(w, r.Header.Get("HX-Request"), r.Header.Get("HX-Request-Type"))
		}
	})
	line := p.Line()
	defer line.Close()
	for i, ask := range []func() (Answer, error){
		func() (Answer, error) { return line.Get("/") },
		func() (Answer, error) { return line.Post("/form", "content", "가&나") },
		func() (Answer, error) { return line.GetPart("/part") },
		func() (Answer, error) { return line.Get("/last") },
		func() (Answer, error) { return line.Get("/") },
	} {
		a, err := ask()
		want := []Answer{{Status: 200}, {Status: 303, Location: "/posts/%ea%b0%80&%eb%82%98"}, {Status: 200, Bytes: 11}, {Status: 200}, {Status: 200}}[i]
		if err != nil || a != want {
			t.Errorf("%d: %+v, %v; want %+v", i, a, err, want)
		}
	}
	from := *froms.Load()
	if len(from) != 5 || from[0] != from[3] || from[0] == from[4] || !strings.HasPrefix(from[0], "127.0.0.7:") {
		t.Errorf("it came from %v", from)
	}
}

// TestStream: each message is heard once, however many lines the message has.
func TestStream(t *testing.T) {
	t.Parallel()
	_, p := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("topic") != "timeline" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, ": ok\n\n", "event: post\ndata: 17\n\n", ": beat\n\n", "data: <b>\ndata: </b>\n\n", "data: "+strings.Repeat("x", 9000)+"\n\n")
	})
	if s, err := p.Stream("else"); err == nil {
		s.Close()
		t.Error("a refused stream is taken for one")
	}
	s, err := p.Stream("timeline")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var heard []string
	if err := s.Listen(func(event string, data []byte) { heard = append(heard, event+":"+string(data)) }); err != nil {
		t.Errorf("a stream that ends in order: %v", err)
	}
	if len(heard) != 3 || heard[0] != "post:17" || heard[1] != ":</b>" {
		t.Errorf("heard %.200q", heard)
	}
}
