package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"xxsns/app/sns"
)

// IndexSearch adds some texts to the index of searches, or names to those that are searched:
// first those that wait, then old ones, newest first. limit bounds the texts, and so the time
// for which other changes wait. IndexSearch returns the number of rows that were worked off, or
// 0 if nothing is left. Any replica may call IndexSearch at any time: a batch is done as a
// whole or not at all, and two replicas take turns.
func (s searchStore) IndexSearch(ctx context.Context, limit int) (done int, err error) {
	var left bool // asked first: a transaction that finds nothing to do would write all the same
	err = s.get(ctx, &left, `SELECT EXISTS (SELECT 1 FROM search_waits WHERE id > 0) OR EXISTS (SELECT 1 FROM search_states WHERE kind > 0 AND below > 0)`)
	if err != nil || !left {
		return 0, err
	}
	for _, careful := range []bool{false, true} {
		err = s.tx(ctx, func(tx *transaction) error {
			done, err = indexing{s.database, tx, careful}.batch(ctx, limit)
			return err
		})
		if !errors.Is(err, sns.ErrConflict) {
			break
		}
	}
	return done, err
}

// An indexing is a transaction that adds texts to the index. careful means that the index may
// have texts that do not seem to be in it, such as after a restart of the indexing.
type indexing struct {
	*database
	tx      *transaction
	careful bool
}

type waitRow struct {
	ID    int64      `db:"id"`
	Kind  searchKind `db:"kind"`
	Doc   int64      `db:"doc"`
	First int64      `db:"first_seq"`
	Last  int64      `db:"last_seq"`
	Old   string     `db:"old_text"`
}

func (x indexing) batch(ctx context.Context, limit int) (done int, err error) {
	// Lock before the first SELECT: the replica that waits then sees what the other has done.
	if err := lockRow(ctx, x.tx, `search_states`, `kind = ?`, searchedPosts); err != nil {
		return 0, err
	}
	var states []stateRow
	if err := x.tx.SelectContext(ctx, &states, stateQuery); err != nil {
		return 0, err
	}
	below := belowOf(states)
	var waits []waitRow
	err = x.tx.SelectContext(ctx, &waits, `SELECT id, kind, doc, first_seq, last_seq, old_text FROM search_waits ORDER BY id`+limited(limit))
	if err != nil || len(waits) > 0 {
		return len(waits), errors.Join(err, x.indexWaits(ctx, waits, below, limit))
	}
	for _, kind := range []searchKind{searchedPeople, searchedPosts, searchedComments, searchedMessages} {
		if below[kind] == 0 {
			continue
		}
		if done, err = x.indexOld(ctx, kind, below[kind], limit); err != nil || done > 0 {
			return done, err
		}
	}
	return 0, nil
}

const stateQuery = `SELECT kind, below FROM search_states ORDER BY kind`

type stateRow struct {
	Kind  searchKind `db:"kind"`
	Below int64      `db:"below"`
}

// belowOf returns, by kind, the id below which old texts are left to be indexed, or 0 if none
// are. Texts from there on are in the index, or wait.
func belowOf(rows []stateRow) map[searchKind]int64 {
	below := make(map[searchKind]int64, len(rows))
	for _, row := range rows {
		below[row.Kind] = row.Below
	}
	return below
}

