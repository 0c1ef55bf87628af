package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// boardNames returns the names of the boards in an administrator's list.
func boardNames(p *apptest.Page) []string { return p.Find("#admin-boards .person b").Map(texts) }

// facetNames and optionNames return the names on an administrator's page of a board.
func facetNames(p *apptest.Page) []string  { return p.Find(".admin-facet > summary > b").Map(texts) }
func optionNames(p *apptest.Page) []string { return values(p, ".options [name=name]") }

func values(p *apptest.Page, selector string) (all []string) {
	for _, n := range p.Find(selector).EachIter() {
		all = append(all, n.AttrOr("value", ""))
	}
	return all
}

func TestAnAdministratorMakesABoardByTheForms(t *testing.T) {
	v := openWithBoards(t)
	p := v.hyunwoo.Post("/admin/boards", "name", "  가십\n ", "slug", " Gossip ").Want(303)
	made := p.Header.Get("Location")
	toasts(t, v.hyunwoo.Get(made).Want(200), "done.board_made")
	leadsTo(t, v.hyunwoo.Post(made+"/facets", "name", "소문", "options", "카더라\r\n\r\n 사실 \n카더라\n"), made)
	toasts(t, v.hyunwoo.Get(made), "done.saved")
	p = v.minji.Get("/boards/gossip").Want(200)
	if facets, _ := asked(p); p.Text("h1") != "가십" || !slices.Equal(facets, []string{"소문"}) {
		t.Errorf("%q asks for %v", p.Text("h1"), facets)
	}
	if got := p.Find("#compose-facets option").Map(texts)[1:]; !slices.Equal(got, []string{"카더라", "사실"}) {
		t.Errorf("one may choose %v", got)
	}
	// htmx goes to the page of a new board, but stays on the page when a facet is added.
	p = v.hyunwoo.HX().Post("/admin/boards", "name", "취미").Want(200)
	if got := p.Header.Get("HX-Redirect"); !strings.HasPrefix(got, "/admin/boards/") {
		t.Errorf("leads to %q", got)
	}
	p = v.hyunwoo.HX().Post(made+"/facets", "name", "출처", "options", "친구", "optional", "1").Want(200).Has("#admin-board").Lacks("title")
	if got := facetNames(p); !slices.Equal(got, []string{"소문", "출처"}) {
		t.Errorf("the facets are %v", got)
	}
	v.minji.Get("/boards/" + "취미").Want(200).Lacks("#compose-facets .field")
}

func TestNamesAndAddressesThatABoardCannotHave(t *testing.T) {
	v := openWithBoards(t)
	v.boards("질문", "질문")
	local := v.hyunwoo.Get("/local").Text("h1")
	long := strings.Repeat("가", sns.LabelMax+1)
	slug := []any{"Max", sns.SlugMax}
	for _, bad := range []struct {
		name, slug, field, key string
		args                   []any
	}{
		{"", "", "name", "invalid.empty", nil},
		{"\u200b\u3164", "", "name", "invalid.empty", nil},
		{long, "a", "name", "invalid.long", []any{"Max", sns.LabelMax, "Length", sns.LabelMax + 1}},
		{"종\xff", "a", "name", "invalid.encoding", nil},
		{"!!!", "", "slug", "board.slug", slug}, // no character that an address may have
		{"새로", "a b", "slug", "board.slug", slug},
		{"새로", "a/b", "slug", "board.slug", slug},
		{"새로", "..", "slug", "board.slug", slug},
		{"새로", "%2e", "slug", "board.slug", slug},
		{"새로", "a?f=1", "slug", "board.slug", slug},
		{"새로", "🙂", "slug", "board.slug", slug},
		{"새로", "a\x00b", "slug", "board.slug", slug},
		{"새로", "\xff", "slug", "board.slug", slug},
		{"새로", strings.Repeat("a", sns.SlugMax+1), "slug", "board.slug", slug},
		{"새로", "invest", "slug", "board.taken", []any{"Slug", "invest"}},
		{"새로", "INVEST", "slug", "board.taken", []any{"Slug", "invest"}},
		{"새로", "free", "slug", "board.taken", []any{"Slug", "free"}},
		{"새로", "local", "slug", "board.taken", []any{"Slug", "local"}},
		{"Free", "", "slug", "board.taken", []any{"Slug", "free"}},
		{"새로", norm.NFD.String("질문"), "slug", "board.taken", []any{"Slug", "질문"}},
	} {
		for _, c := range []*apptest.Client{v.hyunwoo, v.hyunwoo.HX()} {
			p := c.Post("/admin/boards", "name", bad.name, "slug", bad.slug).Want(422)
			wrong(t, p, bad.field)
			says(t, p, bad.key, bad.args...)
			if got := value(p, "slug"); !strings.Contains(bad.slug, "\xff") && !strings.Contains(bad.slug, "\x00") && got != bad.slug {
				t.Errorf("of the address %q the form keeps %q", bad.slug, got)
			}
		}
	}
	if got := boardNames(v.hyunwoo.Get("/admin/boards")); !slices.Equal(got, []string{"자유", local, "투자", "질문"}) {
		t.Errorf("the boards are %v", got)
	}
}

