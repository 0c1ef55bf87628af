package request

import (
	"errors"

	"github.com/gin-contrib/sessions"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// SignIn signs the browser in as the user, with a new session; the one that was
// there ends. sns.Invalid when the password was changed meanwhile.
func (r *Request) SignIn(known Credentials) error {
	session := sessions.Default(r.Context)
	session.Set(keySignIn, known)
	err := session.Save()
	if errors.Is(err, sns.ErrNotFound) {
		return sns.Invalid{{Field: "password", Key: "signin.wrong"}}
	}
	return r.endSession(err)
}

// SignOut ends the session of the browser.
func (r *Request) SignOut() error {
	session := sessions.Default(r.Context)
	session.Options(sessions.Options{MaxAge: -1})
	return r.endSession(session.Save())
}

// endSession closes the streams of the viewer's session, unless ending it
// failed.
func (r *Request) endSession(err error) error {
	if err == nil && r.Viewer != nil {
		r.Tell(live.Event{Topic: live.SessionTopic(r.Viewer.Session), Kind: live.KindDisconnect})
	}
	return err
}
