package e2e

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/seed"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// TestEveryPage opens every page and lets axe look for barriers. make
// browser-all does so in every size and mode.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	size := seed.Size{Users: 8, Posts: 30, Comments: 200, Likes: 60, Rooms: 8, Messages: 600, Images: true, Password: apptest.Password}
	made, err := server.Seed(t.Context(), app.Config, size, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	yujin := furnish(t, app, made)
	looks := map[string][]apptest.Option{
		"phone light": {apptest.Phone},
		"desk dark":   {apptest.Dark},
	}
	if os.Getenv("E2E") == "all" {
		looks["phone dark"], looks["desk light"] = []apptest.Option{apptest.Phone, apptest.Dark}, nil
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the pages only read
			m := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app}
			m.AllowConsole(`status of 40[34]`)
			m.visits("/sign-up")
			m.visits("/rules")
			m.visits("/privacy")
			m.visits("/takedown")
			m.visits("/sign-up/waiting")
			m.visits("/sign-up?invitation=x")
			m.visits("/sign-in")
			m.signsInAs(made.Somebody)
			own := m.ownPost(made.Somebody)
			for _, path := range []string{"/", "/?before=25", "/posts/30", "/posts/30/comments?before=200", "/posts/9999", "/posts/x/edit",
				"/search", "/search?q=오늘", "/search?q=오늘&in=comments", "/search?q=오", "/search?q=없는말이에요", "/search?q=오늘+from:" + made.Mentor,
				"/users/" + made.Somebody, "/settings", "/notifications", "/notifications?in=news", "/settings/notifications", "/settings/invitations", "/settings/mentor", "/settings/name", "/mentors", "/offline", own, own + "/edit", own + "/delete"} {
				m.visits(path)
			}
			m.visitsBoards(yujin)
			mentor := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app}
			mentor.AllowConsole(`status of 404`)
			mentor.Goto("/sign-in")
			mentor.signsInAs(made.Mentor)
			mentor.visitsRooms()
			mentor.visits("/users/" + made.Mentor + "/followers")
			mentor.visits("/users/" + made.Mentor + "/following")
			admin := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app}
			admin.Goto("/sign-in")
			admin.signsInAs("관리자")
			admin.visitsAdministration(yujin)
		})
	}
}

// furnish makes a board with posts that say something to its facets, one that is
// closed, and gives Somebody a location, people to follow, and another device.
func furnish(t *testing.T, app *apptest.App, made seed.Result) forum {
	t.Helper()
	app.AddUser("관리자", sns.RoleAdmin)
	app.AddUser("지민", sns.RoleUser)
	admin, somebody := app.SignIn("관리자"), app.SignIn(made.Somebody)
	f := makesForum(admin, "주식")
	for i := range 9 {
		f.post(somebody, fmt.Sprintf("%d번째 이야기", i+1), investing[0].options[i%2], investing[1].options[i%3], investing[2].options[i/3], "실전")
	}
	admin.Post("/admin/boards", "name", "지난 행사", "slug", "past").Want(http.StatusSeeOther)
	closed := admin.Get("/boards/past").Want(http.StatusOK)
	admin.Upload("/posts", nil, "board", "past", "content", "잘 다녀왔어요").Want(http.StatusSeeOther)
	boards := admin.Get("/admin/boards").Want(http.StatusOK)
	at, _ := boards.Find(`a:contains("지난 행사")`).Attr("href")
	admin.Post(at+"/close", "on", "true").Want(http.StatusSeeOther)
	closed.Has("#compose")
	admin.Post("/admin/community", "sign_up", "open", "invites", "3", "min_age", "14", "notice", "토요일에 만나요", "rules", "서로 돕기", "contact", "모임지기").Want(http.StatusSeeOther)
	admin.Post("/admin/invitations", "role", "MENTOR", "uses", "2", "days", "7").Want(http.StatusSeeOther)
	somebody.Post("/settings/invitations").Want(http.StatusSeeOther)
	app.Guest().Post("/takedown", "url", "/posts/1", "name", "유진", "contact", "010-1234-5678", "harm", "privacy", "statement", "제 번호예요").Want(http.StatusSeeOther)
	app.SignIn("지민").Post("/settings/mentor", "text", "이끌고 싶어요").Want(http.StatusSeeOther)
	livesIn(somebody, "서울특별시", "성동구", "성수동1가")
	somebody.Upload("/posts", nil, "board", "local", "content", "서울숲이에요").Want(http.StatusSeeOther)
	somebody.Post("/users/"+made.Mentor+"/follow", "on", "true").Want(http.StatusSeeOther)
	admin.Post("/users/"+made.Mentor+"/follow", "on", "true").Want(http.StatusSeeOther)
	return f
}

