package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// shortestCopy is the number of equal lines in a row that make a duplicate.
const shortestCopy = 6

// A codeLine is a line of a Go file without its comments.
type codeLine struct {
	place string // path:line
	text  string // white space folded
}

// A duplicate is a pair of places with equal lines from there on.
type duplicate struct {
	first, second string
	lines         int
}

// reportDuplicates reports the duplicates outside tests.
func reportDuplicates(r *report, files []*goFile) {
	all := duplicates(withoutTests(files))
	r.heading("duplicates of %d lines or more outside tests", shortestCopy)
	r.atMost("  pairs", 0, float64(len(all)), "")
	for _, d := range all {
		r.line("    %d lines: %s = %s", d.lines, d.first, d.second)
	}
}

// duplicates returns the longest duplicates, each once.
func duplicates(files []*goFile) (all []duplicate) {
	lines := allCode(files)
	seen := map[string][]int{} // where shortestCopy lines begin, by their texts
	for i := range lines {
		start := window(lines, i)
		for _, j := range seen[start] {
			if start != "" && !continues(lines, j, i) {
				all = append(all, duplicate{lines[j].place, lines[i].place, common(lines, j, i)})
			}
		}
		seen[start] = append(seen[start], i)
	}
	return all
}

// window returns shortestCopy lines from i on, or "" if the file ends before.
func window(lines []codeLine, i int) string {
	var text strings.Builder
	for n := range shortestCopy {
		if i+n >= len(lines) || lines[i+n].text == "" {
			return ""
		}
		text.WriteString(lines[i+n].text + "\n")
	}
	return text.String()
}

// continues reports whether j and i are inside a longer duplicate: the lines
// before them are equal.
func continues(lines []codeLine, j, i int) bool {
	return j > 0 && lines[j-1].text != "" && lines[j-1].text == lines[i-1].text
}

// common counts the equal lines from j and i on, where j < i. The two places
// do not overlap.
func common(lines []codeLine, j, i int) (n int) {
	for i+n < len(lines) && j+n < i && lines[i+n].text != "" && lines[j+n].text == lines[i+n].text {
		n++
	}
	return n
}

// allCode returns the code of all files, with an empty line after each file so
// that no duplicate reaches from one file into the next.
func allCode(files []*goFile) (lines []codeLine) {
	for _, f := range files {
		for n, text := range strings.Split(bare(f), "\n") {
			if text = strings.Join(strings.Fields(text), " "); text != "" {
				lines = append(lines, codeLine{fmt.Sprintf("%s:%d", f.path, n+1), text})
			}
		}
		lines = append(lines, codeLine{})
	}
	return lines
}

// bare returns the text of a file with blanks for comments and imports.
func bare(f *goFile) string {
	text := slices.Clone(f.text)
	for _, group := range f.tree.Comments {
		blank(f, text, group)
	}
	for _, d := range f.tree.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			blank(f, text, d)
		}
	}
	return string(text)
}

// blank overwrites a node but not the ends of lines.
func blank(f *goFile, text []byte, n ast.Node) {
	from, to := f.set.Position(n.Pos()).Offset, f.set.Position(n.End()).Offset
	for i := from; i < to; i++ {
		if text[i] != '\n' {
			text[i] = ' '
		}
	}
}
