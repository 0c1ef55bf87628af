package people

import (
	"errors"
	"net/http"
	"slices"

	"github.com/mileusna/useragent"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// End signs out a device of the viewer (the field session), or all devices but this
// one (the field others). Streams and sockets of the devices end at once, on every
// replica.
func (Sessions) End(r *request.Request) error {
	ended, err := endDevices(r)
	if err != nil {
		return err
	}
	r.Disconnect(ended...)
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.devices")
	}
	v, err := loadDevices(r)
	if err != nil {
		return err
	}
	v.Done = r.T("done.devices")
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_devices", Data: v})
}

// endDevices ends the sessions that the form names and returns the ids of those
// sessions. A session that has ended before is no error.
func endDevices(r *request.Request) ([]string, error) {
	if err := r.Limit(request.LimitEdit); err != nil {
		return nil, err
	}
	id := r.Value("session")
	switch {
	case r.Value("others") != "":
		return r.Store.EndOtherSessions(r.Ctx(), r.Viewer.ID, r.Viewer.Session)
	case id == "" || id == r.Viewer.Session: // POST /sign-out ends this session
		return nil, request.ErrBadRequest
	}
	err := r.Store.EndSessionOf(r.Ctx(), r.Viewer.ID, id)
	if errors.Is(err, sns.ErrNotFound) {
		return nil, nil
	}
	return []string{id}, err
}

// loadDevices returns the devices that the viewer is signed in on, this device
// first.
func loadDevices(r *request.Request) (v view.Devices, err error) {
	sessions, err := r.Store.Sessions(r.Ctx(), r.Viewer.ID, r.Now)
	for _, s := range sessions {
		name, mobile := deviceName(r, s.Agent)
		d := view.Device{
			ID: s.ID, Name: name, Mobile: mobile, This: s.ID == r.Viewer.Session,
			Since: r.Locale.Time(s.CreatedAt, r.Now), Seen: r.Locale.Time(s.SeenAt, r.Now),
		}
		if d.This {
			v.Devices = slices.Insert(v.Devices, 0, d)
		} else {
			v.Devices, v.Others = append(v.Devices, d), true
		}
	}
	return v, err
}

// deviceName returns the names of the browser and the system in a User-Agent
// header.
func deviceName(r *request.Request, agent string) (name string, mobile bool) {
	ua := useragent.Parse(agent)
	mobile = ua.Mobile || ua.Tablet
	if ua.Name == "" || ua.OS == "" {
		return r.T("device.unknown"), mobile
	}
	return r.T("device.name", "Browser", ua.Name, "System", ua.OS), mobile
}
