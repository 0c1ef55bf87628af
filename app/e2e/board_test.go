package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestAdministratorMakesABoard: an administrator makes a board with its facets,
// orders, renames, closes and opens the board in place, on the phone; a
// member's pages follow.
func TestAdministratorMakesABoard(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleAdmin, apptest.Phone), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.makesBoard("주식")
	for _, f := range investing[:3] {
		yujin.addsFacet(f)
	}
	yujin.addsFacetByKeys(investing[3])
	yujin.asksInOrder("투자스타일", "관심종목", "투자의견", "투자과정")
	yujin.Screenshot("admin-board-phone")
	yujin.clean("board with facets")

	yujin.Click("section[aria-label='투자과정'] summary")
	yujin.Click("#facet-4-up")
	yujin.asksInOrder("투자스타일", "관심종목", "투자과정", "투자의견")
	yujin.WaitFocus("#facet-4-up")
	yujin.Screenshot("admin-facet-phone")
	yujin.clean("open facet")
	yujin.Click("#facet-4-down")
	yujin.asksInOrder("투자스타일", "관심종목", "투자의견", "투자과정")
	yujin.Clear("#option-10-name")
	yujin.Paste("#option-10-name", "돈을 넣음")
	yujin.Click("form:has(#option-10-name) .btn")
	yujin.WaitContains("section[aria-label='투자과정'] summary", "공부 중, 돈을 넣음")
	yujin.Click("#option-10-close")
	yujin.WaitContains("#option-10-close", "다시 열기")
	yujin.AllowConsole(`status of 422`)
	yujin.Clear("#option-9-name")
	yujin.Paste("#option-9-name", "돈을 넣음")
	yujin.Click("form:has(#option-9-name) .btn")
	yujin.WaitContains("#option-9-error", "같은 이름이 이미 있어요")
	yujin.WaitFocus("#option-9-name")
	yujin.Screenshot("admin-taken-phone")
	yujin.Clear("#board-3-name")
	yujin.Paste("#board-3-name", "투자")
	yujin.Click("form:has(#board-3-name) .btn")
	yujin.WaitText("h1", "‘투자’ 게시판")

	minji.Goto("/boards/주식") // the board keeps its place
	minji.WaitText("h1", "투자")
	minji.WaitCount("#compose-facets select", 4)
	minji.WaitFor(`[...document.querySelectorAll('#compose-facet-4 option')].map(o => o.label).join('|') === '골라 주세요|공부 중'`)
	yujin.Click("#board-3-close")
	yujin.WaitContains("#board-3-close", "다시 열기")
	yujin.WaitFocus("#board-3-close")
	minji.AllowConsole(`status of 422`)
	minji.Paste("#compose-content", "닫히는 줄 모르고 쓴 글")
	minji.answers("단타", "바이오", "관망", "공부 중")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#compose-error", "‘투자’ 게시판은 닫혔어요")
	minji.Screenshot("board-closed-meanwhile-phone")
	if text := minji.Value("#compose-content"); text != "닫히는 줄 모르고 쓴 글" {
		t.Errorf("the text became %q", text)
	}
	minji.WaitVisible("#compose-board") // to choose a board
	minji.Click("#compose .btn-main")
	minji.WaitContains("#toasts", "글을 올렸어요")
	minji.Goto("/boards/주식")
	minji.WaitContains(".alert", "닫힌 게시판이에요")
	minji.WaitCount("#compose", 0)
	minji.Screenshot("board-closed-phone")
	yujin.Click("#board-3-close")
	yujin.WaitText("#board-3-close", "닫기 투자")
	minji.Reload()
	minji.WaitVisible("#compose")

	yujin.Goto("/admin/boards")
	yujin.Click("#board-3-up")
	yujin.WaitFor(`[...document.querySelectorAll('#admin-boards b')].map(b => b.textContent).join('|') === '자유|투자|우리 동네'`)
	yujin.WaitFocus("#board-3-up")
	yujin.Screenshot("admin-boards-phone")
	yujin.clean("boards")
	minji.Goto("/boards")
	minji.WaitFor(`[...document.querySelectorAll('.tabs a')].map(a => a.textContent).join('|') === '자유|투자|우리 동네'`)
}

