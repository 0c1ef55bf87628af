package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// listed is the output of go list for a package.
type listed struct {
	ImportPath string
	Imports    []string // without imports of tests
}

// ours are the packages of this module that each package may import, with what
// stands below them; "*" is all of them. The imports go one way:
// request → web → store → commit → live → browsers.
var ours = map[string][]string{
	"xxsns/app":                 {"app/backup", "app/config", "app/licences", "app/server", "app/seed", "app/sns", "app/systemd"},
	"xxsns/app/apptest":         {"*"},
	"xxsns/app/apptest/await":   {},
	"xxsns/app/apptest/load":    {},
	"xxsns/app/backup":          {},
	"xxsns/app/chat":            {"app/sns", "app/store", "app/live"},
	"xxsns/app/config":          {},
	"xxsns/app/district":        {},
	"xxsns/app/doctor":          {"app/backup", "app/chat", "app/config", "app/media", "app/store"},
	"xxsns/app/e2e":             {"*"},
	"xxsns/app/export":          {"app/sns", "app/store", "app/media", "app/chat", "app/outbox", "app/view"},
	"xxsns/app/licences":        {},
	"xxsns/app/live":            {},
	"xxsns/app/mail":            {"app/sns", "app/store", "app/outbox"},
	"xxsns/app/media":           {"app/sns", "app/media/raster"},
	"xxsns/app/media/mediatest": {"app/media", "app/sns"},
	"xxsns/app/media/raster":    {},
	"xxsns/app/network":         {},
	"xxsns/app/outbox":          {},
	"xxsns/app/push":            {"app/sns", "app/store", "app/network", "app/outbox"},
	"xxsns/app/seed":            {"app/sns", "app/store", "app/media", "app/district", "app/chat"},
	"xxsns/app/server":          {"*"},
	"xxsns/app/sns":             {},
	"xxsns/app/systemd":         {},
	"xxsns/app/store":           {"app/sns", "db"},
	"xxsns/app/view":            {"app/sns", "app/media", "app/live", "app/chat", "app/district", "static", "templates"},
	"xxsns/app/web":             {"app/sns", "app/live", "app/network", "app/view", "app/web", "static"},
	"xxsns/app/web/admin":       areaImports,
	"xxsns/app/web/feed":        areaImports,
	"xxsns/app/web/people":      areaImports,
	"xxsns/app/web/request":     {"app/sns", "app/store", "app/media", "app/live", "app/chat", "app/network", "app/mail", "app/push", "app/export", "app/view"},
	"xxsns/app/web/rooms":       areaImports,
	"xxsns/db":                  {},
	"xxsns/static":              {},
	"xxsns/templates":           {},
}

// areaImports are the packages that an area of the web may import: never another
// area. What two areas need stands in request, view or store.
var areaImports = []string{"app/sns", "app/store", "app/media", "app/live", "app/chat", "app/district", "app/push", "app/export", "app/view", "app/web/request"}

// theirs are the modules that only some packages may know.
var theirs = map[string][]string{
	"github.com/gin-gonic/gin":        {"app/web"},
	"github.com/gin-contrib/sessions": {"app/web"},
	"github.com/jmoiron/sqlx":         {"app/store"},
	"github.com/go-sql-driver/mysql":  {"app/store", "app/apptest"},
	"modernc.org/sqlite":              {"app/store"},
	"github.com/redis/go-redis":       {"app/live", "app/chat", "app/server"},
	"github.com/gorilla/websocket":    {"app/live", "app/apptest"},
	"github.com/chromedp/chromedp":    {"app/apptest"},
	"github.com/PuerkitoBio/goquery":  {"app/apptest"},
	"github.com/SherClockHolmes":      {"app/push"},
	"github.com/wneessen/go-mail":     {"app/mail"},
	"github.com/gen2brain/webp":       {"app/media"},
	"github.com/tdewolff/minify":      {"static", "templates"},
	"github.com/klauspost/compress":   {"static", "app/web", "app/backup"},
	"github.com/andybalholm/brotli":   {"static"},
	"testing":                         {"app/apptest", "app/media/mediatest"},
}

