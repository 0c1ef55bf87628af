package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
)

// facet makes a required facet and returns it with the options.
func (d *database) facet(t testing.TB, board int64, name string, options ...string) sns.Facet {
	t.Helper()
	id, err := d.CreateFacet(t.Context(), board, name, false, options)
	if err != nil {
		t.Fatal(err)
	}
	return d.facetOf(t, id)
}

// facetOf returns a facet in its present state.
func (d *database) facetOf(t testing.TB, id int64) sns.Facet {
	t.Helper()
	board, err := d.Facet(t.Context(), id)
	i := slices.IndexFunc(board.Facets, func(f sns.Facet) bool { return f.ID == id })
	if err != nil || i < 0 {
		t.Fatalf("facet %d of %+v: %v", id, board, err)
	}
	return board.Facets[i]
}

// wantFacets checks the facets and options of a board, in order, such as "종류(전세
// 월세) 층(1층)".
func (d *database) wantFacets(t testing.TB, board int64, want string) {
	t.Helper()
	b, err := d.Board(t.Context(), board)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(b.Facets))
	for i, f := range b.Facets {
		names := make([]string, len(f.Options))
		for k, o := range f.Options {
			names[k] = o.Name
		}
		got[i] = fmt.Sprintf("%s(%s)", f.Name, strings.Join(names, " "))
	}
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestFacetsAndOptionsAreInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		board, other := d.board(t, "flats"), d.board(t, "other")
		kind, floor := d.facet(t, board, "종류", "전세", "월세"), d.facet(t, board, "층", "1층")
		d.facet(t, other, "종류", "하나") // another board may use the same name
		if err := d.AddOptions(t.Context(), kind.ID, []string{"매매", "전대"}); err != nil {
			t.Fatal(err)
		}
		if err := d.AddOptions(t.Context(), kind.ID, nil); err != nil {
			t.Errorf("none: %v", err)
		}
		d.wantFacets(t, board, "종류(전세 월세 매매 전대) 층(1층)")
		for _, step := range []struct {
			do   error
			want string
		}{
			{d.MoveOption(t.Context(), kind.Options[1].ID, true), "종류(월세 전세 매매 전대) 층(1층)"},
			{d.MoveOption(t.Context(), kind.Options[1].ID, true), "종류(월세 전세 매매 전대) 층(1층)"},
			{d.MoveOption(t.Context(), floor.Options[0].ID, false), "종류(월세 전세 매매 전대) 층(1층)"},
		} {
			if step.do != nil {
				t.Error(step.do)
			}
			d.wantFacets(t, board, step.want)
		}
		for _, up := range []bool{true, true, false, false, true} { // past both ends
			if err := d.MoveFacet(t.Context(), floor.ID, up); err != nil {
				t.Error(err)
			}
		}
		d.wantFacets(t, board, "층(1층) 종류(월세 전세 매매 전대)")
		d.wantFacets(t, other, "종류(하나)")
	})
}

func TestFacetsAndOptionsChange(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		kind := d.facet(t, d.board(t, "flats"), "종류", "전세", "월세")
		for range 2 { // repeating is no error
			for _, err := range []error{
				d.ChangeFacet(t.Context(), kind.ID, "거래", true), d.CloseFacet(t.Context(), kind.ID, true, noon),
				d.RenameOption(t.Context(), kind.Options[0].ID, "전세금"), d.CloseOption(t.Context(), kind.Options[1].ID, true, noon),
			} {
				if err != nil {
					t.Error(err)
				}
			}
		}
		got := d.facetOf(t, kind.ID)
		if got.Name != "거래" || !got.Optional || !got.Closed || got.Options[0].Name != "전세금" || got.Options[0].Closed || !got.Options[1].Closed {
			t.Errorf("got %+v", got)
		}
		for _, err := range []error{
			d.ChangeFacet(t.Context(), kind.ID, "거래", false), d.CloseFacet(t.Context(), kind.ID, false, noon),
			d.CloseOption(t.Context(), kind.Options[1].ID, false, noon),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if got := d.facetOf(t, kind.ID); got.Optional || got.Closed || got.Options[1].Closed {
			t.Errorf("back again: %+v", got)
		}
	})
}

func TestNamesOfOtherFacetsAndOptionsAreConflicts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		board := d.board(t, "flats")
		kind, floor := d.facet(t, board, "종류", "전세", "월세"), d.facet(t, board, "층")
		_, err := d.CreateFacet(t.Context(), board, "층", true, []string{"하나"})
		for name, err := range map[string]error{
			"a facet":                          err,
			"a facet renamed":                  d.ChangeFacet(t.Context(), floor.ID, "종류", false),
			"an option":                        d.AddOptions(t.Context(), kind.ID, []string{"매매", "전세"}),
			"an option renamed":                d.RenameOption(t.Context(), kind.Options[0].ID, "월세"),
			"an option twice in a new facet":   d.AddOptions(t.Context(), floor.ID, []string{"1층", "1층"}),
			"an option of a facet with itself": d.RenameOption(t.Context(), kind.Options[1].ID, "전세"),
		} {
			if !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", name, err)
			}
		}
		d.wantFacets(t, board, "종류(전세 월세) 층()") // all or nothing
		if n := d.rows(t, "facet_options"); n != 2 {
			t.Errorf("%d options", n)
		}
	})
}

func TestFacetsAndOptionsThatAreNotThere(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		kind := d.facet(t, d.board(t, "flats"), "종류", "전세")
		_, err := d.CreateFacet(t.Context(), 999, "층", false, nil)
		facet, option := kind.ID+1, kind.Options[0].ID+1
		for name, err := range map[string]error{
			"a board": err, "more options": d.AddOptions(t.Context(), facet, []string{"하나"}),
			"change a facet": d.ChangeFacet(t.Context(), facet, "층", false), "close a facet": d.CloseFacet(t.Context(), facet, true, noon),
			"move a facet": d.MoveFacet(t.Context(), facet, true), "rename an option": d.RenameOption(t.Context(), option, "하나"),
			"close an option": d.CloseOption(t.Context(), option, true, noon), "move an option": d.MoveOption(t.Context(), option, false),
		} {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
	})
}

func TestTooManyFacetsAndOptions(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		names := make([]string, sns.OptionsMax+1)
		for i := range names {
			names[i] = fmt.Sprint("답 ", i)
		}
		board := d.board(t, "flats")
		_, err := d.CreateFacet(t.Context(), board, "많음", false, names)
		wantInvalid(t, err, "facet.most_options", sns.OptionsMax)
		full := d.facet(t, board, "가득", names[:sns.OptionsMax-1]...)
		wantInvalid(t, d.AddOptions(t.Context(), full.ID, []string{"하나", "둘"}), "facet.most_options", sns.OptionsMax)
		if err := d.AddOptions(t.Context(), full.ID, []string{"하나"}); err != nil {
			t.Error(err)
		}
		wantInvalid(t, d.AddOptions(t.Context(), full.ID, []string{"둘"}), "facet.most_options", sns.OptionsMax)
		for i := 1; i < sns.FacetsMax; i++ {
			d.facet(t, board, fmt.Sprint("질문 ", i))
		}
		_, err = d.CreateFacet(t.Context(), board, "하나 더", false, nil)
		wantInvalid(t, err, "facet.most", sns.FacetsMax)
		if facets, options := d.rows(t, "facets"), d.rows(t, "facet_options"); facets != sns.FacetsMax || options != sns.OptionsMax {
			t.Errorf("%d facets, %d options", facets, options)
		}
	})
}
