// Command summary reads the output of go test -json and prints what a person
// wants to see of it: a line for each package, the whole output of what
// failed, what was skipped and why, and the totals. It exits with 1 if
// anything failed or nothing ran.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action, Package, ImportPath, Test, Output string
}

// key names a test; without a test it names a package.
type key struct{ pkg, test string }

// shortSkip ends the reason of a test that -short was asked to leave out: that
// is counted, but no news.
const shortSkip = "which -short leaves out"

// summary gathers what the events tell.
type summary struct {
	out                     io.Writer
	output                  map[key][]string // of tests that have not ended
	passed, failed, skipped int
	skips                   []string
	broken                  bool // a package failed, with or without a test
}

func main() {
	ok, err := summarize(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "summary:", err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// summarize tells whether everything passed.
func summarize(in io.Reader, out io.Writer) (ok bool, err error) {
	s := &summary{out: out, output: map[key][]string{}}
	decoder := json.NewDecoder(in)
	for {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return false, fmt.Errorf("not the output of go test -json: %w", err)
		}
		s.add(e)
	}
	return s.finish(), nil
}

func (s *summary) add(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "build-fail":
		s.broken = true
	case "output":
		s.output[k] = append(s.output[k], e.Output)
	case "pass", "fail", "skip":
		s.end(k, e.Action)
		delete(s.output, k)
	}
}

// end counts a test that has ended, or prints the line of a package.
func (s *summary) end(k key, action string) {
	text := strings.Join(s.output[k], "")
	if action == "fail" {
		s.broken = true
		fmt.Fprint(s.out, text)
	}
	switch {
	case k.test == "":
		if action != "fail" {
			fmt.Fprint(s.out, lastLine(text))
		}
	case action == "pass":
		s.passed++
	case action == "fail":
		s.failed++
	default:
		s.skipped++
		if why := reason(text); !strings.HasSuffix(why, shortSkip) {
			s.skips = append(s.skips, fmt.Sprintf("--- SKIP: %s %s%s", k.pkg, k.test, why))
		}
	}
}

func (s *summary) finish() bool {
	slices.Sort(s.skips)
	for _, line := range s.skips {
		fmt.Fprintln(s.out, line)
	}
	ok := !s.broken && s.passed > 0
	word := "FAIL"
	if ok {
		word = "PASS"
	}
	fmt.Fprintf(s.out, "%s: %d passed, %d failed, %d skipped\n", word, s.passed, s.failed, s.skipped)
	return ok
}

// lastLine is how go test sums up a package: "ok  	xxsns/app/sns	0.1s".
func lastLine(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return text[strings.LastIndexByte(text, '\n')+1:] + "\n"
}

// reason is what the test said before it was skipped.
func reason(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "    ") {
			return ": " + strings.TrimSpace(line)
		}
	}
	return ""
}
