package apptest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"xxsns/app/apptest/await"
)

// patience is the time limit of all waits, on the busiest machine. A test may set another
// limit for a Person.
const patience = await.Patience

// Person is a user with a browser window that has its own cookies and its own
// cache. Every act waits for its elements, no longer than patience; then the test fails with
// the page's address, text and console. The test also fails at its end for
// every console error or warning, uncaught exception and violation of the
// Content-Security-Policy that AllowConsole does not cover.
//
// The acts call t.Fatal, so they belong on the test's own goroutine.
type Person struct {
	t        testing.TB
	ctx      context.Context
	baseURL  string
	patience time.Duration
	look     look
	console  console
	worker   context.Context //nolint:containedctx // of the service worker; nil before InWorker
}

// look is the setup of a Person's browser.
type look struct {
	phone, noJavaScript, dark, reducedMotion, forcedColors bool
	language                                               string
	scripts                                                []string // run before those of every page
}

// Option changes the setup of a Person's browser.
type Option func(*look)

// Phone gives a screen of 360 × 800 with touch, at two pixels a point. The
// default is 1280 × 900 with a mouse.
func Phone(l *look) { l.phone = true }

// NoJavaScript turns scripts off.
func NoJavaScript(l *look) { l.noJavaScript = true }

// Dark asks for the dark colour scheme; the default is light.
func Dark(l *look) { l.dark = true }

// ReducedMotion asks for less motion.
func ReducedMotion(l *look) { l.reducedMotion = true }

// ForcedColors gives the few colours of a high-contrast theme.
func ForcedColors(l *look) { l.forcedColors = true }

// Language sets the languages that the browser accepts ("en-US,en"); the
// default is Korean.
func Language(accepted string) Option { return func(l *look) { l.language = accepted } }

// ClockAhead sets the clock of the device ahead of the server's.
func ClockAhead(by time.Duration) Option { return runs(fmt.Sprintf(clockJS, by.Milliseconds())) }

// Older takes from the browser what browsers of 2023, such as Safari 17.0, do not have.
func Older(l *look) { runs(olderJS)(l) }

func runs(script string) Option { return func(l *look) { l.scripts = append(l.scripts, script) } }

// NewPerson opens a window for a visitor of baseURL. The window closes with the
// test.
func NewPerson(t testing.TB, baseURL string, options ...Option) *Person {
	t.Helper()
	browser := browserFor(t)
	p := &Person{t: t, patience: patience, baseURL: strings.TrimSuffix(baseURL, "/"), look: look{language: "ko-KR,ko"}}
	for _, option := range options {
		option(&p.look)
	}
	ctx, closeWindow := chromedp.NewContext(browser,
		chromedp.WithNewBrowserContext(), chromedp.WithListener(p.console.listen))
	p.ctx = ctx
	t.Cleanup(func() {
		p.checkConsole()
		closeWindow()
	})
	// The window lives as long as the context of this first call, which
	// therefore has no time limit.
	if err := chromedp.Do(ctx, p.look.apply()...); err != nil {
		t.Fatalf("opening a browser window: %v", err)
	}
	return p
}

func (l look) apply() []chromedp.Action[chromedp.Void] {
	viewport := chromedp.EmulateViewport(1280, 900)
	if l.phone {
		viewport = chromedp.EmulateViewport(360, 800, chromedp.EmulateScale(2),
			chromedp.EmulateMobile, chromedp.EmulatePortrait, chromedp.EmulateTouch)
	}
	return []chromedp.Action[chromedp.Void]{viewport, chromedp.Func(l.emulate)}
}

func (l look) emulate(ctx context.Context, t *chromedp.Target) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: pick(l.dark, "dark", "light")},
		{Name: "prefers-reduced-motion", Value: pick(l.reducedMotion, "reduce", "no-preference")},
		{Name: "forced-colors", Value: pick(l.forcedColors, "active", "none")},
	}}
	if _, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	agent := emulation.SetUserAgentOverrideParams{AcceptLanguage: l.language}
	if _, err := cdp.Call(ctx, t, emulation.SetUserAgentOverride, agent); err != nil {
		return err
	}
	scripts := emulation.SetScriptExecutionDisabledParams{Value: l.noJavaScript}
	if _, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, scripts); err != nil {
		return err
	}
	for _, source := range l.scripts {
		script := page.AddScriptToEvaluateOnNewDocumentParams{Source: source}
		if _, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
			return err
		}
	}
	return nil
}

// olderJS hides what is newer than Safari 17.0 from scripts, and takes it from styles.
const olderJS = `(() => {
	delete Element.prototype.checkVisibility
	const supports = CSS.supports.bind(CSS)
	CSS.supports = (...what) => !/field-sizing|position-area|light-dark/.test(what[0]) && supports(...what)
	const strip = (list) => {
		for (let i = list.cssRules.length - 1; i >= 0; i--) {
			const rule = list.cssRules[i]
			if (/light-dark|position-area/.test(rule.conditionText)) list.deleteRule(i)
			else if (rule.cssRules) strip(rule)
		}
	}
	document.addEventListener('DOMContentLoaded', () => {
		for (const sheet of document.styleSheets) strip(sheet)
		const sheet = new CSSStyleSheet()
		sheet.replaceSync('textarea { field-sizing: fixed !important }')
		document.adoptedStyleSheets = [sheet]
	})
})()`

// clockJS sets the clock of the page ahead by some milliseconds.
const clockJS = `globalThis.Date = class extends Date {
	constructor(...parts) { parts.length ? super(...parts) : super(globalThis.Date.now()); }
	static now() { return super.now() + %d; }
}`

func pick(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
