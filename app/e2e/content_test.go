package e2e

import (
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// snippet is a text with code, as people paste it.
const snippet = "  버퍼를 이렇게 비워요. `Close`를 두 번 불러도 괜찮아요.\n\n```go\nfunc settle(room int64) error {\n\tif err := buffer.Close(room); err != nil {\n\t\treturn fmt.Errorf(\"close the buffer of room %d before its messages are saved: %w\", room, err)\n\t}\n\treturn save(room)\n}\n```\n\n\n\n\n\n결과:\n  saved    312\n  total    312"

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
		if code := strings.Split(snippet, "```go\n")[1]; strings.TrimSpace(copied) != strings.TrimSpace(code[:strings.Index(code, "```")]) {
			t.Errorf("%s: the copy is %q", look.name, copied)
		}
		m.Eval(`getSelection().removeAllRanges(), true`, new(bool))
		m.clean("a post with code, " + look.name)
		m.Eval(`scrollTo(0, 260), true`, new(bool))
		m.Screenshot("code-post-" + look.name)
	}
}
