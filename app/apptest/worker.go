package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// RegistersWorker registers the service worker of the site, as the script of the settings does,
// and waits until the worker serves the page.
func (p *Person) RegistersWorker() {
	p.t.Helper()
	p.ask(new(any), `() => navigator.serviceWorker.register('/sw.js').then(() => true)`)
	p.WaitFor(`navigator.serviceWorker.controller`)
}

// InWorker evaluates an expression in the service worker of the site, and waits for it if it is
// a promise. result may be nil.
func (p *Person) InWorker(expression string, result any) {
	p.t.Helper()
	if p.worker == nil {
		p.worker = p.attachWorker()
	}
	limited, cancel := context.WithTimeout(p.worker, p.patience)
	defer cancel()
	var ignored any
	if result == nil {
		result = &ignored
	}
	if err := p.call(limited, result, "async () => (await ("+expression+")) ?? null"); err != nil {
		p.fail("ask the service worker", err)
	}
}

// attachWorker returns a context of the service worker, which lives as long as the window.
func (p *Person) attachWorker() context.Context {
	p.t.Helper()
	var worker context.Context
	p.retry("find the service worker", func(ctx context.Context) error {
		id, err := p.findWorker(ctx)
		if err != nil {
			return err
		}
		worker, err = p.attach(id) //nolint:fatcontext // of the last try
		return err
	})
	return worker
}

// findWorker returns the target of the service worker of the person's browser.
func (p *Person) findWorker(ctx context.Context) (target.ID, error) {
	all, err := chromedp.Targets(ctx)
	if err != nil {
		return "", err
	}
	for _, info := range all {
		if info.Type == "service_worker" && info.URL == p.baseURL+"/sw.js" && info.BrowserContextID == chromedp.FromContext(p.ctx).BrowserContextID {
			return info.TargetID, nil
		}
	}
	return "", errors.New("there is none")
}

// attach returns a context of a worker. A worker that ends meanwhile never answers; and the
// context of the first call is that of the target, which therefore has no time limit.
func (p *Person) attach(id target.ID) (context.Context, error) {
	worker, leave := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	attached := make(chan error, 1)
	go func() { attached <- chromedp.Do(worker) }()
	select {
	case err := <-attached:
		return worker, err
	case <-time.After(3 * time.Second):
		go leave()
		return nil, errors.New("the service worker does not answer")
	}
}

// GetsPush delivers a push to the service worker of the site, as a push service would. A browser
// without a user interface has neither notifications nor a badge, and ends when it is asked for
// them: the test must put something in their place (see InWorker).
func (p *Person) GetsPush(push any) {
	p.t.Helper()
	data, err := json.Marshal(push)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do("ask for service workers", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, serviceworker.Enable, cdp.Empty{})
		return err
	}))
	deliver := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		id := p.console.worker()
		if id == "" {
			return errors.New("there is no service worker")
		}
		_, err := cdp.Call(ctx, t, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{
			Origin: p.baseURL, RegistrationID: id, Data: string(data),
		})
		return err
	})
	p.retry("deliver a push", func(context.Context) error {
		limited, cancel := context.WithTimeout(p.ctx, 5*time.Second)
		defer cancel()
		return chromedp.Do(limited, deliver)
	})
}

// ManifestErrors returns what the browser finds wrong with the manifest of the page, and what
// keeps the page from being installed.
func (p *Person) ManifestErrors() (all []string) {
	p.t.Helper()
	p.do("read the manifest", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		manifest, err := cdp.Call(ctx, t, page.GetAppManifest, page.GetAppManifestParams{})
		if err != nil {
			return err
		}
		if !strings.Contains(manifest.Data, "icons") {
			all = append(all, "no manifest")
		}
		for _, e := range manifest.Errors {
			all = append(all, e.Message)
		}
		found, err := cdp.Call(ctx, t, page.GetInstallabilityErrors, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, e := range found.InstallabilityErrors {
			all = append(all, e.ErrorID)
		}
		return nil
	}))
	return all
}