// indexWaits works waits off. Those of old texts that are not indexed yet are forgotten: the
// text will be indexed as it is then.
func (x indexing) indexWaits(ctx context.Context, waits []waitRow, below map[searchKind]int64, limit int) error {
	var done []int64
	old := map[searchKind]map[int64]string{searchedPosts: {}, searchedComments: {}}
	for _, w := range waits {
		whole := true
		switch {
		case w.Doc < below[w.Kind]:
		case w.Kind == searchedMessages:
			var err error
			if whole, err = x.indexMessages(ctx, w, 10*limit); err != nil {
				return err
			}
		default:
			old[w.Kind][w.Doc] += "\n" + w.Old
		}
		if !whole {
			break // the rest of the room is next
		}
		done = append(done, w.ID)
	}
	for kind, docs := range old {
		if err := x.indexTexts(ctx, kind, slices.Sorted(maps.Keys(docs)), docs); err != nil {
			return err
		}
	}
	for _, batch := range batches(done) {
		if _, err := x.tx.ExecContext(ctx, in(`DELETE FROM search_waits WHERE id IN (?)`, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return nil
}

// indexTexts puts posts or comments into the index, or takes them out if they are deleted. old
// is what the index may have of them.
func (x indexing) indexTexts(ctx context.Context, kind searchKind, ids []int64, old map[int64]string) error {
	read := map[searchKind]func(context.Context, *transaction, []int64) (map[int64]string, error){
		searchedPosts: postTextsIn, searchedComments: commentTextsIn,
	}[kind]
	var gone, docs []gramDoc
	for _, batch := range batches(ids) {
		texts, err := read(ctx, x.tx, batch)
		if err != nil {
			return err
		}
		for _, id := range batch {
			text, ok := texts[id]
			doc := gramDoc{id, gramsOf(text)}
			if ok {
				docs = append(docs, doc)
			}
			if was := gramsOfOld(old[id]); len(was) > 0 || x.careful {
				gone = append(gone, gramDoc{id, union(was, doc.grams)})
			}
		}
	}
	if err := x.dialect.grams.remove(ctx, x.tx, kind.index(), gone); err != nil {
		return err
	}
	return x.asConflict(x.dialect.grams.insert(ctx, x.tx, kind.index(), docs))
}

// asConflict returns the error of an insert, as sns.ErrConflict if the index has the text.
func (x indexing) asConflict(err error) error {
	if err != nil && x.dialect.duplicate(err) {
		return errors.Join(sns.ErrConflict, err)
	}
	return err
}

// gramsOfOld returns the grams that the index may have of a text, folded or not.
func gramsOfOld(text string) []gram { return union(gramsOf(text), gramsOf(sns.FoldText(text))) }

// union returns the grams of both.
func union(a, b []gram) []gram {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// indexOld indexes old texts of a kind, of which those below an id are left.
func (x indexing) indexOld(ctx context.Context, kind searchKind, below int64, limit int) (done int, err error) {
	var ids []int64
	if err := x.tx.SelectContext(ctx, &ids, `SELECT id FROM `+tables[kind]+` WHERE id < ? ORDER BY id DESC`+limited(limit), below); err != nil {
		return 0, err
	}
	switch {
	case len(ids) == 0:
	case kind == searchedMessages:
		ids, err = x.queueOldRooms(ctx, ids)
	case kind == searchedPeople:
		err = nameUsers(ctx, x.tx, ids)
	default:
		slices.Reverse(ids)
		err = x.indexTexts(ctx, kind, ids, nil)
		slices.Reverse(ids)
	}
	if err != nil {
		return 0, err
	}
	rest := int64(0)
	if len(ids) > 0 && ids[len(ids)-1] > 1 {
		rest = ids[len(ids)-1]
	}
	return len(ids), change(ctx, x.tx, `UPDATE search_states SET below = ? WHERE kind = ?`, rest, kind)
}

// SearchIndexProgress returns how many of the old texts are in the index, and of how many, in
// numbers of ids: done equals total if all are. Texts that wait do not count, since searches
// read them.
func (s searchStore) SearchIndexProgress(ctx context.Context) (done, total int64, err error) {
	var states []stateRow
	if err := s.list(ctx, &states, stateQuery); err != nil {
		return 0, 0, err
	}
	err = s.get(ctx, &total, `SELECT COALESCE((SELECT MAX(id) FROM posts), 0) + COALESCE((SELECT MAX(id) FROM comments), 0) +
		COALESCE((SELECT MAX(id) FROM rooms), 0) + COALESCE((SELECT MAX(id) FROM users), 0)`)
	left := int64(0)
	for _, state := range states {
		left += max(state.Below-1, 0)
	}
	return max(total-left, 0), max(total, left), err
}

// SearchUnindexed returns the number of texts and rooms that are to be indexed, for a metric:
// that of the ids of old ones, and that of the texts that wait.
func (s searchStore) SearchUnindexed(ctx context.Context) (n int64, err error) {
	done, total, err := s.SearchIndexProgress(ctx)
	if err != nil {
		return 0, err
	}
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM search_waits`)
	return n + total - done, err
}

// ReindexSearch makes IndexSearch index all texts again, such as those that were inserted
// without the methods of the Store.
func (s searchStore) ReindexSearch(ctx context.Context) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		for _, kind := range slices.Sorted(maps.Keys(tables)) { // in the order in which batches lock them
			_, err := tx.ExecContext(ctx, `UPDATE search_states SET below = COALESCE((SELECT MAX(id) FROM `+tables[kind]+`), 0) + 1 WHERE kind = ?`, kind)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
