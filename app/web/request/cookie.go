package request

import (
	"net/http"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"xxsns/app/sns"
)

// SessionCookie is the name of the cookie with the signed token of a session. The
// cookie holds nothing else.
const SessionCookie = "session"

// keyToken is the only key of a session's values: the token, a string.
const keyToken = "token"

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

// New is part of sessions.Store: the session of a request's cookie. A cookie with
// a wrong signature counts as no cookie.
func (s *cookieStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options, session.IsNew = &sessions.Options{}, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil //nolint:nilerr // no cookie
	}
	var token string
	if err := securecookie.DecodeMulti(name, cookie.Value, &token, s.codecs...); err != nil {
		return session, nil //nolint:nilerr // not a cookie of this program
	}
	session.IsNew = false
	session.Values[keyToken] = token
	return session, nil
}

// Save is part of sessions.Store: it sets the cookie to the token, or deletes the
// cookie if MaxAge is negative.
func (s *cookieStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	cookie := &http.Cookie{
		Name: session.Name(), Path: "/", MaxAge: session.Options.MaxAge,
		HttpOnly: true, Secure: isTLS(r), SameSite: http.SameSiteLaxMode,
	}
	if session.Options.MaxAge >= 0 {
		token, _ := session.Values[keyToken].(string)
		value, err := securecookie.EncodeMulti(session.Name(), token, s.codecs...)
		if err != nil {
			return err
		}
		cookie.Value, cookie.MaxAge = value, int(sns.SessionLife.Seconds())
	}
	http.SetCookie(w, cookie)
	return nil
}