// addsFacetByKeys is addsFacet with the keyboard alone.
func (m *member) addsFacetByKeys(f facet) {
	m.t.Helper()
	m.TabTo("#facet-new-name")
	m.Type("#facet-new-name", f.name)
	m.Press(kb.Tab)
	m.WaitFocus("#facet-new-options")
	m.Type("#facet-new-options", strings.Join(f.options, "\n"))
	m.Press(kb.Tab)
	m.WaitFocus(`form:has(#facet-new-name) [name="optional"]`)
	m.Press(" ")
	m.Press(" ") // and not optional after all
	m.Press(kb.Tab)
	m.WaitFocus("form:has(#facet-new-name) .btn-main")
	m.Press(kb.Enter)
	m.WaitContains(".admin-facet summary", strings.Join(f.options, ", "))
}

// TestPostsWithFacets: every compose form of a board asks for the board's
// facets; a missing answer loses no text, and one filter shows the matching
// posts.
func TestPostsWithFacets(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleAdmin)
	f := makesForum(app.SignIn("유진"), "투자")
	minji, seojun := comes(t, app, "민지", sns.RoleUser, apptest.Phone), comes(t, app, "서준", sns.RoleUser, apptest.Phone)

	minji.Goto(f.path)
	minji.Screenshot("board-empty-phone")
	minji.Paste("#compose-content", "반도체를 조금 샀어요")
	minji.answers("단타x", "반도체", "매수", "실전")
	minji.Screenshot("board-compose-phone")
	minji.clean("composer with facets")
	minji.pressesTwice("#compose .btn-main")
	minji.WaitVisible("#post-1 .post-tags")
	minji.Reload()
	minji.showsPosts("반도체를 조금 샀어요")

	minji.Goto("/")
	minji.AllowConsole(`status of 422`)
	minji.Paste("#compose-content", "바이오는 지켜보는 중이에요")
	minji.SetFiles("#compose-images", photo(t, 800, 600, 1))
	minji.WaitCount("#compose-previews .preview", 1)
	minji.Choose("#compose-board", "투자")
	minji.WaitCount("#compose-facets select", 4)
	minji.answers("단타x")
	minji.Choose("#compose-facets .field:nth-child(4) select", "공부 중")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#compose-error", "‘관심종목’에서 하나를 골라 주세요")
	minji.WaitFocus("#compose-facet-" + f.facets["관심종목"])
	minji.WaitCount(`#compose-facets [aria-invalid="true"]`, 2)
	minji.Screenshot("facet-missing-phone")
	minji.clean("composer with a missing facet")
	if text := minji.Value("#compose-content"); text != "바이오는 지켜보는 중이에요" {
		t.Errorf("the text became %q", text)
	}
	minji.WaitCount("#compose-previews .preview", 1)
	minji.answers("단타x", "바이오", "관망")
	minji.Click("#compose .btn-main")
	minji.WaitVisible("#post-2 .images img")
	minji.WaitFor(`[...document.querySelectorAll('#post-2 .tag')].map(a => a.textContent).join('|') === '단타x|바이오|관망|공부 중'`)
	minji.Screenshot("timeline-tags-phone")

	other := app.SignIn("서준")
	f.post(other, "하루에 세 번", "단타", "반도체", "매수", "실전")
	f.post(other, "전지를 팔았어요", "단타", "2차전지", "매도", "실전")
	seojun.Goto(f.path)
	seojun.Eval(`(window.stays = true)`, new(bool))
	seojun.choosesOptions(f, "단타")
	seojun.offers(f, "반도체", 1)
	seojun.offers(f, "단타x", 2) // instead of, or besides, 단타
	seojun.offers(f, "관망", 0)
	seojun.offersToShow(2)
	seojun.choosesOptions(f, "반도체", "2차전지", "매수")
	seojun.offersToShow(1)
	seojun.offers(f, "매도", 1)
	seojun.Screenshot("filter-open-phone")
	seojun.clean("open filter")
	seojun.WaitFor(`window.stays && location.search === ''`)
	seojun.Click("#filter .btn-main")
	seojun.WaitPath(f.filtered("단타", "반도체", "2차전지", "매수"))
	seojun.showsPosts("하루에 세 번")
	seojun.WaitContains(".chosen", "고른 조건에 맞는 글 1개")
	seojun.WaitText("#filter summary .count", "4")
	seojun.Screenshot("filtered-phone")
	seojun.clean("filtered board")
	seojun.Click(".chosen .btn")
	seojun.WaitPath(f.path)
	seojun.showsPosts("전지를 팔았어요", "하루에 세 번", "바이오는 지켜보는 중이에요", "반도체를 조금 샀어요")
	seojun.Back()
	seojun.WaitPath(f.filtered("단타", "반도체", "2차전지", "매수"))
	seojun.showsPosts("하루에 세 번")
	seojun.Click("#post-3 .tag")
	seojun.WaitPath(f.filtered("단타"))
	seojun.showsPosts("전지를 팔았어요", "하루에 세 번")

	// Minji opens Seojun's link. Posts outside the filter are no news on the
	// filtered page, and neither is a post of Minji's own.
	minji.Goto(f.filtered("단타", "반도체") + "&f=99999")
	minji.WaitContains(".alert", "이 게시판에 없는 항목은 빼고")
	minji.showsPosts("하루에 세 번")
	minji.Screenshot("filter-unknown-phone")
	f.post(other, "전지는 더 안 사요", "단타", "2차전지", "관망", "실전")
	f.post(other, "하루에 네 번", "단타", "반도체", "매도", "실전")
	minji.WaitContains("#fresh", "새 글 1개")
	minji.Click("#fresh a")
	minji.showsPosts("하루에 네 번", "하루에 세 번")
	minji.WaitCount("#fresh a", 0)
	minji.Paste("#compose-content", "저는 길게 봐요")
	minji.answers("단타x", "반도체", "매수", "실전")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#toasts", "글을 올렸어요")
	minji.showsPosts("하루에 네 번", "하루에 세 번")
	minji.Reload()
	minji.showsPosts("하루에 네 번", "하루에 세 번")
}

