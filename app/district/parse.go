package district

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Parse reads a place as users write it: region, district and town, separated
// by spaces, in any Unicode form. The region may be a short or older name. The
// region, the town, and one word of a district's two may be left out. ok is
// false if the text is ambiguous or fits no place.
func Parse(text string) (Place, bool) {
	return bundled().parse(strings.Fields(norm.NFC.String(text)))
}

func (l *list) parse(words []string) (Place, bool) {
	if len(words) == 0 {
		return Place{}, false
	}
	all := l.readings(nil, words)
	if r := l.regionsByName[words[0]]; r != nil {
		all = append(all, l.readings(r, words[1:])...)
	}
	if len(all) != 1 {
		return Place{}, false
	}
	return l.place(all[0].Region, all[0].District, all[0].Town) // not every region alone is a place
}

// readings returns the places that words may mean in the region r, or in all
// regions if r is nil: a district, or a district and a town. Without words the
// result is the region itself. A town without a district is only possible in a
// region without districts.
func (l *list) readings(r *region, words []string) []Place {
	if len(words) == 0 {
		return []Place{{Region: r.name}}
	}
	all := l.matches(r, strings.Join(words, " "), "")
	if last := len(words) - 1; last > 0 || r != nil {
		all = append(all, l.matches(r, strings.Join(words[:last], " "), words[last])...)
	}
	return all
}

// matches returns the places with this town in all districts with this name.
func (l *list) matches(r *region, name, town string) (all []Place) {
	for _, d := range l.districtsByName[name] {
		if r != nil && d.region != r {
			continue
		}
		if p, ok := d.place(town); ok {
			all = append(all, p)
		}
	}
	return all
}
