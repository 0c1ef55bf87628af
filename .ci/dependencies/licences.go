package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences that ask for no more than to be named, or, as the MPL, for the
// source of the files themselves.
var allowed = []string{
	"0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "Unicode-DFS-2016", "Unlicense", "Zlib",
}

// enough is the share of a text, in percent, that must be of known licences: the rest is a
// name, a year, or a list of what the licence is for.
const enough = 50

// read are files that the scanner does not know, and what a reader found there.
var read = map[string]string{
	"modernc.org/libc LICENSE-3RD-PARTY.md": "MIT", // musl, with the notices of its parts, all MIT and BSD
	"modernc.org/memory LICENSE-LOGO":       "",    // of a picture, which is not linked
	"modernc.org/sqlite LICENSE-SQLITE":     "public domain",
}

// checkLicences fails if a part of the program has a licence that is not allowed, or none.
func checkLicences(ctx context.Context, out io.Writer, root string) error {
	all, err := parts(ctx, root)
	if err != nil {
		return err
	}
	var refused []error
	count := map[string]int{}
	for _, p := range all {
		ids, err := p.licences()
		if err != nil {
			refused = append(refused, err)
		}
		count[strings.Join(ids, " and ")]++
	}
	if err := errors.Join(refused...); err != nil {
		return fmt.Errorf("licences:\n%w", err)
	}
	var kinds []string
	for kind, n := range count {
		kinds = append(kinds, fmt.Sprintf("%d of %s", n, kind))
	}
	slices.Sort(kinds)
	_, err = fmt.Fprintf(out, "licences: %d parts: %s\n", len(all), strings.Join(kinds, ", "))
	return err
}

// licences returns the licences of a part by their SPDX names, or an error that names what
// is not allowed.
func (p part) licences() ([]string, error) {
	var ids []string
	for _, path := range p.files {
		module, _, _ := strings.Cut(p.name, " ")
		if known, ok := read[module+" "+filepath.Base(path)]; ok {
			ids = append(ids, known)
			continue
		}
		found, err := licencesOf(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil, fmt.Errorf("%s: has no licence", p.name)
	}
	return ids, nil
}

// licencesOf returns the licences in a file. A NOTICE may hold none.
func licencesOf(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	coverage := licensecheck.Scan(text)
	var ids []string
	for _, m := range coverage.Match {
		if m.IsURL {
			continue // names a licence, such as one of another thing
		}
		if !slices.Contains(allowed, m.ID) {
			return nil, fmt.Errorf("%s: the licence %s is not allowed", name, m.ID)
		}
		ids = append(ids, m.ID)
	}
	if coverage.Percent < enough && !strings.HasPrefix(strings.ToUpper(name), "NOTICE") {
		return nil, fmt.Errorf("%s: %.0f %% of the text is of a known licence", name, coverage.Percent)
	}
	return ids, nil
}

// writeNotice prints the texts of all licences.
func writeNotice(ctx context.Context, out io.Writer, root string) error {
	all, err := parts(ctx, root)
	if err != nil {
		return err
	}
	for _, p := range all {
		for _, path := range p.files {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(out, "%s, %s\n\n%s\n\n", p.name, filepath.Base(path), strings.TrimSpace(string(text))); err != nil {
				return err
			}
		}
	}
	return nil
}
