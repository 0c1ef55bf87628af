package server_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"xxsns/app/server"
)

// While a server stops, every client that has connected gets an answer. Other
// clients are refused, and no connection is cut.
func TestNobodyIsCutWhenAListenerCloses(t *testing.T) {
	t.Parallel()
	var answered, refused atomic.Int64
	for range 5 {
		l, err := server.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: patience}
		arrive := server.FollowArrivals(s)
		go func() { _ = s.Serve(l) }()
		var visitors sync.WaitGroup
		before := answered.Load()
		for range 16 {
			visitors.Go(func() { visit(t, "http://"+l.Addr().String(), &answered, &refused) })
		}
		eventually(t, "somebody is answered", func() bool { return answered.Load() > before })
		if err := server.QuiesceWithin(l, patience); err != nil {
			t.Fatal(err)
		}
		arrive(patience)
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		visitors.Wait()
	}
	if answered.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d were answered, %d refused", answered.Load(), refused.Load())
	}
}

// visit sends forms on new connections until a connection is refused.
func visit(t *testing.T, url string, answered, refused *atomic.Int64) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	for {
		begun := time.Now()
		answer, err := client.Post(url, "text/plain", strings.NewReader("글"))
		if err == nil {
			_ = answer.Body.Close()
			answered.Add(1)
			continue
		}
		// Shutdown of net/http cuts a connection that has sent nothing for five seconds.
		late := time.Since(begun) >= 5*time.Second
		if refused.Add(1); !errors.Is(err, syscall.ECONNREFUSED) && !late {
			t.Error(err)
		}
		return
	}
}
