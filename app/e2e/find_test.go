package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// searches asks for a text by the menu of the room.
func (m *member) searches(text string) {
	m.t.Helper()
	m.Click(`[popovertarget="room-menu"]`)
	m.Paste("#q", text)
	m.Press(kb.Enter)
	m.WaitVisible("#found")
	m.WaitGone("#room-menu")
}

// TestSearchInsideARoom: the results stand above the log, which goes on; a result leads
// to its message, however far above, and a button leads back to the newest.
func TestSearchInsideARoom(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	mentor := app.SignIn("유진")
	mentor.Post("/rooms", "name", "긴 이야기", "user_limit", "5").Want(303)
	app.SignIn("민지").Post("/rooms/1/enter").Want(303)
	mentor.Post("/rooms/1/messages", "content", "Spring 버퍼를 알아봐요 https://example.com/spring", "client_id", "first").Want(303)
	chatters(mentor, 1, 260)
	mentor.Post("/rooms/1/messages", "content", "spring 버퍼는 여기까지", "client_id", "last").Want(303)
	app.SignIn("민지").Post("/rooms/1/read", "seq", "999").Want(303) // otherwise the log opens where she was
	for _, m := range []*member{yujin, minji} {
		m.Goto("/rooms/1")
		m.connected()
		m.WaitCount("#message-1-3", 0)
		m.searches("SPRING 버퍼")
		m.WaitContains("#found", "2개를 찾았어요")
		m.WaitText("#found li:nth-child(2) mark", "Spring 버퍼")
		m.WaitText("#messages mark", "spring 버퍼")
		m.Screenshot("search-" + m.name)
		m.clean("search in a room of " + m.name)
		m.AllowConsole(`no network`)
		m.losesTheNetwork()
		m.Click("#found li:nth-child(2) .hit")
		m.WaitVisible(".toasts .toast") // and the page stays
		m.findsTheNetwork()
		m.Click("#found li:nth-child(2) .hit")
		m.WaitText("#message-1-3 mark", "Spring 버퍼")
		m.WaitFocus("#message-1-3")
		m.WaitVisible("#jump .newest")
		m.WaitFor(inLog("#message-1-3"))
		m.Screenshot("search-hit-" + m.name)
	}
	mentor.Post("/rooms/1/messages", "content", "그사이 새 말", "client_id", "fresh").Want(303)
	for _, m := range []*member{yujin, minji} {
		m.hears("그사이 새 말") // without a reload
		m.WaitVisible("#jump .fresh")
		time.Sleep(200 * time.Millisecond) // in which a log that follows would move
		m.WaitFor(inLog("#message-1-3"))
		m.WaitFor(`new Set([...document.querySelectorAll('#messages [data-seq]')].map((e, i) => e.dataset.seq - i)).size === 1`)
		m.Click("#jump")
		m.WaitFor(below + ` < 2`)
		m.Click("#found [data-close]")
		m.WaitGone("#found")
		m.WaitCount("#messages mark", 0)
	}
	yujin.searches("없는 말")
	yujin.WaitContains("#found", "찾는 말이 없어요")
	yujin.Press(kb.Escape)
	yujin.WaitGone("#found")
	yujin.WaitFocus("#say")
}

// inLog is a script that reports whether the log shows an element.
func inLog(sel string) string {
	return fmt.Sprintf(`(() => {
		const log = document.querySelector('#log').getBoundingClientRect(), at = document.querySelector('%s').getBoundingClientRect()
		return at.top >= log.top && at.bottom <= log.bottom
	})()`, sel)
}

// TestSearchWithoutJavaScript: the results are a page whose links lead to the messages.
func TestSearchWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor, apptest.NoJavaScript)
	app.SignIn("유진").Post("/rooms", "name", "느린 방", "user_limit", "5").Want(303)
	app.SignIn("유진").Post("/rooms/1/messages", "content", "버퍼 이야기", "client_id", "a").Want(303)
	yujin.Goto("/rooms/1")
	yujin.Click(`[popovertarget="room-menu"]`)
	yujin.Paste("#q", "버퍼")
	yujin.Press(kb.Enter)
	yujin.WaitText("#messages mark", "버퍼")
	yujin.Click("#messages .found")
	yujin.WaitFor(`location.hash === '#message-1-2'`)
	yujin.WaitVisible("#message-1-2")
}
