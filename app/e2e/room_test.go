package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// comes opens a browser and signs in to an account that an operator makes.
func comes(t *testing.T, app *apptest.App, name string, role sns.Role, look ...apptest.Option) *member {
	t.Helper()
	app.AddUser(name, role)
	m := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app, name: name}
	m.Goto("/sign-in")
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Click("form .btn-main")
	m.WaitVisible("#compose")
	return m
}

// opensRoom opens a room by the dialog, and is inside.
func (m *member) opensRoom(name string, seats int) {
	m.t.Helper()
	m.Goto("/rooms")
	m.Click(".bar .btn-main")
	m.Paste("#room-name", name)
	m.Click(fmt.Sprintf(`.chip:has([value="%d"])`, seats))
	m.Click(".room-form .btn-main")
	m.connected()
}

// enters goes into a room from the list, and is connected.
func (m *member) enters(room int) {
	m.t.Helper()
	m.Click(fmt.Sprintf("#room-%d .enter .btn", room))
	m.connected()
}

// connected waits until the page of a room has its socket.
func (m *member) connected() {
	m.t.Helper()
	m.WaitVisible("#say")
	m.WaitFor(`document.querySelector('#reconnect')?.hidden`)
	m.WaitCount(fmt.Sprintf("#participants .person.online[data-from=\"%s\"]", m.Attr("body", "data-me")), 1)
}

// says types a message and sends the message with Enter.
func (m *member) says(text string) {
	m.t.Helper()
	m.Paste("#say", text)
	m.Press(kb.Enter)
	m.hears(text)
}

// hears waits for a message that is said: a message that still waits does not
// count.
func (m *member) hears(text string) {
	m.t.Helper()
	m.WaitContains("#messages [data-seq] .message-body", text)
}

// conversation returns the said messages on the page, in order.
func (m *member) conversation() (all []string) {
	m.t.Helper()
	m.Eval(`[...document.querySelectorAll('#messages [data-seq] .message-body')].map(e => e.textContent)`, &all)
	return all
}

// TestMentorAndTwoMembers is the main job of rooms: a mentor opens a room, two
// people enter, they talk, one member leaves and comes back, the mentor removes
// a member, and ends the room with every word saved.
func TestMentorAndTwoMembers(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	seojun := comes(t, app, "서준", sns.RoleUser, apptest.Dark)
	minji.Goto("/rooms")
	minji.WaitContains("#empty", "열린 방이 없어요")
	minji.clean("no rooms")
	seojun.Goto("/rooms")

	yujin.opensRoom("Redis 공부방", 5)
	minji.WaitText("#room-1-count", "1") // without a reload
	minji.WaitGone("#empty")
	minji.Screenshot("rooms-phone")
	minji.clean("rooms")
	minji.enters(1)
	yujin.WaitContains("#messages .event", "민지님이 들어왔어요")
	yujin.WaitCount("#participant-2.online", 1)
	seojun.WaitText("#room-1-count", "2")
	seojun.enters(1)

	yujin.says("어서 오세요, 오늘은 버퍼 이야기예요")
	minji.hears("어서 오세요")
	minji.Paste("#say", "안녕하세요!\n반가워요")
	minji.Click("#reply .btn-main")
	seojun.hears("반가워요")
	seojun.says("저도 방금 왔어요 https://example.com/redis")
	yujin.hears("저도 방금")
	want := strings.Join(yujin.conversation(), "|")
	for _, m := range []*member{minji, seojun} {
		if got := strings.Join(m.conversation(), "|"); got != want {
			t.Errorf("%s reads %q, not %q", m.name, got, want)
		}
	}
	for name, m := range map[string]*member{"room-desktop": yujin, "room-phone": minji, "room-dark": seojun} {
		m.Screenshot(name)
		m.clean(name)
	}

	minji.leaves()
	yujin.WaitContains("#messages .event", "민지님이 나갔어요")
	yujin.WaitCount("#participant-2", 0)
	yujin.WaitText("#room-1-count", "2")
	minji.Goto("/rooms/1")
	minji.WaitVisible(".door .enter .btn")
	minji.Screenshot("door-phone")
	minji.clean("door")
	minji.Click(".door .enter .btn")
	minji.connected()
	minji.hears("저도 방금") // history

	seojun.AllowConsole("WebSocket") // the browser's log of a refused handshake
	yujin.Click("#participant-3 .manage")
	yujin.WaitVisible("#dialog")
	yujin.Click("#dialog .btn-danger")
	seojun.WaitVisible(".door")
	seojun.WaitContains(".door", "멘토가 내보냈어요")
	seojun.Screenshot("removed-dark")
	minji.WaitContains("#messages .event", "서준님을 내보냈어요")

	yujin.endsRoom()
	minji.WaitContains(".settle", "저장됨")
	minji.WaitContains("#messages", "어서 오세요")
	minji.Screenshot("transcript-phone")
	minji.clean("transcript")
	yujin.Goto("/desk")
	yujin.WaitContains("#room-1-settlement", "9/9 저장됨")
	yujin.Screenshot("desk")
	yujin.clean("desk")
	seojun.Goto("/rooms/1")
	seojun.WaitCount("#messages", 0)
}

