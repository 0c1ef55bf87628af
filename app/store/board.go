package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"xxsns/app/sns"
)

// Boards returns all boards in order of position, with their facets and
// options.
func (s boardStore) Boards(ctx context.Context) ([]sns.Board, error) {
	var boards []boardRow
	if err := s.list(ctx, &boards, `SELECT id, slug, name, local, closed_at FROM boards ORDER BY position, id`); err != nil {
		return nil, err
	}
	var facets []facetRow
	if err := s.list(ctx, &facets, facetQuery+`ORDER BY f.position, f.id`); err != nil {
		return nil, err
	}
	var options []optionRow
	if err := s.list(ctx, &options, optionQuery+`ORDER BY o.position, o.id`); err != nil {
		return nil, err
	}
	return assemble(boards, facets, options), nil
}

// BoardBySlug returns a board with its facets and options, or ErrNotFound.
func (s boardStore) BoardBySlug(ctx context.Context, slug string) (sns.Board, error) {
	board, err := s.oneBoard(ctx, `WHERE slug = ?`, slug)
	if err == nil && board.Slug != slug { // MySQL and MariaDB ignore trailing spaces when they compare
		return sns.Board{}, fmt.Errorf("%w: board %q", sns.ErrNotFound, slug)
	}
	return board, err
}

// Board returns a board with its facets and options, or ErrNotFound.
func (s boardStore) Board(ctx context.Context, id int64) (sns.Board, error) {
	return s.oneBoard(ctx, `WHERE id = ?`, id)
}

func (s boardStore) oneBoard(ctx context.Context, where string, arg any) (sns.Board, error) {
	var row boardRow
	if err := s.get(ctx, &row, `SELECT id, slug, name, local, closed_at FROM boards `+where, arg); err != nil {
		return sns.Board{}, err
	}
	var facets []facetRow
	if err := s.list(ctx, &facets, facetQuery+`WHERE f.board_id = ? ORDER BY f.position, f.id`, row.ID); err != nil {
		return sns.Board{}, err
	}
	var options []optionRow
	err := s.list(ctx, &options, optionQuery+`WHERE o.facet_id IN (SELECT f.id FROM facets f WHERE f.board_id = ?) ORDER BY o.position, o.id`, row.ID)
	if err != nil {
		return sns.Board{}, err
	}
	return assemble([]boardRow{row}, facets, options)[0], nil
}

type boardRow struct {
	ID       int64         `db:"id"`
	Slug     string        `db:"slug"`
	Name     string        `db:"name"`
	Local    bool          `db:"local"`
	ClosedAt sql.NullInt64 `db:"closed_at"`
}

// assemble puts the facets into their boards and the options into their facets.
func assemble(boards []boardRow, facets []facetRow, options []optionRow) []sns.Board {
	ofFacet, ofBoard := make(map[int64][]sns.Option), make(map[int64][]sns.Facet)
	for _, o := range options {
		ofFacet[o.FacetID] = append(ofFacet[o.FacetID], sns.Option{ID: o.ID, Name: o.Name, Closed: o.ClosedAt.Valid})
	}
	for _, f := range facets {
		facet := sns.Facet{ID: f.ID, Name: f.Name, Optional: f.Optional, Closed: f.ClosedAt.Valid, Options: ofFacet[f.ID]}
		ofBoard[f.BoardID] = append(ofBoard[f.BoardID], facet)
	}
	all := make([]sns.Board, len(boards))
	for i, b := range boards {
		all[i] = sns.Board{ID: b.ID, Slug: b.Slug, Name: b.Name, Local: b.Local, Closed: b.ClosedAt.Valid, Facets: ofBoard[b.ID]}
	}
	return all
}

// NewBoard holds the checked input of CreateBoard.
type NewBoard struct {
	Slug, Name string
	Local      bool
}

