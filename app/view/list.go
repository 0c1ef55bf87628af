package view

// Cut returns the first size items, and whether there are more. A query asks for
// one row more than a page shows, so that Cut can tell.
func Cut[T any](items []T, size int) (shown []T, more bool) {
	if len(items) > size {
		return items[:size], true
	}
	return items, false
}