// leaves gives the seat back by the menu of the room.
func (m *member) leaves() {
	m.t.Helper()
	m.Click(`[popovertarget="room-menu"]`)
	m.Click(`#room-menu [href$="/leave"]`)
	m.WaitVisible("#dialog")
	m.Click("#dialog .btn-danger")
	m.WaitPath("/rooms")
}

// endsRoom ends the room whose page is open.
func (m *member) endsRoom() {
	m.t.Helper()
	m.Click(`[popovertarget="room-menu"]`)
	m.Click(`#room-menu [href$="/end"]`)
	m.WaitVisible("#dialog")
	m.Click("#dialog .btn-danger")
	m.WaitVisible(".settle")
}

// TestKoreanInputSendsOnce: the Enter that finishes a syllable sends one
// message, whole, whichever way the browser reports the key; Shift+Enter is a
// new line.
func TestKoreanInputSendsOnce(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("한글 입력", 5)
	for i, ime := range []apptest.IME{apptest.IMEWithin, apptest.IMETwice, apptest.IMEAfter} {
		yujin.Paste("#say", "안")
		yujin.Compose("#say", ime, "ㄴ", "녀", "녕")
		yujin.WaitCount("#messages [data-seq] .message-body", i+1)
		if left := yujin.Value("#say"); left != "" {
			t.Errorf("the field still holds %q", left)
		}
	}
	yujin.Paste("#say", "첫 줄")
	yujin.Press(kb.Enter, chromedp.ModifierShift)
	yujin.Paste("#say", "둘째 줄")
	yujin.Press(kb.Enter)
	yujin.hears("둘째 줄")
	time.Sleep(300 * time.Millisecond) // in which a second message would come
	if got := strings.Join(yujin.conversation(), "|"); got != "안녕|안녕|안녕|첫 줄\n둘째 줄" {
		t.Errorf("said %q", got)
	}
}

// TestCutOffAndBack: while the server is away typed messages wait, and the page
// says so; afterwards every message is there once, in order, for all people.
func TestCutOffAndBack(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.opensRoom("끊겨도 괜찮은 방", 5)
	minji.Goto("/rooms")
	minji.enters(1)
	yujin.says("들리나요?")
	minji.hears("들리나요?")
	for _, m := range []*member{yujin, minji} {
		m.AllowConsole("WebSocket|htmx:ws:error|ERR_CONNECTION_REFUSED|Failed to fetch")
	}
	app.Stop()
	minji.WaitVisible("#reconnect")
	for _, text := range []string{"하나", "둘", "셋"} {
		minji.Paste("#say", text)
		minji.Click("#reply .btn-main")
	}
	minji.WaitCount("#messages .pending", 3)
	minji.Screenshot("cut-off-phone")
	minji.clean("cut off")
	app.Restart()
	minji.connected()
	minji.WaitCount("#messages .pending", 0)
	yujin.hears("셋")
	for _, m := range []*member{yujin, minji} {
		if got := strings.Join(m.conversation(), "|"); got != "들리나요?|하나|둘|셋" {
			t.Errorf("%s reads %q", m.name, got)
		}
	}
}

