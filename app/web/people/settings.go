package people

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows what one may change about one's own account.
func (Settings) Show(r *request.Request) error { return settingsPage(r, http.StatusOK, newSettings(r)) }

func newSettings(r *request.Request) view.Settings {
	return view.Settings{
		Profile:  view.Profile{Me: r.Locale.Author(r.Viewer.User), Form: view.NewForm("status_message", r.Viewer.StatusMessage)},
		Password: view.Password{Name: r.Viewer.Username},
		Location: view.NewLocation(r.Viewer.Location, "/settings"),
	}
}

func settingsPage(r *request.Request, status int, v view.Settings) (err error) {
	if v.Devices, err = devices(r); err != nil {
		return err
	}
	return r.Page(status, "user/settings", view.Page{Title: r.T("settings.title"), Nav: "settings", Data: v})
}
