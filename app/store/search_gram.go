package store

import (
	"context"
	"slices"

	"xxsns/app/sns"
)

// A gram is a pair of neighbours in a folded text. Few pairs share a number: the planes of
// Unicode above the first lie over it.
type gram uint32

// A gramDoc is an entry of the index: the grams of a text.
type gramDoc struct {
	id    int64
	grams []gram
}

// A gramIndex holds the grams of texts in a table of the database.
type gramIndex interface {
	// insert adds texts that the index does not have. ErrConflict if it has one; not every
	// index notices.
	insert(ctx context.Context, tx *transaction, table string, docs []gramDoc) error

	// remove removes texts that the index may have, with all grams that they may have.
	remove(ctx context.Context, tx *transaction, table string, docs []gramDoc) error

	// order returns those of the grams that candidates is to look up, in the order in which
	// it does.
	order(ctx context.Context, d *database, table string, grams []gram) ([]gram, error)

	// candidates returns the first limit ids below before of texts that have all of the
	// grams, newest first.
	candidates(ctx context.Context, d *database, table string, grams []gram, before int64, limit int) ([]int64, error)

	// empty removes all texts of all indexes. Others may add texts meanwhile.
	empty(ctx context.Context, d *database) error

	// entries calls use with each gram of each text.
	entries(ctx context.Context, d *database, table string, use func(id int64, g gram)) error
}

// gramsOf returns the grams of a folded text, sorted.
func gramsOf(folded string) []gram {
	pairs := sns.Grams(folded)
	grams := make([]gram, 0, len(pairs))
	for _, pair := range pairs {
		runes := []rune(pair)
		grams = append(grams, gram(lower(runes[0])<<16|lower(runes[1])))
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// lower lays the higher planes of Unicode over the first.
func lower(r rune) uint32 { return (uint32(r) ^ uint32(r)>>16*0x9E37) & 0xFFFF }

// questionGrams returns the grams that each text has that a question matches.
func questionGrams(q sns.Question) []gram { return gramsOf(sns.FoldTexts(q.Words...)) }
