package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/sns"
)

// TestGoingOnFromAPageOfTheCache: a page that Back brings from the page cache asks the
// server whether it may be shown. A person who goes on before the answer is not called back,
// although WebKit cuts all questions off until the next page is there.
func TestGoingOnFromAPageOfTheCache(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("민지", sns.RoleUser)
	slow := startSlow(t, app.URL)
	minji := apptest.NewVisitor(t, apptest.WebKit, slow.URL, "민지", 450, 844)
	minji.Goto("/sign-in")
	minji.Type("#username", minji.Name)
	minji.Type("#password", apptest.Password)
	minji.Click("form .btn-main")
	minji.WaitFor(`document.querySelector('#compose')`)
	minji.Goto("/rooms")
	minji.Goto("/settings")
	slow.holds.Store(true)
	minji.Back()
	await.Until(t, "the page asks", slow.asked.Load)
	minji.Eval(`location.assign('/following')`, nil)
	minji.WaitFor(`location.pathname === '/following'`)
}

// TestAPageOfTheCacheWithoutNetwork: nothing of it is shown but that the network is gone, and
// everything once the network is there.
func TestAPageOfTheCacheWithoutNetwork(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.AllowConsole(`no network`)
	minji.losesTheNetwork()
	minji.Eval(`(dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })), dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))`, new(bool))
	minji.WaitVisible(`[data-kind="toast-network"] span`)
	minji.WaitFor(`getComputedStyle(document.querySelector('#compose')).visibility === 'hidden'`)
	minji.Screenshot("away-without-network")
	minji.findsTheNetwork()
	minji.WaitVisible("#compose")
}

// A slow proxy holds back the answers to the questions of a page of the cache, and the page
// to which the person goes on.
type slow struct {
	*httptest.Server
	holds, asked atomic.Bool
	calledBack   chan struct{}
}

func startSlow(t *testing.T, to string) *slow {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	s := &slow{calledBack: make(chan struct{}, 9)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.holds.Load():
		case strings.HasPrefix(r.URL.Path, "/me.css") && r.Header.Get("X-Account") != "":
			s.asked.Store(true)
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/rooms" && r.Header.Get("HX-Request") == "":
			s.calledBack <- struct{}{}
		case r.URL.Path == "/following":
			select {
			case <-s.calledBack:
			case <-time.After(3 * time.Second): // in which a page that loads itself anew would be asked for
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(s.CloseClientConnections)
	return s
}
