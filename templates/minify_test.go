package templates

import "testing"

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
