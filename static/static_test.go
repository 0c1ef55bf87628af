package static

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func load(t *testing.T) *Assets {
	t.Helper()
	a, err := Load(Files())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// read returns the source of a style sheet or script.
func read(t *testing.T, name string) string {
	t.Helper()
	body, err := fs.ReadFile(Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func ask(a *Assets, method, path string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	a := load(t)
	types := map[string]string{
		"app.css":      "text/css; charset=utf-8",
		"app.js":       "text/javascript; charset=utf-8",
		"room.js":      "text/javascript; charset=utf-8",
		"push.js":      "text/javascript; charset=utf-8",
		"icon-192.png": "image/png",
		"icons.svg":    "image/svg+xml",
		"favicon.svg":  "image/svg+xml",
	}
	for name, contentType := range types {
		t.Run(name, func(t *testing.T) {
			url := a.URL(name)
			plain := ask(a, http.MethodGet, url, nil)
			h := plain.Header()
			if plain.Code != http.StatusOK || h.Get("Content-Type") != contentType || h.Get("Content-Encoding") != "" {
				t.Fatalf("plain: %d %v", plain.Code, h)
			}
			if h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("caching: %v", h)
			}
			for accepted, coding := range map[string]string{"deflate, gzip": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip"} {
				encoded := ask(a, http.MethodGet, url, map[string]string{"Accept-Encoding": accepted})
				if got := encoded.Header(); got.Get("Content-Encoding") != coding || got.Get("ETag") != strings.TrimSuffix(h.Get("ETag"), `"`)+"-"+coding+`"` || got.Get("Vary") != "Accept-Encoding" {
					t.Errorf("%s: %v", accepted, got)
				}
				if !bytes.Equal(decode(t, coding, encoded.Body), plain.Body.Bytes()) {
					t.Errorf("%s and plain differ", coding)
				}
			}
		})
	}
}

func decode(t *testing.T, coding string, r io.Reader) []byte {
	t.Helper()
	decoded := io.Reader(brotli.NewReader(r))
	if coding == "gzip" {
		zipped, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		decoded = zipped
	}
	body, err := io.ReadAll(decoded)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestServeConditionally(t *testing.T) {
	a := load(t)
	url := a.URL("app.css")
	etag := ask(a, http.MethodGet, url, nil).Header().Get("ETag")

	head := ask(a, http.MethodHead, url, nil)
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d, %d bytes, %v", head.Code, head.Body.Len(), head.Header())
	}
	for _, given := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
		if w := ask(a, http.MethodGet, url, map[string]string{"If-None-Match": given}); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("If-None-Match %s: %d", given, w.Code)
		}
	}
	// The plain and the compressed form have different tags.
	w := ask(a, http.MethodGet, url, map[string]string{"If-None-Match": etag, "Accept-Encoding": "gzip"})
	if w.Code != http.StatusOK {
		t.Errorf("plain tag for gzip: %d", w.Code)
	}
}

