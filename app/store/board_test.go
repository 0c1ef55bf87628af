package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestDefaultBoardIsThere(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		board, err := d.BoardBySlug(t.Context(), sns.DefaultBoard)
		if err != nil || board.Name != "자유" || board.Slug != "free" || board.ID == 0 || board.Local || board.Closed {
			t.Errorf("got %+v, %v", board, err)
		}
		board, err = d.BoardBySlug(t.Context(), sns.LocalBoard)
		if err != nil || !board.Local || board.Closed {
			t.Errorf("got %+v, %v", board, err)
		}
		for _, slug := range []string{"", "FREE", "fre", "gossip", "\xff", "free ", " free", "free\x00", "frée", "ｆree", strings.Repeat("free", 10_000)} {
			if board, err := d.BoardBySlug(t.Context(), slug); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%.20q: %+v, %v, want ErrNotFound", slug, board, err)
			}
		}
	})
}

// board makes a board and returns its id.
func (d *database) board(t testing.TB, slug string) int64 {
	t.Helper()
	id, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: slug, Name: "게시판 " + slug})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// wantBoards checks the order of all boards.
func (d *database) wantBoards(t testing.TB, want ...string) {
	t.Helper()
	boards, err := d.Boards(t.Context())
	got := make([]string, len(boards))
	for i, b := range boards {
		got[i] = b.Slug
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestBoardIsReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		id, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: "방구하기", Name: "방 구하기 🏠", Local: true})
		if err != nil {
			t.Fatal(err)
		}
		want := sns.Board{ID: id, Slug: "방구하기", Name: "방 구하기 🏠", Local: true}
		facet := d.facet(t, id, "종류", "전세", "월세")
		want.Facets = []sns.Facet{facet}
		bySlug, err := d.BoardBySlug(t.Context(), "방구하기")
		if err != nil || !reflect.DeepEqual(bySlug, want) {
			t.Errorf("by slug: %+v, %v, want %+v", bySlug, err, want)
		}
		for name, read := range map[string]func() (sns.Board, error){
			"by id":     func() (sns.Board, error) { return d.Board(t.Context(), id) },
			"by facet":  func() (sns.Board, error) { return d.Facet(t.Context(), facet.ID) },
			"by option": func() (sns.Board, error) { return d.Option(t.Context(), facet.Options[1].ID) },
			"among all": func() (sns.Board, error) { all, err := d.Boards(t.Context()); return all[len(all)-1], err },
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
			}
		}
		for _, missing := range []int64{0, -1, 999} {
			for name, read := range map[string]func(int64) (sns.Board, error){
				"board":  func(id int64) (sns.Board, error) { return d.Board(t.Context(), id) },
				"facet":  func(id int64) (sns.Board, error) { return d.Facet(t.Context(), id) },
				"option": func(id int64) (sns.Board, error) { return d.Option(t.Context(), id) },
			} {
				if _, err := read(missing); !errors.Is(err, sns.ErrNotFound) {
					t.Errorf("%s %d: %v, want ErrNotFound", name, missing, err)
				}
			}
		}
	})
}

// A slug belongs to a board for ever, even to a closed one.
func TestSlugOfAnotherBoardIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		id := d.board(t, "flats")
		if err := d.CloseBoard(t.Context(), id, true, noon); err != nil {
			t.Fatal(err)
		}
		for _, slug := range []string{"flats", "free", "local"} {
			if _, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: slug, Name: "다른 것"}); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", slug, err)
			}
		}
		d.board(t, "flat")
		d.wantBoards(t, "free", "local", "flats", "flat")
		var errs [10]error
		together(len(errs), func(i int) {
			_, errs[i] = d.CreateBoard(t.Context(), store.NewBoard{Slug: "once", Name: "한 번"})
		})
		if ok := wantErrors(t, errs[:], sns.ErrConflict); ok != 1 {
			t.Errorf("made %d times", ok)
		}
	})
}

func TestBoardsChange(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		id := d.board(t, "flats")
		for range 2 { // repeating is no error
			if err := d.RenameBoard(t.Context(), id, "집"); err != nil {
				t.Error(err)
			}
			if err := d.CloseBoard(t.Context(), id, true, noon); err != nil {
				t.Error(err)
			}
		}
		if got, err := d.Board(t.Context(), id); err != nil || got.Name != "집" || !got.Closed || got.Slug != "flats" {
			t.Errorf("got %+v, %v", got, err)
		}
		if err := d.CloseBoard(t.Context(), id, false, noon); err != nil {
			t.Error(err)
		}
		if got, err := d.Board(t.Context(), id); err != nil || got.Closed {
			t.Errorf("opened again: %+v, %v", got, err)
		}
		for name, err := range map[string]error{
			"rename": d.RenameBoard(t.Context(), id+1, "없음"), "close": d.CloseBoard(t.Context(), id+1, true, noon),
			"move": d.MoveBoard(t.Context(), id+1, true), "move none": d.MoveBoard(t.Context(), 0, false),
		} {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
	})
}

