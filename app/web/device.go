package web

import (
	"errors"
	"net/http"

	"github.com/mileusna/useragent"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// devicesView is user/_devices: where one is signed in.
type devicesView struct {
	Devices []deviceView
	Others  bool // there are others than this one
	Done    string
}

// deviceView is a device that is signed in.
type deviceView struct {
	ID     string
	Name   string
	Mobile bool
	This   bool
	Since  timeView
	Seen   timeView
}

// devices lists where one is signed in, this device first.
func (r *request) devices() (v devicesView, err error) {
	sessions, err := r.Store.Sessions(r.ctx(), r.viewer.ID, r.now)
	for _, s := range sessions {
		name, mobile := r.deviceName(s.Agent)
		d := deviceView{
			ID: s.ID, Name: name, Mobile: mobile, This: s.ID == r.viewer.Session,
			Since: r.locale.when(s.CreatedAt, r.now), Seen: r.locale.when(s.SeenAt, r.now),
		}
		if d.This {
			v.Devices = append([]deviceView{d}, v.Devices...)
		} else {
			v.Devices, v.Others = append(v.Devices, d), true
		}
	}
	return v, err
}

// deviceName is the browser and the system that a User-Agent header names.
func (r *request) deviceName(agent string) (name string, mobile bool) {
	ua := useragent.Parse(agent)
	mobile = ua.Mobile || ua.Tablet
	if ua.Name == "" || ua.OS == "" {
		return r.T("device.unknown"), mobile
	}
	return r.T("device.name", "Browser", ua.Name, "System", ua.OS), mobile
}

// saveSessions signs out another device (session), or all others (others). Their
// streams and sockets end at once, on every replica.
func (r *request) saveSessions() error {
	if err := r.parse(); err != nil {
		return err
	}
	ended, err := r.endDevices()
	if err != nil {
		return err
	}
	r.hangUp(ended)
	if !r.partial() {
		return r.redirectSaying("/settings", "done.devices")
	}
	v, err := r.devices()
	if err != nil {
		return err
	}
	v.Done = r.T("done.devices")
	return r.fragments(http.StatusOK, part{name: "user/_devices", data: v})
}

// endDevices ends the sessions of the form and returns their ids. Signing out a
// device that is out already is no error.
func (r *request) endDevices() ([]string, error) {
	if err := r.limit(limitEdit); err != nil {
		return nil, err
	}
	id := r.value("session")
	switch {
	case r.value("others") != "":
		return r.Store.EndOtherSessions(r.ctx(), r.viewer.ID, r.viewer.Session)
	case id == "" || id == r.viewer.Session: // signing out is another form
		return nil, errBadRequest
	}
	err := r.Store.EndSessionOf(r.ctx(), r.viewer.ID, id)
	if errors.Is(err, sns.ErrNotFound) {
		return nil, nil
	}
	return []string{id}, err
}

// hangUp closes the streams and sockets of sessions that have ended.
func (r *request) hangUp(sessions []string) {
	for _, id := range sessions {
		r.tell(live.Event{Topic: live.SessionTopic(id), Kind: live.KindDisconnect})
	}
}
