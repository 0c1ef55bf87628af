package apptest

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'"

// site serves one page under the policy of the real site.
func site(t testing.TB) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		fmt.Fprintf(w, wholePage, template.HTMLEscapeString(r.Header.Get("Accept-Language")), visits(w, r))
	})
	mux.HandleFunc("GET /page.js", text("text/javascript", script))
	mux.HandleFunc("GET /page.css", text("text/css", style))
	mux.HandleFunc("GET /favicon.ico", text("image/x-icon", ""))
	mux.HandleFunc("GET /throws.js", text("text/javascript", "throw new Error('broken script')"))
	mux.HandleFunc("GET /bad", inPage(`<h1>a</h1><script>document.title = 'ran'</script>`))
	mux.HandleFunc("GET /exception", inPage(`<h1>a</h1><script src="/throws.js"></script>`))
	mux.HandleFunc("GET /inaccessible", inPage(`<h1>a</h1><input name="a">`))
	mux.HandleFunc("POST /words", postWords)
	mux.HandleFunc("POST /refuse", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func text(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

func inPage(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		_, _ = io.WriteString(w, `<!doctype html><html lang="ko"><title>a</title><main>`+body+`</main>`)
	}
}

// visits counts in a cookie how often this browser was here.
func visits(w http.ResponseWriter, r *http.Request) int {
	n := 0
	if cookie, err := r.Cookie("visits"); err == nil {
		_, _ = fmt.Sscan(cookie.Value, &n)
	}
	http.SetCookie(w, &http.Cookie{Name: "visits", Value: fmt.Sprint(n + 1)})
	return n + 1
}

func postWords(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	name := "-"
	if err == nil {
		name = header.Filename
		_ = file.Close()
	}
	said := template.HTMLEscapeString(r.FormValue("word"))
	inPage(`<h1 id="said">`+said+`</h1><p id="file">`+name+`</p>`)(w, r)
}

const wholePage = `<!doctype html><html lang="ko"><title>시험</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script>
<main>
<h1>한 쪽</h1>
<p id="language">%s</p><p id="visits">%d</p>
<p id="hidden">숨음</p><p id="look"></p><p id="keys"></p><noscript><p id="no-script">꺼짐</p></noscript>
<button id="count">0</button> <button id="error">e</button> <button id="refused">r</button>
<button id="covered">c</button>
<form action="/words" method="post" enctype="multipart/form-data">
<label>말 <input id="word" name="word" value="처음"></label>
<label>메일 <input id="email" type="email" value="a@b"></label>
<label>글 <textarea id="area"></textarea></label>
<label>고르기 <select id="choice"><option>하나</option><option>둘</option></select></label> <b id="chosen">-</b>
<label>파일 <input id="file" name="file" type="file"></label>
<div id="tall"></div>
<button id="send">보내기</button>
</form>
</main>`

const style = `#tall { height: 3000px } #hidden { display: none } button, input { min-height: 44px; min-width: 44px }
main { padding: 1em } #covered { position: relative }
#covered::before { content: '' } .cover { position: fixed; inset: 0 }`

const script = `
const $ = id => document.getElementById(id)
const on = (id, event, act) => $(id).addEventListener(event, act)
on('count', 'click', () => setTimeout(() => { $('count').textContent++ }, 100))
on('error', 'click', () => { console.error('oh no', 3, {a: 1}); console.log('fine') })
on('refused', 'click', () => fetch('/refuse', {method: 'POST'}))
on('covered', 'click', () => { const cover = document.createElement('div'); cover.className = 'cover'; document.body.append(cover) })
on('area', 'keydown', e => { $('keys').textContent += (e.shiftKey ? '+' : '') + e.key + ' ' })
on('choice', 'change', e => { $('chosen').textContent += e.target.value })
const match = q => matchMedia('(' + q + ')').matches
$('look').textContent = [innerWidth, innerHeight, match('prefers-color-scheme: dark') ? 'dark' : 'light',
	match('prefers-reduced-motion: reduce') ? 'still' : 'moving', match('pointer: coarse') ? 'touch' : 'mouse', navigator.language].join(' ')
`

func TestPersonActsAndSees(t *testing.T) {
	minji := NewPerson(t, site(t))
	minji.Goto("/")
	minji.WaitText("#look", "1280 900 light moving mouse ko-KR")
	minji.WaitContains("#language", "ko-KR")
	minji.Click("#count")
	minji.Click("#count")
	minji.WaitText("#count", "2")

	minji.Type("#word", " 말👋")
	minji.Type("#email", ".kr")
	minji.Paste("#area", "가나")
	minji.Clear("#area")
	minji.Type("#area", "다a\n")
	minji.Press(kb.Enter, chromedp.ModifierShift)
	if got := [3]string{minji.Value("#word"), minji.Value("#email"), minji.Value("#area")}; got != [3]string{"처음 말👋", "a@b.kr", "다a\n\n"} {
		t.Errorf("the fields hold %q", got)
	}
	minji.WaitText("#keys", "Backspace Unidentified a Enter +Enter")

	minji.Choose("#choice", "둘")
	minji.WaitText("#chosen", "-둘") // heard of once
	minji.WaitFocus("#choice")
	minji.TabTo("#send")
	minji.WaitFocus("#send")

	picture := filepath.Join(t.TempDir(), "고양이.png")
	if err := os.WriteFile(picture, []byte("png"), 0o600); err != nil {
		t.Fatal(err)
	}
	minji.SetFiles("input[type=file]", picture)
	minji.Click("#send") // 3,000 pixels below
	minji.WaitPath("/words")
	minji.WaitText("#said", "처음 말👋")
	if got := minji.Text("#file"); got != "고양이.png" {
		t.Errorf("sent the file %q", got)
	}
	minji.Back()
	minji.WaitPath("/")
	minji.WaitGone("#said")
	if n := minji.Count("button"); n != 5 {
		t.Errorf("%d buttons", n)
	}
	if got := minji.Attr("#word", "name") + minji.Attr("#word", "none") + minji.Attr("#none", "name"); got != "word" {
		t.Errorf("attributes %q", got)
	}
}

func TestPersonOnAPhone(t *testing.T) {
	haneul := NewPerson(t, site(t), Phone, Dark, ReducedMotion, Language("en-US,en"))
	haneul.Goto("/")
	haneul.WaitText("#look", "360 800 dark still touch en-US")
	haneul.WaitContains("#language", "en-US")
	haneul.Click("#count")
	haneul.WaitText("#count", "1")
}

func TestPersonWithoutJavaScript(t *testing.T) {
	yujin := NewPerson(t, site(t), NoJavaScript)
	yujin.Goto("/")
	yujin.WaitVisible("#no-script")
	yujin.Type("#word", "!")
	yujin.Click("#send")
	yujin.WaitText("#said", "처음!")
}

func TestPeopleHaveTheirOwnCookies(t *testing.T) {
	url := site(t)
	minji, seojun := NewPerson(t, url), NewPerson(t, url)
	minji.Goto("/")
	minji.Reload()
	minji.WaitText("#visits", "2")
	seojun.Goto("/")
	seojun.WaitText("#visits", "1")
}

func TestConsoleIsNoticed(t *testing.T) {
	url := site(t)
	for _, c := range []struct {
		name, path, click, allow string
		outcome                  string
		words                    []string
	}{
		{"a clean page", "/", "#count", "", "", nil},
		{"an error", "/", "#error", "", "failed", []string{"console.error: oh no 3"}},
		{"a violation of the policy", "/bad", "h1", "", "failed", []string{"security error", "Content Security Policy"}},
		{"an exception", "/exception", "h1", "", "failed", []string{"exception", "broken script", "/throws.js:1"}},
		{"a refused request", "/", "#refused", "", "failed", []string{"status of 422", "/refuse"}},
		{"an allowed one", "/", "#refused", `status of 422 .*/refuse$`, "", nil},
		{"another than the allowed one", "/", "#refused", `status of 404`, "failed", []string{"status of 422"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			needBrowser(t)
			record(t, func(t testing.TB) {
				p := NewPerson(t, url)
				if c.allow != "" {
					p.AllowConsole(c.allow)
				}
				p.Goto(c.path)
				p.Click(c.click)
				var all string
				p.Eval(`fetch('/page.css').then(r => r.text())`, &all)
			}).expect(t, c.outcome, c.words...)
		})
	}
}

func TestWaitingInVainSaysWhy(t *testing.T) {
	needBrowser(t)
	url := site(t)
	for _, c := range []struct {
		name  string
		act   func(*Person)
		words []string
	}{
		{"text", func(p *Person) { p.WaitText("#count", "99") },
			[]string{`could not see #count read "99"`, `it reads ["0"]`, url + "/", "한 쪽"}},
		{"covered", func(p *Person) { p.Click("#covered"); p.Click("#count") },
			[]string{"could not click #count", `covered by <div class="cover">`}},
		{"absent", func(p *Person) { p.Type("#none", "a") }, []string{"could not type into #none", "not there"}},
		{"hidden", func(p *Person) { p.WaitVisible("#hidden") }, []string{"not visible"}},
		{"shown", func(p *Person) { p.WaitGone("#count") }, []string{"still visible"}},
		{"count", func(p *Person) { p.WaitCount("button", 9) }, []string{"there are 5"}},
		{"elsewhere", func(p *Person) { p.WaitPath("/words") }, []string{"it is at " + url}},
		{"not offered", func(p *Person) { p.Choose("#choice", "셋") }, []string{"it does not offer that"}},
		{"focus", func(p *Person) { p.WaitFocus("#word") }, []string{"it is on <body"}},
		{"no stop", func(p *Person) { p.TabTo("#look") }, []string{"the focus never comes there"}},
		{"nowhere", func(p *Person) { p.Back(); p.Back(); p.Back() }, []string{"no page before"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r *recorder
			for limit := 500 * time.Millisecond; r == nil || limit < patience && !r.says(c.words...); limit *= 4 { // a slow browser says less
				r = record(t, func(t testing.TB) {
					p := NewPerson(t, url)
					p.Goto("/")
					p.patience = limit
					c.act(p)
					t.Error(wentOn)
				})
			}
			r.expect(t, "failed", c.words...)
		})
	}
}

func TestAxe(t *testing.T) {
	minji := NewPerson(t, site(t))
	minji.Goto("/")
	if found := minji.Axe(); len(found) != 0 {
		t.Errorf("axe finds %v on a good page", found)
	}
	minji.Goto("/inaccessible")
	found := minji.Axe()
	if len(found) != 1 || found[0].ID != "label" {
		t.Fatalf("axe finds %v, want a missing label", found)
	}
	if text := found[0].String(); !strings.Contains(text, `<input name="a">`) {
		t.Errorf("the element is not named in %s", text)
	}
}

func TestScreenshot(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pictures")
	t.Setenv("SCREENSHOTS", folder)
	minji := NewPerson(t, site(t), Phone)
	minji.Goto("/")
	minji.Screenshot("page")
	picture, err := os.ReadFile(filepath.Join(folder, "page.png"))
	if err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Errorf("no picture: %v", err)
	}
}
