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
		go func() { _ = s.Serve(l) }()
		var visitors sync.WaitGroup
		for range 16 {
			visitors.Go(func() { visit(t, "http://"+l.Addr().String(), &answered, &refused) })
		}
		time.Sleep(10 * time.Millisecond)
		if err := server.Quiesce(l); err != nil {
			t.Fatal(err)
		}
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
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	for {
		answer, err := client.Post(url, "text/plain", strings.NewReader("글"))
		if err == nil {
			_ = answer.Body.Close()
			answered.Add(1)
			continue
		}
		if refused.Add(1); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
		return
	}
}
