package district

import (
	_ "embed" // districts.txt
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed districts.txt
var districts string

// bundled returns the list of districts.txt. A test makes sure that the file
// can be read. The names are substrings of the embedded text, and so need no
// memory of their own.
var bundled = sync.OnceValue(func() *list {
	l, err := read(districts)
	if err != nil {
		panic("district: districts.txt: " + err.Error())
	}
	return l
})

// A list holds all districts and indexes them by name.
type list struct {
	regions         []*region
	regionsByName   map[string]*region     // by official, short and older names
	districtsByName map[string][]*district // by the whole name, and by each word of the name
}

type region struct {
	name, short string
	districts   []*district // in a region without districts, one district without a name, which holds the towns
}

type district struct {
	region *region
	name   string
	towns  []string // at most 87, so that a linear search is fast
}

// read parses a list in the format that README.md describes.
func read(text string) (*list, error) {
	l := &list{regionsByName: map[string]*region{}, districtsByName: map[string][]*district{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := l.add(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return l, nil
}

// add adds a line. A district belongs to the last region before the line, a
// town to the last district.
func (l *list) add(line string) error {
	name := strings.TrimLeft(line, "\t")
	words := strings.Fields(name)
	switch level := len(line) - len(name); {
	case line == "" || line[0] == '#':
		return nil
	case len(words) == 0 || strings.Join(words, " ") != name:
		return errors.New("blanks where none belong")
	case level == 0:
		return l.addRegion(words)
	case len(l.regions) == 0:
		return fmt.Errorf("%s is in no region", name)
	case level == 1 && len(words) <= 2:
		return l.addDistrict(words)
	case level == 2 && len(words) == 1:
		return l.addTown(name)
	}
	return fmt.Errorf("%s is neither a region, a district nor a town", name)
}

// addRegion adds a region with all its names: the official one first, the short
// one second.
func (l *list) addRegion(names []string) error {
	if len(names) < 2 {
		return fmt.Errorf("%s has no short name", names[0])
	}
	r := &region{name: names[0], short: names[1]}
	for _, name := range names {
		if l.regionsByName[name] != nil {
			return fmt.Errorf("%s is a region already", name)
		}
		l.regionsByName[name] = r
	}
	l.regions = append(l.regions, r)
	return nil
}

// addDistrict adds a district to the last region. Empty words make the nameless
// district of a region without districts.
func (l *list) addDistrict(words []string) error {
	r, name := l.regions[len(l.regions)-1], strings.Join(words, " ")
	if l.find(r.name, name) != nil || l.find(r.name, "") != nil {
		return fmt.Errorf("%q cannot be added to %s", name, r.name)
	}
	d := &district{region: r, name: name}
	r.districts = append(r.districts, d)
	l.districtsByName[name] = append(l.districtsByName[name], d)
	if len(words) == 2 {
		l.districtsByName[words[0]] = append(l.districtsByName[words[0]], d)
		l.districtsByName[words[1]] = append(l.districtsByName[words[1]], d)
	}
	return nil
}

// addTown adds a town to the last district.
func (l *list) addTown(name string) error {
	r := l.regions[len(l.regions)-1]
	if len(r.districts) == 0 {
		if err := l.addDistrict(nil); err != nil {
			return err
		}
	}
	d := r.districts[len(r.districts)-1]
	if slices.Contains(d.towns, name) {
		return fmt.Errorf("%s is in %s already", name, d.name)
	}
	d.towns = append(d.towns, name)
	return nil
}

// find returns the district with exactly these names, or nil.
func (l *list) find(region, name string) *district {
	for _, d := range l.districtsByName[name] {
		if d.region.name == region && d.name == name {
			return d
		}
	}
	return nil
}

// place returns the place with exactly these names.
func (l *list) place(region, district, town string) (Place, bool) {
	d := l.find(region, district)
	if d == nil {
		return Place{}, false
	}
	return d.place(town)
}

// place returns a town of the district, or the whole district if town is "".
func (d *district) place(town string) (Place, bool) {
	p := Place{Region: d.region.name, District: d.name}
	if town == "" {
		return p, true
	}
	i := slices.Index(d.towns, town)
	if i < 0 {
		return Place{}, false
	}
	p.Town = d.towns[i]
	return p, true
}