// visitsBoards opens all pages of boards, neighbours and followed people, as a
// member with a location.
func (m *member) visitsBoards(f forum) {
	m.t.Helper()
	for _, path := range []string{"/boards/past", "/local", "/following", "/settings/location", "/settings/location?region=경기도", "/settings/delete",
		f.path, f.filtered("단타", "반도체"), f.filtered("단타x", "매수") + "&f=99999", f.filtered("2차전지", "바이오", "공부 중")} {
		m.visits(path)
	}
	m.Goto(f.path)
	m.Click("#filter summary")
	m.WaitVisible(f.chip("단타"))
	m.clean("open filter")
	m.AllowConsole(`status of 422`)
	m.Paste("#compose-content", "아직 아무것도 안 골랐어요")
	m.Click("#compose .btn-main")
	m.WaitContains("#compose-error", "골라 주세요")
	m.clean("refused composer")
}

// visitsAdministration opens all that an administrator sees, and the pages of who
// lives nowhere yet.
func (m *member) visitsAdministration(f forum) {
	m.t.Helper()
	for _, path := range []string{
		"/admin", "/admin/boards", f.admin, "/admin/users", "/admin/users?q=x", "/admin/users/1", "/admin/log",
		"/admin/community", "/admin/applications", "/admin/invitations", "/admin/takedowns", "/admin/takedowns/1", "/admin/rooms", "/local", "/settings",
	} {
		m.visits(path)
	}
	m.Goto(f.admin)
	m.Click(".admin-facet summary")
	m.WaitVisible(".admin-facet[open] .options")
	m.clean("open facet")
}

// signsInAs signs in by the form that is open.
func (m *member) signsInAs(name string) {
	m.t.Helper()
	m.WaitVisible("#username")
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Click("form .btn-main")
	m.WaitVisible("#timeline")
}

// visitsRooms opens all that a mentor sees of rooms, their own and others'.
func (m *member) visitsRooms() {
	m.t.Helper()
	m.visits("/desk")
	open, ended := m.Attr("#desk article h3 a", "href"), m.Attr("#desk .desk a", "href")
	if open == "" || ended == "" {
		m.t.Fatalf("the mentor has the rooms %q and %q", open, ended)
	}
	for _, path := range []string{"/rooms", "/rooms?q=없는주제", "/rooms/new", open, open + "?q=요", open + "/edit", open + "/leave", open + "/end",
		ended, ended + "?q=없는말", "/rooms/9999"} {
		m.visits(path)
	}
	m.Goto("/rooms")
	m.visits(m.Attr(".room:has(.enter) h3 a", "href")) // a door
}

// visits opens a page, which must have one main heading and be clean.
func (m *member) visits(path string) {
	m.t.Helper()
	m.Goto(path)
	m.WaitCount("h1", 1)
	m.WaitVisible("main")
	m.fits(path)
	m.clean(path)
}

// fits fails the test if the page is wider than the window, something to tap is
// less tall than a thumb (44 px; what a post says of itself, 32), or what scrolls below a bar
// covers its buttons. Links in a line of text are as tall as the line.
func (m *member) fits(page string) {
	m.t.Helper()
	var small []string
	m.Eval(smallJS, &small)
	for _, s := range small {
		m.t.Errorf("%s: %s", page, s)
	}
}

const smallJS = `(() => {
	const wide = document.scrollingElement.scrollWidth
	const found = wide > innerWidth ? ['it is ' + wide + ' px wide'] : []
	for (const el of document.querySelectorAll('button, input, select, textarea, summary, a:is(.btn, .act, .chip, .tag, .more, .nav-item, .tabs *, .dock *, .person *)')) {
		if (!el.checkVisibility({visibilityProperty: true, opacityProperty: true}) || el.matches('.sr')) continue
		const box = (el.closest('label') ?? el).getBoundingClientRect(), least = el.matches('.tag') ? 32 : 44
		if (box.width && box.height && box.height < least - .5) found.push(Math.round(box.height) + ' px: ' + el.outerHTML.slice(0, 120))
	}
	for (const bar of document.querySelectorAll('.bar, .reply, .dock')) {
		if (!['fixed', 'sticky'].includes(getComputedStyle(bar).position)) continue
		for (const el of bar.querySelectorAll('a, button')) {
			const box = el.getBoundingClientRect()
			const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
			if (box.width && top && !bar.contains(top)) found.push(top.outerHTML.slice(0, 120) + ' lies above ' + el.outerHTML.slice(0, 120))
		}
	}
	return found
})()`

