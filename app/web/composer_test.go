package web_test

import (
	"slices"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestABoardAsksForItsFacets(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	p := v.minji.Get("/boards/invest").Want(200)
	if facets, _ := asked(p); !slices.Equal(facets, []string{"투자스타일", "관심종목", "투자의견"}) {
		t.Errorf("the board asks for %v", facets)
	}
	if got := p.Find("#compose-facets .field").First().Find("option").Map(texts); !slices.Equal(got, []string{web.Korean("facet.choose"), "단타", "장기", "가치"}) {
		t.Errorf("of a style one may choose %v", got)
	}
	if got := p.Find("#compose-facets .field").Last(); got.Find("option").First().Text() != web.Korean("facet.none") || got.Find("label .meta").Text() != web.Korean("facet.optional") {
		t.Error("nothing says that an opinion may be left out")
	}
	if got := destination(p); got != "invest" || p.Find("#compose select[name=board]").Length() > 0 {
		t.Errorf("on the page of a board one writes for %q", got)
	}
	// On the timeline the facets appear once a board is chosen.
	if p := v.minji.Get("/"); destination(p) != sns.DefaultBoard || p.Find("#compose-facets .field").Length() != 0 {
		t.Errorf("the timeline writes for %q", destination(p))
	}
	p = v.minji.HX().Get("/posts/facets?board=invest&f=" + v.option("장기")).Want(200)
	if facets, chosen := asked(p); len(facets) != 3 || chosen[0] != "장기" {
		t.Errorf("another board asks for %v and keeps %v", facets, chosen)
	}
	if facets, _ := asked(v.minji.HX().Get("/posts/facets?board=free&f=" + v.option("장기")).Want(200)); len(facets) != 0 {
		t.Errorf("자유 asks for %v", facets)
	}
}

// A wrongAnswer is a form that a board rejects, and the sentence in the answer.
type wrongAnswer struct {
	what   string
	fields []string
	key    string
	args   []any
}

func TestWrongAnswersAreRefusedAndTheTextIsKept(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	gossip := v.boards("가십", "gossip")
	v.asks(gossip, "소문", false, "카더라")
	foreign := v.minji.Get("/boards/gossip").Find("#compose-facets option[value!='']").AttrOr("value", "")
	v.hyunwoo.Post("/admin/options/"+v.option("가치")+"/close", "on", "true").Want(303)
	v.asks(v.invest, "옛 분류", true, "옛 항목")
	v.hyunwoo.Post("/admin/facets/"+v.facet("옛 분류")+"/close", "on", "true").Want(303)
	right := v.answers("장기", "반도체")
	unknown := []any{"Name", "투자"}
	for _, bad := range []wrongAnswer{
		{"nothing", nil, "facet.missing", []any{"Name", "투자스타일"}},
		{"empty", []string{"f", "", "f", ""}, "facet.missing", []any{"Name", "투자스타일"}},
		{"one of two", v.answers("장기"), "facet.missing", []any{"Name", "관심종목"}},
		{"only what is optional", v.answers("매수"), "facet.missing", []any{"Name", "투자스타일"}},
		{"two of one facet", v.answers("단타", "장기", "반도체"), "facet.twice", []any{"Name", "투자스타일"}},
		{"of another board", append(slices.Clone(right), "f", foreign), "facet.unknown", unknown},
		{"of no board", append(slices.Clone(right), "f", "9999"), "facet.unknown", unknown},
		{"garbage", append(slices.Clone(right), "f", "x'--"), "facet.unknown", unknown},
		{"negative", append(slices.Clone(right), "f", "-1"), "facet.unknown", unknown},
		{"a closed option", v.answers("가치", "반도체"), "facet.unknown", unknown},
		{"of a closed facet", append(slices.Clone(right), v.answers("옛 항목")...), "facet.unknown", unknown},
	} {
		for _, page := range []string{"/boards/invest", "/"} {
			for how, c := range map[string]*apptest.Client{"plain": v.minji, "htmx": v.minji.HX()} {
				p := postFrom(c, page, "/posts", append([]string{"board", "invest", "content", "삼성전자는 어떤가요?"}, bad.fields...)...)
				t.Logf("%s, %s, %s", bad.what, page, how)
				composerRejects(t, p, "삼성전자는 어떤가요?", bad.key, bad.args...)
				if facets, _ := asked(p); !slices.Equal(facets, []string{"투자스타일", "관심종목", "투자의견"}) || destination(p) != "invest" {
					t.Errorf("the composer is about %q and asks for %v", destination(p), facets)
				}
			}
		}
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Errorf("%d posts were made", n)
	}
}

func TestWhatWasChosenIsKeptAndWhatIsMissingIsMarked(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		p := postFrom(c, "/boards/invest", "/posts", append([]string{"board", "invest", "content", "어때요?"}, v.answers("장기", "매도")...)...).Want(422)
		if _, chosen := asked(p); !slices.Equal(chosen, []string{"장기", "", "매도"}) {
			t.Errorf("chosen are %q", chosen)
		}
		marked := p.Find("#compose-facets [aria-invalid=true]")
		if marked.Length() != 1 || marked.Parent().Find("label").Text() != "관심종목" ||
			p.Text("#"+marked.AttrOr("aria-describedby", "nothing")) != web.Korean("facet.choose") {
			t.Errorf("marked are %d fields: %q", marked.Length(), marked.Parent().Text())
		}
		// The answer shows the problems of the text and of the facets.
		p = postFrom(c, "/boards/invest", "/posts", "board", "invest", "content", " ").Want(422)
		if got := p.Text("#compose-error"); got != web.Korean("invalid.empty")+" "+web.Korean("facet.missing", "Name", "투자스타일") {
			t.Errorf("the composer says %q", got)
		}
	}
}

