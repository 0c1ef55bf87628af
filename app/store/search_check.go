package store

import (
	"context"
	"strings"

	"xxsns/app/sns"
)

// CheckSearch compares the index with the texts and returns the number of texts that differ:
// those that the index lacks or has otherwise, and those that it has and that are gone. Texts
// that wait to be indexed, and old ones that are not indexed yet, are left out. CheckSearch
// reads all texts. Changes meanwhile may count.
func (s searchStore) CheckSearch(ctx context.Context) (differ int64, err error) {
	var states []stateRow
	if err := s.list(ctx, &states, stateQuery); err != nil {
		return 0, err
	}
	below := belowOf(states)
	for _, kind := range []searchKind{searchedPosts, searchedComments, searchedMessages} {
		var waits []waitRow
		err := s.list(ctx, &waits, `SELECT id, kind, doc, first_seq, last_seq, old_text FROM search_waits WHERE kind = ? ORDER BY doc`, kind)
		if err != nil {
			return differ, err
		}
		c := checking{s, kind, below[kind], waits, map[int64]uint64{}}
		if err := s.dialect.grams.entries(ctx, s.database, kind.index(), func(id int64, g gram) { c.sums[id] += mix(g) }); err != nil {
			return differ, s.translate(ctx, err)
		}
		n, err := c.check(ctx)
		if differ += n; err != nil {
			return differ, err
		}
	}
	n, err := s.checkNames(ctx, below[searchedPeople])
	return differ + n, err
}

// mix returns a number for a gram; the sum of those of a text tells its grams from others.
func mix(g gram) uint64 {
	x := (uint64(g) + 1) * 0x9E3779B97F4A7C15
	return x ^ x>>29
}

func sumOf(grams []gram) (sum uint64) {
	for _, g := range grams {
		sum += mix(g)
	}
	return sum
}

// A checking compares the texts of a kind with the index.
type checking struct {
	searchStore
	kind  searchKind
	below int64
	waits []waitRow
	sums  map[int64]uint64 // of the grams that the index has, by text
}

func (c checking) check(ctx context.Context) (differ int64, err error) {
	if c.kind == searchedMessages {
		differ, err = c.checkBlocks(ctx)
	} else {
		differ, err = c.checkTexts(ctx)
	}
	return differ + int64(len(c.sums)), err
}

// checkTexts compares posts or comments, and takes their sums away: those that are left belong
// to texts that are gone.
func (c checking) checkTexts(ctx context.Context) (differ int64, err error) {
	for _, w := range c.waits {
		delete(c.sums, w.Doc)
	}
	waits := map[int64]bool{}
	for _, w := range c.waits {
		waits[w.Doc] = true
	}
	for after := max(c.below-1, 0); ; {
		texts, last, err := c.textsAfter(ctx, after)
		for id, text := range texts {
			if !waits[id] && c.sums[id] != sumOf(gramsOf(text)) {
				differ++
			}
			delete(c.sums, id)
		}
		if err != nil || last == 0 {
			return differ, err
		}
		after = last
	}
}

// textsAfter returns some texts with ids above after, and the last of the ids, or 0 if there
// are no more.
func (c checking) textsAfter(ctx context.Context, after int64) (texts map[int64]string, last int64, err error) {
	texts = map[int64]string{}
	if c.kind == searchedPosts {
		posts, err := postStore(c.searchStore).readPosts(ctx, `WHERE p.id > ? ORDER BY p.id`+limited(mostCandidates), 0, []any{after})
		for _, p := range posts {
			texts[p.ID], last = p.Searched(), p.ID
		}
		return texts, last, err
	}
	var rows []commentRow
	err = c.list(ctx, &rows, commentQuery+`WHERE c.id > ? ORDER BY c.id`+limited(mostCandidates), after)
	for _, row := range rows {
		texts[row.ID], last = sns.FoldText(row.Content), row.ID
	}
	return texts, last, err
}

// checkBlocks compares blocks, and looks for messages that belong to none.
func (c checking) checkBlocks(ctx context.Context) (differ int64, err error) {
	for after := int64(-1); ; {
		var blocks []block
		if err := c.list(ctx, &blocks, blockQuery+`WHERE id > ? ORDER BY id`+limited(mostCandidates), after); err != nil || len(blocks) == 0 {
			return differ + c.uncovered(ctx, &err), err
		}
		for _, b := range blocks {
			after = b.ID
			texts, err := c.blockTexts(ctx, b)
			if err != nil {
				return differ, err
			}
			if !c.waitsWithin(b) && c.sums[b.ID] != sumOf(gramsOf(strings.Join(texts, "\n"))) {
				differ++
			}
			delete(c.sums, b.ID)
		}
	}
}

func (c checking) blockTexts(ctx context.Context, b block) ([]string, error) {
	lines, err := messageStore(c.searchStore).Messages(ctx, b.Room, sns.MessagePage{After: b.First - 1, Before: b.Last + 1, Limit: blockLines + 1})
	texts := make([]string, len(lines))
	for i, m := range lines {
		texts[i] = m.Searched()
	}
	return texts, err
}

// waitsWithin reports whether messages of a block wait to be indexed anew.
func (c checking) waitsWithin(b block) bool {
	for _, w := range c.waits {
		if w.Doc == b.Room && w.First <= b.Last && w.Last >= b.First {
			return true
		}
	}
	return false
}

// uncovered returns the number of saved messages that neither belong to a block nor wait.
func (c checking) uncovered(ctx context.Context, err *error) (n int64) {
	if *err == nil {
		*err = c.get(ctx, &n, `SELECT COUNT(*) FROM messages m WHERE m.room_id >= ?
			AND NOT EXISTS (SELECT 1 FROM search_blocks b WHERE b.room_id = m.room_id AND m.seq BETWEEN b.first_seq AND b.last_seq)
			AND NOT EXISTS (SELECT 1 FROM search_waits w WHERE w.kind = ? AND w.doc = m.room_id AND m.seq BETWEEN w.first_seq AND w.last_seq)`,
			max(c.below, 1), searchedMessages)
	}
	return n
}

// checkNames returns the number of people whose name is not searched as it is.
func (s searchStore) checkNames(ctx context.Context, below int64) (differ int64, err error) {
	for after := max(below-1, 0); ; {
		var rows []struct {
			ID       int64  `db:"id"`
			Username string `db:"username"`
			Status   string `db:"status_message"`
			Search   string `db:"search"`
		}
		err := s.list(ctx, &rows, `SELECT id, username, status_message, search FROM users WHERE id > ? ORDER BY id`+limited(mostCandidates), after)
		if err != nil || len(rows) == 0 {
			return differ, err
		}
		for _, row := range rows {
			if after = row.ID; row.Search != personForm(row.Username, row.Status) {
				differ++
			}
		}
	}
}
