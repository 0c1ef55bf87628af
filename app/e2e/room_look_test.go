package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// chatters says many messages in a room by forms, as fast as the server takes
// them.
func chatters(who *apptest.Client, from, n int) {
	for i := from; i < from+n; i++ {
		id := fmt.Sprintf("chatter-%d", i)
		who.Post("/rooms/1/messages", "content", fmt.Sprintf("%d번째 이야기", i), "client_id", id).Want(303)
	}
}

// below returns the px of the conversation below the visible part.
const below = `(log => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector('#log'))`

// changesRoom opens the settings of the room, in the dialog.
func (m *member) changesRoom() {
	m.t.Helper()
	m.Click(`[popovertarget="room-menu"]`)
	m.Click(`#room-menu [href$="/edit"]`)
	m.WaitVisible("#dialog .room-form")
}

// savesRoom sends the settings, and sees the dialog go.
func (m *member) savesRoom() {
	m.t.Helper()
	m.Click("#dialog .btn-main")
	m.WaitGone("#dialog .room-form")
}

// TestRoomSettings: a room needs no notice to be renamed, and a notice can be
// taken back.
func TestRoomSettings(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("독서 모임", 5)
	yujin.changesRoom()
	yujin.Clear("#room-name")
	yujin.Paste("#room-name", "느린 독서 모임")
	yujin.savesRoom()
	yujin.WaitText("#room-title", "느린 독서 모임")
	yujin.changesRoom()
	yujin.Paste("#room-notice-field", "오늘은 3장까지 읽어요")
	yujin.savesRoom()
	yujin.WaitContains("details#room-notice", "오늘은 3장까지")
	yujin.changesRoom()
	yujin.Clear("#room-notice-field")
	yujin.savesRoom()
	yujin.WaitCount("details#room-notice", 0)
	yujin.Reload()
	yujin.WaitText("#room-title", "느린 독서 모임")
	yujin.WaitCount("details#room-notice", 0)
}

// TestRoomFillsThePhone: only the conversation scrolls, and the people of the
// room come and go above the conversation.
func TestRoomFillsThePhone(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.opensRoom("긴 대화", 5)
	minji.Goto("/rooms")
	minji.enters(1)
	chatters(app.SignIn("유진"), 1, 30)
	minji.hears("30번째 이야기")
	minji.Click("#say")
	var page [2]int
	minji.Eval(`[document.scrollingElement.scrollHeight, innerHeight]`, &page)
	if page[0] != page[1] {
		t.Errorf("the page is %d px tall, the window %d", page[0], page[1])
	}
	for name, closes := range map[string]func(){
		"Escape":         func() { minji.Press(kb.Escape) },
		"the cross":      func() { minji.Click(`#people [href="#chat"]`) },
		"a tap outside":  func() { minji.Click("#room-title") },
		"the way it was": func() { minji.Back() },
	} {
		minji.Click(`[href="#people"]`)
		minji.WaitVisible("#participants")
		closes()
		minji.WaitFor(`!document.querySelector('#participants').checkVisibility()`)
		var hash string
		if minji.Eval(`location.hash`, &hash); hash != "" {
			t.Errorf("closed by %s the address ends in %s", name, hash)
		}
	}
	minji.Back() // the sheets left no entries in the history
	minji.WaitPath("/rooms")
}

// TestPlaceInTheConversation: a reader at the end follows the conversation,
// however fast new lines come; a reader above the end stays in place.
func TestPlaceInTheConversation(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("빠른 대화", 5)
	minji := app.Member("민지")
	minji.Post("/rooms/1/enter").Want(303)
	said := 0
	burst := func(n int) {
		chatters(minji, said+1, n)
		said += n
		yujin.hears(fmt.Sprintf("%d번째 이야기", said))
	}
	burst(40)
	for range 5 {
		burst(8)
		yujin.WaitFor(below + ` < 2`)
	}
	const middle = `Math.round(document.querySelector('#messages > :nth-child(20)').getBoundingClientRect().top)`
	yujin.Eval(`document.querySelector('#messages > :nth-child(20)').scrollIntoView(), true`, new(bool))
	yujin.WaitFor(below + ` > 500`)
	var before, after int
	yujin.Eval(middle, &before)
	burst(8)
	yujin.WaitVisible("#jump")
	if yujin.Eval(middle, &after); before != after {
		t.Errorf("what one reads moved from %d to %d", before, after)
	}
	yujin.Click("#jump")
	yujin.WaitFor(below + ` < 2`)
}

// TestLongNameBesideTheTalk: the longest name leaves the mentor's list of people
// within the window.
func TestLongNameBesideTheTalk(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("이름이 긴 사람들", 5)
	app.Member(strings.Repeat("가나다", 5)).Post("/rooms/1/enter").Want(303)
	yujin.WaitVisible("#participant-2 .manage")
	var edges [3]int
	yujin.Eval(`['#people', '#participant-2 .manage'].map(s => Math.ceil(document.querySelector(s).getBoundingClientRect().right)).concat(innerWidth)`, &edges)
	if edges[0] > edges[2] || edges[1] > edges[0] {
		t.Errorf("the list ends at %d px, its button at %d, the window at %d", edges[0], edges[1], edges[2])
	}
}

// TestFocusAfterDeleting: when the focused element is deleted, or pressed until
// another button takes its place, the focus stays in the room and does not go
// to the top of the page.
func TestFocusAfterDeleting(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser)
	yujin.opensRoom("다섯 자리", 5)
	for _, name := range []string{"하늘", "도윤", "윤슬", "나래"} {
		app.Member(name).Post("/rooms/1/enter").Want(303)
	}
	minji.Goto("/rooms")
	minji.Click("#room-1 .wait .btn")
	minji.WaitFor(`document.activeElement.matches('#room-1 .wait .btn[value="false"]')`)

	yujin.says("잘못 썼어요")
	yujin.Hover("#message-1-6")
	yujin.Click("#message-1-6 .act")
	yujin.Click("#message-menu .own")
	yujin.WaitVisible("#dialog .btn-danger")
	yujin.Click("#dialog .btn-danger")
	yujin.WaitCount("#messages .message-body.gone", 1)
	yujin.WaitFor(`document.activeElement.id === 'message-1-6'`)
	yujin.Click("#participant-4 .manage")
	yujin.WaitVisible("#dialog .btn-danger")
	yujin.Click("#dialog .btn-danger")
	yujin.WaitCount("#participant-4", 0)
	yujin.WaitFor(`document.activeElement.id === 'say'`)
}

// TestEndOfTheLogWithoutAChangeOfSize: bubbles go and others of the same height come
// before the browser looks at sizes, as when the broadcast takes the place of a long
// message that was being sent: the log stays at its end.
func TestEndOfTheLogWithoutAChangeOfSize(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("끝까지", 5)
	chatters(app.SignIn("유진"), 1, 40)
	yujin.hears("40번째 이야기")
	yujin.WaitFor(below + ` < 2`)
	yujin.Eval(`(() => {
		const list = document.querySelector('#messages'), last = [...list.children].slice(-2)
		last.forEach((line) => line.remove())
		document.querySelector('#log').scrollTop += 0 // the browser measures, and moves the log up
		list.append(...last)
		return true
	})()`, new(bool))
	yujin.WaitFor(below + ` < 2`)
}