func TestNamesOfFacetsAndOptionsThatAreRefused(t *testing.T) {
	v := openWithBoards(t)
	v.asks(v.invest, "관심종목", false, "반도체")
	board, facet, option := "/admin/boards/"+v.invest, "/admin/facets/"+v.facet("투자스타일"), "/admin/options/"+v.option("단타")
	long := strings.Repeat("가", sns.LabelMax+1)
	many := strings.Repeat("a\n", sns.OptionsMax)
	for i := range sns.OptionsMax {
		many += fmt.Sprintln("항목", i)
	}
	for _, bad := range []struct{ path, field, text, other, key string }{
		{board, "name", " ", "", "invalid.empty"},
		{board + "/facets", "name", "", "가", "invalid.empty"},
		{board + "/facets", "name", "관심종목", "가", "facet.taken"},
		{board + "/facets", "options", "\n \n", "새 분류", "invalid.empty"},
		{board + "/facets", "options", "가\n" + long, "새 분류", "invalid.long"},
		{board + "/facets", "options", many, "새 분류", "facet.most_options"},
		{facet, "name", "", "", "invalid.empty"},
		{facet, "name", "관심종목", "", "facet.taken"},
		{facet + "/options", "options", "", "", "invalid.empty"},
		{facet + "/options", "options", "새것\n장기", "", "facet.taken"},
		{option, "name", "장기", "", "facet.taken"},
		{option, "name", long, "", "invalid.long"},
	} {
		for _, c := range []*apptest.Client{v.hyunwoo, v.hyunwoo.HX()} {
			fields := []string{bad.field, bad.text}
			if other := map[string]string{"name": "options", "options": "name"}[bad.field]; bad.other != "" {
				fields = append(fields, other, bad.other)
			}
			p := c.Post(bad.path, fields...).Want(422)
			says(t, p, bad.key, "Max", map[string]int{"invalid.long": sns.LabelMax, "facet.most_options": sns.OptionsMax}[bad.key], "Length", sns.LabelMax+1)
			marked := p.Find("[aria-invalid=true]")
			if marked.Length() != 1 || marked.AttrOr("name", "") != bad.field || marked.Closest(".admin-facet:not([open])").Length() > 0 {
				t.Errorf("%s with %.20q: marked are %d fields, perhaps folded away", bad.path, bad.text, marked.Length())
			}
			if got := marked.AttrOr("value", marked.Text()); got != bad.text {
				t.Errorf("%s: of %.20q the form keeps %.20q", bad.path, bad.text, got)
			}
		}
	}
	p := v.hyunwoo.Get(board)
	if !slices.Equal(facetNames(p), []string{"투자스타일", "관심종목"}) || !slices.Equal(optionNames(p), []string{"단타", "장기", "가치", "반도체"}) {
		t.Errorf("left are %v with %v", facetNames(p), optionNames(p))
	}
}

func TestThereIsABoundToBoardsAndFacets(t *testing.T) {
	v := openWithBoards(t)
	for i := 1; i < sns.FacetsMax; i++ {
		v.asks(v.invest, fmt.Sprint("분류", i), true, "가")
	}
	p := v.hyunwoo.Post("/admin/boards/"+v.invest+"/facets", "name", "하나 더", "options", "가").Want(422)
	says(t, p, "facet.most", "Max", sns.FacetsMax)
	for i := 3; i < sns.BoardsMax; i++ {
		v.boards(fmt.Sprint("판", i), "")
	}
	v.hyunwoo.Get("/admin/boards").Has("#admin-boards .btn-main[disabled]")
	says(t, v.hyunwoo.Post("/admin/boards", "name", "하나 더").Want(422), "board.most", "Max", sns.BoardsMax)
	if n := v.count("SELECT COUNT(*) FROM boards"); n != sns.BoardsMax {
		t.Errorf("%d boards", n)
	}
}

