package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestFaultReplicaHangs: a replica is stopped in the middle (SIGSTOP), so that it takes
// connections and says nothing. Its people read on by the other replica, whose streams go on,
// and land on their own again when it goes on.
func TestFaultReplicaHangs(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	minji.Post("/posts", "content", "먼저 쓴 글").Want(http.StatusSeeOther)
	stream := seojun.Listen("timeline")
	r.One.Pause()
	resumed := sync.OnceFunc(r.One.Resume)
	t.Cleanup(resumed)
	for range 3 {
		page := minji.Get("/").Want(http.StatusOK)
		if by := page.Header.Get("X-Served-By"); by != r.Two.Address || !strings.Contains(page.Text("#timeline"), "먼저 쓴 글") {
			t.Errorf("%s shows %s", by, page.Text("#timeline"))
		}
	}
	seojun.Post("/posts", "content", "멈춘 동안 쓴 글").Want(http.StatusSeeOther)
	stream.Until("the post", func(f apptest.Frame) bool { return f.Event == "post" })
	resumed()
	r.One.AwaitServing()
	if list := minji.Get("/").Text("#timeline"); !strings.Contains(list, "멈춘 동안 쓴 글") {
		t.Errorf("the timeline shows %s", list)
	}
}

// TestOnlyReadingIsAskedAgain: nginx gives a page up after some seconds and asks the other
// replica; what is sent, and what may take long, waits for the first one.
func TestOnlyReadingIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, asked := range []struct {
		method, path string
		again        bool
	}{
		{http.MethodGet, "/", true}, {http.MethodHead, "/users/민지", true},
		{http.MethodPost, "/rooms/1/enter", false}, {http.MethodPost, "/posts", false},
		{http.MethodGet, "/search?q=비밀", false}, {http.MethodGet, "/rooms/1/transcript?format=txt", false},
		{http.MethodGet, "/settings/export/x.zip", false}, {http.MethodGet, "/admin", false},
	} {
		t.Run(asked.method+strings.ReplaceAll(asked.path, "/", "_"), func(t *testing.T) {
			t.Parallel()
			var first sync.Once
			slow := func(w http.ResponseWriter, r *http.Request) {
				first.Do(func() {
					long := 10 * time.Second
					if asked.again {
						long = 10 * time.Minute // nginx gives up before
					}
					select {
					case <-time.After(long):
					case <-r.Context().Done():
					}
				})
				w.WriteHeader(http.StatusOK)
			}
			one, two := stands(t, slow), stands(t, slow)
			n := apptest.StartNginx(t, one.address, two.address)
			res, _ := asks(t, n, 1, asked.method, asked.path, nil)
			times := len(one.requests()) + len(two.requests())
			if want := map[bool]int{true: 2, false: 1}[asked.again]; res.StatusCode != http.StatusOK || times != want {
				t.Errorf("%s %s was asked %d times, want %d, and answered %d", asked.method, asked.path, times, want, res.StatusCode)
			}
		})
	}
}
