package e2e

import (
	"fmt"
	"testing"

	"xxsns/app/apptest"
)

// drags drags a picture or a link to an element, ends with an event (dragover, drop),
// and reports whether the page kept the browser from opening what is dragged.
func (m *member) drags(what, sel, event string) (kept bool) {
	m.t.Helper()
	m.Eval(fmt.Sprintf(`(async () => {
		const data = new DataTransfer()
		if (%q === 'link') data.setData('text/uri-list', 'https://example.com/')
		else {
			const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 })
			const blob = await new Promise((done) => canvas.toBlob(done))
			data.items.add(new File([blob], '노을.png', { type: 'image/png' }))
		}
		const event = new DragEvent(%[3]q, { dataTransfer: data, bubbles: true, cancelable: true })
		return !document.querySelector(%[2]q).dispatchEvent(event)
	})()`, what, sel, event), &kept)
	return kept
}

// TestDroppedPictures: pictures dropped anywhere on a page with a composer go into it;
// nothing that is dropped makes the browser leave the page.
func TestDroppedPictures(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지")
	minji.posts("비 오는 날")
	minji.drags("picture", "#post-1 .post-text", "dragover")
	minji.WaitFor(`getComputedStyle(document.body, '::after').position === 'fixed'`)
	minji.Screenshot("drop-desktop")
	if !minji.drags("picture", "#post-1 .post-text", "drop") || !minji.drags("picture", "#compose", "drop") {
		t.Error("the browser opens the picture")
	}
	minji.WaitCount("body[data-drop]", 0)
	minji.WaitCount("#compose-previews .preview", 2)
	minji.WaitFocus("#compose-content")
	minji.Click("#compose .btn-main")
	minji.WaitCount("#post-2 .images img", 2)

	for _, page := range []string{"/", "/posts/1", "/rooms", "/settings"} {
		minji.Goto(page)
		if !minji.drags("link", "h1", "drop") || !minji.drags("link", "h1", "dragover") || !minji.drags("picture", "main", "dragover") {
			t.Errorf("on %s the browser opens what is dropped", page)
		}
	}
	if minji.Goto("/posts/1"); minji.drags("link", "#reply-content", "drop") || !minji.drags("picture", "#reply-content", "drop") {
		t.Error("a text takes links and no pictures")
	}
	minji.Goto("/settings")
	minji.drags("picture", "h1", "drop")
	minji.WaitVisible(`#profile .avatar img[src^="blob:"]`)
}
