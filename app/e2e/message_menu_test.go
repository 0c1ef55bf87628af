package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// twoTalk opens a room in which a mentor and a member at the given look say one thing
// each: messages 3 and 4.
func twoTalk(t *testing.T, look ...apptest.Option) (mentor, member *member) {
	t.Helper()
	app := apptest.Start(t)
	mentor, member = comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, look...)
	mentor.opensRoom("메뉴가 있는 방", 5)
	member.Goto("/rooms")
	member.enters(1)
	mentor.Paste("#say", "어서 오세요\n반가워요")
	mentor.Press(kb.Enter)
	member.hears("반가워요")
	member.Paste("#say", "https://a.kr 저도 반가워요. 오늘 처음 왔는데 자리가 있어서 다행이에요")
	member.Click("#reply .btn-main")
	mentor.hears("저도")
	return mentor, member
}

// clipboard makes the page remember the text that it copies.
func (m *member) clipboard() {
	m.Eval(`navigator.clipboard.writeText = async (text) => { window.copied = text }, true`, new(bool))
}

// TestMessageMenuWithAMouse: the button shows on hover and opens the menu, which copies,
// and deletes what the viewer may delete.
func TestMessageMenuWithAMouse(t *testing.T) {
	t.Parallel()
	yujin, minji := twoTalk(t)
	for _, m := range []*member{yujin, minji} {
		m.WaitGone("#messages .act")
		m.clipboard()
	}
	minji.Hover("#message-1-3")
	minji.WaitVisible("#message-1-3 .act")
	minji.WaitGone("#message-1-4 .act")
	minji.Click("#message-1-3 .act")
	minji.WaitVisible("#message-menu [data-copy]")
	minji.WaitGone("#message-menu .own") // another's message
	minji.clean("menu of a message")
	minji.Screenshot("message-menu-desk")
	minji.Click("#message-menu [data-copy]")
	minji.WaitContains("#toasts", "복사했어요")
	minji.WaitFor(`window.copied === '어서 오세요\n반가워요'`)
	minji.WaitGone("#message-menu")
	minji.Hover("#message-1-4")
	minji.Click("#message-1-4 .act")
	minji.WaitVisible("#message-menu .own")
	minji.Screenshot("message-menu-own-desk")
	minji.Press(kb.Escape)

	yujin.Hover("#message-1-4")
	yujin.Click("#message-1-4 .act")
	yujin.Click("#message-menu .own") // of the mentor's room
	yujin.WaitVisible("#dialog .btn-danger")
	yujin.Click("#dialog .btn-danger")
	minji.WaitContains("#message-1-4 .gone", "삭제된 메시지예요")
	minji.Hover("#message-1-4")
	minji.WaitGone("#message-1-4 .act")
}

// TestMessageMenuUnderTheThumb: a tap on a bubble opens the menu as a sheet, and nothing
// invisible takes a tap.
func TestMessageMenuUnderTheThumb(t *testing.T) {
	t.Parallel()
	yujin, minji := twoTalk(t, apptest.Phone)
	minji.Click("#message-1-3 time")
	minji.WaitGone("#message-menu")
	minji.WaitGone("#dialog")
	minji.Click("#message-1-3 .message-body")
	minji.WaitVisible("#message-menu [data-copy]")
	minji.WaitGone("#message-menu .own")
	minji.Screenshot("message-menu-phone")
	minji.clean("menu of a message on a phone")
	minji.Click("#message-1-4 .message-body") // closes the menu, and does not open another
	minji.WaitGone("#message-menu")
	minji.Click("#message-1-4 .message-body")
	minji.Click("#message-menu .own")
	minji.WaitVisible("#dialog .btn-danger")
	minji.Click("#dialog .btn-danger")
	yujin.WaitContains("#message-1-4 .gone", "삭제된 메시지예요")
	minji.Click("#message-1-4 .message-body")
	minji.WaitGone("#message-menu")

	yujin.endsRoom()
	minji.WaitContains(".settle", "저장됨")
	minji.Click("#message-1-3 .message-body") // of the transcript
	minji.WaitVisible("#message-menu [data-copy]")
}

// TestMessagesByKeyboard: all messages are one stop of the Tab key; arrows move between
// them, Enter opens the menu of one, and Escape leads back.
func TestMessagesByKeyboard(t *testing.T) {
	t.Parallel()
	yujin, _ := twoTalk(t)
	var stops int
	yujin.Eval(`[...document.querySelectorAll('#log, #log *')].filter(e => e.tabIndex >= 0 && !e.closest('[data-seq="4"] *') && e.checkVisibility()).length`, &stops)
	if stops != 1 {
		t.Errorf("the log has %d stops", stops)
	}
	yujin.Click("#say")
	for range 3 { // the link of the newest message, the name of the author, the message
		yujin.Press(kb.Tab, chromedp.ModifierShift)
	}
	for _, step := range []struct {
		key string
		seq int
	}{{"", 4}, {kb.ArrowUp, 3}, {kb.ArrowUp, 2}, {kb.End, 4}, {kb.Home, 1}, {kb.ArrowUp, 1}, {kb.ArrowDown, 2}, {kb.ArrowDown, 3}} {
		if step.key != "" {
			yujin.Press(step.key)
		}
		yujin.WaitFocus(fmt.Sprintf("#message-1-%d", step.seq))
	}
	yujin.Press(kb.Enter)
	yujin.WaitFocus("#message-menu [data-copy]")
	yujin.Press(kb.Escape)
	yujin.WaitGone("#message-menu")
	yujin.WaitFocus("#message-1-3")
	yujin.Eval(`document.activeElement.dispatchEvent(new PointerEvent('contextmenu', {bubbles: true})), true`, new(bool)) // as the menu key does
	yujin.WaitFocus("#message-menu [data-copy]")
	yujin.Press(kb.Escape)
	yujin.TabTo("#say")
}
