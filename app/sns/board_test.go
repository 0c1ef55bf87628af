package sns_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

// flats is a board with a required facet (10–12, of which 12 is closed), an
// optional one (20, 21), a closed one (30) and one whose only option is closed
// (40).
var flats = sns.Board{ID: 1, Slug: "flats", Name: "방 구하기", Facets: []sns.Facet{
	{ID: 1, Name: "종류", Options: []sns.Option{{ID: 11, Name: "전세"}, {ID: 10, Name: "월세"}, {ID: 12, Name: "매매", Closed: true}}},
	{ID: 2, Name: "층", Optional: true, Options: []sns.Option{{ID: 20, Name: "1층"}, {ID: 21, Name: "옥탑"}}},
	{ID: 3, Name: "옛 질문", Closed: true, Options: []sns.Option{{ID: 30, Name: "예"}}},
	{ID: 4, Name: "답이 없는 질문", Options: []sns.Option{{ID: 40, Name: "예", Closed: true}}},
	{ID: 5, Name: "빈 질문"},
}}

func TestChoose(t *testing.T) {
	tests := []struct {
		name    string
		ids     []int64
		want    []int64
		problem string
		about   string // argument of the problem's sentence
	}{
		{"what must be", []int64{11}, []int64{11}, "", ""},
		{"what may be, too, in the order of the ids", []int64{21, 10}, []int64{10, 21}, "", ""},
		{"the same twice", []int64{10, 20, 10}, []int64{10, 20}, "", ""},
		{"nothing", nil, nil, "facet.missing", "종류"},
		{"only what may be", []int64{20}, nil, "facet.missing", "종류"},
		{"two of one facet", []int64{10, 11}, nil, "facet.twice", "종류"},
		{"two of an optional one", []int64{10, 20, 21}, nil, "facet.twice", "층"},
		{"a closed option", []int64{12}, nil, "facet.unknown", "방 구하기"},
		{"an option of a closed facet", []int64{10, 30}, nil, "facet.unknown", "방 구하기"},
		{"an option of a facet that has no other", []int64{10, 40}, nil, "facet.unknown", "방 구하기"},
		{"one of another board", []int64{10, 99}, nil, "facet.unknown", "방 구하기"},
		{"none there can be", []int64{0, -10}, nil, "facet.unknown", "방 구하기"},
	}
	for _, test := range tests {
		given := slices.Clone(test.ids)
		got, p := flats.Choose(given)
		if !slices.Equal(got, test.want) || key(p) != test.problem {
			t.Errorf("%s: %v, %+v; want %v, %q", test.name, got, p, test.want, test.problem)
		}
		if p != nil && (p.Field != "f" || p.Args["Name"] != test.about) {
			t.Errorf("%s is told as %+v", test.name, p)
		}
		if !slices.Equal(given, test.ids) {
			t.Errorf("%s: what was given became %v", test.name, given)
		}
	}
}

func TestOnABoardWithoutFacetsThereIsNothingToChoose(t *testing.T) {
	board := sns.Board{Name: "자유"}
	if got, p := board.Choose(nil); len(got) != 0 || p != nil {
		t.Errorf("nothing: %v, %+v", got, p)
	}
	if _, p := board.Choose([]int64{10}); key(p) != "facet.unknown" {
		t.Errorf("something: %+v", p)
	}
}

func TestNothingIsChosenOnAClosedBoard(t *testing.T) {
	board := flats
	board.Closed = true
	for _, ids := range [][]int64{nil, {10}, {99}} {
		if got, p := board.Choose(ids); got != nil || key(p) != "board.closed" || p.Field != "board" || p.Args["Name"] != "방 구하기" {
			t.Errorf("%v: %v, %+v", ids, got, p)
		}
	}
}

func TestOpenLeavesOutWhatIsClosedAndChangesNothing(t *testing.T) {
	var open []string
	for _, f := range flats.Open() {
		open = append(open, f.Name)
		for _, o := range f.Open() {
			open = append(open, o.Name)
		}
	}
	if want := []string{"종류", "전세", "월세", "층", "1층", "옥탑"}; !slices.Equal(open, want) {
		t.Errorf("got %v, want %v", open, want)
	}
	if len(flats.Facets) != 5 || flats.Facets[2].Name != "옛 질문" || len(flats.Facets[0].Options) != 3 {
		t.Errorf("the board became %+v", flats)
	}
}