func TestBoardsMoveOnePlaceAndStopAtTheEnds(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		a, b := d.board(t, "a"), d.board(t, "b")
		d.wantBoards(t, "free", "local", "a", "b")
		for _, step := range []struct {
			id   int64
			up   bool
			want string
		}{
			{b, false, "free local a b"}, {b, true, "free local b a"}, {b, true, "free b local a"}, {b, true, "b free local a"},
			{b, true, "b free local a"}, {a, false, "b free local a"}, {b, false, "free b local a"}, {a, true, "free b a local"},
		} {
			if err := d.MoveBoard(t.Context(), step.id, step.up); err != nil {
				t.Error(err)
			}
			d.wantBoards(t, strings.Fields(step.want)...)
		}
		d.board(t, "last")
		d.wantBoards(t, "free", "b", "a", "local", "last")
	})
}

func TestTooManyBoards(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for i := d.rows(t, "boards"); i < sns.BoardsMax; i++ {
			d.board(t, fmt.Sprint("board", i))
		}
		_, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: "more", Name: "더"})
		wantInvalid(t, err, "board.most", sns.BoardsMax)
		if n := d.rows(t, "boards"); n != sns.BoardsMax {
			t.Errorf("%d boards", n)
		}
	})
}

// wantInvalid checks that err is an sns.Invalid about a limit.
func wantInvalid(t testing.TB, err error, key string, most int) {
	t.Helper()
	inv, ok := errors.AsType[sns.Invalid](err)
	if !ok || len(inv) != 1 || inv[0].Key != key || inv[0].Args["Max"] != most {
		t.Errorf("%v (%+v), want %s of %d", err, inv, key, most)
	}
}

// Boards that are made and moved concurrently all exist once, in one order.
func TestBoardsAreOrderedByManyAtOnce(t *testing.T) { each(t, manyOrder) }

func manyOrder(t *testing.T, d *database) {
	board := d.board(t, "facets")
	facets := []sns.Facet{d.facet(t, board, "가", "1", "2", "3", "4", "5"), d.facet(t, board, "나"), d.facet(t, board, "다"), d.facet(t, board, "라")}
	together(6, func(i int) {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		for step := range 8 {
			up := random.IntN(2) == 0
			errs := []error{
				d.MoveBoard(t.Context(), board, up),
				d.MoveFacet(t.Context(), facets[random.IntN(4)].ID, up),
				d.MoveOption(t.Context(), facets[0].Options[random.IntN(5)].ID, up),
			}
			if i < 2 && step%3 == 0 {
				_, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: fmt.Sprint(i, "-", step), Name: "새것"})
				errs = append(errs, err, d.AddOptions(t.Context(), facets[0].ID, []string{fmt.Sprint(i, "-", step)}))
			}
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
		}
	})
	for _, order := range []struct {
		of   string
		rows int
	}{
		{"boards WHERE id > ?", 3 + 6},
		{"facets WHERE board_id = " + fmt.Sprint(board) + " AND id > ?", 4},
		{"facet_options WHERE facet_id = " + fmt.Sprint(facets[0].ID) + " AND id > ?", 5 + 6},
	} {
		n := d.rows(t, order.of, 0)
		var places, last int
		query := "SELECT COUNT(DISTINCT position), MAX(position) FROM " + order.of
		if err := d.raw.QueryRowContext(t.Context(), query, 0).Scan(&places, &last); err != nil {
			t.Fatal(err)
		}
		if n != order.rows || places != n || last != n {
			t.Errorf("%s: %d rows on %d places up to %d, want %d", order.of, n, places, last, order.rows)
		}
	}
}

// A cache keeps the very boards that it knows while the database has equal ones.
func TestBoardCacheKeepsEqualBoards(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	now := noon
	cache := store.NewBoardCache(d.Store, func() time.Time { return now })
	boards := func() []sns.Board {
		all, err := cache.All(t.Context())
		if err != nil || len(all) == 0 {
			t.Fatal(all, err)
		}
		now = now.Add(time.Minute)
		return all
	}
	first := boards()
	if again := boards(); &again[0] != &first[0] {
		t.Error("equal boards are others")
	}
	d.board(t, "more")
	if more := boards(); len(more) != len(first)+1 {
		t.Errorf("%d boards, not %d", len(more), len(first)+1)
	}
}