// forTests are the packages that only tests may import.
var forTests = []string{"xxsns/app/apptest", "xxsns/app/apptest/await", "xxsns/app/apptest/load", "xxsns/app/media/mediatest"}

// below reports whether a package is folder or a subfolder of it.
func below(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func belowAny(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return below(path, "xxsns/"+folder) })
}

// broken returns the rules that a package breaks.
func broken(p listed) (all []string) {
	allowed, known := ours[p.ImportPath]
	if !known && below(p.ImportPath, "xxsns/app") {
		all = append(all, "is in no rule: add it to this test and to the documentation")
	}
	for _, path := range p.Imports {
		switch {
		case slices.Contains(forTests, path) && !slices.Contains(forTests, p.ImportPath):
			all = append(all, "imports "+path+", which is for tests")
		case below(path, "xxsns") && known && !slices.Contains(allowed, "*") && !belowAny(path, allowed):
			all = append(all, "imports "+path)
		}
		for module, where := range theirs {
			if below(path, module) && !belowAny(p.ImportPath, where) {
				all = append(all, fmt.Sprintf("imports %s, which only %s may", path, strings.Join(where, ", ")))
			}
		}
	}
	return all
}

func list(t *testing.T) (all []listed) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportsGoOneWay(t *testing.T) {
	packages := list(t)
	if len(packages) < 10 {
		t.Errorf("only %d packages are listed", len(packages))
	}
	for _, p := range packages {
		for _, what := range broken(p) {
			t.Errorf("%s %s", p.ImportPath, what)
		}
	}
}

func TestTheRulesForImportsCatchWhatTheyShould(t *testing.T) {
	for from, paths := range map[string][]string{
		"app":             {"app/web", "app/store", "app/apptest"},
		"app/backup":      {"app/store", "app/sns"},
		"app/config":      {"app/sns"},
		"app/district":    {"app/sns"},
		"app/live":        {"app/sns", "app/web", "templates"},
		"app/media":       {"app/store", "app/media/mediatest"},
		"app/server":      {"app/apptest"},
		"app/sns":         {"app/store", "app/config", "app/district"},
		"app/store":       {"app/web", "app/live", "app/config"},
		"app/view":        {"app/web", "app/web/request", "app/server"},
		"app/web":         {"app/server", "app/config", "app/apptest", "db"},
		"app/web/feed":    {"app/web/rooms", "app/web/people", "app/web/admin", "app/web", "app/server"},
		"app/web/request": {"app/web/feed", "app/web", "app/server"},
		"app/new":         {"app/sns"},
		"db":              {"app/store"},
	} {
		for _, path := range paths {
			if p := (listed{"xxsns/" + from, []string{"xxsns/" + path}}); len(broken(p)) == 0 {
				t.Errorf("%s may import %s", from, path)
			}
		}
	}
	for module := range theirs {
		if len(broken(listed{"xxsns/app/sns", []string{module}})) == 0 {
			t.Errorf("app/sns may import %s", module)
		}
	}
	if what := broken(listed{"xxsns/app/web", []string{"fmt", "xxsns/app/sns", "xxsns/app/web/feed", "github.com/gin-gonic/gin"}}); len(what) != 0 {
		t.Errorf("app/web %v", what)
	}
}

// unfinished matches the marks of work left for later.
var unfinished = regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME)\b`)

func TestNothingIsLeftForLater(t *testing.T) {
	read := 0
	for _, folder := range []string{"app", "templates", "static/js", "static/css", "db"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{".go", ".html", ".toml", ".js", ".css", ".sql"}, filepath.Ext(path)) {
				return err
			}
			read++
			text, err := os.ReadFile(path)
			for i, line := range strings.Split(string(text), "\n") {
				if unfinished.MatchString(line) {
					t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if read < 50 {
		t.Errorf("only %d files were read", read)
	}
}
