package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// makesTLS runs the command of "make tls" in a folder with an .env, and returns the folder
// with what nginx needs.
func makesTLS(t *testing.T, domain string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, ".env"), []byte("PUBLIC_URL=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), apptest.Need(t, "go"), "run", "./.ci/tls", domain, root)
	cmd.Dir = "../.."
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return filepath.Join(root, ".tls")
}

// trusting returns a browser that trusts the certificate in folder, and no other.
func trusting(t *testing.T, folder string) *http.Client {
	t.Helper()
	certificate, err := os.ReadFile(filepath.Join(folder, "site.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificate) {
		t.Fatalf("no certificate:\n%s", certificate)
	}
	jar, _ := cookiejar.New(nil) // never fails without options
	return &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// TestMakeTLS: with the written files, nginx speaks TLS and HTTP/2, leads everybody there,
// answers certificate authorities, and the program keeps its cookies to the host; sockets work.
func TestMakeTLS(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleMentor)
	app.SignIn("유진").Post("/rooms", "name", "저녁 이야기", "user_limit", "5").Want(http.StatusSeeOther)
	folder := makesTLS(t, "127.0.0.1")
	address := strings.TrimPrefix(app.URL, "http://")
	n := apptest.StartSecureNginx(t, address, address, folder)
	browser := trusting(t, folder)

	res, _ := opens(t, browser, n.SecureURL+"/sign-in")
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 2 || res.TLS.Version != tls.VersionTLS13 || res.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%s %d, TLS %x, %v", res.Proto, res.StatusCode, res.TLS.Version, res.Header)
	}
	leadsToTLS(t, n, browser)
	asksForProof(t, n, browser, folder)
	refusesOldTLS(t, n)
	talksOverTLS(t, n, browser)
}

// leadsToTLS: whoever comes without TLS, but for the health check.
func leadsToTLS(t *testing.T, n *apptest.Nginx, browser *http.Client) {
	t.Helper()
	res, _ := opens(t, browser, n.URL+"/posts/1?x=%ED%95%9C")
	if got := res.Header.Get("Location"); res.StatusCode != http.StatusMovedPermanently || got != "https://127.0.0.1/posts/1?x=%ED%95%9C" {
		t.Errorf("%d to %s", res.StatusCode, got)
	}
	speaksAs(t, "the redirect", res.Header, protectingOf(t, browser, n.SecureURL), true)
	if res, _ := opens(t, browser, n.URL+"/healthz"); res.StatusCode != http.StatusOK {
		t.Errorf("the health check: %d", res.StatusCode)
	}
}

// protectingOf returns the headers of a page of the program.
func protectingOf(t *testing.T, browser *http.Client, base string) http.Header {
	t.Helper()
	res, _ := opens(t, browser, base+"/sign-in")
	return res.Header
}

// asksForProof: a certificate authority finds its answer, with TLS and without.
func asksForProof(t *testing.T, n *apptest.Nginx, browser *http.Client, folder string) {
	t.Helper()
	const path = "/.well-known/acme-challenge/token-1"
	file := filepath.Join(folder, "acme", path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("proof"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{n.URL, n.SecureURL} {
		if res, body := opens(t, browser, base+path); res.StatusCode != http.StatusOK || body != "proof" {
			t.Errorf("%s: %d %q", base, res.StatusCode, body)
		}
		res, _ := opens(t, browser, base+path+"2")
		if res.StatusCode != http.StatusNotFound || res.Header.Get("X-Served-By") != "nginx" {
			t.Errorf("%s: %d %v", base, res.StatusCode, res.Header)
		}
		speaksAs(t, "no proof", res.Header, protectingOf(t, browser, n.SecureURL), true)
	}
	for _, escape := range []string{"/.well-known/acme-challenge/..%2f..%2f..%2fsite.key", "/.well-known/acme-challenge/../../site.key"} {
		if res, body := opens(t, browser, n.SecureURL+escape); res.StatusCode == http.StatusOK || strings.Contains(body, "PRIVATE") {
			t.Errorf("%s: %d %s", escape, res.StatusCode, body)
		}
	}
}

func refusesOldTLS(t *testing.T, n *apptest.Nginx) {
	t.Helper()
	for _, c := range []*tls.Config{
		{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10},
		{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_128_GCM_SHA256}},
	} {
		c.InsecureSkipVerify = true //nolint:gosec // the handshake must fail before
		if conn, err := tls.Dial("tcp", strings.TrimPrefix(n.SecureURL, "https://"), c); err == nil {
			t.Errorf("nginx speaks TLS %x with %x", conn.ConnectionState().Version, conn.ConnectionState().CipherSuite)
			_ = conn.Close()
		}
	}
}

// talksOverTLS signs in, and opens the socket of a room.
func talksOverTLS(t *testing.T, n *apptest.Nginx, browser *http.Client) {
	t.Helper()
	res, err := browser.PostForm(n.SecureURL+"/sign-in", url.Values{"username": {"유진"}, "password": {apptest.Password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	for _, c := range res.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly {
			t.Errorf("the cookie is %v", c)
		}
	}
	base, _ := url.Parse(n.SecureURL) // made above
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: browser.Transport.(*http.Transport).TLSClientConfig.RootCAs}, Jar: browser.Jar}
	conn, refused, err := dialer.DialContext(t.Context(), "wss://"+base.Host+"/rooms/1/socket", http.Header{"Origin": {n.SecureURL}})
	if err != nil {
		t.Fatalf("%v: %v", err, refused)
	}
	defer func() { _ = conn.Close() }()
	if _, frame, err := conn.ReadMessage(); err != nil || len(frame) == 0 {
		t.Errorf("the socket says %q, %v", frame, err)
	}
	if cookies := browser.Jar.Cookies(base); len(cookies) == 0 {
		t.Error("the browser has no cookie: the test proves nothing")
	}
}

func opens(t *testing.T, browser *http.Client, address string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sendsOver(t, browser, req)
}
