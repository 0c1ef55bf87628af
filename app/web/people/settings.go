package people

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the viewer's profile, location, password and devices, each with a form
// to change them.
func (Settings) Show(r *request.Request) error {
	return settingsPage(r, http.StatusOK, newSettings(r))
}

// newSettings returns the settings without the devices and the address, which settingsPage loads.
func newSettings(r *request.Request) view.Settings {
	v := view.Settings{
		Profile:  newProfile(r),
		Password: view.Password{Name: r.Viewer.Username},
		Location: view.NewLocation(r.Viewer.Location, "/settings"),
	}
	if r.Mails != nil {
		v.Email = &view.Email{}
	}
	return v
}

func settingsPage(r *request.Request, status int, v view.Settings) error {
	if err := loadDevices(r, &v.Devices); err != nil {
		return err
	}
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		return err
	}
	v.Invites = c.Invites > 0
	if v.Email != nil {
		if err := loadEmail(r, v.Email); err != nil {
			return err
		}
	}
	return r.Page(status, "user/settings", view.Page{Title: r.T("settings.title"), Nav: "settings", Data: v})
}
