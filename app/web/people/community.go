package people

import (
	"net/http"
	"strconv"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Rules shows the rules of the community to everybody.
func (Community) Rules(r *request.Request) error {
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, "community/rules", view.Page{Title: r.T("community.rules"), Socket: r.Suspended(), Data: view.NewRules(c)})
}

// Privacy shows to everybody what is kept of members, and for how long.
func (Community) Privacy(r *request.Request) error {
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, "community/privacy", view.Page{Title: r.T("privacy.title"), Socket: r.Suspended(), Data: r.Locale.Privacy(c)})
}

// PutAway hides the notice on top of the timeline from this browser, until the notice changes.
func (Community) PutAway(r *request.Request) error {
	version, err := strconv.ParseInt(r.Value("version"), 10, 64)
	if err != nil {
		return request.ErrBadRequest
	}
	r.PutNoticeAway(version)
	if !r.Partial() {
		return r.Redirect("/")
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "community/_notice", Data: view.SiteNotice{}})
}
