package main

import (
	"strings"
	"testing"
)

const passing = `{"Action":"run","Package":"xxsns/app/a","Test":"TestA"}
{"Action":"output","Package":"xxsns/app/a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"xxsns/app/a","Test":"TestA","Output":"    a_test.go:3: chatter\n"}
{"Action":"pass","Package":"xxsns/app/a","Test":"TestA"}
{"Action":"output","Package":"xxsns/app/a","Output":"PASS\n"}
{"Action":"output","Package":"xxsns/app/a","Output":"ok  \txxsns/app/a\t0.1s\n"}
{"Action":"pass","Package":"xxsns/app/a"}
`

const skipping = `{"Action":"output","Package":"xxsns/app/b","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"xxsns/app/b","Test":"TestB","Output":"    b_test.go:3: needs mariadbd\n"}
{"Action":"skip","Package":"xxsns/app/b","Test":"TestB"}
`

const failing = `{"Action":"output","Package":"xxsns/app/c","Test":"TestC","Output":"    c_test.go:3: wrong\n"}
{"Action":"output","Package":"xxsns/app/c","Test":"TestC","Output":"--- FAIL: TestC (0.1s)\n"}
{"Action":"fail","Package":"xxsns/app/c","Test":"TestC"}
{"Action":"output","Package":"xxsns/app/c","Output":"panic: oh\nFAIL\txxsns/app/c\t0.1s\n"}
{"Action":"fail","Package":"xxsns/app/c"}
`

const notCompiling = `{"ImportPath":"xxsns/app/d","Action":"build-output","Output":"d.go:1: syntax error\n"}
{"ImportPath":"xxsns/app/d","Action":"build-fail"}
`

func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		name, in string
		ok       bool
		want     []string
		last     string
	}{
		{"all pass", passing, true, []string{"ok  \txxsns/app/a\t0.1s\n"}, "PASS: 1 passed, 0 failed, 0 skipped"},
		{"a skip is named", passing + skipping, true,
			[]string{"--- SKIP: xxsns/app/b TestB: b_test.go:3: needs mariadbd\n"}, "PASS: 1 passed, 0 failed, 1 skipped"},
		{"a failure is shown", failing + passing, false,
			[]string{"c_test.go:3: wrong\n--- FAIL: TestC (0.1s)\n", "panic: oh\nFAIL\txxsns/app/c"}, "FAIL: 1 passed, 1 failed, 0 skipped"},
		{"a package that does not compile", passing + notCompiling, false, []string{"syntax error"}, "FAIL: 1 passed, 0 failed, 0 skipped"},
		{"nothing ran", "", false, nil, "FAIL: 0 passed, 0 failed, 0 skipped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			ok, err := summarize(strings.NewReader(c.in), &out)
			if ok != c.ok || err != nil {
				t.Errorf("got %v, %v, want %v", ok, err, c.ok)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is missing in:\n%s", want, out.String())
				}
			}
			if !strings.HasSuffix(out.String(), c.last+"\n") {
				t.Errorf("does not end with %q:\n%s", c.last, out.String())
			}
			if strings.Contains(out.String(), "chatter") {
				t.Errorf("shows the output of a test that passed:\n%s", out.String())
			}
		})
	}
}

func TestSummarizeRefusesOtherInput(t *testing.T) {
	if ok, err := summarize(strings.NewReader("ok xxsns"), &strings.Builder{}); ok || err == nil {
		t.Errorf("got %v, %v, want an error", ok, err)
	}
}