// TestRefused: a refused message stays with its sender, who is told the reason
// and gets the text back.
func TestRefused(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("긴 이야기", 5)
	yujin.Paste("#say", strings.Repeat("가", 1001))
	yujin.WaitContains("#say-left", "1,001/1,000")
	yujin.Press(kb.Enter)
	if n := len([]rune(yujin.Value("#say"))); n != 1001 {
		t.Errorf("%d characters stay", n)
	}
	yujin.Clear("#say")
	families := strings.Repeat("👨\u200d👩\u200d👧\u200d👦", 400) // few characters of many bytes
	yujin.Paste("#say", families)
	yujin.Press(kb.Enter)
	yujin.WaitContains("#messages .failed", "기호가 너무 많아요")
	yujin.Screenshot("failed")
	yujin.clean("failed message")
	yujin.Click("#messages .failed [data-drop]")
	yujin.WaitCount("#messages .failed", 0)
	if left := yujin.Value("#say"); left != families {
		t.Errorf("%.20q came back", left)
	}
	yujin.Clear("#say")
	yujin.says("짧게")
	if got := yujin.conversation(); len(got) != 1 {
		t.Errorf("said %q", got)
	}
}

// TestRoomWithoutJavaScript: the same room by forms alone.
func TestRoomWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor, apptest.NoJavaScript)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.NoJavaScript, apptest.Phone)
	yujin.Goto("/rooms")
	yujin.Click(".bar .btn-main")
	yujin.WaitPath("/rooms/new")
	yujin.Type("#room-name", "느린 인터넷")
	yujin.Click(".room-form .btn-main")
	yujin.WaitPath("/rooms/1")
	minji.Goto("/rooms")
	minji.Click("#room-1 .enter .btn")
	minji.WaitPath("/rooms/1")
	minji.Type("#say", "안녕하세요")
	minji.Click("#reply .btn-main")
	minji.hears("안녕하세요")
	minji.Screenshot("room-nojs-phone")
	yujin.Reload()
	yujin.hears("안녕하세요")
	yujin.Click("#messages .message .own")
	yujin.WaitPath("/rooms/1/messages/3/delete")
	yujin.Click(".btn-danger")
	yujin.WaitPath("/rooms/1")
	yujin.WaitContains("#messages .message-body", "삭제된 메시지예요")
	minji.Goto("/rooms/1/leave")
	minji.Click(".btn-danger")
	minji.WaitPath("/rooms")
	yujin.Goto("/rooms/1/end")
	yujin.Click(".btn-danger")
	yujin.WaitPath("/rooms/1")
	yujin.WaitVisible(".settle")
	minji.Goto("/rooms/1")
	minji.WaitContains("#messages", "민지님이 나갔어요")
}

// TestFreeSeat: a person who waits for a seat is told, once, on any page.
func TestFreeSeat(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	yujin.opensRoom("다섯 자리", 5)
	for _, name := range []string{"하늘", "도윤", "윤슬", "나래"} {
		app.Member(name).Post("/rooms/1/enter").Want(303)
	}
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.Goto("/rooms")
	minji.WaitContains("#room-1-seats", "만석")
	minji.Screenshot("full-phone")
	minji.Click("#room-1 .wait .btn")
	minji.WaitContains("#toasts", "자리가 나면 알려 드릴게요")
	minji.Goto("/")
	app.SignIn("나래").Post("/rooms/1/leave").Want(303)
	minji.WaitContains("#toasts", "‘다섯 자리’에 자리가 났어요")
	minji.clean("free seat")
	minji.Goto("/rooms")
	minji.WaitContains(".freed", "자리가 났어요")
	minji.Click(".freed .btn")
	minji.connected()
	yujin.WaitText("#room-1-count", "5")
}
