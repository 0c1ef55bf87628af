package request

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/app/sns"
)

// SessionCookie is the name of the cookie with the signed token of a session, without
// the prefix that it has behind TLS. The cookie holds nothing else.
const SessionCookie = "session"

// hostPrefix makes browsers take a cookie only from this very host, and only over TLS: a
// sibling domain cannot set one for this host.
const hostPrefix = "__Host-"

// keyTokens is the only key of a session's values, and a key of the request's context: the
// tokens of the request's cookies, a []string. A sibling domain can add cookies, so that there may be several.
const keyTokens = "tokens"

// mostTokens bounds the queries that the cookies of a request cause.
const mostTokens = 8

// A cookieStore signs and checks the session cookie; the sessions themselves are
// in the database. It implements the Store of gin-contrib/sessions.
type cookieStore struct {
	codecs []securecookie.Codec
	known  *lru.Cache[cookie, signed]
	now    func() time.Time
}

// A cookie is the name and value of a cookie.
type cookie struct{ name, value string }

// A signed token is the token of a cookie whose signature was right, and when the
// cookie expires. Checking a signature takes a tenth of the time of a page.
type signed struct {
	token string
	until time.Time
}

// signedKept is how many cookies a cookieStore knows, some 300 bytes each.
const signedKept = 4096

// Sessions makes the sessions of gin-contrib available, with the tokens of the request's
// cookies. The cookies are signed with secret.
func Sessions(secret []byte) gin.HandlerFunc {
	store := newCookieStore(secret)
	with := ginsessions.Sessions(SessionCookie, store)
	return func(c *gin.Context) {
		if tokens := store.tokens(c.Request, SessionCookie); tokens != nil {
			c.Set(keyTokens, tokens)
		}
		with(c)
	}
}

func newCookieStore(secret []byte) *cookieStore {
	codecs := securecookie.CodecsFromPairs(secret)
	for _, c := range codecs {
		c.(*securecookie.SecureCookie).MaxAge(int(sns.SessionLife.Seconds()))
	}
	known, _ := lru.New[cookie, signed](signedKept) // no error for a size above 0
	return &cookieStore{codecs, known, time.Now}
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
			if token, ok := s.token(name, cookie.Value); ok && len(tokens) < mostTokens {
				tokens = append(tokens, token)
			}
		}
	}
	return tokens
}

// token returns the token of a cookie; ok is false if the signature is wrong or the cookie
// has expired.
func (s *cookieStore) token(name, value string) (token string, ok bool) {
	key := cookie{name, value}
	if known, ok := s.known.Get(key); ok {
		return known.token, s.now().Before(known.until)
	}
	if err := securecookie.DecodeMulti(name, value, &token, s.codecs...); err != nil {
		return "", false
	}
	if at, ok := signedAt(value); ok {
		s.known.Add(key, signed{token, at.Add(sns.SessionLife + time.Second)}) // securecookie counts whole seconds
	}
	return token, true
}

// signedAt returns when a cookie was signed. securecookie writes the second first.
func signedAt(value string) (time.Time, bool) {
	plain, err := base64.URLEncoding.DecodeString(value)
	seconds, _, _ := bytes.Cut(plain, []byte("|"))
	at, errNumber := strconv.ParseInt(string(seconds), 10, 64)
	return time.Unix(at, 0), err == nil && errNumber == nil
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