func TestTheOptionalMayBeLeftOutAndTheSameAnswerMayComeTwice(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	v.writes(v.minji, "의견 없이", "장기", "반도체")
	v.writes(v.minji, "의견 있게", "장기", "반도체", "매수")
	v.writes(v.minji, "두 번", "장기", "장기", "반도체")
	if got := texted(v.seojun.Get("/boards/invest")); !slices.Equal(got, []string{"두 번", "의견 있게", "의견 없이"}) {
		t.Errorf("the board shows %v", got)
	}
	tags := v.seojun.Get("/boards/invest").Find("#post-2 .tag").Map(texts)
	if !slices.Equal(tags, []string{"장기", "반도체", "매수"}) {
		t.Errorf("the post says %v", tags)
	}
	// A board without facets takes no options.
	p := v.minji.HX().Post("/posts", append([]string{"content", "글"}, v.answers("장기")...)...)
	composerRejects(t, p, "글", "facet.unknown", "Name", "자유")
}

// After the Back button the form has the same key as before. Options that were changed
// since must not be lost in silence.
func TestTheSameFormWithAnotherAnswerIsToldFromADoublePress(t *testing.T) {
	v := openWithBoards(t)
	v.asksAll()
	post := func(want int, answers ...string) *apptest.Page {
		fields := append([]string{"board", "invest", "content", "한 번만", "key", "one-form"}, v.answers(answers...)...)
		return postFrom(v.minji.HX(), "/boards/invest", "/posts", fields...).Want(want)
	}
	post(200, "장기", "반도체", "매수")
	post(200, "장기", "반도체", "매수") // pressed twice
	says(t, post(422, "장기", "반도체", "매도"), "post.again")
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 1 {
		t.Errorf("%d posts were made", n)
	}
}

func TestABoardClosedWhileSomebodyWrites(t *testing.T) {
	v := openWithBoards(t)
	v.minji.Get("/boards/invest").Want(200)
	v.closes(v.invest)
	for _, page := range []string{"/boards/invest", "/"} {
		for c, taken := range map[*apptest.Client]int{v.minji: 303, v.minji.HX(): 200} {
			p := postFrom(c, page, "/posts", append([]string{"board", "invest", "content", "늦은 글"}, v.answers("장기")...)...)
			composerRejects(t, p, "늦은 글", "board.closed", "Name", "투자")
			if got := p.Find("#compose-board option").Map(texts); slices.Contains(got, "투자") || !slices.Contains(got, "자유") {
				t.Errorf("the composer offers %v", got)
			}
			postFrom(c, page, "/posts", "board", destination(p), "content", "늦은 글").Want(taken) // the board that the composer offers instead
		}
	}
}

