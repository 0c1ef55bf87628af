package apptest

import (
	"encoding/json"
	"testing"
)

// An Engine is a browser beside Chromium, in which tests check the main journey.
type Engine string

// The engines: Firefox, and WebKit as in Safari.
const (
	Firefox Engine = "firefox"
	WebKit  Engine = "webkit"
)

// A driver controls a browser by the commands of WebDriver, which both engines know
// under other names.
type driver interface {
	// do runs a command and returns its value.
	do(command command, params map[string]any) (json.RawMessage, error)
	close()
}

// A command is a command of WebDriver: the name that Firefox knows, and the method and
// the end of the path by HTTP. A path with %s has the id of the element there.
type command struct{ name, method, path string }

var (
	navigate = command{"WebDriver:Navigate", "POST", "/url"}
	goBack   = command{"WebDriver:Back", "POST", "/back"}
	address  = command{"WebDriver:GetCurrentURL", "GET", "/url"}
	execute  = command{"WebDriver:ExecuteScript", "POST", "/execute/sync"}
	find     = command{"WebDriver:FindElement", "POST", "/element"}
	textOf   = command{"WebDriver:GetElementText", "GET", "/element/%s/text"}
	click    = command{"WebDriver:ElementClick", "POST", "/element/%s/click"}
	sendKeys = command{"WebDriver:ElementSendKeys", "POST", "/element/%s/value"}
	shot     = command{"WebDriver:TakeScreenshot", "GET", "/screenshot"}
)

// A window is the setup of a browser other than Chromium.
type window struct {
	width, height int
	noJavaScript  bool // the pages' own scripts do not run; those of WebDriver may
}

// start starts a browser of the engine with a window. If the engine is not installed, the
// test is skipped: not every machine can have it.
func (e Engine) start(t testing.TB, w window) driver {
	t.Helper()
	if testing.Short() {
		t.Skip("needs another browser, which -short leaves out")
	}
	programs := map[Engine][]string{Firefox: {"firefox-esr", "firefox"}, WebKit: {"WebKitWebDriver"}}[e]
	program, ok := lookUp(programs...)
	if !ok {
		t.Skipf("%s is not installed", programs[0])
	}
	folder, remove, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	begin := map[Engine]func(folder, program string, w window) (driver, error){Firefox: startFirefox, WebKit: startWebKit}[e]
	d, err := begin(folder, program, w)
	if err != nil {
		t.Fatalf("starting %s: %v", e, err)
	}
	t.Cleanup(d.close)
	return d
}
