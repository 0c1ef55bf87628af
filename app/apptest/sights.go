package apptest

import (
	"context"
	"fmt"
	"strings"
)

// Text returns the text of the first element that matches, with spaces and line
// breaks folded, as soon as there is a match.
func (p *Person) Text(sel string) string {
	p.t.Helper()
	var texts []string
	p.retry("read "+sel, func(ctx context.Context) error {
		if err := p.call(ctx, &texts, textsJS, sel); err != nil || len(texts) > 0 {
			return err
		}
		return because("it is not there")
	})
	return texts[0]
}

// WaitText waits until an element that matches reads exactly want, with spaces
// and line breaks folded.
func (p *Person) WaitText(sel, want string) {
	p.t.Helper()
	p.waitTexts(fmt.Sprintf("see %s read %q", sel, want), sel, func(text string) bool { return text == want })
}

// WaitContains waits until the text of an element that matches contains part.
func (p *Person) WaitContains(sel, part string) {
	p.t.Helper()
	p.waitTexts(fmt.Sprintf("see %q in %s", part, sel), sel, func(text string) bool { return strings.Contains(text, part) })
}

func (p *Person) waitTexts(what, sel string, good func(string) bool) {
	p.t.Helper()
	p.retry(what, func(ctx context.Context) error {
		var texts []string
		if err := p.call(ctx, &texts, textsJS, sel); err != nil {
			return err
		}
		for _, text := range texts {
			if good(text) {
				return nil
			}
		}
		return fmt.Errorf("it reads %q", texts)
	})
}

// WaitVisible waits until an element that matches can be seen.
func (p *Person) WaitVisible(sel string) {
	p.t.Helper()
	p.wait("see "+sel, `sel => (`+visibleJS+`)(sel) ? '' : 'it is not visible'`, sel)
}

// WaitGone waits until no element that matches can be seen.
func (p *Person) WaitGone(sel string) {
	p.t.Helper()
	p.wait("see "+sel+" go", `sel => (`+visibleJS+`)(sel) ? 'it is still visible' : ''`, sel)
}

// WaitCount waits until n elements match, visible or not.
func (p *Person) WaitCount(sel string, n int) {
	p.t.Helper()
	p.wait(fmt.Sprintf("find %d of %s", n, sel),
		`(sel, n) => { const found = document.querySelectorAll(sel).length; return found === n ? '' : 'there are ' + found }`, sel, n)
}

// WaitFor waits until the JavaScript expression is true.
func (p *Person) WaitFor(expression string) {
	p.t.Helper()
	p.wait("see "+expression, `() => (`+expression+`) ? '' : 'it is not true'`)
}

// WaitFocus waits until the focus is on the element.
func (p *Person) WaitFocus(sel string) {
	p.t.Helper()
	p.wait("see the focus on "+sel, `sel => document.activeElement?.matches(sel) ? ''
		: 'it is on ' + (document.activeElement?.outerHTML ?? 'nothing').slice(0, 200)`, sel)
}

// Count returns how many elements match now.
func (p *Person) Count(sel string) int {
	p.t.Helper()
	var n int
	p.ask(&n, `sel => document.querySelectorAll(sel).length`, sel)
	return n
}

// Attr returns an attribute of the first element that matches now, or "" if
// there is no such attribute or element.
func (p *Person) Attr(sel, name string) string {
	p.t.Helper()
	var value string
	p.ask(&value, `(sel, name) => document.querySelector(sel)?.getAttribute(name) ?? ''`, sel, name)
	return value
}

// Value returns the content of a field now.
func (p *Person) Value(sel string) string {
	p.t.Helper()
	var value string
	p.ask(&value, `sel => document.querySelector(sel)?.value ?? ''`, sel)
	return value
}

// WaitPath waits until the window is at the path (with its query) and the page
// has loaded.
func (p *Person) WaitPath(path string) {
	p.t.Helper()
	p.wait("get to "+path, `path => location.pathname + location.search !== path ? 'it is at ' + location.href
		: document.readyState !== 'complete' ? 'it is loading' : ''`, path)
}

// Eval puts the value of a JavaScript expression, which may be a promise, into
// result (a pointer, as for json.Unmarshal).
func (p *Person) Eval(expression string, result any) {
	p.t.Helper()
	p.ask(result, `() => (`+expression+`)`)
}

const textsJS = `sel => Array.from(document.querySelectorAll(sel), el => el.innerText.replace(/\s+/g, ' ').trim())`

const visibleJS = `sel => Array.from(document.querySelectorAll(sel)).some(el =>
	el.checkVisibility({visibilityProperty: true, opacityProperty: true}) && el.getClientRects().length > 0)`

// Shown returns the text that the page shows at the moment, or "" while there is no page.
func (p *Person) Shown() string {
	limited, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	var text string
	if p.call(limited, &text, `() => document.body.innerText`) != nil {
		return "" // the page is changing
	}
	return text
}
