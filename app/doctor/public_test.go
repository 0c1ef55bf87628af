package doctor_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// TestPublic comes to a running server through proxies that leave something out.
func TestPublic(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t, complete, func(cfg *config.Config) { cfg.TrustedProxies = []string{"127.0.0.1/32"} })
	app.AddUser("서준", sns.RoleAdmin)
	s := &site{t: t, folder: filepath.Dir(app.Config.UploadsDir), cfg: app.Config}
	lives(t, s)
	target, err := url.Parse(app.URL)
	s.must(err)
	through := func(t *testing.T, change func(*httputil.ProxyRequest)) *httputil.ReverseProxy {
		t.Helper()
		return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
			change(r)
		}}
	}
	nothing := func(*httputil.ProxyRequest) {}
	for _, test := range []struct {
		name, says string
		proxy      func(t *testing.T) http.Handler
		change     func(*config.Config)
	}{
		{"sound", "", func(t *testing.T) http.Handler { t.Helper(); return through(t, nothing) }, nil},
		{"host", "ask for", func(t *testing.T) http.Handler {
			t.Helper()
			return through(t, func(r *httputil.ProxyRequest) { r.Out.Host = target.Host })
		}, nil},
		{"trust", "does not believe the proxy at 127.0.0.1", func(t *testing.T) http.Handler { t.Helper(); return through(t, nothing) }, func(cfg *config.Config) { cfg.TrustedProxies = nil }},
		{"sockets", "does not pass WebSockets", func(t *testing.T) http.Handler {
			t.Helper()
			return through(t, func(r *httputil.ProxyRequest) { r.Out.Header.Del("Upgrade"); r.Out.Header.Del("Connection") })
		}, nil},
		{"streams", "does not pass streams on", func(t *testing.T) http.Handler { t.Helper(); return holding{through(t, nothing)} }, nil},
		{"another", "not that of this installation", func(t *testing.T) http.Handler { t.Helper(); return http.NotFoundHandler() }, nil},
		{"secret", "not that of this installation", func(t *testing.T) http.Handler { t.Helper(); return through(t, nothing) }, func(cfg *config.Config) { cfg.SessionSecret = strings.Repeat("another ", 4) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			proxy := httptest.NewServer(test.proxy(t))
			t.Cleanup(proxy.Close)
			one := *s
			one.t, one.cfg.PublicURL = t, proxy.URL
			if test.change != nil {
				test.change(&one.cfg)
			}
			if test.says == "" {
				one.finds("")
				return
			}
			one.says(one.finds("public"), test.says)
		})
	}
	one := *s
	one.cfg.PublicURL = "http://127.0.0.1:1"
	one.says(one.finds("public"), "does not answer")
}

// holding is a proxy that passes an answer on when it is whole.
type holding struct{ proxy http.Handler }

func (h holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/live" {
		h.proxy.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	h.proxy.ServeHTTP(answer, r)
	w.WriteHeader(answer.Code)
	_, _ = io.Copy(w, answer.Body)
}

// TestProbesAreForTheDoctor: without the secret of the server, the parameter means nothing.
func TestProbesAreForTheDoctor(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	if body := app.Guest().Get("/healthz?probe=1-0123").Want(http.StatusOK).Body; body != "ok\n" {
		t.Errorf("a guest is told %q", body)
	}
	app.Guest().Get("/live?probe=1-0123").Want(http.StatusUnauthorized)
}
