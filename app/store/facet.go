package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

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

// CreateFacet makes a facet behind the others of a board, with options in their
// order, and returns its id. ErrNotFound when there is no such board;
// ErrConflict when the board has a facet of the name; sns.Invalid when there are
// too many.
func (s *Store) CreateFacet(ctx context.Context, board int64, name string, optional bool, options []string) (id int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		position, err := nextPosition(ctx, tx, facetOrder, board, 1, sns.FacetsMax)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO facets (board_id, name, position, optional) VALUES (?, ?, ?, ?)`, board, name, position, number(optional))
		if err != nil {
			return err
		}
		return insertOptions(ctx, tx, id, options)
	})
	return id, err
}

// AddOptions makes options behind the others of a facet. ErrNotFound when there
// is no such facet; ErrConflict when it has one of the names, and then none is
// made; sns.Invalid when there are too many.
func (s *Store) AddOptions(ctx context.Context, facet int64, names []string) error {
	return s.tx(ctx, func(tx *sqlx.Tx) error { return insertOptions(ctx, tx, facet, names) })
}

func insertOptions(ctx context.Context, tx *sqlx.Tx, facet int64, names []string) error {
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

// Facet returns the board of a facet, with all its facets. ErrNotFound.
func (s *Store) Facet(ctx context.Context, id int64) (sns.Board, error) {
	return s.boardOf(ctx, facetOrder.parent, id)
}

// Option returns the board of an option, with all its facets. ErrNotFound.
func (s *Store) Option(ctx context.Context, id int64) (sns.Board, error) {
	return s.boardOf(ctx, `SELECT f.board_id FROM facet_options o JOIN facets f ON f.id = o.facet_id WHERE o.id = ?`, id)
}

func (s *Store) boardOf(ctx context.Context, query string, id int64) (sns.Board, error) {
	var board int64
	if err := s.get(ctx, &board, query, id); err != nil {
		return sns.Board{}, err
	}
	return s.Board(ctx, board)
}

// ChangeFacet changes what a facet is called and whether a post may leave it
// out. ErrNotFound; ErrConflict when the board has another one of the name.
func (s *Store) ChangeFacet(ctx context.Context, id int64, name string, optional bool) error {
	return s.changeOne(ctx, `UPDATE facets SET name = ?, optional = ? WHERE id = ?`, name, number(optional), id)
}

// CloseFacet makes a facet one that is not asked for any more, or is again.
// ErrNotFound.
func (s *Store) CloseFacet(ctx context.Context, id int64, on bool, now time.Time) error {
	return s.changeOne(ctx, `UPDATE facets SET closed_at = ? WHERE id = ?`, closing(on, now), id)
}

// MoveFacet is MoveBoard for a facet among those of its board.
func (s *Store) MoveFacet(ctx context.Context, id int64, up bool) error {
	return s.move(ctx, facetOrder, id, up)
}

// RenameOption changes what an option is called, also on the posts that chose
// it. ErrNotFound; ErrConflict when the facet has another one of the name.
func (s *Store) RenameOption(ctx context.Context, id int64, name string) error {
	return s.changeOne(ctx, `UPDATE facet_options SET name = ? WHERE id = ?`, name, id)
}

// CloseOption makes an option one that cannot be chosen any more, or can again.
// ErrNotFound.
func (s *Store) CloseOption(ctx context.Context, id int64, on bool, now time.Time) error {
	return s.changeOne(ctx, `UPDATE facet_options SET closed_at = ? WHERE id = ?`, closing(on, now), id)
}

// MoveOption is MoveBoard for an option among those of its facet.
func (s *Store) MoveOption(ctx context.Context, id int64, up bool) error {
	return s.move(ctx, optionOrder, id, up)
}
