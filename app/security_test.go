package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	securityFile = "../SECURITY.md"
	standardFile = "../.docs/asvs.md"
)

// levelOne has the requirements of level 1 of OWASP ASVS 5.0.0.
var levelOne = strings.Fields(`
	1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1
	2.1.1 2.2.1 2.2.2 2.3.1
	3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3
	4.1.1 4.4.1
	5.2.1 5.2.2 5.3.1 5.3.2
	6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
	7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2
	8.1.1 8.2.1 8.2.2 8.3.1
	9.1.1 9.1.2 9.1.3 9.2.1
	10.4.1 10.4.2 10.4.3 10.4.4 10.4.5
	11.3.1 11.3.2 11.4.1
	12.1.1 12.2.1 12.2.2
	13.4.1
	14.2.1 14.3.1
	15.1.1 15.2.1 15.3.1`)

var (
	remark    = regexp.MustCompile(`<!--.*?-->`)
	testName  = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	rowNumber = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
)

// rowsOf returns the cells of each row of the tables of a document.
func rowsOf(text string) (rows [][]string) {
	for line := range strings.Lines(remark.ReplaceAllString(text, "")) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// section returns the part of a document below a heading.
func section(text, heading string) string {
	_, rest, _ := strings.Cut(text, "\n## "+heading+"\n")
	part, _, _ := strings.Cut(rest, "\n## ")
	return part
}

// testNames returns the names of all tests and fuzz targets of the repository.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil || len(names) < 500 {
		t.Fatalf("%d functions of tests were found: %v", len(names), err)
	}
	return names
}

// unknownTests returns the tests that a text names and that do not exist.
func unknownTests(text string, exist map[string]bool) (unknown []string) {
	for _, name := range testName.FindAllStringSubmatch(remark.ReplaceAllString(text, ""), -1) {
		if !exist[name[1]] {
			unknown = append(unknown, name[1])
		}
	}
	return unknown
}

// faultsOfStandard returns what is wrong with the table of the standard.
func faultsOfStandard(text string) (faults []string) {
	seen := map[string]int{}
	for _, row := range rowsOf(text) {
		if !rowNumber.MatchString(row[0]) {
			continue
		}
		seen[row[0]]++
		if len(row) != 4 {
			faults = append(faults, fmt.Sprintf("%s has %d cells: a | may be in the text", row[0], len(row)))
			continue
		}
		switch state, why := row[2], row[3]; {
		case !slices.Contains(levelOne, row[0]):
			faults = append(faults, row[0]+" is not of level 1")
		case row[1] == "":
			faults = append(faults, row[0]+" does not say what is asked for")
		case state == "met" && !testName.MatchString(why):
			faults = append(faults, row[0]+" is met, and no test shows it")
		case (state == "open" || state == "not applicable") && len(why) < len("no OAuth, see 10.4.1"):
			faults = append(faults, row[0]+" is "+state+" without a reason")
		case !slices.Contains([]string{"met", "open", "not applicable"}, state):
			faults = append(faults, row[0]+" is "+state)
		}
	}
	for _, number := range levelOne {
		if seen[number] != 1 {
			faults = append(faults, fmt.Sprintf("%s has %d rows", number, seen[number]))
		}
	}
	return faults
}

func TestLevelOneIsWhole(t *testing.T) {
	text := read(t, standardFile)
	for _, fault := range faultsOfStandard(text) {
		t.Error(fault)
	}
	if slices.Sort(levelOne); len(slices.Compact(slices.Clone(levelOne))) != 70 {
		t.Errorf("level 1 has %d requirements, 70 in the standard", len(levelOne))
	}
	whole := len(faultsOfStandard(text))
	for old, other := range map[string]string{
		"\n| 4.1.1 |": "\n| 4.1.9 |", // one is missing, and one is of no level
		"| met | `TestEveryAnswerSaysWhatItIs` |":                       "| met | all do |",
		"| not applicable | nothing relies on a preflight; see 3.5.1 |": "| open | |",
		"| 8.3.1 | the server decides | met |":                          "| 8.3.1 | the server decides | perhaps |",
	} {
		if broken := strings.Replace(text, old, other, 1); broken == text || len(faultsOfStandard(broken)) <= whole {
			t.Errorf("%q instead of %q goes unnoticed", other, old)
		}
	}
}

// A threat without a test is a promise; a test that was renamed shows nothing.
func TestWhatShowsSecurityExists(t *testing.T) {
	exist := testNames(t)
	for _, file := range []string{securityFile, standardFile} {
		text := read(t, file)
		for _, name := range unknownTests(text, exist) {
			t.Errorf("%s names %s, which does not exist", file, name)
		}
		if n := len(testName.FindAllString(text, -1)); n < 50 {
			t.Errorf("%s names only %d tests", file, n)
		}
	}
	threats := rowsOf(section(read(t, securityFile), "Threats"))
	for _, row := range threats[1:] {
		if isTitle := len(row) == 3 && strings.HasPrefix(row[0], "**") && row[1] == ""; !isTitle && (len(row) != 3 || !testName.MatchString(row[2])) {
			t.Errorf("no test shows how this is met: %.80s", strings.Join(row, " | "))
		}
	}
	if len(threats) < 30 {
		t.Errorf("only %d rows of threats", len(threats))
	}
	if got := unknownTests("`TestLevelOneIsWhole` `TestOfNothing` <!-- `TestLater` -->", exist); !slices.Equal(got, []string{"TestOfNothing"}) {
		t.Errorf("unknown are %v", got)
	}
}