func TestServeRefuses(t *testing.T) {
	a := load(t)
	for _, path := range []string{"/static/", "/static/app.css", "/static/static.go", "/static/../static.go", "/static/css/base.css", "/app.css"} {
		w := ask(a, http.MethodGet, path, nil)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if w := ask(a, http.MethodPost, a.URL("app.css"), nil); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestAccepts(t *testing.T) {
	tests := map[string]bool{
		"": false, "gzip": true, "GZIP": true, "br, gzip;q=0.5": true, "deflate": false, "identity": false,
		"gzip;q=0": false, "gzip; q=0.000, *": false, "*": true, "*;q=0": false, "gzip;q=x": false, "x-gzip": false,
	}
	for header, want := range tests {
		if got := accepts(header, "gzip"); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestURLFollowsContent(t *testing.T) {
	first, again := load(t), load(t)
	fromDisk, err := Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	changed := changeFile(t, "css/post.css", "\n.changed { color: red; }")
	other, err := Load(changed)
	if err != nil {
		t.Fatal(err)
	}
	name := "app.css"
	if first.URL(name) != again.URL(name) || first.URL(name) != fromDisk.URL(name) {
		t.Error("the same content has several names")
	}
	if first.URL(name) == other.URL(name) {
		t.Error("changed content kept its name")
	}
	if !regexp.MustCompile(`^/static/app\.[0-9a-f]{16}\.css$`).MatchString(first.URL(name)) {
		t.Error(first.URL(name))
	}
}

// changeFile returns the embedded files with text added to one of them.
func changeFile(t *testing.T, name, text string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(Files(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(Files(), p)
		files[p] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files[name] == nil {
		files[name] = &fstest.MapFile{}
	}
	files[name].Data = append(files[name].Data, text...)
	return files
}

func TestURLPanicsForAnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	load(t).URL("app.ts")
}

func TestLoadFails(t *testing.T) {
	for _, name := range []string{"css/new.css", "js/new.js"} {
		if _, err := Load(changeFile(t, name, "x")); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("unnamed %s: %v", name, err)
		}
	}
	for _, name := range []string{"css/base.css", "js/live.js", resetFile, "icons/icons.svg", "icons/favicon.ico", "icons/manifest.json", "icons/maskable-512.png", "js/push.js", "worker/sw.js"} {
		files := changeFile(t, name, "")
		delete(files, name)
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("missing %s: %v", name, err)
		}
	}
}

func TestManifestNamesTheIconsThatAreServed(t *testing.T) {
	a := load(t)
	var manifest struct {
		Name      string
		ShortName string `json:"short_name"`
		Icons     []struct{ Src, Type, Sizes, Purpose string }
	}
	body, err := a.Manifest("책 읽는 모임")
	if err == nil {
		err = json.Unmarshal(body, &manifest)
	}
	if err != nil || manifest.Name != "책 읽는 모임" || manifest.ShortName != manifest.Name {
		t.Fatalf("%s: %v", body, err)
	}
	var found []string
	for _, icon := range manifest.Icons {
		got := ask(a, http.MethodGet, icon.Src, nil)
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != icon.Type {
			t.Errorf("%s: %d %v", icon.Src, got.Code, got.Header())
		}
		found = append(found, icon.Sizes+" "+icon.Purpose)
		if icon.Type == "image/png" {
			picture, err := png.Decode(got.Body)
			if err != nil || fmt.Sprintf("%dx%d", picture.Bounds().Dx(), picture.Bounds().Dy()) != icon.Sizes {
				t.Errorf("%s is not of %s: %v", icon.Src, icon.Sizes, err)
			} else if _, _, _, alpha := picture.At(0, 0).RGBA(); (alpha == 0) != (icon.Purpose == "") {
				t.Errorf("%s (%s) has the corner %d: systems cut a maskable icon alone", icon.Src, icon.Purpose, alpha)
			}
		}
	}
	if want := []string{"192x192 ", "512x512 ", "512x512 maskable", "any "}; !slices.Equal(found, want) {
		t.Errorf("the icons are %q, want %q", found, want)
	}
}

// The service worker stands for the whole site, and keeps the style that pages have now.
func TestServiceWorker(t *testing.T) {
	a := load(t)
	answer := func(method, tag string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(method, "/sw.js", nil), httptest.NewRecorder()
		r.Header.Set("If-None-Match", tag)
		a.ServeWorker(w, r)
		return w
	}
	got := answer(http.MethodGet, "")
	h := got.Header()
	if got.Code != http.StatusOK || h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Cache-Control") != "no-cache" || h.Get("Service-Worker-Allowed") != "/" {
		t.Errorf("%d %v", got.Code, h)
	}
	for _, name := range []string{"app.css", "icon-192.png", "badge-96.png"} {
		if !strings.Contains(got.Body.String(), a.URL(name)) {
			t.Errorf("the worker does not know %s", a.URL(name))
		}
	}
	if again := answer(http.MethodGet, h.Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("the same again: %d", again.Code)
	}
	if head := answer(http.MethodHead, ""); head.Code != http.StatusOK || head.Body.Len() != 0 {
		t.Errorf("HEAD: %d", head.Code)
	}
	other, err := Load(changeFile(t, "css/post.css", "\n.changed { color: red; }"))
	if err != nil || bytes.Equal(other.worker, a.worker) {
		t.Errorf("another style, and the same worker: %v", err)
	}
}

// On a touch screen a look for :hover stays after the tap.
func TestHoverLooksOnlyWhereThereIsHover(t *testing.T) {
	for _, name := range styleFiles {
		lines := strings.Split(read(t, name), "\n")
		for i, line := range lines {
			if strings.HasPrefix(strings.TrimSpace(line), "&:hover") && strings.TrimSpace(lines[i-1]) != "@media (hover: hover) {" {
				t.Errorf("%s:%d: %s", name, i+1, line)
			}
		}
	}
}

// During a transition between pages browsers lose taps. In a rule of WebKit's media
// queries, @view-transition breaks the other media queries of the sheet.
func TestNoTransitionBetweenPages(t *testing.T) {
	for _, name := range styleFiles {
		if strings.Contains(read(t, name), "@view-transition") {
			t.Errorf("%s has a transition between pages", name)
		}
	}
}

// The product promises a weight for a first visit: all files beside the page, with one
// of the bundles of scripts.
func TestWeight(t *testing.T) {
	const most = 40_000
	a := load(t)
	for page := range scriptBundles {
		sum := 0
		for name, f := range a.files {
			_, script := scriptBundles[nameOf(a, name)]
			_, style := missingStyles[nameOf(a, name)]
			if script && nameOf(a, name) != page || style && nameOf(a, name) != StyleOf(page) {
				continue
			}
			// Of the icons systems ask when the app is installed, of the other script one page.
			if nameOf(a, name) == PushScript || strings.HasSuffix(name, ".png") {
				continue
			}
			sum += len(f.gzip())
			t.Logf("%6d bytes of %6d: %s", len(f.gzip()), len(f.plain), name)
		}
		t.Logf("%6d bytes in all with %s", sum, page)
		if sum > most {
			t.Errorf("%d bytes compressed with %s, at most %d", sum, page, most)
		}
	}
}

// nameOf returns the plain name of a file with a hash in its name.
func nameOf(a *Assets, hashed string) string {
	for name, url := range a.urls {
		if strings.HasSuffix(url, "/"+hashed) {
			return name
		}
	}
	return ""
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	otherHost  = regexp.MustCompile(`(?i)(https?:|wss?:)?//[a-z0-9-]+(\.[a-z0-9-]+)+`)
	subLoad    = regexp.MustCompile(`(?i)url\(|@import|<image|<script|<foreignObject|\bdata:`)
	lineNote   = regexp.MustCompile(`(?m)(^|\s)//\s.*$`)
)

func TestNothingComesFromElsewhere(t *testing.T) {
	const namespace = "http://www.w3.org/2000/svg" // the namespace of SVG is never fetched
	for name, f := range load(t).files {
		text := strings.ReplaceAll(string(f.plain), namespace, "")
		if strings.HasSuffix(name, ".css") {
			text = cssComment.ReplaceAllString(text, "")
		}
		if found := otherHost.FindString(text); found != "" {
			t.Errorf("%s names %s", name, found)
		}
		if !strings.HasSuffix(name, ".js") {
			if found := subLoad.FindString(text); found != "" {
				t.Errorf("%s loads by %s", name, found)
			}
		}
	}
}

func TestOurScriptsNeedNoEval(t *testing.T) {
	forbidden := regexp.MustCompile(`\beval\b|\bFunction\s*\(|set(Timeout|Interval)\(\s*['"\x60]|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|DOMParser|postMessage|\.style\.|javascript:`)
	hangul := regexp.MustCompile(`\p{Hangul}`)
	for _, name := range slices.Concat([]string{"js/" + PushScript, "worker/sw.js"}, slices.Concat(slices.Collect(maps.Values(scriptBundles))...)) {
		if strings.HasPrefix(name, "vendor/") {
			continue
		}
		body, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		code := lineNote.ReplaceAllString(string(body), "")
		if found := forbidden.FindString(code); found != "" {
			t.Errorf("%s uses %s", name, found)
		}
		if found := hangul.FindString(code); found != "" {
			t.Errorf("%s has a text in it (%s): texts come from the page", name, found)
		}
	}
}

// Safari knows user-select by its prefix alone.
func TestUserSelectHasItsPrefix(t *testing.T) {
	t.Parallel()
	sheets, err := fs.Glob(Files(), "css/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatalf("no style sheets: %v", err)
	}
	bare := regexp.MustCompile(`(?m)^\s*user-select:\s*(\w+);`)
	for _, name := range sheets {
		sheet, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range bare.FindAllSubmatch(sheet, -1) {
			if !strings.Contains(string(sheet), "-webkit-user-select: "+string(found[1])+";\n") {
				t.Errorf("%s lacks -webkit-user-select: %s", name, found[1])
			}
		}
	}
}
