package main

import (
	"bytes"
	"cmp"
	"context"
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
)

// A part is a module of the program, the library of Go, or a folder of copied files, with
// its licences.
type part struct {
	name  string
	files []string // paths of the licences
}

// listed is the output of go list for a package.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// parts returns all parts of the program, in the order of their names.
func parts(ctx context.Context, root string) ([]part, error) {
	modules, err := linkedModules(ctx, root)
	if err != nil {
		return nil, err
	}
	copied, err := copiedFolders(root)
	if err != nil {
		return nil, err
	}
	all := append(modules, copied...)
	slices.SortFunc(all, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return all, nil
}

// linkedModules returns the modules whose packages are linked, and the library of Go.
func linkedModules(ctx context.Context, root string) ([]part, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Dir,Standard,Module", "./app")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
	}
	library, err := goFolder(ctx, root)
	if err != nil {
		return nil, err
	}
	byName := map[string]*part{}
	for d := json.NewDecoder(bytes.NewReader(output)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		name, top := "Go", library
		if p.Module != nil {
			name, top = strings.TrimSpace(p.Module.Path+" "+p.Module.Version), p.Module.Dir
		}
		if p.Module == nil && !p.Standard || p.Module != nil && p.Module.Main {
			continue
		}
		if byName[name] == nil {
			byName[name] = &part{name: name}
		}
		if p.Standard { // a library that needs another licence is linked only on demand
			p.Dir = top
		}
		if err := byName[name].add(p.Dir, top); err != nil {
			return nil, err
		}
	}
	var all []part
	for _, p := range byName {
		all = append(all, *p)
	}
	return all, nil
}

func goFolder(ctx context.Context, root string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "GOROOT")
	cmd.Dir = root
	output, err := cmd.Output()
	return strings.TrimSpace(string(output)), err
}

// licence matches the names under which licences stand.
var licence = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying|notice)([-.].*)?$`)

// add adds the licences in dir, and in the folders above it up to top: a package may have a
// licence of its own.
func (p *part) add(dir, top string) error {
	for {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if !e.IsDir() && licence.MatchString(e.Name()) && filepath.Ext(path) != ".go" && !slices.Contains(p.files, path) {
				p.files = append(p.files, path)
			}
		}
		if dir == top || !strings.HasPrefix(dir, top) {
			return nil
		}
		dir = filepath.Dir(dir)
	}
}

// copiedFolders returns the folders of the repository that hold a licence, or must: those
// of static/vendor, and the repository itself.
func copiedFolders(root string) ([]part, error) {
	var all []part
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if name == ".git" || name == "bin" || name == "uploads" || name == "testdata" {
			return filepath.SkipDir
		}
		p := part{name: filepath.ToSlash(name)}
		if name == "." {
			p.name = "xxsns"
		}
		if err := p.add(path, path); err != nil {
			return err
		}
		if len(p.files) > 0 || filepath.ToSlash(filepath.Dir(name)) == "static/vendor" {
			all = append(all, p)
		}
		return nil
	})
	return all, err
}
