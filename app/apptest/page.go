package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// call puts the return value of the JavaScript function into result. A call
// through the protocol runs under any Content-Security-Policy, and with scripts
// turned off.
func (p *Person) call(ctx context.Context, result any, function string, args ...any) error {
	list, err := json.Marshal(append([]any{}, args...)) // never null
	if err != nil {
		return err
	}
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](
		fmt.Sprintf("(%s)(...%s)", function, list), chromedp.EvalAwaitPromise))
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, result)
}

// ask calls a function once.
func (p *Person) ask(result any, function string, args ...any) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	if err := p.call(limited, result, function, args...); err != nil {
		p.fail("ask the page", err)
	}
}

// wait calls a function until the function returns "" instead of a reason to
// wait on.
func (p *Person) wait(what, function string, args ...any) {
	p.t.Helper()
	p.retry(what, func(ctx context.Context) error {
		var why string
		if err := p.call(ctx, &why, function, args...); err != nil {
			return err
		}
		return because(why)
	})
}

// retry calls try every 25 ms until try returns nil. Errors on the way are
// normal: the page may be changing to the next page.
func (p *Person) retry(what string, try func(context.Context) error) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	var reason error
	for {
		err := try(limited)
		if err == nil {
			return
		}
		if limited.Err() == nil || reason == nil {
			reason = err
		}
		select {
		case <-limited.Done():
			p.fail(what, reason)
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// do runs one action of the browser.
func (p *Person) do(what string, action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	if err := chromedp.Do(limited, action); err != nil {
		p.fail(what, err)
	}
}

func because(why string) error {
	if why == "" {
		return nil
	}
	return errors.New(why)
}

// fail ends the test and logs the page as the person sees it.
func (p *Person) fail(what string, err error) {
	p.t.Helper()
	limited, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	var page struct{ URL, Text string }
	if askErr := p.call(limited, &page, pageJS); askErr != nil {
		page.Text = "(the page does not answer: " + askErr.Error() + ")"
	}
	p.t.Fatalf("could not %s: %v\npage:    %s\ntext:    %s\nconsole: %s",
		what, err, page.URL, page.Text, strings.Join(p.console.all(), "\n         "))
}

const pageJS = `() => ({
	URL: location.href,
	Text: (document.body?.innerText ?? '').replace(/\s+/g, ' ').slice(0, 800),
})`
