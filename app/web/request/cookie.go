package request

import (
	"net/http"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"xxsns/app/sns"
)

// SessionCookie is the name of the cookie with the signed token of a session, without
// the prefix that it has behind TLS. The cookie holds nothing else.
const SessionCookie = "session"

// hostPrefix makes browsers take a cookie only from this very host, and only over TLS: a
// sibling domain cannot set one for this host.
const hostPrefix = "__Host-"

// keyTokens is the only key of a session's values: the tokens of the request's cookies,
// a []string. A sibling domain can add cookies, so that there may be several.
const keyTokens = "tokens"

// mostTokens bounds the queries that the cookies of a request cause.
const mostTokens = 8

// A cookieStore signs and checks the session cookie; the sessions themselves are
// in the database. It implements the Store of gin-contrib/sessions.
type cookieStore struct{ codecs []securecookie.Codec }

// NewCookieStore returns a store for session cookies that are signed with secret.
func NewCookieStore(secret []byte) ginsessions.Store {
	codecs := securecookie.CodecsFromPairs(secret)
	for _, c := range codecs {
		c.(*securecookie.SecureCookie).MaxAge(int(sns.SessionLife.Seconds()))
	}
	return &cookieStore{codecs}
}

// Options is part of ginsessions.Store. Save sets the options of every cookie.
func (*cookieStore) Options(ginsessions.Options) {}

// Get is part of sessions.Store: the session of a request, decoded once.
func (s *cookieStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New is part of sessions.Store: the session of a request's cookies. A cookie with
// a wrong signature counts as no cookie.
func (s *cookieStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	tokens := s.tokens(r, name)
	session.Options, session.IsNew = &sessions.Options{}, len(tokens) == 0
	session.Values[keyTokens] = tokens
	return session, nil
}

// tokens returns the tokens of all cookies of this program, those with the prefix first.
// The name is signed, too: behind TLS, a value under the name without the prefix can
// only be from before there was a prefix, and not from the session of an attacker who
// plants the cookie.
func (s *cookieStore) tokens(r *http.Request, name string) (tokens []string) {
	for _, name := range cookieNames(r, name) {
		for _, cookie := range r.CookiesNamed(name) {
			var token string
			if err := securecookie.DecodeMulti(name, cookie.Value, &token, s.codecs...); err == nil && len(tokens) < mostTokens {
				tokens = append(tokens, token)
			}
		}
	}
	return tokens
}

// Save is part of sessions.Store: it sets the cookie to the first token, or deletes the
// cookie if MaxAge is negative.
func (s *cookieStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		deleteCookie(w, r, session.Name())
		return nil
	}
	name, token := cookieNames(r, session.Name())[0], ""
	if tokens, _ := session.Values[keyTokens].([]string); len(tokens) > 0 {
		token = tokens[0]
	}
	value, err := securecookie.EncodeMulti(name, token, s.codecs...)
	if err != nil {
		return err
	}
	setCookie(w, r, name, value, int(sns.SessionLife.Seconds()))
	return nil
}

// cookieNames returns the names under which a request may bring a cookie: first the
// name that is set, behind TLS with the prefix. Browsers have cookies without the prefix
// from before there was one.
func cookieNames(r *http.Request, name string) []string {
	if isTLS(r) {
		return []string{hostPrefix + name, name}
	}
	return []string{name}
}

// setCookie sets a cookie that scripts and other sites do not get.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: isTLS(r), SameSite: http.SameSiteLaxMode,
	})
}

// deleteCookie deletes a cookie under all its names.
func deleteCookie(w http.ResponseWriter, r *http.Request, name string) {
	for _, name := range cookieNames(r, name) {
		setCookie(w, r, name, "", -1)
	}
}
