package e2e

import (
	"fmt"
	"os"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestJourneyInOtherBrowsers is the journey of two people in Firefox and WebKit, on a
// phone, or with E2E=all (make browser-all) at a desk as well.
func TestJourneyInOtherBrowsers(t *testing.T) {
	t.Parallel()
	sizes := [][2]int{{450, 844}} // no window of Firefox is narrower
	if os.Getenv("E2E") == "all" {
		sizes = append(sizes, [2]int{1280, 900})
	}
	for _, engine := range []apptest.Engine{apptest.Firefox, apptest.WebKit} {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s %d", engine, size[0]), func(t *testing.T) {
				app := apptest.Start(t)
				minji := apptest.NewVisitor(t, engine, app.URL, "민지", size[0], size[1])
				seojun := apptest.NewVisitor(t, engine, app.URL, "서준", size[0], size[1])
				journey(t, app, minji, seojun, fmt.Sprintf("%s-%d", engine, size[0]))
			})
		}
	}
}

// journey is what two people do on their first day.
func journey(t *testing.T, app *apptest.App, minji, seojun *apptest.Visitor, name string) {
	t.Helper()
	joins(minji)
	joins(seojun)
	app.SetRole(seojun.Name, sns.RoleMentor)

	// A post with a photo, and a live like and comment.
	minji.Type("#compose-images", photo(t, 1200, 900, 1))
	minji.WaitFor(`document.querySelectorAll('#compose-previews .preview').length === 1`)
	minji.Type("#compose-content", "퇴근길 노을")
	minji.Click("#compose .btn-main")
	minji.WaitFor(`document.querySelector('#post-1 .images img')?.naturalWidth > 0`)
	seojun.WaitText("#fresh", "새 글 1개")
	seojun.Click("#fresh a")
	seojun.Click("#post-1-like")
	minji.WaitText("#post-1-likes", "1")
	seojun.Goto("/posts/1")
	seojun.Type("#reply-content", "와, 예뻐요")
	seojun.Click("#reply .btn-main")
	seojun.WaitText("#comments .comment-text", "와, 예뻐요")
	minji.WaitText("#post-1-comments", "1")
	minji.Screenshot("timeline-" + name)

	// A room: both talk, and each sees the end of the log.
	seojun.Goto("/rooms/new")
	seojun.Type("#room-name", "면접 준비")
	seojun.Click(".room-form .btn-main")
	connects(seojun)
	minji.Goto("/rooms")
	minji.Click("#room-1 .enter .btn")
	connects(minji)
	for i := range 12 {
		from, to := minji, seojun
		if i%2 == 1 {
			from, to = to, from
		}
		text := fmt.Sprintf("메시지 %d\n둘째 줄", i)
		from.Eval(fmt.Sprintf(`(document.querySelector('#say').value = %q, document.querySelector('#say').dispatchEvent(new Event('input', { bubbles: true })))`, text), nil)
		from.Click("#reply .btn-main")
		from.WaitText("#messages [data-seq] .message-body", fmt.Sprintf("메시지 %d", i))
		to.WaitText("#messages [data-seq] .message-body", fmt.Sprintf("메시지 %d", i))
	}
	for _, v := range []*apptest.Visitor{minji, seojun} {
		v.WaitFor(`(({ scrollTop, clientHeight, scrollHeight }) => scrollHeight - scrollTop - clientHeight < 2)(document.querySelector('.chat .log'))`)
	}
	minji.Screenshot("room-" + name)

	// The end, and the way back.
	seojun.Goto("/rooms/1/end")
	seojun.Click("main form .btn-danger")
	seojun.WaitText("body", "저장됨")
	minji.WaitFor(`!document.querySelector('#say')`)
	minji.Goto("/posts/1")
	minji.Back()
	minji.WaitText("body", "저장됨") // a page that still loads would take the place of the next one
	minji.Goto("/")
	minji.WaitText("#post-1-comments", "1")
}

// joins signs up.
func joins(v *apptest.Visitor) {
	v.Goto("/sign-up")
	v.Type("#username", v.Name)
	v.Type("#password", apptest.Password)
	v.Type("#password_confirm", apptest.Password)
	v.Type("#email", "someone@example.com")
	v.Click("form > .btn-main")
	v.WaitFor(`document.querySelector('#compose') && location.pathname === '/'`)
}

// connects waits until the page of a room has its socket.
func connects(v *apptest.Visitor) {
	v.WaitFor(`document.querySelector('#say') && document.querySelector('#reconnect')?.hidden`)
}