func TestBoardsFacetsAndOptionsAreMovedInTheirOrder(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	local := strings.ReplaceAll(v.hyunwoo.Get("/local").Text("h1"), " ", "")
	for _, move := range []struct{ path, up, want string }{
		{"/admin/boards/" + v.invest, "true", "자유 투자 " + local},
		{"/admin/boards/" + v.invest, "true", "투자 자유 " + local},
		{"/admin/boards/" + v.invest, "true", "투자 자유 " + local}, // the first
		{"/admin/boards/1", "false", "투자 " + local + " 자유"},
		{"/admin/boards/1", "false", "투자 " + local + " 자유"}, // the last
		{"/admin/facets/" + v.facet("투자의견"), "true", "투자스타일 투자의견 관심종목"},
		{"/admin/options/" + v.option("단타"), "false", "장기 단타 가치"},
		{"/admin/options/" + v.option("가치"), "true", "장기 가치 단타"},
	} {
		p := v.hyunwoo.HX().Post(move.path+"/move", "up", move.up).Want(200)
		got := append(boardNames(p), facetNames(p)...)
		if strings.Contains(move.path, "option") {
			got = optionNames(p)[:3]
		}
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], " ", "")
		}
		if strings.Join(got, " ") != move.want {
			t.Errorf("%s up=%s: %v, want %s", move.path, move.up, got, move.want)
		}
	}
	p := v.minji.Get("/boards/invest").Want(200)
	if facets, _ := asked(p); !slices.Equal(facets, []string{"투자스타일", "투자의견", "관심종목"}) {
		t.Errorf("the composer asks for %v", facets)
	}
	if got := p.Find("#filter .facet").First().Find(".chip span:not(.num)").Map(texts); !slices.Equal(got, []string{"장기", "가치", "단타"}) {
		t.Errorf("the filter offers %v", got)
	}
	if got := hrefs(p, ".tabs a"); !slices.Equal(got, []string{"/boards/invest", "/local", "/boards/free"}) {
		t.Errorf("the boards are %v", got)
	}
}

func TestTheBoardForEverythingCannotBeClosed(t *testing.T) {
	v := openWithBoards(t)
	v.hyunwoo.Get("/admin/boards/1").Want(200).Lacks(`form[action$="/close"]`)
	for _, c := range []*apptest.Client{v.hyunwoo, v.hyunwoo.HX()} {
		says(t, c.Post("/admin/boards/1/close", "on", "true").Want(422), "board.default")
	}
	v.posts(v.minji, "여전히 열려 있어요")
}

func TestRenamingShowsOnOldPostsAtOnce(t *testing.T) {
	v := openWithBoards(t)
	v.writes(v.minji, "지난 글", "장기")
	v.hyunwoo.Get("/boards/invest").Has(".tag")
	v.hyunwoo.Post("/admin/boards/"+v.invest, "name", "재테크").Want(303)
	v.hyunwoo.Post("/admin/options/"+v.option("장기"), "name", "오래").Want(303)
	v.hyunwoo.Post("/admin/facets/"+v.facet("투자스타일"), "name", "방식").Want(303)
	for _, c := range []*apptest.Client{v.hyunwoo, v.seojun} {
		p := c.Get("/boards/invest").Want(200)
		if p.Text("#post-1 .tag") != "오래" || p.Text("#post-1 .meta a[href='/boards/invest']") != "재테크" || p.Text("#filter legend") != "방식" || p.Text("h1") != "재테크" {
			t.Errorf("the page says %q, %q, %q and %q", p.Text("#post-1 .tag"), p.Text("#post-1 .meta"), p.Text("#filter legend"), p.Text("h1"))
		}
	}
	if got := boardNames(v.hyunwoo.Get("/admin/boards")); !slices.Contains(got, "재테크") {
		t.Errorf("the boards are %v", got)
	}
}

func TestNamesThatTryToBeMoreThanText(t *testing.T) {
	v := openWithBoards(t)
	for i, name := range []string{`<b data-xss>`, `"><i data-xss>`, `' data-xss='`, `" onclick="x`, `{{.ID}}&lt;`, `</option><b>`} {
		board := v.boards(name, fmt.Sprint("evil-", i))
		v.asks(board, name, false, name)
		path := fmt.Sprint("/boards/evil-", i)
		option := v.minji.Get(path).Want(200).Find("#compose-facets option").Last().AttrOr("value", "")
		v.minji.HX().Post("/posts", "board", fmt.Sprint("evil-", i), "content", "글", "f", option).Want(200)
		for _, page := range []string{path, path + "?f=" + option, "/", "/admin/boards", "/admin/boards/" + board} {
			p := v.hyunwoo.Get(page).Want(200)
			harmless(t, p)
			if !strings.Contains(p.Document.Text(), name) && !slices.Contains(values(p, "[name=name]"), name) {
				t.Errorf("%s does not show %s", page, name)
			}
		}
	}
	for _, text := range evil {
		for _, path := range []string{"/admin/boards", "/admin/boards/" + v.invest, "/admin/boards/" + v.invest + "/facets", "/admin/facets/" + v.facet("투자스타일") + "/options"} {
			harmless(t, v.hyunwoo.Post(path, "name", text, "slug", text, "options", text+strings.Repeat("x", 30)).Want(422))
		}
		harmless(t, v.minji.Get("/boards/invest?f="+strings.NewReplacer(" ", "%20", `"`, "%22", "#", "%23", "&", "%26").Replace(text)))
	}
}
