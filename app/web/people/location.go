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

// Show shows the picker: as a fragment after a step, or on a page.
func (Locations) Show(r *request.Request) error {
	v := view.NewLocation(r.Viewer.Location, request.LocalPath(cmp.Or(r.Query("next"), "/settings")))
	if region := r.Query("region"); region != "" {
		next := v.Next
		v = view.PickLocation(r.Viewer.Location, district.Place{Region: region, District: r.Query("district"), Town: r.Query("town")})
		v.Next = next
	}
	return locationPage(r, http.StatusOK, v)
}

func locationPage(r *request.Request, status int, v view.Location) error {
	here, _, _ := strings.Cut(r.From(), "?")
	v.Alone = !r.Partial() || here == "/settings/location"
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "user/_location", Data: v})
	}
	return r.Page(status, "user/location", view.Page{Title: r.T("location.title"), Nav: "settings", Data: v})
}

// Update changes where one lives: a place of the list, what one typed, or
// nowhere (remove). Posts stay where they were written.
func (Locations) Update(r *request.Request) error {
	next := request.LocalPath(r.ValueOr("next", "/settings"))
	err := updateLocation(r)
	if inv, status := r.Problems(err); inv != nil {
		v := view.PickLocation(r.Viewer.Location, district.Place{Region: r.Value("region"), District: r.Value("district"), Town: r.Value("town")})
		v.Next, v.Form = next, view.NewForm("location", r.Value("location")).WithProblems(r.Locale, inv)
		return locationPage(r, status, v)
	}
	if err != nil {
		return err
	}
	if !r.Partial() || next != "/settings" {
		return r.RedirectWithToast(next, "done.saved")
	}
	v := view.NewLocation(r.Viewer.Location, next)
	v.Done = true
	return locationPage(r, http.StatusOK, v)
}

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

// parseLocation is the location of the form. What is typed and stands in the list is
// the same as if it were picked.
func parseLocation(r *request.Request) (sns.Location, *sns.Problem) {
	if region := r.Value("region"); region != "" {
		place, ok := district.Find(region, r.Value("district"), r.Value("town"))
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
