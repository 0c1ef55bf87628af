package apptest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A Visitor is a person with a browser other than Chromium. An act that is not possible
// within 20 s fails the test.
type Visitor struct {
	Name string
	t    testing.TB
	base string
	d    driver
}

// NewVisitor starts a browser of the engine, with a window of the given size, for a
// person at the address of a program.
func NewVisitor(t testing.TB, engine Engine, base, name string, width, height int) *Visitor {
	t.Helper()
	return &Visitor{Name: name, t: t, base: base, d: engine.start(t, window{width: width, height: height})}
}

// NewPlainVisitor is NewVisitor with a browser that runs no scripts of pages. Eval and
// what is built on it may not work there.
func NewPlainVisitor(t testing.TB, engine Engine, base, name string, width, height int) *Visitor {
	t.Helper()
	return &Visitor{Name: name, t: t, base: base, d: engine.start(t, window{width: width, height: height, noJavaScript: true})}
}

// Shown returns the text that the page shows at the moment, or "" while there is no page.
func (v *Visitor) Shown() string {
	var text string
	value, err := v.do("body", textOf, nil)
	if err != nil || json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// Goto opens a path, again if the page before has loaded itself anew instead: to an engine,
// a navigation by WebDriver and one of the page are equal, and the later one counts.
func (v *Visitor) Goto(path string) {
	v.t.Helper()
	v.must("go to "+path, func() error {
		before, err := v.url()
		if err != nil {
			return err
		}
		if _, err = v.d.do(navigate, map[string]any{"url": v.base + path}); err != nil {
			return err
		}
		now, err := v.url()
		if err == nil && now == before && now != v.base+path {
			err = fmt.Errorf("%s is still there", before)
		}
		return err
	})
}

// url returns the address of the page.
func (v *Visitor) url() (url string, err error) {
	value, err := v.d.do(address, nil)
	if err == nil {
		err = json.Unmarshal(value, &url)
	}
	return url, err
}

// Back goes back in the history.
func (v *Visitor) Back() {
	v.t.Helper()
	v.must("go back", func() error { _, err := v.d.do(goBack, nil); return err })
}

// Click presses the first element of a selector.
func (v *Visitor) Click(selector string) {
	v.t.Helper()
	v.act("click "+selector, selector, click, nil)
}

// Type types into the first element of a selector. Type also chooses a file in a file
// field: its path.
func (v *Visitor) Type(selector, text string) {
	v.t.Helper()
	v.act("type into "+selector, selector, sendKeys, map[string]any{"text": text})
}

// act finds an element and does something with it, again and again until that works.
func (v *Visitor) act(what, selector string, c command, params map[string]any) {
	v.t.Helper()
	v.must(what, func() error {
		_, err := v.do(selector, c, params)
		return err
	})
}

// do finds an element and runs a command on it.
func (v *Visitor) do(selector string, c command, params map[string]any) (json.RawMessage, error) {
	value, err := v.d.do(find, map[string]any{"using": "css selector", "value": selector})
	if err != nil {
		return nil, err
	}
	var element map[string]string
	if err := json.Unmarshal(value, &element); err != nil {
		return nil, err
	}
	all := map[string]any{}
	for _, id := range element {
		all["id"] = id
	}
	for name, value := range params {
		all[name] = value
	}
	return v.d.do(c, all)
}

// Eval evaluates an expression in the page; result may be nil.
func (v *Visitor) Eval(expression string, result any) {
	v.t.Helper()
	v.must("evaluate "+expression, func() error { return v.eval(expression, result) })
}

func (v *Visitor) eval(expression string, result any) error {
	value, err := v.d.do(execute, map[string]any{"script": "return (" + expression + ")", "args": []any{}})
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal(value, result)
}

// WaitFor waits until an expression is true.
func (v *Visitor) WaitFor(expression string) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		var holds bool
		err := v.eval("!!("+expression+")", &holds)
		if holds {
			return
		}
		if time.Now().After(deadline) {
			v.fail("waits in vain for "+expression, err)
		}
	}
}

// WaitText waits until an element of a selector contains a text.
func (v *Visitor) WaitText(selector, text string) {
	v.t.Helper()
	v.WaitFor("[...document.querySelectorAll(" + quoted(selector) + ")].some(e => e.textContent.includes(" + quoted(text) + "))")
}

// quoted returns a text as a string of JavaScript.
func quoted(text string) string {
	b, _ := json.Marshal(text) // never fails for a string
	return string(b)
}

// Screenshot saves what the window shows, if $SCREENSHOTS is set.
func (v *Visitor) Screenshot(name string) {
	v.t.Helper()
	dir := screenshots()
	if dir == "" {
		return
	}
	var picture string
	value, err := v.d.do(shot, map[string]any{"full": false})
	if err == nil {
		err = json.Unmarshal(value, &picture)
	}
	data, errDecode := base64.StdEncoding.DecodeString(picture)
	if err == nil && errDecode == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o600)
	}
	if err != nil {
		v.t.Errorf("%s: screenshot %s: %v", v.Name, name, err)
	}
}

// must repeats an act until the act succeeds.
func (v *Visitor) must(what string, act func() error) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		err := act()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			v.fail("cannot "+what, err)
		}
	}
}

func (v *Visitor) fail(what string, err error) {
	v.t.Helper()
	var page string
	_ = v.eval("location.href + ' ' + document.body.innerText", &page)
	v.t.Fatalf("%s %s: %v\npage: %.600s", v.Name, what, err, strings.Join(strings.Fields(page), " "))
}
