// Package district knows the administrative districts of Korea: regions (시·도),
// the districts of a region (시·군·구) and the towns of a district (읍·면·동), by
// their official names and in the order of their official codes. README.md says
// where the list comes from.
package district

import "slices"

// A Place is a district, or a town of one. Every Place that this package returns
// is on the list.
type Place struct {
	Region   string
	District string // "" in a region that has no districts
	Town     string // "" for the whole district
}

// Regions returns all regions.
func Regions() []string {
	var names []string
	for _, r := range bundled().regions {
		names = append(names, r.name)
	}
	return names
}

// Districts returns the districts of a region: none when the region is unknown,
// or when its towns belong to no district. A city that is divided is there by its
// parts, each named with the city.
func Districts(region string) []string {
	r := bundled().called[region]
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

// Towns returns the towns of a district, or those of a region that has no
// districts, whose district is "". It returns nil when there is no such district.
func Towns(region, district string) []string {
	d := bundled().find(region, district)
	if d == nil {
		return nil
	}
	return slices.Clone(d.towns)
}

// Find tells whether the list has a place of exactly these names. The town may
// be "", the district only in a region that has none.
func Find(region, district, town string) (Place, bool) {
	return bundled().place(region, district, town)
}
