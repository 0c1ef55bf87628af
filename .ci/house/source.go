package main

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// skipped are the folders that hold nothing written here.
var skipped = []string{".git", "bin", "testdata", "uploads"}

// code is all that is measured but the binary.
type code struct {
	files             []*goFile
	templates, styles []textLine
}

func read(root fs.FS) (c code, err error) {
	if c.files, err = readGo(root); err != nil {
		return c, err
	}
	if c.templates, err = readLines(root, "templates", ".html"); err != nil {
		return c, err
	}
	c.styles, err = readLines(root, "static/css", ".css")
	return c, err
}

// A goFile is a parsed Go file.
type goFile struct {
	path string // below the root
	text []byte
	set  *token.FileSet
	tree *ast.File
}

// folder names the package of the file.
func (f *goFile) folder() string { return path.Dir(f.path) }

func (f *goFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f *goFile) line(at token.Pos) int { return f.set.Position(at).Line }

// place returns where a position is, as path:line.
func (f *goFile) place(at token.Pos) string { return fmt.Sprintf("%s:%d", f.path, f.line(at)) }

// readGo parses all Go files below root, in the order of their paths.
func readGo(root fs.FS) (files []*goFile, err error) {
	err = walk(root, ".", ".go", func(name string, text []byte) error {
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		files = append(files, &goFile{name, text, set, tree})
		return err
	})
	return files, err
}

// withoutTests leaves out the test files.
func withoutTests(files []*goFile) []*goFile {
	return slices.DeleteFunc(slices.Clone(files), (*goFile).isTest)
}

// A textLine is a line of a file that is not blank.
type textLine struct {
	place string // path:line
	text  string
}

// readLines returns the lines of the files in folder with the suffix.
func readLines(root fs.FS, folder, suffix string) (lines []textLine, err error) {
	err = walk(root, folder, suffix, func(name string, text []byte) error {
		scanner := bufio.NewScanner(bytes.NewReader(text))
		for n := 1; scanner.Scan(); n++ {
			if strings.TrimSpace(scanner.Text()) != "" {
				lines = append(lines, textLine{fmt.Sprintf("%s:%d", name, n), scanner.Text()})
			}
		}
		return scanner.Err()
	})
	return lines, err
}

// walk calls visit with each file in folder with the suffix.
func walk(root fs.FS, folder, suffix string, visit func(name string, text []byte) error) error {
	return fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, suffix):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return visit(name, text)
	})
}