// The options of a post are shown in the board's order, also closed ones.
func TestOptionsAreInTheOrderOfTheBoard(t *testing.T) {
	var names []string
	for _, o := range flats.Options([]int64{30, 10, 11, 20, 99}) {
		names = append(names, o.Name)
	}
	if want := []string{"전세", "월세", "1층", "예"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if facet, option, ok := flats.Option(40); !ok || facet.ID != 4 || option.Name != "예" {
		t.Errorf("got %+v of %+v, %t", option, facet, ok)
	}
	if _, _, ok := flats.Option(99); ok {
		t.Error("an option of another board is found")
	}
}

func TestFilterTellsWhatItDoesNotKnow(t *testing.T) {
	filter, unknown := flats.Filter([]int64{10, 20, 10, 11, 30})
	want := sns.Filter{1: {10, 11}, 2: {20}, 3: {30}}
	if unknown || !maps.EqualFunc(filter, want, slices.Equal) {
		t.Errorf("got %v, unknown = %t, want %v", filter, unknown, want)
	}
	if !filter.Has(11) || filter.Has(21) || filter.Has(0) {
		t.Error("it has others than it was made of")
	}
	filter, unknown = flats.Filter([]int64{99, 20})
	if !unknown || !maps.EqualFunc(filter, sns.Filter{2: {20}}, slices.Equal) {
		t.Errorf("got %v, unknown = %t", filter, unknown)
	}
	if filter, unknown = flats.Filter(nil); unknown || !filter.Takes(nil) || !filter.Takes([]int64{10}) {
		t.Error("the filter of nothing does not take everything")
	}
}

// The counts of any filter equal those found by choosing the option and
// filtering all posts.
func TestCountsAreThoseOfEachPost(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		board := randomBoard(random)
		var ids []int64
		for _, f := range board.Facets {
			for _, o := range f.Options {
				ids = append(ids, o.ID)
			}
		}
		buckets := make([]sns.Bucket, random.IntN(20))
		for i := range buckets {
			buckets[i] = sns.Bucket{ID: int64(i), Options: randomChoice(random, board), Posts: random.IntN(4)}
		}
		picked := slices.DeleteFunc(slices.Clone(ids), func(int64) bool { return random.IntN(3) > 0 })
		filter, _ := board.Filter(picked)
		each, all := filter.Count(board, buckets)
		if want := naiveCount(board, buckets, picked, 0, 0); all != want {
			t.Fatalf("%v of %+v: %d in all, want %d", picked, buckets, all, want)
		}
		for _, id := range ids {
			facet, _, _ := board.Option(id)
			if want := naiveCount(board, buckets, picked, facet.ID, id); each[id] != want {
				t.Fatalf("%v of %+v: %d with option %d, want %d", picked, buckets, each[id], id, want)
			}
		}
	}
}

// naiveCount filters the posts one by one. If facet is not 0, option replaces
// the picked options of that facet.
func naiveCount(board sns.Board, buckets []sns.Bucket, picked []int64, facet, option int64) (n int) {
	for _, bucket := range buckets {
		for range bucket.Posts {
			passes := true
			for _, f := range board.Facets {
				wanted := map[int64]bool{}
				for _, o := range f.Options {
					if f.ID != facet && slices.Contains(picked, o.ID) || o.ID == option {
						wanted[o.ID] = true
					}
				}
				has := false
				for _, o := range bucket.Options {
					has = has || wanted[o]
				}
				passes = passes && (has || len(wanted) == 0)
			}
			if passes {
				n++
			}
		}
	}
	return n
}

func randomBoard(random *rand.Rand) (board sns.Board) {
	id := int64(100)
	for f := range random.IntN(4) {
		facet := sns.Facet{ID: int64(f + 1), Optional: random.IntN(2) == 0}
		for range 1 + random.IntN(4) {
			id++
			facet.Options = append(facet.Options, sns.Option{ID: id})
		}
		board.Facets = append(board.Facets, facet)
	}
	return board
}

// randomChoice chooses options. Some facets stay without an option, like facets
// that were made after the post.
func randomChoice(random *rand.Rand, board sns.Board) (options []int64) {
	for _, f := range board.Facets {
		if random.IntN(4) > 0 {
			options = append(options, f.Options[random.IntN(len(f.Options))].ID)
		}
	}
	slices.Sort(options)
	return options
}

