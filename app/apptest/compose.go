package apptest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// An IME is the way in which an input method ends a composition with Enter.
type IME int

// The ways in which browsers tell of the Enter that ends a composition.
const (
	// IMEWithin: one keydown, still within the composition, as on macOS.
	IMEWithin IME = iota
	// IMETwice: one keydown within the composition and a second keydown after it,
	// as on Windows.
	IMETwice
	// IMEAfter: the composition ends first, and the keydown still bears the
	// code of composing, as in Safari.
	IMEAfter
)

// composing is the key code that browsers give to keys an input method takes.
const composing = 229

// Compose types with an input method: the unfinished steps ("ㅎ", "하", "한") one
// after the other, and then Enter, which finishes the last step and is pressed
// only once, however many keydowns the browser reports.
func (p *Person) Compose(sel string, ime IME, steps ...string) {
	p.t.Helper()
	p.focus("compose in", sel)
	for _, step := range steps {
		p.key(input.DispatchKeyEventTypeRawKeyDown, "Process", "KeyG", composing)
		p.inputDo("compose "+step, func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, input.ImeSetComposition, input.ImeSetCompositionParams{
				Text: step, SelectionStart: int64(len([]rune(step))), SelectionEnd: int64(len([]rune(step))),
			})
			return err
		})
		p.key(input.DispatchKeyEventTypeKeyUp, "Process", "KeyG", composing)
	}
	last := steps[len(steps)-1]
	if ime == IMEAfter {
		p.finish(last)
	}
	p.key(input.DispatchKeyEventTypeRawKeyDown, "Enter", "Enter", composing)
	if ime != IMEAfter {
		p.finish(last)
	}
	if ime == IMETwice {
		p.key(input.DispatchKeyEventTypeRawKeyDown, "Enter", "Enter", 13)
	}
	p.key(input.DispatchKeyEventTypeKeyUp, "Enter", "Enter", 13)
}

// finish ends a composition with its text.
func (p *Person) finish(text string) {
	p.t.Helper()
	p.inputDo("finish "+text, func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

func (p *Person) key(kind input.DispatchKeyEventType, key, code string, keyCode int64) {
	p.t.Helper()
	p.inputDo("key "+key, func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: key, Code: code, WindowsVirtualKeyCode: keyCode, NativeVirtualKeyCode: keyCode,
		})
		return err
	})
}

func (p *Person) inputDo(what string, action func(context.Context, *chromedp.Target) error) {
	p.t.Helper()
	p.do(what, func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		return none, action(ctx, t)
	})
}
