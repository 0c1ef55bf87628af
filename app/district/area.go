package district

import "strings"

// Area returns the region and the district of p, separated by a space.
func (p Place) Area() string {
	if p.District == "" {
		return p.Region
	}
	return p.Region + " " + p.District
}

// SplitArea is the inverse of Area. ok is false if the area is not on the list.
func SplitArea(area string) (region, district string, ok bool) {
	p, ok := bundled().area(area)
	return p.Region, p.District, ok
}

// Short returns an area with the short name of the region. An area that is not
// on the list, such as a renamed district, is returned unchanged.
func Short(area string) string {
	l := bundled()
	p, ok := l.area(area)
	if !ok {
		return area
	}
	return Place{Region: l.regionsByName[p.Region].short, District: p.District}.Area()
}

func (l *list) area(area string) (Place, bool) {
	region, district, _ := strings.Cut(area, " ")
	p, ok := l.place(region, district, "")
	if !ok || p.Area() != area {
		return Place{}, false
	}
	return p, true
}
