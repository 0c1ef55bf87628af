package e2e

import (
	"fmt"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// snippet is a text with code, as people paste it.
const snippet = "  버퍼를 이렇게 비워요. `Close`를 두 번 불러도 괜찮아요.\n\n```go\nfunc settle(room int64) error {\n\tif err := buffer.Close(room); err != nil {\n\t\treturn fmt.Errorf(\"close the buffer of room %d before its messages are saved: %w\", room, err)\n\t}\n\treturn save(room)\n}\n```\n\n\n\n\n\n결과:\n  saved    312\n  total    312"

// manyLines returns a text of n numbered lines.
func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d번째 줄이에요\n", i+1)
	}
	return strings.TrimSpace(b.String())
}

// linesShown returns how many lines of text an element shows.
func (m *member) linesShown(sel string) (lines float64) {
	m.t.Helper()
	m.Eval(fmt.Sprintf(`(e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight))(document.querySelector(%q))`, sel), &lines)
	return lines
}

// TestCodeInAPost: code keeps its white space, scrolls inside of its box, and is
// copied whole.
func TestCodeInAPost(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	for _, look := range []struct {
		name    string
		options []apptest.Option
	}{{"light", []apptest.Option{apptest.Phone}}, {"dark", []apptest.Option{apptest.Phone, apptest.Dark}}} {
		m := comes(t, app, "코드"+look.name, sns.RoleUser, look.options...)
		m.posts("버퍼")
		app.SignIn("코드"+look.name).Upload("/posts", nil, "content", snippet).Want(303)
		m.Goto("/")
		var box struct{ Inner, Outer, Window int }
		m.Eval(`(e => ({Inner: e.scrollWidth, Outer: e.clientWidth, Window: innerWidth}))(document.querySelector('.post-text pre'))`, &box)
		if box.Inner <= box.Outer || box.Outer > box.Window {
			t.Errorf("%s: the code is %d px wide in a box of %d in a window of %d", look.name, box.Inner, box.Outer, box.Window)
		}
		var copied string
		m.Eval(`(() => { getSelection().selectAllChildren(document.querySelector('.post-text pre')); return getSelection().toString() })()`, &copied)
		if code := strings.Split(snippet, "```")[1]; strings.TrimSpace(copied) != strings.TrimSpace(strings.TrimPrefix(code, "go")) {
			t.Errorf("%s: the copy is %q", look.name, copied)
		}
		m.Eval(`getSelection().removeAllRanges(), true`, new(bool))
		m.clean("a post with code, " + look.name)
		m.Eval(`scrollTo(0, 260), true`, new(bool))
		m.Screenshot("code-post-" + look.name)
	}
}

// TestFoldedPost: a list shows the beginning of a long post, and opens the post in
// place; the page of the post, which the link leads to, shows everything.
func TestFoldedPost(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	const writer = "writer" // a path of Latin letters: the browser shows others encoded
	author := app.Member(writer)
	author.Upload("/posts", nil, "content", manyLines(40)).Want(303)
	author.Upload("/posts", nil, "content", strings.Repeat("긴 문단이에요. ", 50)).Want(303)
	author.Upload("/posts", nil, "content", manyLines(12)).Want(303)
	for name, look := range map[string][]apptest.Option{"light": {apptest.Phone}, "dark": {apptest.Phone, apptest.Dark}, "desk": nil} {
		m := comes(t, app, "읽는이"+name, sns.RoleUser, look...)
		m.Goto("/users/" + writer)
		for post, want := range map[int]float64{1: 12, 2: 12, 3: 12} {
			if got := m.linesShown(fmt.Sprintf("#post-%d .post-text", post)); got < want-.5 && name != "desk" || got > want+.5 {
				t.Errorf("%s: post %d shows %.1f lines", name, post, got)
			}
		}
		m.WaitVisible("#post-1 .unfold")
		m.WaitCount("#post-3 .unfold", 0)
		if name == "desk" {
			m.WaitGone("#post-2 .unfold") // a wide window shows the whole paragraph
		} else {
			m.WaitVisible("#post-2 .unfold")
		}
		m.clean("folded posts, " + name)
		m.Eval(`document.querySelector('#post-2').scrollIntoView(), true`, new(bool))
		m.Screenshot("folded-post-" + name)
		m.Click("#post-1 .unfold")
		m.WaitGone("#post-1 .unfold")
		m.WaitFocus("#post-1 .post-text")
		m.WaitPath("/users/" + writer)
		if got := m.linesShown("#post-1 .post-text"); got < 39.5 {
			t.Errorf("%s: the opened post shows %.1f lines", name, got)
		}
		m.Goto("/posts/1")
		m.WaitGone(".unfold")
		if got := m.linesShown("#post-1 .post-text"); got < 39.5 {
			t.Errorf("%s: the page of the post shows %.1f lines", name, got)
		}
	}
	plain := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone, apptest.NoJavaScript), t: t, app: app}
	plain.Goto("/sign-in")
	plain.signsInAs(writer)
	plain.Click("#post-1 .unfold")
	plain.WaitPath("/posts/1")
}

// TestFoldedMessage: a very long message opens in place, also without scripts, and the
// log does not scroll away from the place where the reader goes on.
func TestFoldedMessage(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor, apptest.Phone)
	yujin.opensRoom("긴 메시지", 5)
	minji := app.Member("민지")
	minji.Post("/rooms/1/enter").Want(303)
	minji.Post("/rooms/1/messages", "content", snippet, "client_id", "code").Want(303)
	yujin.hears("Close")
	yujin.Click("#toasts [data-close]")
	yujin.WaitGone("#toasts .toast")
	var edges [2]float64
	yujin.Eval(`['.message-body', '.message-body pre'].map(s => document.querySelector(s).getBoundingClientRect().right)`, &edges)
	if edges[0] > 340 || edges[1] > edges[0] {
		t.Errorf("the bubble ends at %.0f px and its code at %.0f", edges[0], edges[1])
	}
	yujin.Screenshot("room-code")
	minji.Post("/rooms/1/messages", "content", manyLines(60), "client_id", "long").Want(303)
	yujin.hears("1번째 줄")
	yujin.WaitFor(below + ` < 2`)
	yujin.clean("room with code and a folded message")
	yujin.Screenshot("room-folded")
	const long = "#message-1-4"
	plain := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone, apptest.NoJavaScript), t: t, app: app}
	plain.Goto("/sign-in")
	plain.signsInAs("유진")
	plain.Goto("/rooms/1")
	for _, m := range []*member{yujin, plain} {
		if got := m.linesShown(long + " .message-body"); got < 28 || got > 29.5 {
			t.Errorf("%.1f lines are shown", got)
		}
		m.Click(long + " summary")
		m.WaitFor(`document.querySelector('` + long + ` .unfold').open`)
		if got := m.linesShown(long + " .message-body"); got < 60 {
			t.Errorf("%.1f lines are shown of the opened message", got)
		}
	}
	var left float64
	if yujin.Eval(below, &left); left < 100 {
		t.Errorf("opening the message led away, to %.0f px above the end", left)
	}
}
