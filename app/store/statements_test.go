package store_test

import (
	"fmt"
	"slices"
	"testing"

	"xxsns/app/store"
)

// TestTransactionsArePrepared repeats deeds: what SQLite has run once is prepared then, but not
// lists, which have too many lengths; and what was not used for long is forgotten.
func TestTransactionsArePrepared(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author, reader := d.user(t, "민지"), d.user(t, "하루")
		post := d.post(t, author, "글")
		// newly returns the statements that are prepared by what do does.
		newly := func(do func()) []string {
			before := d.Writes()
			do()
			return slices.DeleteFunc(d.Writes(), func(query string) bool { return slices.Contains(before, query) })
		}
		again := func() {
			d.like(t, post, reader)
			d.unlike(t, post, reader)
			must(t, d.ReadNotices(t.Context(), author, nil))
		}
		if first := newly(again); (len(first) > 0) != (d.Dialect() == "sqlite") {
			t.Error("prepared: ", first)
		}
		again() // notices that are told now were read before
		if more := newly(again); len(more) > 0 {
			t.Error("the same deeds prepare: ", more)
		}
		if d.Dialect() != "sqlite" {
			return
		}

		read := func() {
			must(t, d.ReadNotices(t.Context(), author, nil))
		}
		for i := range 4 {
			for range i + 1 {
				d.like(t, d.post(t, author, "또 글"), reader)
			}
			if more := newly(read); i > 1 && len(more) > 0 {
				t.Errorf("notices of %d posts prepare: %q", i+1, more)
			}
		}

		for i := range store.MostWrites + 5 {
			must(t, d.Write(t.Context(), fmt.Sprintf(`UPDATE users SET role = role WHERE id = %d`, i)))
		}
		if known := len(d.Writes()); known != store.MostWrites {
			t.Error(known, "statements are kept")
		}
		if more := newly(again); len(more) == 0 {
			t.Error("statements that were long unused are kept")
		}
	})
}
