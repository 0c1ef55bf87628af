package apptest_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"xxsns/app/apptest"
)

// TestAPushServiceThatHangsNeverAnswers gives up like the program does, and goes on reading:
// net/http takes an answer that comes while it closes the connection.
func TestAPushServiceThatHangsNeverAnswers(t *testing.T) {
	service := apptest.NewPushService(t)
	browser := service.Subscribe()
	browser.Answers(apptest.PushAnswer{Hang: true})
	transport := service.Transport()
	raw, err := transport.DialContext(t.Context(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	conn := tls.Client(raw, &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com", MinVersion: tls.VersionTLS13})
	req := httptest.NewRequest(http.MethodPost, browser.Device().Endpoint, http.NoBody)
	if err := req.Write(conn); err != nil {
		t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(conn); len(got) > 0 {
		t.Errorf("the service answers %q", got)
	}
}
