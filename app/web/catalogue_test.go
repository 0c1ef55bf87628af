package web_test

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"xxsns/app/sns"
	"xxsns/templates"
)

// catalogue returns every key of a language.
func catalogue(t *testing.T, lang string) map[string]bool {
	t.Helper()
	var sections map[string]map[string]any
	source, err := fs.ReadFile(templates.FS, "texts/"+lang+".toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := toml.Unmarshal(source, &sections); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for section, texts := range sections {
		for key := range texts {
			keys[section+"."+key] = true
		}
	}
	return keys
}

// sources returns the Go files of folders below app, without tests.
func sources(t *testing.T, folders ...string) []string {
	t.Helper()
	var files []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) == 0 {
		t.Fatal("no sources")
	}
	return files
}

// A usage lists the keys in the code: the arguments and fields that must be keys, and all
// literals, since some literals are keys.
type usage struct {
	keys     map[string]string // key → file
	literals map[string]bool
}

func usedInCode(t *testing.T) usage {
	t.Helper()
	u := usage{keys: map[string]string{}, literals: map[string]bool{}}
	for _, file := range sources(t, "sns", "store", "view", "export", "web") {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			u.look(file, n)
			return true
		})
	}
	return u
}

// keyAt is the index of the argument that is a key, by the name of the function.
var keyAt = map[string]int{"T": 0, "TWith": 0, "TUser": 0, "Date": 0, "Toast": 0, "RedirectWithToast": 1, "Done": 1}

func (u usage) look(file string, n ast.Node) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text := unquote(n); text != "" {
			u.literals[text] = true
		}
	case *ast.CallExpr:
		if function, ok := n.Fun.(*ast.SelectorExpr); ok {
			if i, ok := keyAt[function.Sel.Name]; ok && i < len(n.Args) {
				u.key(file, "", n.Args[i])
			}
		}
		if function, ok := n.Fun.(*ast.Ident); ok && function.Name == "bad" && len(n.Args) == 1 {
			u.key(file, "", n.Args[0])
		}
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Key" {
			u.key(file, "", n.Value)
		}
	case *ast.CompositeLit:
		if name, ok := n.Type.(*ast.Ident); ok && name.Name == "problem" {
			u.problem(file, n)
		}
	}
}

// problem adds the two keys of an error page: error.KEY and error.KEY_help.
func (u usage) problem(file string, n *ast.CompositeLit) {
	for i, field := range n.Elts {
		value := field
		if pair, ok := field.(*ast.KeyValueExpr); ok {
			if pair.Key.(*ast.Ident).Name != "key" {
				continue
			}
			value = pair.Value
		} else if i != 1 {
			continue
		}
		if literal, ok := value.(*ast.BasicLit); ok {
			u.keys["error."+unquote(literal)] = file
			u.keys["error."+unquote(literal)+"_help"] = file
		}
	}
}

func (u usage) key(file, prefix string, value ast.Expr) {
	if literal, ok := value.(*ast.BasicLit); ok && strings.Contains(unquote(literal), ".") {
		u.keys[prefix+unquote(literal)] = file
	}
}

func unquote(n *ast.BasicLit) string {
	if n.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(n.Value)
	return text
}

func TestEveryKeyOfTheCodeIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	keys, u := catalogue(t, "ko"), usedInCode(t)
	composed(t, u)
	if len(u.keys) < 50 {
		t.Fatalf("only %d keys were found in the code", len(u.keys))
	}
	for key, file := range u.keys {
		if !keys[key] {
			t.Errorf("%s says %s, which is not in the catalogue", file, key)
		}
	}
	sections := map[string]bool{}
	for key := range keys {
		section, _, _ := strings.Cut(key, ".")
		sections[section] = true
	}
	for literal := range u.literals {
		section, _, _ := strings.Cut(literal, ".")
		if regexp.MustCompile(`^[a-z]+\.[a-z_]+$`).MatchString(literal) && sections[section] && !keys[literal] {
			t.Errorf("%s looks like a key and is not in the catalogue", literal)
		}
	}
}

// composed adds the keys that the code puts together from a prefix and a value.
func composed(t *testing.T, u usage) {
	t.Helper()
	for prefix, rest := range map[string][]string{
		"message.": {
			string(sns.MessageEntered), string(sns.MessageLeft), string(sns.MessageRemoved), string(sns.MessageLost),
			"entered_deleted", "left_deleted", "removed_deleted", // by sayOf, of deleted accounts
		},
		"post.title":     {"", "_deleted"},
		"export.on_post": {"", "_deleted"},
		"export.of_post": {"", "_deleted"},
		"act.":           actKinds(),
		"verdict.":       {"dismiss", "hide", "delete", "warn", "suspend", "remove"},
		"role.":          {"user", "mentor", "admin"},
		"weekday.":       {"0", "1", "2", "3", "4", "5", "6"},
	} {
		if !u.literals[prefix] {
			t.Errorf("the code puts no key of %s together", prefix)
		}
		for _, key := range rest {
			u.keys[prefix+key] = "the code"
		}
	}
}

