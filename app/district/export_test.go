package district

// A List is a list that a test reads.
type List = list

// Read reads a list.
var Read = read

// Bundled is the text of districts.txt.
var Bundled = districts

// Places returns every place of the list.
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

// Find is the function Find of the list.
func (l *List) Find(region, district, town string) (Place, bool) {
	return l.place(region, district, town)
}

// Names returns the names of each region, by the official one.
func (l *List) Names() map[string][]string {
	names := map[string][]string{}
	for name, r := range l.regionsByName {
		names[r.name] = append(names[r.name], name)
	}
	return names
}
