package store

// Queries returns the reading statements that an SQLite store remembers, so
// that tests can ask the databases how they would run them.
func (s *Store) Queries() (all []string) {
	s.stmts.Range(func(query, _ any) bool {
		all = append(all, query.(string))
		return true
	})
	return all
}
