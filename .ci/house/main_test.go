package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// goFiles parses the files, which are pairs of a path and a text.
func goFiles(t *testing.T, pairs ...string) []*goFile {
	t.Helper()
	root := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		root[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	files, err := readGo(root)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// house is a small project that misses some goals.
func house() fstest.MapFS {
	methods := strings.Repeat("func (h *House[T]) open%d() {}\n", 46)
	numbers := make([]any, 46)
	for i := range numbers {
		numbers[i] = i
	}
	return fstest.MapFS{
		"app/house.go":            {Data: []byte("package app\n\ntype House[T any] struct{} // sturdy\n\n" + fmt.Sprintf(methods, numbers...))},
		"app/house_test.go":       {Data: []byte("package app\n\n// This is what it is.\nfunc (h *House[T]) knock() {}\n")},
		"app/testdata/broken.go":  {Data: []byte("not Go")},
		"templates/room/a.html":   {Data: []byte("<p>\n\n<b>" + strings.Repeat("글", 300) + "</b>\n")},
		"static/css/room.css":     {Data: []byte("p { color: red; }\n")},
		"static/vendor/other.css": {Data: []byte(strings.Repeat("x", 500))},
		"bin/xxsns":               {Data: make([]byte, 1_500_000)},
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	if err := run(&out, house()); err != nil {
		t.Fatal(err)
	}
	folded := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"app 50 4 33.3 %",
		"methods 46 goal ≤ 45 over app.House",
		"max 1 goal ≤ 60 ok House.open45 at app/house.go:50",
		"mean 155 goal ≤ 65 over",
		"max 307 goal ≤ 200 over templates/room/a.html:3",
		"mean 17 goal ≤ 30 ok",
		"pronouns, % 33.3 goal ≤ 3.5 over",
		"names 0 goal ≤ 0 ok",
		"pairs 0 goal ≤ 0 ok",
		"binary MB 1.5 goal ≤ 30 ok",
	} {
		if !strings.Contains(folded, want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

func TestReportNeedsReadableCode(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){
		"a syntax error": func(root fstest.MapFS) { root["app/a.go"] = &fstest.MapFile{Data: []byte("not Go")} },
		"no templates":   func(root fstest.MapFS) { delete(root, "templates/room/a.html") },
		"no styles":      func(root fstest.MapFS) { delete(root, "static/css/room.css") },
	} {
		t.Run(name, func(t *testing.T) {
			root := house()
			change(root)
			if err := run(&strings.Builder{}, root); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestReportWithoutProgram(t *testing.T) {
	root, out := house(), strings.Builder{}
	delete(root, "bin/xxsns")
	if err := run(&out, root); err != nil || !strings.Contains(out.String(), "bin/xxsns is missing") {
		t.Errorf("%v, printed:\n%s", err, out.String())
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		name, comment string
		want          words
	}{
		{"a pronoun", "// Whoever knocks waits.", words{3, 1}},
		{"an apostrophe is part of a word", "// It doesn't.", words{2, 1}},
		{"a block", "/* one\ntwo */", words{2, 1}},
		{"a directive", "//go:embed what.html", words{}},
		{"the reason of a directive", "//nolint:errcheck // nobody reads", words{2, 1}},
		{"no English", "// 방", words{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := countWords(goFiles(t, "a.go", "package a\n\n"+c.comment+"\n")); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	if got := countWords(goFiles(t, "a.go", "package a\n\nvar s = `\n// it\n`\n")); got.all != 0 {
		t.Errorf("counted the words of a string: %v", got)
	}
}

func TestUndocumented(t *testing.T) {
	for text, want := range map[string]string{
		"func F() {}":                             "[F]",
		"func f() {}":                             "[]",
		"// F is.\nfunc F() {}":                   "[]",
		"// T is.\ntype T int\nfunc (T) M() {}":   "[M]",
		"type t int\nfunc (t) M() {}":             "[]",
		"type T[K any] struct{}":                  "[T]",
		"const (\n\tA = 1 // the first\n\tB = 2)": "[B]",
		"// Kinds.\nconst (\n\tA = 1\n\tB = 2)":   "[]",
		"var A, b, C int":                         "[A C]",
	} {
		if got := fmt.Sprint(undocumented(goFiles(t, "a.go", "package a\n\n"+text+"\n")[0])); got != want {
			t.Errorf("%s\n\tgot %s, want %s", text, got, want)
		}
	}
}

func TestDuplicates(t *testing.T) {
	const six, five = "a()\nb()\nc()\nd()\ne()\nf()\n", "a()\nb()\nc()\nd()\ne()\n"
	in := func(name, body string) string {
		return "package p\n\nfunc " + name + "() {\n" + body + name + "()\n}\n"
	}
	for _, c := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"six lines", []string{"a.go", in("x", six), "b.go", in("y", six)}, "[{a.go:4 b.go:4 6}]"},
		{"five lines", []string{"a.go", in("x", five), "b.go", in("y", five)}, "[]"},
		{"in one file", []string{"a.go", in("x", six+"g()\n"+six)}, "[{a.go:4 a.go:11 6}]"},
		{"copies do not overlap", []string{"a.go", in("x", six+six)}, "[{a.go:4 a.go:10 6}]"},
		{"comments and white space", []string{"a.go", in("x", six), "b.go", in("y", "\ta()  // why\n\n// more\n"+six[4:])}, "[{a.go:4 b.go:4 6}]"},
		{"three times", []string{"a.go", in("x", six), "b.go", in("y", six), "c.go", in("z", six)}, "[{a.go:4 b.go:4 6} {a.go:4 c.go:4 6} {b.go:4 c.go:4 6}]"},
		{"in a test", []string{"a.go", in("x", six), "b_test.go", in("y", six)}, "[]"},
		{"imports", []string{"a.go", "package a\nimport (\n\"a\"\n\"b\"\n\"c\"\n\"d\"\n\"e\"\n)\n", "b.go", "package a\nimport (\n\"a\"\n\"b\"\n\"c\"\n\"d\"\n\"e\"\n)\n"}, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fmt.Sprint(duplicates(withoutTests(goFiles(t, c.pairs...)))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
