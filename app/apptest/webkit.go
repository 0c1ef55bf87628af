package apptest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

//go:embed webkit.py
var webkitWindow []byte

// A webDriver controls WebKit by HTTP.
type webDriver struct {
	driver, screen *process
	session        string // URL of the session
}

func startWebKit(folder, program string, view window) (_ driver, err error) {
	browser := filepath.Join(folder, "webkit.py")
	if err := os.WriteFile(browser, webkitWindow, 0o700); err != nil { //nolint:gosec // a program
		return nil, err
	}
	w := &webDriver{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	display, err := w.startScreen(folder)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "--host=127.0.0.1", "--port="+strconv.Itoa(port))
	// The sandbox needs namespaces, which containers lack; the browser loads only the
	// pages of the tests.
	cmd.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+folder, "LANGUAGE=ko", "LC_ALL=C.UTF-8",
		"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", "LIBGL_ALWAYS_SOFTWARE=1")
	leadGroup(cmd)
	if w.driver, err = startCommand(folder, cmd); err != nil {
		return nil, err
	}
	base := "http://127.0.0.1:" + strconv.Itoa(port)
	if err := w.driver.waitFor(func() error { _, err := call("GET", base+"/status", nil); return err }); err != nil {
		return nil, err
	}
	w.session, err = newSession(base, browser, view)
	return w, err
}

// startScreen starts a screen in memory, and returns its name.
func (w *webDriver) startScreen(folder string) (string, error) {
	names := filepath.Join(folder, "display")
	cmd := exec.Command("bash", "-c", `exec Xvfb -displayfd 3 -screen 0 1300x1000x24 -nolisten tcp 3>"$0"`, names)
	dieWithParent(cmd)
	var err error
	if w.screen, err = startCommand(folder, cmd); err != nil {
		return "", err
	}
	var name []byte
	err = w.screen.waitFor(func() error {
		if name, err = os.ReadFile(names); err == nil && len(bytes.TrimSpace(name)) == 0 {
			return os.ErrNotExist
		}
		return err
	})
	return ":" + string(bytes.TrimSpace(name)), err
}

// newSession opens the window and returns the URL of the session.
func newSession(base, browser string, view window) (string, error) {
	args := []string{fmt.Sprintf("%dx%d", view.width, view.height)}
	if view.noJavaScript {
		args = append(args, "no-javascript")
	}
	value, err := call("POST", base+"/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"acceptInsecureCerts":      true, // the tests sign their own
		"webkitgtk:browserOptions": map[string]any{"binary": browser, "args": args},
	}}})
	if err != nil {
		return "", err
	}
	var session struct{ SessionID string }
	err = json.Unmarshal(value, &session)
	return base + "/session/" + session.SessionID, err
}

func (w *webDriver) do(c command, params map[string]any) (json.RawMessage, error) {
	path := c.path
	if id, ok := params["id"].(string); ok {
		path = fmt.Sprintf(path, id)
	}
	return call(c.method, w.session+path, params)
}

// call sends a command, and returns the value of the answer.
func call(method, url string, params map[string]any) (json.RawMessage, error) {
	var body []byte
	if method == http.MethodPost {
		if params == nil {
			params = map[string]any{}
		}
		var err error
		if body, err = json.Marshal(params); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(body)) //nolint:noctx // the client has a timeout
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: time.Minute}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s", method, url, answer.Value)
	}
	return answer.Value, nil
}

func (w *webDriver) close() {
	if w.session != "" {
		_, _ = call("DELETE", w.session, nil)
	}
	if w.driver != nil {
		w.driver.killGroup()
	}
	if w.screen != nil {
		w.screen.kill()
	}
}
