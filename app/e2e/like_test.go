package e2e

import (
	"net/http"
	"testing"

	"xxsns/app/apptest"
)

// slowDown holds requests of the page whose path has a part, until release.
func (m *member) slowDown(part string) {
	m.t.Helper()
	m.Eval(`(() => {
		const send = window.fetch.bind(window)
		window.held = []
		window.fetch = async (url, request) => {
			if (String(url).includes('`+part+`')) await new Promise((go) => window.held.push(go))
			if (window.away) throw new TypeError('no network')
			return send(url, request)
		}
		return true
	})()`, new(bool))
}

// release lets the held requests go.
func (m *member) release() {
	m.t.Helper()
	m.WaitFor(`window.held.length > 0`)
	m.Eval(`(window.held.splice(0).forEach((go) => go()), true)`, new(bool))
}

// watches notes every number that the likes of a post show from now on.
func (m *member) watchesLikes() {
	m.t.Helper()
	m.Eval(`(() => {
		const read = () => document.querySelector('#post-1-likes').textContent.trim()
		window.seen = [read()]
		new MutationObserver(() => { if (read() !== window.seen.at(-1)) window.seen.push(read()) })
			.observe(document.querySelector('#timeline'), { subtree: true, childList: true, characterData: true })
		return true
	})()`, new(bool))
}

// sawLikes fails unless the likes of the post showed these numbers, one after another.
func (m *member) sawLikes(want string) {
	m.t.Helper()
	m.WaitFor(`window.seen.join(' ') === '` + want + `'`)
}

// TestLikeAnswersTheFinger: the heart and the number change with the press. Counts
// of others meanwhile neither flicker nor count the press twice.
func TestLikeAnswersTheFinger(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지", apptest.Phone)
	seojun, haneul := app.Member("서준"), app.Member("하늘")
	minji.posts("비 오는 날")
	minji.slowDown("/like")
	minji.watchesLikes()
	minji.likes(1)
	minji.WaitText("#post-1-likes", "1")
	for _, other := range []*apptest.Client{seojun, haneul} {
		other.Post("/posts/1/like", "on", "true").Want(http.StatusSeeOther)
	}
	haneul.Post("/posts/1/comments", "content", "저도 들었어요").Want(http.StatusSeeOther)
	minji.WaitText("#post-1-comments", "1") // the counts have come
	minji.sawLikes("0 1")
	minji.release()
	minji.sawLikes("0 1 3")

	// Two quick presses: what the person wants last is what stays.
	minji.watchesLikes()
	minji.likesNot(1)
	minji.likes(1)
	minji.release()
	minji.release()
	minji.WaitCount(".like-form.htmx-request", 0)
	minji.Goto("/posts/1")
	minji.WaitText("#post-1-likes", "3")
	minji.WaitCount(`#post-1-like[aria-pressed="true"]`, 1)
}

// TestLikeGoesBack: a like that fails goes back, and a toast says why.
func TestLikeGoesBack(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지")
	minji.AllowConsole(`no network`)
	minji.posts("비 오는 날")
	minji.slowDown("/like")
	minji.Eval(`window.away = true`, new(bool))
	minji.likes(1)
	minji.WaitText("#post-1-likes", "1")
	minji.release()
	minji.WaitCount(`#post-1-like[aria-pressed="false"]`, 1)
	minji.WaitText("#post-1-likes", "0")
	minji.WaitVisible("#toasts .toast")
	minji.Eval(`(window.away = false, true)`, new(bool))
	minji.likes(1)
	minji.release()
	minji.WaitCount(".like-form.htmx-request", 0)
	minji.Reload()
	minji.WaitText("#post-1-likes", "1")
}