// ownPost returns the address of a post of the member.
func (m *member) ownPost(name string) string {
	m.t.Helper()
	m.Goto("/users/" + name)
	m.WaitVisible("article.post .meta a")
	return m.Attr("article.post .meta a", "href")
}

// TestSettings: a face, a sentence, a new password; other devices are signed
// out and say so without losing typed text.
func TestSettings(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	jimin := signsUp(t, app, "지민", apptest.Phone)
	other := apptest.NewPerson(t, app.URL)
	other.AllowConsole(`status of 401|SSE reconnect failed`)
	other.Goto("/sign-in")
	other.Type("#username", "지민")
	other.Type("#password", apptest.Password)
	other.Click("form .btn-main")
	other.WaitVisible("#compose")
	other.Paste("#compose-content", "쓰던 글")

	jimin.Goto("/settings")
	jimin.SetFiles("#image", photo(t, 900, 600, 1))
	jimin.WaitVisible("#profile .avatar img")
	jimin.Paste("#status_message", "봄까지 책 세 권")
	jimin.Click("#profile .btn-main")
	jimin.WaitContains("#profile .ok", "저장했어요")
	jimin.Goto("/users/지민")
	jimin.WaitContains(".profile", "봄까지 책 세 권")
	if s := size(t, app.URL+jimin.Attr(".profile .avatar img", "src")); s.X != s.Y {
		t.Errorf("the face is %v", s)
	}

	jimin.AllowConsole(`status of 422`)
	jimin.Goto("/settings")
	jimin.Type("#current_password", "이게 아닌데요")
	jimin.Type("#password", "새로운비밀번호")
	jimin.Type("#password_confirm", "새로운비밀번호")
	jimin.Click("#password-form .btn-main")
	jimin.WaitContains("#current_password-error", "맞지 않아요")
	jimin.clean("wrong password")
	jimin.Type("#current_password", apptest.Password)
	jimin.Type("#password", "참새가아침에운다")
	jimin.Type("#password_confirm", "참새가아침에운다")
	jimin.Click("#password-form .btn-main")
	jimin.WaitContains("#password-form .ok", "다른 기기에서 로그아웃")
	other.WaitContains("#toasts", "다시 로그인")
	if text := other.Value("#compose-content"); text != "쓰던 글" {
		t.Errorf("on the other device the text became %q", text)
	}
}

// TestInterruption: the server goes away and comes back; the page says so, and
// then shows each missed post once.
func TestInterruption(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	seoyeon, hajun := signsUp(t, app, "서연"), signsUp(t, app, "하준")
	for _, m := range []*member{seoyeon, hajun} {
		m.AllowConsole(`ERR_|SSE|Failed to fetch|network|htmx`)
	}
	seoyeon.posts("여기 있어요")
	hajun.Goto("/posts/1")
	hajun.comments("첫 댓글")
	seoyeon.WaitText("#post-1-comments", "1")
	app.Stop()
	seoyeon.WaitVisible("#offline")
	seoyeon.Screenshot("offline-desktop")
	app.Restart()
	late := app.SignIn("하준")
	for i := range 3 {
		late.Post("/posts/1/comments", "content", fmt.Sprintf("놓친 댓글 %d", i))
	}
	late.Post("/posts/1/like", "on", "true")
	seoyeon.WaitGone("#offline")
	seoyeon.WaitText("#post-1-comments", "4")
	seoyeon.WaitText("#post-1-likes", "1")
	hajun.WaitCount("#comments .comment", 4)
	hajun.WaitContains("#comments", "놓친 댓글 2")
}

// TestDoubleClick: pressing 올리기 twice makes one post.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yerin := signsUp(t, app, "예린")
	yerin.Paste("#compose-content", "한 번만")
	yerin.Eval(`(() => { const b = document.querySelector('#compose .btn-main'); b.click(); b.click(); return true })()`, new(bool))
	yerin.WaitCount("#timeline article", 1)
	yerin.Reload()
	yerin.WaitCount("#timeline article", 1)
}
