package store_test

import (
	"errors"
	"testing"

	"xxsns/app/sns"
)

func TestDefaultBoardIsThere(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		board, err := d.BoardBySlug(t.Context(), sns.DefaultBoard)
		if err != nil || board.Name != "자유" || board.Slug != "free" || board.ID == 0 {
			t.Errorf("got %+v, %v", board, err)
		}
		for _, slug := range []string{"", "FREE", "fre", "gossip", "\xff"} {
			if board, err := d.BoardBySlug(t.Context(), slug); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%q: %+v, %v, want ErrNotFound", slug, board, err)
			}
		}
	})
}
