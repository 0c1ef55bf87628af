package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// unreadIn returns the unread number of a room in the list of a client, or "".
func unreadIn(c *apptest.Client, room int) string {
	number, _, _ := strings.Cut(strings.TrimSpace(c.Get("/rooms").Want(200).Find(fmt.Sprintf("#room-%d .unread", room)).Text()), " ")
	return number
}

// waitsUnread waits until the list of a client shows an unread number.
func waitsUnread(t *testing.T, c *apptest.Client, room int, want string) {
	t.Helper()
	got := unreadIn(c, room)
	for deadline := time.Now().Add(10 * time.Second); got != want && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		got = unreadIn(c, room)
	}
	if got != want {
		t.Errorf("%q are unread, want %q", got, want)
	}
}

// TestComingBackToARoom: what others say meanwhile is counted in the list and tells by a dot;
// the log opens where one was, and only what was on the screen of a visible page is read.
func TestComingBackToARoom(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	haneul := comes(t, app, "하늘", sns.RoleUser, apptest.Phone)
	yujin.opensRoom("읽기방", 5)
	haneul.Goto("/rooms")
	haneul.enters(1)
	yujin.says("어서 오세요")
	haneul.hears("어서 오세요")
	other := app.SignIn("하늘") // another device, on which the list is looked at
	waitsUnread(t, other, 1, "")

	haneul.Goto("/")
	haneul.WaitCount(".dock .dot", 0)
	yujin.says("하나")
	haneul.WaitCount(`.dock a[href="/rooms"] .dot`, 1)
	haneul.clean("a dot in the menu")
	other.Get("/rooms/1").Want(200)
	other.Post("/rooms/1/read", "seq", "99").Want(303)
	haneul.WaitCount(".dock .dot", 0)
	yujin.says("하나 더")
	haneul.WaitCount(`.dock a[href="/rooms"] .dot`, 1)
	haneul.Reload()
	haneul.WaitCount(`.dock a[href="/rooms"] .dot`, 1)
	haneul.Goto("/rooms")
	haneul.WaitContains("#room-1 .unread", "1")
	haneul.WaitContains("#room-1 .last", "유진 멘토 하나")
	haneul.clean("rooms with something unread")
	yujin.says("둘")
	haneul.WaitContains("#room-1 .unread", "2") // the visible list is refreshed

	mentor := app.SignIn("유진")
	for i := range 30 {
		mentor.Post("/rooms/1/messages", "content", fmt.Sprintf("%d번째 줄\n조금 긴\n메시지", i)).Want(303)
	}
	haneul.Click("#room-1 .btn")
	haneul.connected()
	haneul.WaitText("#read", "여기까지 읽었어요")
	haneul.WaitFor(`(box => box.top > 0 && box.bottom < innerHeight)(document.getElementById('read').getBoundingClientRect())`)
	haneul.WaitFor(`(log => log.scrollHeight - log.scrollTop - log.clientHeight > 300)(document.getElementById('log'))`)
	haneul.clean("a room to which somebody comes back")
	time.Sleep(1500 * time.Millisecond) // the page tells what was on the screen
	if got := unreadIn(other, 1); got == "" || got == "32" {
		t.Errorf("after looking at the first new messages, %q are unread", got)
	}
	haneul.Eval(`(document.getElementById('log').scrollTop = 1e6, '')`, new(string))
	waitsUnread(t, other, 1, "")

	haneul.Eval(`(Object.defineProperty(document, 'hidden', {configurable: true, get: () => true}), '')`, new(string))
	yujin.says("뒤에 숨은 페이지")
	haneul.hears("뒤에 숨은 페이지")
	time.Sleep(1500 * time.Millisecond)
	if got := unreadIn(other, 1); got != "1" {
		t.Errorf("a hidden page reads: %q are unread", got)
	}
	haneul.Eval(`(delete document.hidden, '')`, new(string))
	waitsUnread(t, other, 1, "")
	if n := yujin.Count("#read"); n != 0 {
		t.Errorf("who was there all the time sees %d lines", n)
	}

	haneul.Click(`[popovertarget="room-menu"]`)
	haneul.WaitVisible("#alerts")
	haneul.clean("the menu of a room")
	haneul.Click(`#alerts [value="none"]`)
	haneul.WaitText(`#alerts [aria-pressed="true"]`, "받지 않기")
	haneul.Goto("/")
	yujin.says("조용히")
	haneul.Reload()
	haneul.WaitVisible("#compose")
	haneul.WaitCount(".dock .dot", 0)
	waitsUnread(t, other, 1, "1")
}

// Without scripts the same list counts, and opening a page reads what it shows.
func TestReadingARoomWithoutScripts(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleMentor)
	mentor := app.SignIn("유진")
	mentor.Post("/rooms", "name", "읽기방", "user_limit", "5").Want(303)
	app.AddUser("하늘", sns.RoleUser)
	plain := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone, apptest.NoJavaScript), t: t, app: app}
	plain.Goto("/sign-in")
	plain.Type("#username", "하늘")
	plain.Type("#password", apptest.Password)
	plain.Click("form .btn-main")
	plain.WaitVisible("#compose")
	plain.Goto("/rooms")
	plain.Click("#room-1 .enter .btn")
	plain.WaitVisible("#say")
	mentor.Post("/rooms/1/messages", "content", "하나").Want(303)
	mentor.Post("/rooms/1/messages", "content", "둘").Want(303)
	plain.Goto("/rooms")
	plain.WaitContains("#room-1 .unread", "2")
	plain.WaitCount(`.dock a[href="/rooms"] .dot`, 1)
	plain.Click("#room-1 .btn")
	plain.WaitText("#read", "여기까지 읽었어요")
	for range 5 { // a click on a page that is still moving may open nothing
		plain.Click(`[popovertarget="room-menu"]`)
		time.Sleep(200 * time.Millisecond)
		if plain.Count(`#room-menu:popover-open`) > 0 {
			break
		}
	}
	plain.Click(`#alerts [value="mentions"]`)
	plain.WaitVisible("#say")
	plain.WaitCount("#read", 0)
	plain.Goto("/rooms")
	plain.WaitVisible("#room-1")
	plain.WaitCount("#room-1 .unread", 0)
	plain.WaitCount(".dock .dot", 0)
}
