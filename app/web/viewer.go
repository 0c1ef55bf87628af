package web

import (
	"errors"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// who returns the viewer of a request, or nil. A session that was not used for
// a day is prolonged.
func (s *services) who(c *gin.Context) (*viewer, error) {
	session := sessions.Default(c)
	if err, ok := session.Get(keyError).(error); ok {
		return nil, err
	}
	v, _ := session.Get(keyViewer).(*viewer)
	if v == nil {
		return nil, nil //nolint:nilnil // nobody is signed in
	}
	if stale, _ := session.Get(keyStale).(bool); stale {
		session.Delete(keyStale)
		if err := session.Save(); err != nil { // the next request tries again
			s.Log.WarnContext(c.Request.Context(), "session not prolonged", "error", err)
		}
	}
	return v, nil
}

// signIn signs the browser in as the user, with a new session; the one that was
// there ends. sns.Invalid when the password was changed meanwhile.
func (r *request) signIn(known credentials) error {
	session := sessions.Default(r.Context)
	session.Set(keySignIn, known)
	err := session.Save()
	if errors.Is(err, sns.ErrNotFound) {
		return sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	return r.endSession(err)
}

// signOut ends the session of the browser.
func (r *request) signOut() error {
	session := sessions.Default(r.Context)
	session.Options(sessions.Options{MaxAge: -1})
	return r.endSession(session.Save())
}

// endSession closes the streams of the viewer's session, unless ending it
// failed.
func (r *request) endSession(err error) error {
	if err == nil && r.viewer != nil {
		r.tell(live.Event{Topic: live.SessionTopic(r.viewer.Session), Kind: live.KindDisconnect})
	}
	return err
}
