// Package district holds the administrative districts of Korea: regions (시·도),
// their districts (시·군·구) and the towns of those (읍·면·동), with their official
// names and in order of their official codes. README.md names the source of the
// list.
package district

import "slices"

// A Place is a district, or a town in a district. All places that this package
// returns are on the list.
type Place struct {
	Region   string
	District string // "" in a region without districts
	Town     string // "" for the whole district
}

// Regions returns the names of all regions.
func Regions() []string {
	var names []string
	for _, r := range bundled().regions {
		names = append(names, r.name)
	}
	return names
}

// Districts returns the names of the districts in a region, or nil if the
// region is unknown or has no districts. A city that is divided into districts
// appears as those districts, whose names start with the city.
func Districts(region string) []string {
	r := bundled().regionsByName[region]
	if r == nil || r.name != region {
		return nil
	}
	var names []string
	for _, d := range r.districts {
		if d.name != "" {
			names = append(names, d.name)
		}
	}
	return names
}

// Towns returns the names of the towns in a district, or nil if there is no
// such district. For a region without districts, pass "" as the district.
func Towns(region, district string) []string {
	d := bundled().find(region, district)
	if d == nil {
		return nil
	}
	return slices.Clone(d.towns)
}

// Find returns the place with exactly these names; ok is false if the list has
// no such place. town may be "", and district may be "" for a region without
// districts.
func Find(region, district, town string) (Place, bool) {
	return bundled().place(region, district, town)
}
