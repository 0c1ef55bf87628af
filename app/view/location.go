package view

import (
	"slices"
	"strings"

	"xxsns/app/district"
	"xxsns/app/sns"
)

// Location is user/_location: the picker of the viewer's location. Location is picked
// step by step from the list of districts, or typed.
type Location struct {
	Now       string         // the present location, or empty
	Next      string         // path of the page after saving
	Regions   []string       // the choices of the first step
	Districts []string       // the choices of the second step; empty without a region
	Towns     []string       // the choices of the third step; empty without a district
	Picked    district.Place // the steps taken so far
	Ready     bool           // Picked is precise enough to be saved
	Form      Form           // the fields location and region
	Done      bool           // just saved
	Alone     bool           // the page around the fragment shows the heading
}

// NewLocation returns the picker with the present location picked; next is the path
// of the page after saving.
func NewLocation(now sns.Location, next string) Location {
	var p district.Place
	if region, rest, ok := district.SplitArea(now.Area); ok {
		p = district.Place{Region: region, District: rest, Town: now.Town}
	}
	v := PickLocation(now, p, next)
	if p.Region == "" {
		v.Form = NewForm("location", now.Area)
	}
	return v
}

// PickLocation returns the picker with the steps of p taken and the choices of the
// next step. A step that is not in the list counts as not taken.
func PickLocation(now sns.Location, p district.Place, next string) Location {
	v := Location{Now: PlaceName(now), Next: next, Regions: district.Regions()}
	if v.Districts = district.Districts(p.Region); v.Districts == nil {
		p.District = ""
	}
	v.Towns = district.Towns(p.Region, p.District)
	slices.Sort(v.Districts) // people search an alphabetical list
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

// PlaceName returns a location as people read locations: "서울 성동구 성수동1가".
func PlaceName(l sns.Location) string {
	return strings.TrimSpace(district.Short(l.Area) + " " + l.Town)
}