func actKinds() (kinds []string) {
	for _, kind := range sns.ActKinds {
		kinds = append(kinds, string(kind))
	}
	return kinds
}

var textInTemplate = regexp.MustCompile(`[{(]\s*-?\s*t\s+"([^"]+)"`)

func TestEveryKeyOfTheCatalogueIsUsed(t *testing.T) {
	t.Parallel()
	u := usedInCode(t)
	for _, file := range pages(t) {
		for _, m := range textInTemplate.FindAllStringSubmatch(file.source, -1) {
			u.keys[m[1]] = file.name
		}
	}
	composed(t, u)
	for key := range catalogue(t, "ko") {
		if u.keys[key] == "" && !u.literals[key] {
			t.Errorf("nothing says %s", key)
		}
	}
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	korean := catalogue(t, "ko")
	files, err := fs.Glob(templates.FS, "texts/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		keys := catalogue(t, strings.TrimSuffix(filepath.Base(file), ".toml"))
		for key := range korean {
			if !keys[key] {
				t.Errorf("%s lacks %s", file, key)
			}
		}
		for key := range keys {
			if !korean[key] {
				t.Errorf("%s has %s, which Korean has not", file, key)
			}
		}
	}
}

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

func TestPeopleReadTheCatalogueAlone(t *testing.T) {
	t.Parallel()
	// address.go has the particles of Korean grammar, main.go the product's name, which
	// operators read in a terminal. Tests and invented people speak Korean.
	except := []string{"../sns/address.go", "../main.go", "../seed/", "../apptest/", "../media/mediatest/"}
	for _, path := range sources(t, ".") {
		if slices.ContainsFunc(except, func(prefix string) bool { return strings.HasPrefix(path, prefix) }) {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		var s scanner.Scanner
		s.Init(set.AddFile(path, set.Base(), len(source)), source, nil, 0)
		for {
			_, kind, literal := s.Scan()
			if kind == token.EOF {
				break
			}
			if kind != token.COMMENT && strings.ContainsFunc(literal, isHangul) {
				t.Errorf("%s says %s", path, literal)
			}
		}
	}
	for _, file := range pages(t) {
		if i := strings.IndexFunc(file.source, isHangul); i >= 0 {
			t.Errorf("%s says %.40s", file.name, file.source[i:])
		}
	}
	scripts, err := filepath.Glob("../../static/js/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	for _, path := range scripts {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if rest := comment.ReplaceAllString(string(source), ""); strings.ContainsFunc(rest, isHangul) {
			t.Errorf("%s says something in Korean", path)
		}
	}
}

type pageFile struct{ name, source string }

// pages returns the templates.
func pages(t *testing.T) []pageFile {
	t.Helper()
	var files []pageFile
	err := fs.WalkDir(templates.FS, ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".html") {
			source, err := fs.ReadFile(templates.FS, path)
			files = append(files, pageFile{path, string(source)})
			return err
		}
		return err
	})
	if err != nil || len(files) < 20 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	return files
}

// forbiddenInTemplates has patterns that the Content-Security-Policy forbids, or that
// htmx would need eval for.
var forbiddenInTemplates = map[string]*regexp.Regexp{
	"hx-on":              regexp.MustCompile(`(?i)\shx-on[:=-]`),
	"js:":                regexp.MustCompile(`(?i)["'\s]js:`),
	"hx-live":            regexp.MustCompile(`(?i)\shx-live`),
	"a trigger filter":   regexp.MustCompile(`(?i)hx-trigger=("[^"]*\[|'[^']*\[)`),
	"an inline style":    regexp.MustCompile(`(?i)\sstyle=|<style`),
	"an inline script":   regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>\s*[^<\s]|<script(?:\s+(?:type|defer|async|nonce)[^>]*)?>`),
	"an event attribute": regexp.MustCompile(`(?i)[\s"']on[a-z]+\s*=`),
	"javascript:":        regexp.MustCompile(`(?i)javascript:`),
	"another site":       regexp.MustCompile(`(?i)(?:src|href|action)="(?:https?:)?//`),
}

func TestTemplatesNeedNoEval(t *testing.T) {
	t.Parallel()
	for _, file := range pages(t) {
		for what, pattern := range forbiddenInTemplates {
			if found := pattern.FindString(file.source); found != "" {
				t.Errorf("%s holds %s: %s", file.name, what, found)
			}
		}
	}
	for what, source := range map[string]string{
		"hx-on": `<a hx-on:click="x">`, "js:": `<a hx-vals="js:{a: 1}">`, "hx-live": `<a hx-live="x">`, "a trigger filter": `<a hx-trigger="click[ctrlKey]">`,
		"an inline style": `<a style="x">`, "an inline script": `<script>alert(1)</script>`, "an event attribute": `<a onclick="x">`,
		"javascript:": `<a href="javascript:x">`, "another site": `<script src="https://cdn.example/x.js">`,
	} {
		if !forbiddenInTemplates[what].MatchString(source) {
			t.Errorf("%s would not be found in %s", what, source)
		}
	}
}