// pressesTwice clicks twice, as people do who are not sure of the first click.
func (m *member) pressesTwice(sel string) {
	m.t.Helper()
	m.Eval(fmt.Sprintf(`(() => { const b = document.querySelector(%q); b.click(); b.click(); return true })()`, sel), new(bool))
}

// TestBoardsWithoutJavaScript: an administrator makes a board, and a member writes
// on it and chooses from it, by forms and links alone.
func TestBoardsWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleAdmin, apptest.Phone, apptest.NoJavaScript)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	yujin.makesBoard("투자")
	for _, facet := range investing[:2] {
		yujin.addsFacet(facet)
	}
	yujin.WaitContains("#toasts", "저장했어요")
	yujin.Click("section[aria-label='관심종목'] summary")
	yujin.Click("#facet-2-up")
	yujin.asksInOrder("관심종목", "투자스타일")
	yujin.Click("section[aria-label='관심종목'] summary")
	yujin.Click("#facet-2-down")
	yujin.asksInOrder("투자스타일", "관심종목")
	f := forumOf(app.SignIn("유진"), "투자", "")

	minji.Goto("/")
	minji.AllowConsole(`status of 422`)
	minji.Paste("#compose-content", "스크립트 없이 쓴 글")
	minji.Choose("#compose-board", "투자")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#compose-error", "‘투자스타일’에서 하나를 골라 주세요")
	minji.Screenshot("facet-missing-nojs-phone")
	if text := minji.Value("#compose-content"); text != "스크립트 없이 쓴 글" {
		t.Errorf("the text became %q", text)
	}
	minji.WaitFocus("#compose-facet-1")
	minji.answers("단타", "바이오")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#toasts", "글을 올렸어요")
	minji.WaitContains("#post-1 .post-tags", "바이오")
	minji.Goto(f.path)
	minji.Paste("#compose-content", "게시판에서 쓴 글")
	minji.answers("단타x", "바이오")
	minji.Click("#compose .btn-main")
	minji.WaitPath(f.path)
	minji.showsPosts("게시판에서 쓴 글", "스크립트 없이 쓴 글")
	minji.choosesOptions(f, "단타", "바이오")
	minji.Screenshot("filter-nojs-phone")
	minji.Click("#filter .btn-main")
	minji.WaitPath(f.filtered("단타", "바이오"))
	minji.showsPosts("스크립트 없이 쓴 글")
	minji.Click(".chosen .btn")
	minji.WaitPath(f.path)

	yujin.Clear("#board-3-name")
	yujin.Paste("#board-3-name", "투자 일기")
	yujin.Click("form:has(#board-3-name) .btn")
	yujin.WaitText("h1", "‘투자 일기’ 게시판")
	yujin.Click("#board-3-close")
	yujin.WaitContains("#board-3-close", "다시 열기")
	minji.Paste("#compose-content", "닫히는 줄 모르고")
	minji.answers("단타", "바이오")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#compose-error", "‘투자 일기’ 게시판은 닫혔어요")
	if text := minji.Value("#compose-content"); text != "닫히는 줄 모르고" {
		t.Errorf("the text became %q", text)
	}
}
