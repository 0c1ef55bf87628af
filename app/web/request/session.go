package request

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A Viewer is the person who is asking, as they are at this request.
type Viewer struct {
	sns.User
	Session string // id
}

// Credentials are a user, and the hash of the password that they have just
// shown to know.
type Credentials struct {
	UserID       int64
	PasswordHash string
}

// SessionCookie holds the signed token of a session, and nothing else.
const SessionCookie = "session"

// Keys of a session's values.
const (
	keySignIn = "sign-in" // credentials: Save signs their user in
	keyViewer = "viewer"  // *Viewer: who is signed in
	keyToken  = "token"   // string: what the cookie held
	keyStale  = "stale"   // true: due to be prolonged
	keyError  = "error"   // error: why nobody knows who is signed in
)

// sessionStore keeps sessions in our database, so that signing in depends on
// nothing else. It implements the interface of gin-contrib/sessions.
type sessionStore struct {
	db     *store.Store
	codecs []securecookie.Codec
	now    func() time.Time
}

// Options is part of the interface; every cookie gets its options in cookie.
func (*sessionStore) Options(ginsessions.Options) {}

// Get returns the session of a request, loaded once.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New loads the session that the cookie names. A cookie that is forged, or
// whose session has ended, is as good as none.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options, session.IsNew = &sessions.Options{}, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil //nolint:nilerr // no cookie
	}
	var token string
	if err := securecookie.DecodeMulti(name, cookie.Value, &token, s.codecs...); err != nil {
		return session, nil //nolint:nilerr // not a cookie of ours
	}
	found, user, err := s.db.Session(r.Context(), digest(token), s.now())
	switch {
	case err == nil:
		session.ID, session.IsNew = found.ID, false
		session.Values[keyViewer] = &Viewer{User: user, Session: found.ID}
		session.Values[keyToken] = token
		session.Values[keyStale] = s.now().Sub(found.SeenAt) > sns.SessionRenewal
	case !errors.Is(err, sns.ErrNotFound):
		session.Values[keyError] = err
	}
	return session, nil
}

// Save signs in (keySignIn is set), signs out (a negative MaxAge), or prolongs.
// Signing in always makes a new id, and ends the session that was there.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	ctx := r.Context()
	if known, ok := session.Values[keySignIn].(Credentials); ok {
		return s.signIn(w, r, session, known)
	}
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, &http.Cookie{Name: session.Name(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: isTLS(r), SameSite: http.SameSiteLaxMode})
		return s.db.EndSession(ctx, session.ID)
	}
	if err := s.db.SeeSession(ctx, session.ID, s.now()); err != nil {
		return err
	}
	token, _ := session.Values[keyToken].(string)
	return s.cookie(w, r, session.Name(), token)
}

// SignIn makes a session for the user and then ends the one that was there:
// when the first fails, nobody is signed out.
func (s *sessionStore) signIn(w http.ResponseWriter, r *http.Request, session *sessions.Session, known Credentials) error {
	old, token := session.ID, rand.Text()+rand.Text()
	session.ID = digest(token)
	err := s.db.CreateSession(r.Context(), sns.Session{ID: session.ID, UserID: known.UserID, CreatedAt: s.now(), SeenAt: s.now(), Agent: Start(strings.ToValidUTF8(r.UserAgent(), ""), sns.AgentMax)}, known.PasswordHash)
	if err == nil && old != "" {
		err = s.db.EndSession(r.Context(), old)
	}
	if err != nil {
		return err
	}
	return s.cookie(w, r, session.Name(), token)
}

func (s *sessionStore) cookie(w http.ResponseWriter, r *http.Request, name, token string) error {
	value, err := securecookie.EncodeMulti(name, token, s.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(sns.SessionLife.Seconds()),
		HttpOnly: true, Secure: isTLS(r), SameSite: http.SameSiteLaxMode,
	})
	return nil
}

func NewSessionStore(db *store.Store, secret []byte, now func() time.Time) *sessionStore {
	codecs := securecookie.CodecsFromPairs(secret)
	for _, c := range codecs {
		c.(*securecookie.SecureCookie).MaxAge(int(sns.SessionLife.Seconds()))
	}
	return &sessionStore{db: db, codecs: codecs, now: now}
}

// digest is what the database keeps of a token.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// isTLS tells whether the browser speaks TLS, to us or to the proxy before us.
// Whoever claims so falsely only makes their own cookie stricter.
func isTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// Start is the first bytes of a text that somebody sends, whole characters.
func Start(s string, most int) string {
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}
