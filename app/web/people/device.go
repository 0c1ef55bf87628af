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
// replica. If the password was typed too long ago, End asks for the password first.
func (Sessions) End(r *request.Request) error {
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	id, others := r.Value("session"), r.Value("others") != ""
	if !others && (id == "" || id == r.Viewer.Session) { // POST /sign-out ends this session
		return request.ErrBadRequest
	}
	if err := provePassword(r); err != nil {
		return r.Again(err, r.Typed("session", "others"), func(status int, f view.Form) error {
			return devicesPage(r, status, view.Devices{Ask: &view.AskPassword{Name: r.Viewer.Username, Form: f}})
		})
	}
	ended, err := endDevices(r, id, others)
	if err != nil {
		return err
	}
	r.Disconnect(ended...)
	request.RecordEnded(r, r.Viewer.ID, len(ended), "user")
	if !r.Partial() {
		return r.RedirectWithToast("/settings", "done.devices")
	}
	return devicesPage(r, http.StatusOK, view.Devices{Done: r.T("done.devices")})
}

// devicesPage shows the devices, with the question or the result of v.
func devicesPage(r *request.Request, status int, v view.Devices) error {
	if !r.Partial() {
		settings := newSettings(r)
		settings.Devices = v
		return settingsPage(r, status, settings)
	}
	if err := loadDevices(r, &v); err != nil {
		return err
	}
	return r.Fragments(status, request.Fragment{Name: "user/_devices", Data: v})
}

// endDevices ends the viewer's session id, or all others but this one, and returns the ids
// of the ended sessions. A session that has ended before is no error.
func endDevices(r *request.Request, id string, others bool) ([]string, error) {
	if others {
		return r.Store.EndOtherSessions(r.Ctx(), r.Viewer.ID, r.Viewer.Session)
	}
	err := r.Store.EndSessionOf(r.Ctx(), r.Viewer.ID, id)
	if errors.Is(err, sns.ErrNotFound) {
		return nil, nil
	}
	return []string{id}, err
}

// loadDevices adds to v the devices that the viewer is signed in on, this device first.
func loadDevices(r *request.Request, v *view.Devices) error {
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
	return err
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
