package store

import (
	"database/sql"

	"xxsns/app/sns"
)

// Pool is that of the writer, whose connections are set up as they are for all
// that the store does.
func (s *Store) Pool() *sql.DB { return s.writer.DB }

// Queries returns the reading statements that an SQLite store remembers, so
// that tests can ask the databases how they would run them.
func (s *Store) Queries() (all []string) {
	s.stmts.Range(func(query, _ any) bool {
		all = append(all, query.(string))
		return true
	})
	return all
}

// HeadsQuery is the statement that finds the sources of a merged timeline; it is
// none of Queries.
func HeadsQuery(t sns.Timeline) string {
	m, _ := mergeOf(t)
	query, _ := m.heads(t)
	return query
}
