package e2e

import (
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// A window is the browser of a device that several people use.
type window interface {
	Goto(path string)
	Back()
	Click(selector string)
	Type(selector, text string)
	Shown() string
}

// chromium is a window of Chromium.
type chromium struct{ *apptest.Person }

func (c chromium) Click(selector string) { c.Person.Click(selector) }

// whispered stands in a room that only 민지 has entered, written in a post.
const (
	whispered = "우리끼리만 아는 이야기"
	written   = "민지가 적은 글"
)

// TestBackShowsNobodyElsesPage: what 민지 has read is shown by Back neither to a guest nor to
// 서준, in any engine, with and without JavaScript, whether the browser takes the address
// for secure (which Clear-Site-Data needs) or not. Without E2E=all, only where the least is
// obeyed: without JavaScript at an address that is not secure, and the page cache of WebKit.
func TestBackShowsNobodyElsesPage(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", foreignAddress()} {
		for _, engine := range []apptest.Engine{"chromium", apptest.Firefox, apptest.WebKit} {
			for _, scripts := range []bool{true, false} {
				if os.Getenv("E2E") != "all" && (address == "127.0.0.1" || scripts && engine != apptest.WebKit) {
					continue
				}
				name := string(engine) + " at " + address
				if !scripts {
					name += " without JavaScript"
				}
				t.Run(name, func(t *testing.T) {
					if address == "" {
						t.Skip("the machine has no address beside loopback")
					}
					app := apptest.Start(t, func(c *config.Config) { c.Addr = net.JoinHostPort(address, "0") })
					base := app.URL
					if engine == apptest.WebKit && !scripts {
						base = secured(t, app) // without TLS, WebKit's page cache takes no-store for nothing
					}
					goesBack(t, app, opensWindow(t, base, engine, scripts))
				})
			}
		}
	}
}

// foreignAddress returns an address of this machine that browsers do not take for secure.
func foreignAddress() string {
	all, _ := net.InterfaceAddrs() // none: the test is skipped
	for _, a := range all {
		if network, ok := a.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	return ""
}

func opensWindow(t *testing.T, base string, engine apptest.Engine, scripts bool) window {
	t.Helper()
	switch {
	case engine != "chromium" && scripts:
		return apptest.NewVisitor(t, engine, base, "민지", 1280, 900)
	case engine != "chromium":
		return apptest.NewPlainVisitor(t, engine, base, "민지", 1280, 900)
	}
	look := []apptest.Option{}
	if !scripts {
		look = append(look, apptest.NoJavaScript)
	}
	p := apptest.NewPerson(t, base, look...)
	p.AllowConsole(`Cross-Origin-Opener-Policy|Clear-Site-Data`) // not obeyed where the address is not secure
	p.AllowConsole(`status of 401|SSE reconnect failed|WebSocket`)
	return chromium{p}
}

// secured returns the address of an nginx before the program that speaks TLS.
func secured(t *testing.T, app *apptest.App) string {
	t.Helper()
	address := strings.TrimPrefix(app.URL, "http://")
	return apptest.StartSecureNginx(t, address, address, makesTLS(t, "127.0.0.1")).SecureURL
}

func goesBack(t *testing.T, app *apptest.App, w window) {
	t.Helper()
	app.AddUser("유진", sns.RoleMentor)
	app.AddUser("서준", sns.RoleUser)
	minji := app.Member("민지")
	minji.Post("/posts", "content", written).Want(http.StatusSeeOther)
	app.SignIn("유진").Post("/rooms", "name", "둘만의 방", "user_limit", "5").Want(http.StatusSeeOther)
	minji.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	minji.Post("/rooms/1/messages", "content", whispered, "client_id", "back-1").Want(http.StatusSeeOther)

	reads(t, w)
	signsOut(t, w)
	for range 3 {
		w.Back()
		hides(t, w, whispered, written)
	}
	reads(t, w)
	minji.Post("/settings/sessions", "others", "1").Want(http.StatusSeeOther) // ends the others, from another device
	w.Goto("/following")
	comesUp(t, w, "아이디")
	for range 2 {
		w.Back()
		hides(t, w, whispered, written)
	}
	reads(t, w)
	signsOut(t, w)
	entersAs(t, w, "서준")
	for range 4 {
		w.Back()
		hides(t, w, whispered)
	}
}

// reads is 민지's visit.
func reads(t *testing.T, w window) {
	t.Helper()
	entersAs(t, w, "민지")
	for _, read := range [][2]string{{"/posts/1", written}, {"/rooms/1", whispered}} {
		w.Goto(read[0])
		comesUp(t, w, read[1])
	}
}

func signsOut(t *testing.T, w window) {
	t.Helper()
	w.Goto("/settings")
	w.Click(`main form[action="/sign-out"] button, nav form[action="/sign-out"] button`)
	comesUp(t, w, "로그아웃했어요")
}

func entersAs(t *testing.T, w window, name string) {
	t.Helper()
	w.Goto("/sign-in")
	w.Type("#username", name)
	w.Type("#password", apptest.Password)
	w.Click("form .btn-main")
	comesUp(t, w, name)
}

// comesUp waits until the window shows a text.
func comesUp(t *testing.T, w window, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(w.Shown(), text); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the page does not show %q, but\n%s", text, w.Shown())
		}
	}
}

// hides fails the test if one of the texts is shown, even for a moment.
func hides(t *testing.T, w window, texts ...string) {
	t.Helper()
	for end := time.Now().Add(700 * time.Millisecond); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		shown := w.Shown()
		for _, text := range texts {
			if strings.Contains(shown, text) {
				t.Errorf("Back shows %q in\n%.300s", text, shown)
				return
			}
		}
	}
}
