package request

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"

	"xxsns/app/sns"
)

// A Viewer is the user who sends a request, as stored less than store.RecentFor before
// the request.
type Viewer struct {
	sns.User
	Session  string // id of the session
	Proved   bool   // the password was typed in the session less than sns.ProofLife ago
	LimitKey string // by which a Limiter counts the viewer's acts
}

// Credentials are a user, and the hash of the password that the user has just
// typed correctly.
type Credentials struct {
	UserID       int64
	PasswordHash string
	Username     string
}

// viewer loads the viewer of a request: nil without a session, or if the session
// has ended. Of several cookies, the first of a live session counts: a cookie that a
// sibling domain has added signs nobody out.
func (s *Services) viewer(c *gin.Context) (*Viewer, error) {
	for _, token := range tokensOf(c) {
		if viewer, err := s.viewerOf(c, token); viewer != nil || err != nil {
			return viewer, err
		}
	}
	return nil, nil //nolint:nilnil // nobody is signed in
}

// viewerOf returns the user of a session, or nil if the session has ended. A session that
// was last seen more than sns.SessionRenewal ago is prolonged, in the database and in
// the cookie.
func (s *Services) viewerOf(c *gin.Context, token string) (*Viewer, error) {
	ctx := c.Request.Context()
	session, user, err := s.Store.RecentSession(ctx, TokenID(token), s.Clock())
	if errors.Is(err, sns.ErrNotFound) {
		return nil, nil //nolint:nilnil // the session has ended
	}
	if err != nil {
		return nil, err
	}
	if s.Clock().Sub(session.SeenAt) > sns.SessionRenewal {
		if err := s.prolong(c, session.ID, token); err != nil { // the next request tries again
			s.Log.WarnContext(ctx, "session not prolonged", "error", err)
		}
	}
	return &Viewer{User: user, Session: session.ID, Proved: session.Proved(s.Clock()), LimitKey: strconv.FormatInt(user.ID, 10)}, nil
}

// tokensOf returns the tokens in the cookies.
func tokensOf(c *gin.Context) []string {
	return c.GetStringSlice(keyTokens)
}

// hadSession reports whether the browser has the cookie of a session, which may have
// ended.
func hadSession(r *Request) bool { return len(tokensOf(r.Context)) > 0 }

func (s *Services) prolong(c *gin.Context, id, token string) error {
	if err := s.Store.SeeSession(c.Request.Context(), id, s.Clock()); err != nil {
		return err
	}
	return saveToken(c, token)
}

// saveToken puts a token into the cookie of the answer.
func saveToken(c *gin.Context, token string) error {
	cookie := sessions.Default(c)
	cookie.Set(keyTokens, []string{token})
	return cookie.Save()
}

// SignIn gives the browser a new session of the user, makes the browser a known device and
// its network a known network of the user, and ends the session that the
// browser had, and the oldest above sns.SessionsMax. If the password was changed since
// it was checked, SignIn returns sns.Invalid.
func (r *Request) SignIn(checked Credentials) error {
	token, id := NewToken()
	ended, err := r.Store.CreateSession(r.Ctx(), sns.Session{
		ID: id, UserID: checked.UserID, CreatedAt: r.Now, SeenAt: r.Now,
		Agent: Start(strings.ToValidUTF8(r.Request.UserAgent(), ""), sns.AgentMax),
	}, checked.PasswordHash)
	if errors.Is(err, sns.ErrNotFound) {
		return sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	if err != nil {
		return err
	}
	r.Disconnect(ended...)
	RecordEnded(r, checked.UserID, len(ended), "limit")
	if err := r.endSession(); err != nil { // after the new one exists: a failure signs nobody out
		return err
	}
	if err := rememberDevice(r, checked); err != nil {
		return err
	}
	rememberNetwork(r, checked)
	return saveToken(r.Context, token)
}

// SignOut ends the session of the browser, if there is one, deletes the cookie, and
// makes the browser forget the pages in its cache and the drafts on the device.
func (r *Request) SignOut() error {
	r.Header("Clear-Site-Data", `"cache", "storage"`)
	if r.Viewer == nil {
		return nil
	}
	cookie := sessions.Default(r.Context)
	cookie.Options(sessions.Options{MaxAge: -1})
	if err := cookie.Save(); err != nil {
		return err
	}
	return r.endSession()
}

// endSession ends the viewer's session, if there is a viewer, and closes the
// streams and sockets of the session.
func (r *Request) endSession() error {
	if r.Viewer == nil {
		return nil
	}
	if err := r.Store.EndSession(r.Ctx(), r.Viewer.Session); err != nil {
		return err
	}
	r.Disconnect(r.Viewer.Session)
	return nil
}

// NewToken returns a token that nobody can guess, and its TokenID.
func NewToken() (token, id string) {
	token = rand.Text() + rand.Text()
	return token, TokenID(token)
}

// TokenID returns the digest of a token, which is all that the database knows of the token: the
// id of a session, or of a link for a new password.
func TokenID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Start returns the first bytes of s, at most most, cut between characters.
func Start(s string, most int) string {
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

// isTLS reports whether the browser speaks TLS, to this program or to the proxy.
// A client that claims so falsely makes its own cookie stricter, nothing else.
func isTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
