package district

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Parse reads a place as people write it: region, district and town with blanks
// between them, in any Unicode form. The region may be short or an older name
// and may be left out, as may the town, and one word of a district that has two.
// What may mean several places means none.
func Parse(text string) (Place, bool) {
	return bundled().parse(strings.Fields(norm.NFC.String(text)))
}

func (l *list) parse(words []string) (Place, bool) {
	if len(words) == 0 {
		return Place{}, false
	}
	all := l.readings(nil, words)
	if r := l.called[words[0]]; r != nil {
		all = append(all, l.readings(r, words[1:])...)
	}
	if len(all) != 1 {
		return Place{}, false
	}
	return l.place(all[0].Region, all[0].District, all[0].Town) // a region alone may be no place
}

// readings are the places that words may mean in a region, or anywhere when r is
// nil: a district, or a district and a town. No words mean the region itself. A
// town alone means something only in a region that has no districts.
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

// matches are the places of a town in all districts that go by a name.
func (l *list) matches(r *region, name, town string) (all []Place) {
	for _, d := range l.named[name] {
		if r != nil && d.region != r {
			continue
		}
		if p, ok := d.place(town); ok {
			all = append(all, p)
		}
	}
	return all
}
