package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// longTopic is as long as topics of rooms usually get.
const longTopic = "처음 만나는 Redis, 함께 천천히 읽기"

// magnified doubles the text of the page, as the setting of a phone does.
func (m *member) magnified() {
	m.t.Helper()
	m.Eval(`document.documentElement.style.fontSize = '200%', true`, new(bool))
}

// whole fails the test if a part of an element's text is cut off.
func (m *member) whole(sel string) {
	m.t.Helper()
	var box [4]int
	m.Eval(`(e => [e.scrollWidth, e.clientWidth, e.scrollHeight, e.clientHeight])(document.querySelector('`+sel+`'))`, &box)
	const overhang = 4 // px of tall letters above and below their lines
	if box[0] > box[1] || box[2] > box[3]+overhang {
		m.t.Errorf("of %s with %d × %d px only %d × %d are shown", sel, box[0], box[2], box[1], box[3])
	}
}

// TestRoomsInLargeText: the door, and the title of a room, stand without loss on a phone
// at twice the size of the text.
func TestRoomsInLargeText(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleMentor)
	yujin := app.SignIn("유진")
	yujin.Post("/rooms", "name", longTopic, "user_limit", "15").Want(303)
	yujin.Post("/rooms/1", "notice", "오늘은 3장 ‘자료 구조’까지 읽어요.\n책이 없어도 괜찮아요. https://example.com/redis").Want(303)
	chatters(yujin, 1, 3)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.Goto("/rooms/1")
	minji.WaitContains(".topic", "오늘 메시지 3개")
	minji.Screenshot("door-whole-phone")
	minji.clean("door")
	minji.magnified()
	minji.whole("#room-1-name")
	minji.within("door in large text")
	minji.Screenshot("door-large")
	minji.Click(".door .enter .btn")
	minji.connected()
	minji.Screenshot("room-title-phone")
	minji.Click(`[popovertarget="room-menu"]`)
	minji.WaitText("#room-topic", longTopic)
	minji.Screenshot("room-menu-phone")
	minji.Click(`[popovertarget="room-menu"]`)
	minji.magnified()
	minji.WaitFor(below + ` < 2`)
	minji.whole("#room-title")
	minji.within("room in large text")
	minji.Screenshot("room-large")

	desk := comes(t, app, "서준", sns.RoleUser, apptest.Dark)
	desk.Goto("/rooms/1")
	desk.WaitVisible(".door")
	desk.Screenshot("door-desk-dark")
	yujin.Post("/rooms/1", "name", "새 주제").Want(303)
	minji.WaitText("#room-topic", "새 주제") // while the menu is closed
}

// TestRoomInForcedColours: bubbles have borders, and taken seats and people online are
// filled.
func TestRoomInForcedColours(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor, apptest.ForcedColors)
	yujin.opensRoom("또렷한 방", 5)
	app.Member("민지").Post("/rooms/1/enter").Want(303)
	app.SignIn("민지").Post("/rooms/1/messages", "content", "보이나요?", "client_id", "a").Want(303)
	yujin.says("또렷해요")
	yujin.Screenshot("room-forced")
	var looks map[string]string
	yujin.Eval(`(() => {
		const look = (sel, pseudo) => getComputedStyle(document.querySelector(sel), pseudo)
		return {
			theirs: look('[data-from="2"] .message-body').borderTopStyle, mine: look('[data-from="1"] .message-body').borderTopStyle,
			taken: look('.seats .on').backgroundColor, free: look('.seats i:not(.on)').backgroundColor, ring: look('.seats i:not(.on)').borderTopStyle,
			online: look('#participant-1 .avatar', '::after').backgroundColor, ground: look('body').backgroundColor,
		}
	})()`, &looks)
	if looks["theirs"] != "solid" || looks["mine"] != "double" || looks["ring"] != "solid" {
		t.Errorf("borders are missing: %v", looks)
	}
	if looks["taken"] == looks["free"] || looks["taken"] == looks["ground"] || looks["online"] != looks["taken"] {
		t.Errorf("seats look alike: %v", looks)
	}
}
