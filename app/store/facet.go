package store

import (
	"context"
	"database/sql"
	"time"

	"xxsns/app/sns"
)

const (
	facetQuery  = `SELECT f.id, f.board_id, f.name, f.optional, f.closed_at FROM facets f `
	optionQuery = `SELECT o.id, o.facet_id, o.name, o.closed_at FROM facet_options o `
)

type facetRow struct {
	ID       int64         `db:"id"`
	BoardID  int64         `db:"board_id"`
	Name     string        `db:"name"`
	Optional bool          `db:"optional"`
	ClosedAt sql.NullInt64 `db:"closed_at"`
}

type optionRow struct {
	ID       int64         `db:"id"`
	FacetID  int64         `db:"facet_id"`
	Name     string        `db:"name"`
	ClosedAt sql.NullInt64 `db:"closed_at"`
}

var (
	facetOrder = order{
		list:     `SELECT id FROM facets WHERE board_id = ? ORDER BY position, id`,
		parent:   `SELECT board_id FROM facets WHERE id = ?`,
		position: `UPDATE facets SET position = ? WHERE id = ?`,
		table:    `boards`, where: `id = ?`,
		field: "name", tooMany: "facet.most",
	}
	optionOrder = order{
		list:     `SELECT id FROM facet_options WHERE facet_id = ? ORDER BY position, id`,
		parent:   `SELECT facet_id FROM facet_options WHERE id = ?`,
		position: `UPDATE facet_options SET position = ? WHERE id = ?`,
		table:    `facets`, where: `id = ?`,
		field: "options", tooMany: "facet.most_options",
	}
)

// CreateFacet makes a facet after the others of a board, with options in the
// given order, and returns the facet's id. ErrNotFound if the board does not
// exist, ErrConflict if the board has a facet of this name or if option names
// repeat, sns.Invalid if there are too many facets or options.
func (s boardStore) CreateFacet(ctx context.Context, board int64, name string, optional bool, options []string) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		position, err := nextPosition(ctx, tx, facetOrder, board, 1, sns.FacetsMax)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO facets (board_id, name, position, optional) VALUES (?, ?, ?, ?)`, board, name, position, boolToInt(optional))
		if err != nil {
			return err
		}
		return insertOptions(ctx, tx, id, options)
	})
	return id, err
}

// AddOptions makes options after the others of a facet, all or none.
// ErrNotFound if the facet does not exist, ErrConflict if the facet has an
// option of a given name, sns.Invalid if there are too many options.
func (s boardStore) AddOptions(ctx context.Context, facet int64, names []string) error {
	return s.tx(ctx, func(tx *transaction) error { return insertOptions(ctx, tx, facet, names) })
}

func insertOptions(ctx context.Context, tx *transaction, facet int64, names []string) error {
	if len(names) == 0 {
		return nil
	}
	position, err := nextPosition(ctx, tx, optionOrder, facet, len(names), sns.OptionsMax)
	if err != nil {
		return err
	}
	for i, name := range names {
		_, err := tx.ExecContext(ctx, `INSERT INTO facet_options (facet_id, name, position) VALUES (?, ?, ?)`, facet, name, position+i)
		if err != nil {
			return err
		}
	}
	return nil
}

// Facet returns the board of a facet, with all facets and options of the board,
// or ErrNotFound.
func (s boardStore) Facet(ctx context.Context, id int64) (sns.Board, error) {
	return s.boardOf(ctx, facetOrder.parent, id)
}

// Option returns the board of an option, with all facets and options of the
// board, or ErrNotFound.
func (s boardStore) Option(ctx context.Context, id int64) (sns.Board, error) {
	return s.boardOf(ctx, `SELECT f.board_id FROM facet_options o JOIN facets f ON f.id = o.facet_id WHERE o.id = ?`, id)
}

func (s boardStore) boardOf(ctx context.Context, query string, id int64) (sns.Board, error) {
	var board int64
	if err := s.get(ctx, &board, query, id); err != nil {
		return sns.Board{}, err
	}
	return s.Board(ctx, board)
}

// ChangeFacet changes the name of a facet and whether a post may leave the
// facet out. ErrNotFound; ErrConflict if the board has another facet of this
// name.
func (s boardStore) ChangeFacet(ctx context.Context, id int64, name string, optional bool) error {
	return s.changeOne(ctx, `UPDATE facets SET name = ?, optional = ? WHERE id = ?`, name, boolToInt(optional), id)
}

// CloseFacet closes a facet if on is true, so that new posts are not asked for
// it, or else opens the facet again. ErrNotFound.
func (s boardStore) CloseFacet(ctx context.Context, id int64, on bool, now time.Time) error {
	return s.changeOne(ctx, `UPDATE facets SET closed_at = ? WHERE id = ?`, closedAt(on, now), id)
}

// MoveFacet swaps a facet with its neighbour on the same board, as MoveBoard
// does with boards. ErrNotFound.
func (s boardStore) MoveFacet(ctx context.Context, id int64, up bool) error {
	return s.move(ctx, facetOrder, id, up)
}

// RenameOption changes the name of an option, also on the posts that have the
// option. ErrNotFound; ErrConflict if the facet has another option of this
// name.
func (s boardStore) RenameOption(ctx context.Context, id int64, name string) error {
	return s.changeOne(ctx, `UPDATE facet_options SET name = ? WHERE id = ?`, name, id)
}

// CloseOption closes an option if on is true, so that new posts cannot choose
// it, or else opens the option again. ErrNotFound.
func (s boardStore) CloseOption(ctx context.Context, id int64, on bool, now time.Time) error {
	return s.changeOne(ctx, `UPDATE facet_options SET closed_at = ? WHERE id = ?`, closedAt(on, now), id)
}

// MoveOption swaps an option with its neighbour in the same facet, as MoveBoard
// does with boards. ErrNotFound.
func (s boardStore) MoveOption(ctx context.Context, id int64, up bool) error {
	return s.move(ctx, optionOrder, id, up)
}
