package view

import (
	"slices"
	"strings"

	"xxsns/app/district"
	"xxsns/app/sns"
)

// Location is user/_location: where one lives, to be picked step by step from
// the list of districts, or typed.
type Location struct {
	Now       string // the present location, or empty
	Next      string // where one goes when it is set
	Regions   []string
	Districts []string // of the region; none yet, or it has none
	Towns     []string // of the district; none yet
	Picked    district.Place
	Ready     bool // enough is picked to be saved
	Form      Form // location, region: what was typed and what is wrong
	Done      bool
	Alone     bool // on a page of its own, which says what it is
}

// NewLocation returns the picker with the present location picked; next is the
// page that follows.
func NewLocation(now sns.Location, next string) Location {
	var p district.Place
	if region, rest, ok := district.SplitArea(now.Area); ok {
		p = district.Place{Region: region, District: rest, Town: now.Town}
	}
	v := PickLocation(now, p)
	v.Next = next
	if p.Region == "" {
		v.Form = NewForm("location", now.Area)
	}
	return v
}

// PickLocation offers what comes after the steps that are taken. A step that the list
// does not have is as good as not taken.
func PickLocation(now sns.Location, p district.Place) Location {
	v := Location{Now: PlaceName(now), Regions: district.Regions()}
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

// PlaceName is a location as people read it: "서울 성동구 성수동1가".
func PlaceName(l sns.Location) string {
	return strings.TrimSpace(district.Short(l.Area) + " " + l.Town)
}
