package people

import (
	"cmp"
	"net/http"
	"strings"

	"xxsns/app/district"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the picker with the viewer's location, or with the steps in the query:
// as a fragment after a step, else on a page. Saving leads back to ?next=.
func (Locations) Show(r *request.Request) error {
	next := request.LocalPath(cmp.Or(r.Query("next"), "/settings"))
	if r.Query("region") == "" {
		return locationPage(r, http.StatusOK, view.NewLocation(r.Viewer.Location, next))
	}
	return locationPage(r, http.StatusOK, view.PickLocation(r.Viewer.Location, pickedPlace(r.Query), next))
}

// Update sets the viewer's location to a place of the list or to the typed text, or
// removes the location (the field remove). Posts keep the location that the viewer
// had when writing.
func (Locations) Update(r *request.Request) error {
	next := request.LocalPath(r.ValueOr("next", "/settings"))
	if err := updateLocation(r); err != nil {
		return r.Again(err, r.Typed("location"), func(status int, f view.Form) error {
			v := view.PickLocation(r.Viewer.Location, pickedPlace(r.Value), next)
			v.Form = f
			return locationPage(r, status, v)
		})
	}
	if !r.Partial() || next != "/settings" {
		return r.RedirectWithToast(next, "done.saved")
	}
	v := view.NewLocation(r.Viewer.Location, next)
	v.Done = true
	return locationPage(r, http.StatusOK, v)
}

func locationPage(r *request.Request, status int, v view.Location) error {
	page, _, _ := strings.Cut(r.From(), "?")
	v.Alone = !r.Partial() || page == "/settings/location"
	return r.Show(status, "user/_location", "user/location", view.Page{Title: r.T("location.title"), Nav: "settings", Data: v})
}

// pickedPlace returns the place of three fields, of the query or of the form.
func pickedPlace(field func(name string) string) district.Place {
	return district.Place{Region: field("region"), District: field("district"), Town: field("town")}
}

// updateLocation saves the location of the form, in the database and in the
// viewer.
func updateLocation(r *request.Request) error {
	var l sns.Location
	if r.Value("remove") == "" {
		var p *sns.Problem
		if l, p = parseLocation(r); p != nil {
			return sns.Invalid{*p}
		}
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	if err := r.Store.SetLocation(r.Ctx(), r.Viewer.ID, l); err != nil {
		return err
	}
	r.Viewer.Location = l
	return nil
}

// parseLocation returns the location of the form. A typed text that names a place
// of the list is the same location as the picked place.
func parseLocation(r *request.Request) (sns.Location, *sns.Problem) {
	if p := pickedPlace(r.Value); p.Region != "" {
		place, ok := district.Find(p.Region, p.District, p.Town)
		if !ok {
			return sns.Location{}, &sns.Problem{Field: "region", Key: "location.unknown"}
		}
		return sns.Location{Area: place.Area(), Town: place.Town}, nil
	}
	l, p := sns.FreeLocation(r.Value("location"))
	if p != nil && p.Key == "invalid.empty" {
		p.Key = "location.empty"
	}
	if place, ok := district.Parse(l.Area); ok && p == nil {
		l = sns.Location{Area: place.Area(), Town: place.Town}
	}
	return l, p
}