// If the first board has facets, the composer must not offer that board without facets.
func TestWhoIsTurnedAwayIsOfferedTheBoardForEverything(t *testing.T) {
	v := openWithBoards(t)
	gossip := v.boards("가십", "gossip")
	for range 2 { // above 지역커뮤니티 and 자유
		v.hyunwoo.Post("/admin/boards/"+v.invest+"/move", "up", "true").Want(303)
	}
	v.closes(gossip)
	p := v.minji.HX().Post("/posts", "board", "gossip", "content", "카더라")
	composerRejects(t, p, "카더라", "board.closed", "Name", "가십")
	if got := destination(p); got != sns.DefaultBoard {
		t.Errorf("the composer offers %q first", got)
	}
}

func TestABoardRenamedWhileSomebodyWrites(t *testing.T) {
	v := openWithBoards(t)
	fields := append([]string{"board", value(v.minji.Get("/boards/invest"), "board"), "content", "쓰던 글"}, v.answers("장기")...)
	v.hyunwoo.Post("/admin/boards/"+v.invest, "name", "재테크").Want(303)
	leadsTo(t, postFrom(v.minji, "/boards/invest", "/posts", fields...), "/boards/invest")
	p := v.minji.Get("/boards/invest").Want(200)
	if got := p.Text("#post-1 .meta a[href='/boards/invest']"); got != "재테크" {
		t.Errorf("the post stands on %q", got)
	}
}

func TestAFacetAddedWhileSomebodyWrites(t *testing.T) {
	v := openWithBoards(t)
	fields := append([]string{"board", "invest", "content", "쓰던 글"}, v.answers("장기")...)
	v.asks(v.invest, "관심종목", false, "반도체")
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		p := postFrom(c, "/boards/invest", "/posts", fields...)
		composerRejects(t, p, "쓰던 글", "facet.missing", "Name", "관심종목")
		if facets, chosen := asked(p); !slices.Equal(facets, []string{"투자스타일", "관심종목"}) || chosen[0] != "장기" {
			t.Errorf("the composer asks for %v and keeps %v", facets, chosen)
		}
	}
	v.hyunwoo.Post("/admin/facets/"+v.facet("관심종목"), "name", "관심종목", "optional", "1").Want(303)
	leadsTo(t, postFrom(v.minji, "/boards/invest", "/posts", fields...), "/boards/invest")
}

// A replica learns of a facet that another replica has added a moment later. An answer
// that rejects a post for lack of the facet must show the facet: else the sentence would
// name a field that the form does not have.
func TestAFacetAddedOnAnotherReplicaIsAskedForInTheRefusal(t *testing.T) {
	v := openWithBoards(t)
	fields := append([]string{"board", "invest", "content", "쓰던 글"}, v.answers("장기")...)
	v.database()
	v.minji.Get("/boards/invest").Want(200) // the replica caches the board from now on
	for _, change := range []string{
		"INSERT INTO facets (board_id, name, position, optional) VALUES (" + v.invest + ", '새 분류', 9, 0)",
		"INSERT INTO facet_options (facet_id, name, position) SELECT id, '새 항목', 1 FROM facets WHERE name = '새 분류'",
	} {
		if _, err := v.database().Exec(change); err != nil {
			t.Fatal(err)
		}
	}
	p := postFrom(v.minji.HX(), "/boards/invest", "/posts", fields...)
	composerRejects(t, p, "쓰던 글", "facet.missing", "Name", "새 분류")
	if facets, _ := asked(p); !slices.Equal(facets, []string{"투자스타일", "새 분류"}) {
		t.Errorf("the composer asks for %v", facets)
	}
}

func TestWhatAnotherReplicaRenamedIsSeen(t *testing.T) {
	v := openWithBoards(t)
	v.writes(v.minji, "글", "장기")
	v.seojun.Get("/boards/invest").Has(".tag")
	if _, err := v.database().Exec("UPDATE facet_options SET name = '장기투자' WHERE name = '장기'"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); v.seojun.Get("/boards/invest").Text(".tag") != "장기투자"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the old name is still there")
		}
	}
}
