package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestAPressOnACardOpensThePost: a press on the text or beside the buttons opens the
// post; what has a meaning of its own keeps it.
func TestAPressOnACardOpensThePost(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지")
	minji.posts("비 오는 날에는 부침개를 부쳐요")
	minji.Click("#post-1 .post-text")
	minji.WaitPath("/posts/1")
	minji.Click("#post-1 .post-text") // the page of the post itself
	minji.Goto("/")
	minji.Click("#post-1 .post-foot")
	minji.WaitPath("/posts/1")

	minji.Goto("/")
	minji.likes(1)
	minji.Click("#post-1 .post-head > button")
	minji.WaitVisible("#post-1-menu")
	minji.Press(kb.Escape)
	minji.selects("#post-1 .post-text")
	minji.Click("#post-1 .post-text") // ends the selection
	minji.WaitFor(`getSelection().isCollapsed && location.pathname === '/'`)
	minji.Click("#post-1 .post-head > .avatar")
	minji.WaitPath("/users/%EB%AF%BC%EC%A7%80")

	// The platform's ways to a new tab.
	minji.Goto("/")
	minji.Eval(`(window.open = (...args) => { window.opened = (window.opened ?? '') + args[0] + ' ' }, true)`, new(bool))
	minji.Click("#post-1 .post-text", chromedp.ButtonModifiers(chromedp.ModifierCtrl))
	minji.Click("#post-1 .post-text", chromedp.ButtonMiddle)
	minji.WaitFor(`window.opened === '/posts/1 /posts/1 ' && location.pathname === '/'`)
	if tabs := minji.Count(`#post-1 :is(a, button):not([tabindex="-1"], .menu *, .own)`); tabs != 5+1 {
		t.Errorf("the card has %d tab stops: the name, the time, the board, the menu, the like and the comments", tabs)
	}
}

// TestATapOnACard: the same by touch.
func TestATapOnACard(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지", apptest.Phone)
	minji.posts("비 오는 날에는 부침개를 부쳐요")
	minji.Click("#post-1 .post-text")
	minji.WaitPath("/posts/1")
}

// TestFacesLeadHome: the face and the name of a person lead to the person's home, in
// posts, comments, rooms and talks.
func TestFacesLeadHome(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.posts("비가 와요")
	yujin.Goto("/posts/1")
	yujin.comments("저도 들었어요")
	yujin.opensRoom("비 오는 날", 5)
	yujin.says("어서 오세요")
	minji.Goto("/rooms")
	minji.Screenshot("rooms-faces-phone")
	minji.enters(1)
	minji.Screenshot("room-faces-phone")
	minji.clean("room with faces")
	for _, page := range []string{"/", "/posts/1", "/rooms", "/rooms/1"} {
		for _, sel := range []string{"a.avatar", "a.name"} {
			minji.Goto(page)
			sel = fmt.Sprintf(`main %s[href="/users/%%EC%%9C%%A0%%EC%%A7%%84"]`, sel)
			minji.Click(sel)
			minji.WaitPath("/users/%EC%9C%A0%EC%A7%84")
		}
	}
	minji.Goto("/rooms/1")
	minji.Click(".bar .name")
	minji.WaitPath("/users/%EC%9C%A0%EC%A7%84")
}

// selects selects the text of an element.
func (m *member) selects(sel string) {
	m.t.Helper()
	m.Eval(fmt.Sprintf(`(getSelection().selectAllChildren(document.querySelector(%q)), true)`, sel), new(bool))
}