// CreateBoard makes a board after all others and returns the board's id.
// ErrConflict if the slug is taken, sns.Invalid if there are too many boards.
func (s boardStore) CreateBoard(ctx context.Context, b NewBoard) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		position, err := nextPosition(ctx, tx, boardOrder, 0, 1, sns.BoardsMax)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO boards (slug, name, position, local) VALUES (?, ?, ?, ?)`, b.Slug, b.Name, position, boolToInt(b.Local))
		return err
	})
	return id, err
}

// RenameBoard changes the name of a board. ErrNotFound.
func (s boardStore) RenameBoard(ctx context.Context, id int64, name string) error {
	return s.changeName(ctx, `UPDATE boards SET name = ? WHERE id = ?`, name, id)
}

// CloseBoard closes a board for new posts if on is true, or else opens the
// board again. ErrNotFound.
func (s boardStore) CloseBoard(ctx context.Context, id int64, on bool, now time.Time) error {
	return s.changeOne(ctx, `UPDATE boards SET closed_at = ? WHERE id = ?`, closedAt(on, now), id)
}

// MoveBoard swaps a board with the board before it (up) or after it. The first
// and the last board stay where they are. ErrNotFound.
func (s boardStore) MoveBoard(ctx context.Context, id int64, up bool) error {
	return s.move(ctx, boardOrder, id, up)
}

// closedAt returns the value of a column closed_at: now, or NULL if on is
// false.
func closedAt(on bool, now time.Time) any {
	if !on {
		return nil
	}
	return micros(now)
}

// boolToInt returns the value of a boolean column.
func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// An order is a table whose rows an administrator can reorder among the rows of
// the same parent.
type order struct {
	list     string // query of the ids in order; the argument is the parent's id
	parent   string // query of the parent's id by a row's id; empty: the whole table is one order
	position string // statement that sets the position of a row
	table    string // table of the row to lock: the parent, or a row that always exists
	where    string // condition that selects the row to lock; the argument is the parent's id
	field    string // form field of the error tooMany
	tooMany  string // text key of the error that the order has too many rows
}

var boardOrder = order{
	list:     `SELECT id FROM boards WHERE id > ? ORDER BY position, id`, // the argument is 0: boards have no parent
	position: `UPDATE boards SET position = ? WHERE id = ?`,
	table:    `boards`, where: `slug = '` + sns.DefaultBoard + `' AND id > ?`,
	field: "name", tooMany: "board.most",
}

// lock locks the rows of a parent and returns their ids in order.
func (o order) lock(ctx context.Context, tx *transaction, parent int64) (ids []int64, err error) {
	if err := lockRow(ctx, tx, o.table, o.where, parent); err != nil {
		return nil, err
	}
	err = tx.SelectContext(ctx, &ids, o.list, parent)
	return ids, err
}

// nextPosition locks an order and returns the position of the first of more new
// rows, after all others. sns.Invalid if there would be more than most rows.
func nextPosition(ctx context.Context, tx *transaction, o order, parent int64, more, most int) (int, error) {
	ids, err := o.lock(ctx, tx, parent)
	if err != nil {
		return 0, err
	}
	if len(ids)+more > most {
		return 0, sns.Invalid{{Field: o.field, Key: o.tooMany, Args: map[string]any{"Max": most}}}
	}
	return len(ids) + 1, o.renumber(ctx, tx, ids)
}

// renumber sets the positions of the rows to 1, 2, 3 …
func (o order) renumber(ctx context.Context, tx *transaction, ids []int64) error {
	for i, id := range ids {
		if _, err := tx.ExecContext(ctx, o.position, i+1, id); err != nil {
			return err
		}
	}
	return nil
}

// move swaps a row with the row before it (up) or after it, if there is one.
func (s boardStore) move(ctx context.Context, o order, id int64, up bool) error {
	var parent int64
	if o.parent != "" {
		if err := s.get(ctx, &parent, o.parent, id); err != nil {
			return err
		}
	}
	return s.tx(ctx, func(tx *transaction) error {
		ids, err := o.lock(ctx, tx, parent)
		if err != nil {
			return err
		}
		at := slices.Index(ids, id)
		if at < 0 {
			return fmt.Errorf("%w: row %d of an order", sns.ErrNotFound, id)
		}
		other := at + 1
		if up {
			other = at - 1
		}
		if other < 0 || other >= len(ids) {
			return nil
		}
		ids[at], ids[other] = ids[other], ids[at]
		return o.renumber(ctx, tx, ids)
	})
}
