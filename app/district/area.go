package district

import "strings"

// Area is the region and the district of a place in one text.
func (p Place) Area() string {
	if p.District == "" {
		return p.Region
	}
	return p.Region + " " + p.District
}

// SplitArea is the inverse of Area. It knows the areas of the list alone.
func SplitArea(area string) (region, district string, ok bool) {
	p, ok := bundled().area(area)
	return p.Region, p.District, ok
}

// Short returns an area with the short name of its region. What is not on the
// list, such as a district that has been renamed, is returned as it is.
func Short(area string) string {
	l := bundled()
	p, ok := l.area(area)
	if !ok {
		return area
	}
	return Place{Region: l.called[p.Region].short, District: p.District}.Area()
}

func (l *list) area(area string) (Place, bool) {
	region, district, _ := strings.Cut(area, " ")
	p, ok := l.place(region, district, "")
	if !ok || p.Area() != area {
		return Place{}, false
	}
	return p, true
}
