package apptest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browserNames are the names under which Chromium is installed, best first; the last
// one is where macOS keeps Chrome. The headless shell is the same engine without a
// user interface, and takes half of the processor's time.
var browserNames = []string{
	"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// browserFor returns the only headless browser of the test process, which
// starts with the first test that asks for a browser.
func browserFor(t testing.TB) context.Context {
	t.Helper()
	ending.require(t)
	needBrowser(t)
	browser, err := sharedBrowser()
	if err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	return browser
}

func needBrowser(t testing.TB) {
	t.Helper()
	Need(t, browserNames[0], browserNames[1:]...)
}

var sharedBrowser = sync.OnceValues(startBrowser)

func startBrowser() (context.Context, error) {
	program, _ := lookUp(browserNames...)
	folder, remove, err := newFolder()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.UserDataDir(filepath.Join(folder, "profile")),
		// Chromium has no sandbox in containers and for root; the browser loads
		// only the pages of the tests.
		chromedp.NoSandbox,
		// The machine of the tests may have no mouse: a desk has one (hover, and a fine pointer).
		chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"),
		chromedp.Flag("lang", "ko-KR"),
		// Without UTF-8 Chromium cannot open files with Korean names.
		chromedp.Env("LANGUAGE=ko", "LC_ALL=C.UTF-8"),
	)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	browser, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		remove()
		return nil, err
	}
	ending.add(func() {
		closing, cancel := context.WithTimeout(browser, 10*time.Second)
		defer cancel()
		_ = chromedp.Cancel(closing) // a browser that does not close in time is killed
		remove()
	})
	return browser, nil
}

// screenshots is the folder for pictures ($SCREENSHOTS), or empty.
func screenshots() string { return os.Getenv("SCREENSHOTS") }
