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

// bundled is the list of districts.txt. That it can be read is tested. Its names
// are pieces of that text: they cost no memory of their own.
var bundled = sync.OnceValue(func() *list {
	l, err := read(districts)
	if err != nil {
		panic("district: districts.txt: " + err.Error())
	}
	return l
})

// A list has every district, and finds it by its name.
type list struct {
	regions []*region
	called  map[string]*region     // by each of the names a region has
	named   map[string][]*district // by the whole name, and by each word of it
}

type region struct {
	name, short string
	districts   []*district // a single one without a name holds the towns of a region without districts
}

type district struct {
	region *region
	name   string
	towns  []string // 87 at most, so that a search is short
}

// read reads a list in the form that README.md explains.
func read(text string) (*list, error) {
	l := &list{called: map[string]*region{}, named: map[string][]*district{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := l.add(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return l, nil
}

// add adds a line, which belongs to what stands above it.
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

// addRegion adds a region by all its names: the official one, then the short one.
func (l *list) addRegion(names []string) error {
	if len(names) < 2 {
		return fmt.Errorf("%s has no short name", names[0])
	}
	r := &region{name: names[0], short: names[1]}
	for _, name := range names {
		if l.called[name] != nil {
			return fmt.Errorf("%s is a region already", name)
		}
		l.called[name] = r
	}
	l.regions = append(l.regions, r)
	return nil
}

// addDistrict adds a district to the last region. No words are the name of that
// which a region without districts has.
func (l *list) addDistrict(words []string) error {
	r, name := l.regions[len(l.regions)-1], strings.Join(words, " ")
	if l.find(r.name, name) != nil || l.find(r.name, "") != nil {
		return fmt.Errorf("%q cannot be added to %s", name, r.name)
	}
	d := &district{region: r, name: name}
	r.districts = append(r.districts, d)
	l.named[name] = append(l.named[name], d)
	if len(words) == 2 {
		l.named[words[0]] = append(l.named[words[0]], d)
		l.named[words[1]] = append(l.named[words[1]], d)
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

// find returns the district of exactly these names, or nil.
func (l *list) find(region, name string) *district {
	for _, d := range l.named[name] {
		if d.region.name == region && d.name == name {
			return d
		}
	}
	return nil
}

// place returns the place of exactly these names.
func (l *list) place(region, district, town string) (Place, bool) {
	d := l.find(region, district)
	if d == nil {
		return Place{}, false
	}
	return d.place(town)
}

// place returns a town of the district, or the whole of it for "".
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
