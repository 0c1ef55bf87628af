package templates

import (
	"io/fs"
	"strings"
	"testing"
)

func TestMinify(t *testing.T) {
	tests := map[string]struct{ source, want string }{
		"indentation":       {"<ul>\n  {{range .}}\n    <li>{{.}}</li>\n  {{end}}\n</ul>\n", "<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>"},
		"a visible space":   {"<p>\n  <b>{{.}}</b>\n  <i>{{.}}</i>\n</p>", "<p><b>{{.}}</b> <i>{{.}}</i></p>"},
		"a removed space":   {"{{.}}<a>\n  {{- icon \"x\"}}</a>", "{{.}}<a> {{- icon \"x\"}}</a>"},
		"attributes":        {"<input name=\"a\"\n    value=\"{{.}}\"\n    {{- if .}} checked{{end}}>", "<input name=\"a\" value=\"{{.}}\" {{- if .}} checked{{end}}>"},
		"quotes and values": {`<form method="get"><button type="submit" value="">x</button></form>`, `<form method="get"><button type="submit" value>x</button></form>`},
		"a first line end":  {"<textarea>\n  {{- \"\\n\"}}{{.}}</textarea>", "<textarea> {{- \"\\n\"}}{{.}}</textarea>"},
	}
	for name, test := range tests {
		got, err := Minify([]byte(test.source))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, test.want)
		}
	}
}

// A template is read in a window beside its style sheet.
func TestLinesAreShort(t *testing.T) {
	files, err := fs.Glob(FS, "*/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "layout.html") {
		source, err := fs.ReadFile(FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(source), "\n") {
			if len([]rune(line)) > 140 {
				t.Errorf("%s:%d is %d characters long", file, i+1, len([]rune(line)))
			}
			if strings.TrimRight(line, " \t") != line || strings.Contains(line, "\t") {
				t.Errorf("%s:%d ends in a space or has a tab", file, i+1)
			}
		}
	}
}
