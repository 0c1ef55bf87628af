package request

import (
	"testing"
	"time"

	"github.com/gorilla/securecookie"

	"xxsns/app/sns"
)

// TestAKnownCookieExpiresToo asks for the token of a cookie again and again, until the
// cookie has expired. No other cookie is known for it.
func TestAKnownCookieExpiresToo(t *testing.T) {
	t.Parallel()
	s, signedAt := newCookieStore([]byte("secret")), time.Now().Truncate(time.Second)
	value, err := securecookie.EncodeMulti(SessionCookie, "token", s.codecs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, age := range []time.Duration{0, time.Hour, sns.SessionLife} {
		s.now = func() time.Time { return signedAt.Add(age) }
		if token, ok := s.token(SessionCookie, value); !ok || token != "token" {
			t.Errorf("after %s: %q, %t", age, token, ok)
		}
		forged := []byte(value)
		forged[len(forged)/2] ^= 1
		for name, value := range map[string]string{hostPrefix + SessionCookie: value, SessionCookie: string(forged)} {
			if token, ok := s.token(name, value); ok {
				t.Errorf("after %s a forged cookie has the token %q", age, token)
			}
		}
	}
	if s.known.Len() != 1 {
		t.Errorf("%d cookies are known, of one with a signature", s.known.Len())
	}
	s.now = func() time.Time { return signedAt.Add(sns.SessionLife + 3*time.Second) }
	if token, ok := s.token(SessionCookie, value); ok {
		t.Errorf("an expired cookie has the token %q", token)
	}
}
