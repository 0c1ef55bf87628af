package request

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"xxsns/app/sns"
)

// FuzzNetwork: an address is counted by what a trusted proxy says, and by the proxy's own
// when that is no address.
func FuzzNetwork(f *testing.F) {
	for _, forwarded := range []string{"203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1", "1.2.3.4, 203.0.113.9", "unknown", "", ",", "1.2.3.4:80", "[::1]", "fe80::1%eth0", "\xff", strings.Repeat("1.1.1.1,", 500)} {
		f.Add(forwarded)
	}
	e := gin.New()
	if err := e.SetTrustedProxies([]string{"192.0.2.1"}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, forwarded string) {
		c := gin.CreateTestContextOnly(httptest.NewRecorder(), e)
		c.Request = httptest.NewRequest(http.MethodGet, "/", nil) // from 192.0.2.1
		c.Request.Header.Set("X-Forwarded-For", forwarded)
		got := (&Request{Context: c}).Network()
		network, err := netip.ParsePrefix(got)
		bits := 64
		if network.Addr().Is4() {
			bits = 32
		}
		if err != nil || network.Bits() != bits || network.Masked() != network || network.Addr().Is4In6() {
			t.Errorf("%q is counted as %q", forwarded, got)
		}
	})
}

// FuzzTopic: a stream has the topics that are for everybody, and a mentor's own; never a
// session's, another user's, or what is said in a room.
func FuzzTopic(f *testing.F) {
	for _, topic := range []string{"timeline", "rooms", "post:1", "post:01", "post:-1", "settlement:7", "settlement:8", "room:1", "session:x", "user:7", "post:1\n", "timeline ", "post:9999999999999999999", "\xff", ""} {
		f.Add(topic)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		for _, role := range []sns.Role{sns.RoleUser, sns.RoleMentor, sns.RoleAdmin} {
			r := &Request{Viewer: &Viewer{User: sns.User{ID: 7, Role: role}}}
			kind, id, _ := strings.Cut(topic, ":")
			public := topic == "timeline" || topic == "rooms" || kind == "post" && isID(id)
			own := topic == "settlement:7" && role == sns.RoleMentor || kind == "settlement" && isID(id) && role == sns.RoleAdmin
			if got := r.MayFollow(topic); got != (public || own) {
				t.Errorf("%s may follow %q: %t", role, topic, got)
			}
		}
	})
}

// isID reports whether a text is a number as the program writes one.
func isID(text string) bool {
	return text != "" && len(text) <= 18 && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}

// FuzzLocalPath: what a form says of where to go leads to this site.
func FuzzLocalPath(f *testing.F) {
	for _, path := range []string{"/", "//evil", "/\\evil", "/a//b", "https://evil", "/\t/evil", "/?next=//x", "/%2f/evil", "/\u2028", "\xff"} {
		f.Add(path)
	}
	base, _ := http.NewRequest(http.MethodGet, "https://sns.example.org/settings", nil) //nolint:noctx // never sent
	f.Fuzz(func(t *testing.T, path string) {
		got := LocalPath(path)
		u, err := base.URL.Parse(got)
		if err == nil && u.Host != "sns.example.org" {
			t.Errorf("%q leads to %s", path, u)
		}
		if !strings.HasPrefix(got, "/") || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q leads to %q", path, got)
		}
	})
}
