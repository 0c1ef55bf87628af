package e2e

import (
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// Typed text is there again after a reload, with the pictures, until the post is sent; a
// comment and an edit have drafts of their own.
func TestDraftsOutliveThePage(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.Paste("#compose-content", "쓰다 만 글")
	minji.SetFiles("#compose-images", photo(t, 300, 200, 1))
	minji.WaitCount("#compose-previews .preview", 1)
	minji.Paste("#compose-previews .preview input", "바다")
	minji.WaitFor(`new Promise(r => { const o = indexedDB.open('drafts'); o.onsuccess = () => { const t = o.result.transaction('pictures').objectStore('pictures').count(); t.onsuccess = () => { o.result.close(); r(t.result === 1); }; }; })`)
	minji.Goto("/rooms")
	minji.Goto("/")
	minji.WaitCount("#compose-previews .preview", 1)
	if text, alt := minji.Value("#compose-content"), minji.Value("#compose-previews .preview input"); text != "쓰다 만 글" || alt != "바다" {
		t.Errorf("after leaving and coming back the composer has %q and %q", text, alt)
	}
	minji.Screenshot("draft-phone")
	minji.Click("#compose .btn-main")
	minji.WaitContains("#timeline .post-text", "쓰다 만 글")
	minji.WaitCount("#timeline .images img", 1)
	minji.Reload()
	minji.WaitVisible("#compose-content")
	if text := minji.Value("#compose-content"); text != "" || minji.Count("#compose-previews .preview") != 0 {
		t.Errorf("what was sent is still a draft: %q", text)
	}

	minji.Goto("/posts/1")
	minji.Paste("#reply-content", "쓰다 만 댓글")
	minji.Reload()
	minji.WaitFor(`document.querySelector('#reply-content').value === '쓰다 만 댓글'`)
	minji.Goto("/posts/1/edit")
	minji.Paste("#edit-1", "고치다 만 ")
	minji.Goto("/posts/1/edit")
	minji.WaitFor(`document.querySelector('#edit-1').value.includes('고치다 만')`)
	minji.Click("#post-1 a[data-cancel]")
	minji.WaitVisible("#post-1 .post-text")
	minji.Goto("/posts/1/edit")
	if text := minji.Value("#edit-1"); text != "쓰다 만 글" {
		t.Errorf("a cancelled edit comes back: %q", text)
	}

	// Signing out leaves nothing on the device.
	minji.Goto("/settings")
	minji.Click(`main form[action="/sign-out"] button`)
	minji.WaitVisible("#username")
	var left float64
	if minji.Eval(`localStorage.length`, &left); left != 0 {
		t.Errorf("%v things are left on the device", left)
	}
	minji.signsInAs("민지")
	minji.Goto("/posts/1")
	if text := minji.Value("#reply-content"); text != "" {
		t.Errorf("a draft outlived signing out: %q", text)
	}
}

// A text that was typed when the session had ended is there after signing in again.
func TestADraftOutlivesTheSession(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser)
	minji.posts("첫 글")
	minji.Goto("/posts/1")
	minji.Paste("#reply-content", "세션이 끝난 뒤의 댓글")
	app.SignIn("민지").Post("/settings/sessions", "others", "1").Want(http.StatusSeeOther)
	minji.Click("#reply .btn-main")
	minji.WaitVisible("#username")
	minji.Type("#username", "민지")
	minji.Type("#password", apptest.Password)
	minji.Click("form .btn-main")
	minji.WaitPath("/posts/1")
	minji.WaitFor(`document.querySelector('#reply-content').value === '세션이 끝난 뒤의 댓글'`)
	minji.Click("#reply .btn-main")
	minji.WaitContains("#comments", "세션이 끝난 뒤의 댓글")
}

// Another account signs in in the same browser: the page of the first account loads
// anew as soon as somebody looks at the page.
func TestAPageComparesWhoseItIs(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("서준", sns.RoleUser)
	minji := comes(t, app, "민지", sns.RoleUser)
	minji.Paste("#compose-content", "민지가 쓰던 글")
	var me string
	minji.Eval(`fetch('/sign-in', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({ username: '서준', password: '`+apptest.Password+`' }) })
		.then((page) => page.text()).then((page) => page.match(/data-me="(\d+)"/)[1])`, &me)

	minji.AllowConsole(`409`)
	// The script of a page that stays in front names the account that it was shown to.
	minji.Click("#compose .btn-main")
	minji.WaitContains("#toasts", "서준")
	if text := minji.Value("#compose-content"); text != "민지가 쓰던 글" || app.SignIn("서준").Get("/").Find(".post").Length() != 0 {
		t.Errorf("the text is %q, or was posted as another account", text)
	}

	// The other tab has been shown to 서준.
	minji.Eval(`(localStorage.setItem('account', '`+me+`'), document.dispatchEvent(new Event('visibilitychange')), '')`, &me)
	minji.WaitFor(`document.readyState === 'complete' && document.querySelector('.side .me')?.textContent.includes('서준')`)
	if text := minji.Value("#compose-content"); text != "" {
		t.Errorf("서준 sees the draft of 민지: %q", text)
	}
}
