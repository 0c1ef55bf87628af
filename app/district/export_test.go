package district

// List exports list.
type List = list

// Read exports read.
var Read = read

// Bundled is the text of districts.txt.
var Bundled = districts

// Places returns all places of the list.
func (l *List) Places() (all []Place) {
	for _, r := range l.regions {
		for _, d := range r.districts {
			for _, town := range append([]string{""}, d.towns...) {
				all = append(all, Place{r.name, d.name, town})
			}
		}
	}
	return all
}

// Find is the function Find on this list.
func (l *List) Find(region, district, town string) (Place, bool) {
	return l.place(region, district, town)
}

// Names returns all names of each region, by official name.
func (l *List) Names() map[string][]string {
	names := map[string][]string{}
	for name, r := range l.regionsByName {
		names[r.name] = append(names[r.name], name)
	}
	return names
}
