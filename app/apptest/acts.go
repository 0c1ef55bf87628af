package apptest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Goto opens a path of the site and waits until the page has loaded.
func (p *Person) Goto(path string) {
	p.t.Helper()
	p.arrives("open "+path, chromedp.Navigate(p.baseURL+path), p.baseURL+path)
}

// Reload loads the page again.
func (p *Person) Reload() {
	p.t.Helper()
	p.arrives("reload", chromedp.Reload(), "")
}

// arrives runs a navigation (to a URL, if it is known) and waits until its page has loaded: a
// browser may report the load of the page before, which was still on its way.
func (p *Person) arrives(what string, navigation chromedp.Action[chromedp.Void], url string) {
	p.t.Helper()
	var begun float64
	p.retry(what, func(ctx context.Context) error { return p.call(ctx, &begun, nowJS, url) })
	p.do(what, navigation)
	p.wait(what, arrivedJS, begun)
}

// nowJS returns the time, or 0 if a URL is a place in the page that is there.
const nowJS = `url => url.includes('#') && url.split('#')[0] === location.href.split('#')[0] ? 0 : performance.timeOrigin + performance.now()`

const arrivedJS = `begun => performance.timeOrigin < begun ? 'the page before is there' : document.readyState === 'complete' ? '' : 'the page has not loaded'`

// Back goes one page back in the history and waits until that page is there.
func (p *Person) Back() {
	p.t.Helper()
	target := int64(-1)
	p.retry("go back", func(ctx context.Context) error {
		history, err := chromedp.Run(ctx, chromedp.NavigationEntries())
		switch {
		case err != nil || history.CurrentIndex == target:
			return err
		case target >= 0:
			return because("the page before does not come")
		case history.CurrentIndex == 0:
			return because("there is no page before")
		}
		target = history.CurrentIndex - 1
		// Not chromedp.NavigateBack: it waits for a load, which a page from the
		// back/forward cache never reports.
		_, err = chromedp.Call(ctx, page.NavigateToHistoryEntry,
			page.NavigateToHistoryEntryParams{EntryID: history.Entries[target].ID})
		return errors.Join(err, because("the page before does not come"))
	})
}

// Click clicks (a Phone taps) in the middle of the first element that matches,
// once the element stands still in view and is not covered. Options choose another
// button of the mouse, or keys that are held.
func (p *Person) Click(sel string, options ...chromedp.MouseOption) {
	p.t.Helper()
	at := p.reach("click", sel)
	if p.look.phone {
		p.do("tap "+sel, chromedp.TapXY(at.X, at.Y))
		return
	}
	p.do("click "+sel, chromedp.MouseClickXY(at.X, at.Y, options...))
}

// Hover moves the mouse to the middle of the first element that matches.
func (p *Person) Hover(sel string) {
	p.t.Helper()
	at := p.reach("hover over", sel)
	p.do("hover over "+sel, chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y))
}

// Type types text at the end of a field, key by key; "\n" is Enter.
func (p *Person) Type(sel, text string) {
	p.t.Helper()
	p.focus("type into", sel)
	p.do("type into "+sel, chromedp.KeyEvent(text))
}

// Paste inserts text at the end of a field in one go, without any key events.
func (p *Person) Paste(sel, text string) {
	p.t.Helper()
	p.focus("paste into", sel)
	p.do("paste into "+sel, func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		_, err = cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return none, err
	})
}

// Clear empties a field, as selecting all and deleting does.
func (p *Person) Clear(sel string) {
	p.t.Helper()
	p.focus("clear", sel)
	p.wait("clear "+sel, `sel => { document.querySelector(sel).select(); return '' }`, sel)
	p.Press(kb.Backspace)
}

// Press presses a key of package kb (kb.Enter, kb.Tab, …) where the focus is.
func (p *Person) Press(key string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(fmt.Sprintf("press %q", key), chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// SetFiles chooses files in an input of type file.
func (p *Person) SetFiles(sel string, paths ...string) {
	p.t.Helper()
	for i, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			p.t.Fatal(err)
		}
		paths[i] = absolute
	}
	p.WaitCount(sel, 1)
	p.do("choose files in "+sel, chromedp.SetUploadFiles(chromedp.CSS(sel), paths))
}

// Screenshot writes the visible part of the page to $SCREENSHOTS/name.png.
// Without $SCREENSHOTS the function does nothing.
func (p *Person) Screenshot(name string) {
	p.t.Helper()
	folder := screenshots()
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		p.fail("take the picture "+name, err)
	}
}

type point struct{ X, Y float64 }

// reach waits until the middle of the element is in view, stands still and is
// not covered, and returns the middle.
func (p *Person) reach(act, sel string) point {
	p.t.Helper()
	var last, now point
	p.retry(act+" "+sel, func(ctx context.Context) error {
		var answer struct {
			point
			Why string
		}
		if err := p.call(ctx, &answer, reachJS, sel); err != nil {
			return err
		}
		last, now = now, answer.point
		if answer.Why == "" && last != now {
			answer.Why = "it moves"
		}
		return because(answer.Why)
	})
	return now
}

// focus puts the cursor behind the content of a field.
func (p *Person) focus(act, sel string) {
	p.t.Helper()
	p.reach(act, sel)
	p.wait(act+" "+sel, focusJS, sel)
}

// The first rectangle counts: the middle of a link that wraps may lie beside it.
const reachJS = `sel => {
	const el = document.querySelector(sel)
	if (!el) return {Why: 'it is not there'}
	if (el.disabled) return {Why: 'it is disabled'}
	el.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})
	const r = el.getClientRects()[0]
	if (!r || !r.width || !r.height) return {Why: 'it is not visible'}
	const X = r.x + r.width / 2, Y = r.y + r.height / 2
	const top = document.elementFromPoint(X, Y)
	if (!top) return {Why: 'it is outside the window'}
	if (!el.contains(top) && top.closest('label')?.control !== el) return {Why: 'it is covered by ' + top.outerHTML.slice(0, 200)}
	return {X, Y, Why: ''}
}`

const focusJS = `sel => {
	const el = document.querySelector(sel)
	el.focus()
	try {
		el.setSelectionRange(el.value.length, el.value.length)
	} catch { // type=email has no selection, but the cursor follows a new value
		const value = el.value
		el.value = ''
		el.value = value
	}
	return document.activeElement === el ? '' : 'it does not take the focus'
}`

// Choose picks the option of a select that has the given text, as in the list
// that a phone opens: however far down the option stands, the page gets one
// change event.
func (p *Person) Choose(sel, option string) {
	p.t.Helper()
	p.reach("choose in", sel)
	p.wait(fmt.Sprintf("choose %q in %s", option, sel), chooseJS, sel, option)
}

const chooseJS = `(sel, text) => {
	const el = document.querySelector(sel)
	const option = Array.from(el?.options ?? []).find(o => o.label.trim() === text)
	if (!option) return 'it does not offer that'
	el.focus()
	option.selected = true
	for (const type of ['input', 'change']) el.dispatchEvent(new Event(type, {bubbles: true}))
	return ''
}`

// mostTabs is the number of tab keys after which TabTo gives up.
const mostTabs = 120

// TabTo presses the tab key until the focus is on the element.
func (p *Person) TabTo(sel string) {
	p.t.Helper()
	p.WaitCount(sel, 1)
	for range mostTabs {
		p.Press(kb.Tab)
		var there bool
		if p.ask(&there, `sel => document.activeElement === document.querySelector(sel)`, sel); there {
			return
		}
	}
	p.fail("get to "+sel+" with the tab key", errors.New("the focus never comes there"))
}
