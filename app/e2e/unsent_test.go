package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// losesTheNetwork makes all requests of the page fail until findsTheNetwork.
func (m *member) losesTheNetwork() {
	m.t.Helper()
	m.Eval(`(() => {
		window.network ??= { fetch: window.fetch.bind(window), send: XMLHttpRequest.prototype.send }
		window.fetch = async () => { throw new TypeError('no network') }
		XMLHttpRequest.prototype.send = function () { setTimeout(() => this.onerror()) }
		return true
	})()`, new(bool))
}

func (m *member) findsTheNetwork() {
	m.t.Helper()
	m.Eval(`(window.fetch = window.network.fetch, XMLHttpRequest.prototype.send = window.network.send, true)`, new(bool))
}

// TestWhatWasNotSentStays: a post or comment that could not be sent stays in its form
// with text and pictures, a line says so, and a button sends it again.
func TestWhatWasNotSentStays(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지", apptest.Phone)
	minji.AllowConsole(`no network|upload failed`)
	minji.losesTheNetwork()
	minji.SetFiles("#compose-images", photo(t, 300, 200, 1))
	minji.Paste("#compose-content", "퇴근길 강가")
	minji.Click("#compose .btn-main")
	minji.WaitVisible("#compose .resend button")
	minji.Screenshot("resend-post-phone")
	minji.clean("post that was not sent")
	minji.fits("post that was not sent")
	minji.WaitCount("#toasts [data-kind]", 0)
	minji.WaitCount("#compose-previews .preview", 1)
	minji.findsTheNetwork()
	minji.Click("#compose .resend button")
	minji.WaitContains("#post-1 .post-text", "퇴근길 강가")
	minji.WaitVisible("#post-1 .images img")

	minji.Goto("/posts/1")
	minji.losesTheNetwork()
	minji.Paste("#reply-content", "저도 봤어요")
	minji.Click("#reply .btn-main")
	minji.WaitVisible("#reply .resend button")
	minji.Screenshot("resend-comment-phone")
	minji.clean("comment that was not sent")
	minji.findsTheNetwork()
	minji.Click("#reply .resend button")
	minji.WaitContains("#comments", "저도 봤어요")
	minji.WaitCount(".comment", 1)
	minji.WaitCount(".resend", 0)
}

// TestOfflineBarGoesWithTheFirstAnswer: any answer takes the bar away, before the
// stream is there again.
func TestOfflineBarGoesWithTheFirstAnswer(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지")
	minji.posts("비 오는 날")
	minji.Eval(`(document.getElementById('live').dispatchEvent(new Event('lost')), true)`, new(bool))
	minji.WaitVisible("#offline")
	minji.likes(1)
	minji.WaitGone("#offline")
}

// TestToastsStandAside: no toast stands over a field to write in or the dock.
func TestToastsStandAside(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	for name, look := range map[string][]apptest.Option{"유진": {apptest.Phone}, "하늘": nil} {
		m := comes(t, app, name, sns.RoleMentor, look...)
		m.posts("비 오는 날")
		m.opensRoom("비 오는 날", 5)
		for _, page := range []string{"/", "/posts/1", m.path()} {
			m.Goto(page)
			m.Eval(`(document.getElementById('toasts').append(document.getElementById('toast-network').content.cloneNode(true)), true)`, new(bool))
			m.WaitVisible("#toasts .toast")
			var covered []string
			m.Eval(`(() => {
				const toast = document.querySelector('#toasts .toast').getBoundingClientRect()
				return [...document.querySelectorAll('#compose, #reply, .dock')].filter((elt) => {
					const box = elt.getBoundingClientRect()
					return box.height && box.top < toast.bottom && box.bottom > toast.top
				}).map((elt) => elt.outerHTML.slice(0, 60))
			})()`, &covered)
			m.Screenshot("toast-" + name + "-" + page[1:min(len(page), 5)])
			if len(covered) > 0 {
				t.Errorf("on %s a toast stands over %q", page, covered)
			}
		}
	}
}

// path returns the path of the page.
func (m *member) path() (path string) {
	m.t.Helper()
	m.Eval(`location.pathname`, &path)
	return path
}

// TestNothingInvisibleTakesATap: on the pages of posts, what is under a finger can be
// seen.
func TestNothingInvisibleTakesATap(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지", apptest.Phone)
	minji.posts("비 오는 날")
	for _, page := range []string{"/", "/posts/1", "/boards/free", "/users/%EB%AF%BC%EC%A7%80", "/settings", "/rooms"} {
		minji.Goto(page)
		var hidden []string
		minji.Eval(`(() => {
			const found = new Set()
			for (let y = 4; y < innerHeight; y += 8) for (let x = 4; x < innerWidth; x += 8) {
				const elt = document.elementFromPoint(x, y)?.closest('a, button, input, label, summary')
				if (elt && !elt.checkVisibility({ visibilityProperty: true, opacityProperty: true })) found.add(elt.outerHTML.slice(0, 80))
			}
			return [...found]
		})()`, &hidden)
		if len(hidden) > 0 {
			t.Errorf("on %s: %q", page, hidden)
		}
	}
}