func TestLabel(t *testing.T) {
	tests := []struct{ name, raw, want, problem string }{
		{"Hangul", "방 구하기", "방 구하기", ""},
		{"Hangul in pieces", norm.NFD.String("방"), "방", ""},
		{"emoji", "중고 🛒", "중고 🛒", ""},
		{"one line", " 방\r\n\t구하기 ", "방 구하기", ""},
		{"markup is a text", "<b>&'\"", "<b>&'\"", ""},
		{"twenty", strings.Repeat("가", 20), strings.Repeat("가", 20), ""},
		{"twenty emoji", strings.Repeat("👍🏽", 20), strings.Repeat("👍🏽", 20), ""},
		{"twenty-one", strings.Repeat("가", 21), "", "invalid.long"},
		{"more bytes than the column holds", strings.Repeat(family, 7), "", "invalid.bytes"},
		{"empty", " \n", "", "invalid.empty"},
		{"invisible", "\u3164\u200b", "", "invalid.empty"},
		{"control", "방\x00", "방", ""},
		{"no UTF-8", "방\xff", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.Label("name", test.raw)
		if got != test.want || key(p) != test.problem || p != nil && p.Field != "name" {
			t.Errorf("%s: %q, %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
	}
}

func TestSlug(t *testing.T) {
	tests := []struct{ name, raw, of, want, problem string }{
		{"as it is", "flats-2_b", "방", "flats-2_b", ""},
		{"small letters", " FlatS ", "방", "flats", ""},
		{"Hangul", "방구하기", "x", "방구하기", ""},
		{"Hangul in pieces", norm.NFD.String("방구하기"), "x", "방구하기", ""},
		{"accents in pieces", "CAFE\u0301", "x", "café", ""},
		{"of the name", "", "방 구하기", "방-구하기", ""},
		{"of a name in pieces", "", norm.NFD.String("방 구하기"), "방-구하기", ""},
		{"of a name with signs", "  ", "Q&A / 묻고, 답하기!", "q-a-묻고-답하기", ""},
		{"of a name with invisible letters", "", "\u3164방\u3164", "방", ""},
		{"thirty", strings.Repeat("가", 30), "x", strings.Repeat("가", 30), ""},

		{"thirty-one", strings.Repeat("가", 31), "x", "", "board.slug"},
		{"of a name of signs", "", "🛒 !?", "", "board.slug"},
		{"of nothing", "", "", "", "board.slug"},
		{"a blank", "방 구하기", "x", "", "board.slug"},
		{"a slash", "a/b", "x", "", "board.slug"},
		{"a way up", "..", "x", "", "board.slug"},
		{"a question", "a?b", "x", "", "board.slug"},
		{"escaped", "a%2fb", "x", "", "board.slug"},
		{"markup", "<b>", "x", "", "board.slug"},
		{"control", "a\x00", "x", "", "board.slug"},
		{"a line", "a\nb", "x", "", "board.slug"},
		{"emoji", "🛒", "x", "", "board.slug"},
		{"invisible letters", "\u3164", "x", "", "board.slug"},
		{"among visible ones", "방\u1160", "x", "", "board.slug"},
		{"zero width", "a\u200bb", "x", "", "board.slug"},
		{"backwards", "\u202eab", "x", "", "board.slug"},
		{"no UTF-8", "a\xff", "x", "", "board.slug"},
		{"a name that is no UTF-8", "", "a\xff", "a", ""},
	}
	for _, test := range tests {
		got, p := sns.Slug(test.raw, test.of)
		if got != test.want || key(p) != test.problem {
			t.Errorf("%s: %q, %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
	}
}

func TestOptionNames(t *testing.T) {
	tests := []struct {
		name, raw string
		want      []string
		problem   string
	}{
		{"one", "전세", []string{"전세"}, ""},
		{"lines of all systems", "전세\r\n월세\r매매\n\n  \n 전대 \u2028기타", []string{"전세", "월세", "매매", "전대", "기타"}, ""},
		{"repeated", "전세\n월세\n 전세\n" + norm.NFD.String("전세"), []string{"전세", "월세"}, ""},
		{"case tells apart", "A\na", []string{"A", "a"}, ""},
		{"none", " \n\n", nil, "invalid.empty"},
		{"one too long", "전세\n" + strings.Repeat("가", 21), nil, "invalid.long"},
		{"an invisible one", "전세\n\u3164", nil, "invalid.empty"},
		{"a control alone", "전세\n\x00", nil, "invalid.empty"},
		{"no UTF-8", "전세\n\xff", nil, "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.OptionNames("options", test.raw)
		if !slices.Equal(got, test.want) || key(p) != test.problem || p != nil && p.Field != "options" {
			t.Errorf("%s: %q, %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
	}
}
