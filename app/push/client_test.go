package push_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xxsns/app/push"
)

// The address of a name is checked when the client connects: here localhost is a name that was
// not refused before.
func TestTheClientConnectsToPublicAddressesAlone(t *testing.T) {
	asked := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.255.255.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "1.1.1.1"} {
		res, err := push.NewClient().Get("https://" + host + ":" + port + "/")
		if err == nil {
			_ = res.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "not a public address") { // 1.1.1.1 for the port
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked != 0 {
		t.Errorf("the server of this machine was asked %d times", asked)
	}
}
