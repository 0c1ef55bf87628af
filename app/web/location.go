package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"xxsns/app/district"
	"xxsns/app/sns"
)

// locationView is user/_location: where one lives, to be picked step by step from
// the list of districts, or typed.
type locationView struct {
	Now       string // the present location, or empty
	Next      string // where one goes when it is set
	Regions   []string
	Districts []string // of the region; none yet, or it has none
	Towns     []string // of the district; none yet
	Picked    district.Place
	Ready     bool // enough is picked to be saved
	Form      form // location, region: what was typed and what is wrong
	Done      bool
	Alone     bool // on a page of its own, which says what it is
}

// placeName is a location as people read it: "서울 성동구 성수동1가".
func placeName(l sns.Location) string {
	return strings.TrimSpace(district.Short(l.Area) + " " + l.Town)
}

// newLocation returns the picker with the present location picked; next is the
// page that follows.
func newLocation(now sns.Location, next string) locationView {
	var p district.Place
	if region, rest, ok := district.SplitArea(now.Area); ok {
		p = district.Place{Region: region, District: rest, Town: now.Town}
	}
	v := pickLocation(now, p)
	v.Next = next
	if p.Region == "" {
		v.Form = newForm("location", now.Area)
	}
	return v
}

// pickLocation offers what comes after the steps that are taken. A step that the list
// does not have is as good as not taken.
func pickLocation(now sns.Location, p district.Place) locationView {
	v := locationView{Now: placeName(now), Regions: district.Regions()}
	if v.Districts = district.Districts(p.Region); v.Districts == nil {
		p.District = ""
	}
	v.Towns = district.Towns(p.Region, p.District)
	slices.Sort(v.Districts) // as people look for them
	slices.Sort(v.Towns)
	if _, ok := district.Find(p.Region, p.District, p.Town); !ok {
		p.Town = ""
	}
	if _, v.Ready = district.Find(p.Region, p.District, ""); !v.Ready {
		p.District = ""
	}
	v.Picked = p
	return v
}

// showLocation shows the picker: as a fragment after a step, or on a page.
func (r *request) showLocation() error {
	v := newLocation(r.viewer.Location, localPath(cmp.Or(r.Query("next"), "/settings")))
	if region := r.Query("region"); region != "" {
		next := v.Next
		v = pickLocation(r.viewer.Location, district.Place{Region: region, District: r.Query("district"), Town: r.Query("town")})
		v.Next = next
	}
	return r.answerLocation(http.StatusOK, v)
}

func (r *request) answerLocation(status int, v locationView) error {
	here, _, _ := strings.Cut(r.here(), "?")
	v.Alone = !r.partial() || here == "/settings/location"
	if r.partial() {
		return r.fragments(status, part{name: "user/_location", data: v})
	}
	return r.page(status, "user/location", page{Title: r.T("location.title"), Nav: "settings", Data: v})
}

// saveLocation changes where one lives: a place of the list, what one typed, or
// nowhere (remove). Posts stay where they were written.
func (r *request) saveLocation() error {
	if err := r.parse(); err != nil {
		return err
	}
	next := localPath(r.valueOr("next", "/settings"))
	err := r.changeLocation()
	if inv, status := r.refusal(err); inv != nil {
		v := pickLocation(r.viewer.Location, district.Place{Region: r.value("region"), District: r.value("district"), Town: r.value("town")})
		v.Next, v.Form = next, newForm("location", r.value("location")).withProblems(r.locale, inv)
		return r.answerLocation(status, v)
	}
	if err != nil {
		return err
	}
	if !r.partial() || next != "/settings" {
		return r.redirectSaying(next, "done.saved")
	}
	v := newLocation(r.viewer.Location, next)
	v.Done = true
	return r.answerLocation(http.StatusOK, v)
}

func (r *request) changeLocation() error {
	var l sns.Location
	if r.value("remove") == "" {
		var p *sns.Problem
		if l, p = r.locationOf(); p != nil {
			return sns.Invalid{*p}
		}
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	if err := r.Store.SetLocation(r.ctx(), r.viewer.ID, l); err != nil {
		return err
	}
	r.viewer.Location = l
	return nil
}

// locationOf is the location of the form. What is typed and stands in the list is
// the same as if it were picked.
func (r *request) locationOf() (sns.Location, *sns.Problem) {
	if region := r.value("region"); region != "" {
		place, ok := district.Find(region, r.value("district"), r.value("town"))
		if !ok {
			return sns.Location{}, &sns.Problem{Field: "region", Key: "location.unknown"}
		}
		return sns.Location{Area: place.Area(), Town: place.Town}, nil
	}
	l, p := sns.FreeLocation(r.value("location"))
	if p != nil && p.Key == "invalid.empty" {
		p.Key = "location.empty"
	}
	if place, ok := district.Parse(l.Area); ok && p == nil {
		l = sns.Location{Area: place.Area(), Town: place.Town}
	}
	return l, p
}
