package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// scrollsTo loads more posts until a post is there, and puts the post at a height of
// the window.
func (m *member) scrollsTo(post, height int) {
	m.t.Helper()
	m.WaitFor(fmt.Sprintf(`(() => {
		const post = document.querySelector('#post-%d')
		if (!post) scrollTo(0, document.body.scrollHeight)
		return !!post
	})()`, post))
	m.WaitFor(fmt.Sprintf(`(() => {
		const post = document.querySelector('#post-%d')
		scrollBy(0, post.getBoundingClientRect().top - %d)
		return Math.abs(post.getBoundingClientRect().top - %[2]d) < 1
	})()`, post, height))
}

// sees waits until a post stands at a height of the window, and the page has a number
// of posts.
func (m *member) sees(post, height, posts int) {
	m.t.Helper()
	m.WaitCount("#timeline article", posts)
	m.WaitFor(fmt.Sprintf(`Math.abs(document.querySelector('#post-%d').getBoundingClientRect().top - %d) < 2`, post, height))
}

// leavesNoCopy keeps the page out of the browser's page cache, as a stream does in
// Firefox.
func (m *member) leavesNoCopy() {
	m.t.Helper()
	m.Eval(`(navigator.locks.request('stay', () => new Promise(() => {})), addEventListener('unload', () => {}), window.copy = true)`, new(bool))
}

// TestBackComesToTheSamePlace: without the browser's page cache, Back comes to the
// same post at the same height, with as many posts as before.
func TestBackComesToTheSamePlace(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	seojun := app.Member("서준")
	seojun.Post("/settings/location", "location", "서울 성동구").Want(http.StatusSeeOther)
	for i := range 70 {
		seojun.Upload("/posts", nil, "board", "local", "content", fmt.Sprintf("%d번째 이야기\n둘째 줄", i+1)).Want(http.StatusSeeOther)
	}
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	mine := app.SignIn("민지")
	mine.Post("/settings/location", "location", "서울 성동구").Want(http.StatusSeeOther)
	mine.Post("/users/서준/follow", "on", "true").Want(http.StatusSeeOther)
	for _, page := range []string{"/", "/local", "/following", "/users/%EC%84%9C%EC%A4%80"} {
		minji.Goto(page)
		minji.leavesNoCopy()
		minji.scrollsTo(24, 120)
		minji.WaitCount("#timeline article", 60)
		minji.Eval(`(document.querySelector('#post-24 .meta a').click(), true)`, new(bool)) // Click would scroll
		minji.WaitVisible("#reply")
		minji.Back()
		minji.WaitFor(`!window.copy`)
		minji.sees(24, 120, 60)
	}
	seojun.Upload("/posts", nil, "content", "그 사이의 글").Want(http.StatusSeeOther)
	minji.Reload()
	minji.sees(24, 120, 61)
}
