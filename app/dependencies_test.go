package main_test

import (
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// dependencies runs .ci/dependencies on a repository, with another database of holes.
func dependencies(t *testing.T, what, root, database string) (string, error) {
	t.Helper()
	program, err := buildDependencies(apptest.Need(t, "go"))
	if err != nil {
		t.Fatalf("%v\n%s", err, program)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, what, root)
	cmd.Env = append(os.Environ(), "GOVULNDB="+database)
	output, err := cmd.CombinedOutput()
	return string(output), err
}

var (
	dependenciesOnce sync.Once
	dependenciesPath string
	errDependencies  error
)

// buildDependencies builds the command once. Its modules may have to be downloaded first.
func buildDependencies(goProgram string) (string, error) {
	dependenciesOnce.Do(func() {
		folder, err := os.MkdirTemp("", "xxsns-dependencies-")
		if err != nil {
			errDependencies = err
			return
		}
		apptest.AtEnd(func() { _ = os.RemoveAll(folder) })
		dependenciesPath = filepath.Join(folder, "dependencies")
		output, err := exec.Command(goProgram, "-C", "../.ci/dependencies", "build", "-o", dependenciesPath, ".").CombinedOutput()
		if err != nil {
			dependenciesPath, errDependencies = string(output), err
		}
	})
	return dependenciesPath, errDependencies
}

// repository writes a program that needs the modules with these licences, and returns its
// folder. A module without a text has no licence.
func repository(t *testing.T, licences map[string]string) string {
	t.Helper()
	root := t.TempDir()
	program, module := "package main\n\nimport (\n\t\"net/url\"\n", "module example.org/sns\n\ngo 1.26\n"
	for name, licence := range licences {
		program += "\t_ \"example.org/" + name + "\"\n"
		module += "\nrequire example.org/" + name + " v1.0.0\nreplace example.org/" + name + " => ./their/" + name + "\n"
		files := map[string]string{"go.mod": "module example.org/" + name + "\n\ngo 1.26\n", "a.go": "package " + name + "\n"}
		if licence != "" {
			files["LICENSE"] = licence
		}
		for file, text := range files {
			writeFile(t, filepath.Join(root, "their", name, file), text)
		}
	}
	writeFile(t, filepath.Join(root, "go.mod"), module)
	writeFile(t, filepath.Join(root, "app", "main.go"), program+")\n\nfunc main() { _, _ = url.Parse(\"/\") }\n")
	return root
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheProgramIsOfAllowedLicences(t *testing.T) {
	if output, err := dependencies(t, "licences", "..", ""); err != nil || !strings.HasPrefix(output, "licences: ") {
		t.Errorf("%v\n%s", err, output)
	}
	notice, err := dependencies(t, "notice", "..", "")
	for _, part := range []string{"github.com/gin-gonic/gin v", "static/vendor/htmx, LICENSE", "static/icons, LICENSE", "Go, LICENSE", "app/district, LICENSE", "app/sns/passwords, LICENSE"} {
		if err != nil || !strings.Contains(notice, part) {
			t.Errorf("%v: the notice does not name %s", err, part)
		}
	}
}

func TestAnotherLicenceFails(t *testing.T) {
	mit := read(t, "../static/vendor/modern-normalize/LICENSE")
	const gpl = "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by " +
		"the Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n"
	for what, test := range map[string]struct{ licence, said string }{
		"GPL": {gpl, "is not allowed"}, "GPL behind MIT": {mit + "\n" + gpl, "is not allowed"}, "none": {"", "has no licence"},
		"unknown": {"You may use this on Sundays.", "of a known licence"},
	} {
		root := repository(t, map[string]string{"good": mit, "bad": test.licence})
		output, err := dependencies(t, "licences", root, "")
		if err == nil || !strings.Contains(output, "example.org/bad v1.0.0: ") || !strings.Contains(output, test.said) || strings.Contains(output, "example.org/good") {
			t.Errorf("%s: %v\n%s", what, err, output)
		}
	}
	copied := repository(t, map[string]string{"good": mit})
	if output, err := dependencies(t, "licences", copied, ""); err != nil {
		t.Errorf("MIT: %v\n%s", err, output)
	}
	writeFile(t, filepath.Join(copied, "static", "vendor", "toy", "toy.js"), "toy()")
	if output, err := dependencies(t, "licences", copied, ""); err == nil || !strings.Contains(output, "static/vendor/toy: has no licence") {
		t.Errorf("a copied file without a licence: %v\n%s", err, output)
	}
}

// hole is an entry of the database: a function of the library of Go.
const hole = `{"schema_version":"1.3.1","id":"GO-2026-9999","modified":"2026-11-01T00:00:00Z","published":"2026-11-01T00:00:00Z","summary":"a hole",` +
	`"affected":[{"package":{"name":"stdlib","ecosystem":"Go"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],` +
	`"ecosystem_specific":{"imports":[{"path":"net/url","symbols":["SYMBOL"]}]}}],"database_specific":{"url":"https://pkg.go.dev/vuln/GO-2026-9999"}}`

// holes serves a database of one hole.
func holes(t *testing.T, symbol string) string {
	t.Helper()
	files := map[string]string{
		"/index/db.json":        `{"modified":"2026-11-01T00:00:00Z"}`,
		"/index/modules.json":   `[{"path":"stdlib","vulns":[{"id":"GO-2026-9999","modified":"2026-11-01T00:00:00Z"}]}]`,
		"/index/vulns.json":     `[{"id":"GO-2026-9999","modified":"2026-11-01T00:00:00Z"}]`,
		"/ID/GO-2026-9999.json": strings.Replace(hole, "SYMBOL", symbol, 1),
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[strings.TrimSuffix(r.URL.Path, ".gz")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		zip := gzip.NewWriter(w)
		_, _ = zip.Write([]byte(text))
		_ = zip.Close()
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestAKnownHoleFails(t *testing.T) {
	root := repository(t, nil)
	if output, err := dependencies(t, "vulnerabilities", root, holes(t, "Parse")); err == nil || !strings.Contains(output, "GO-2026-9999") {
		t.Errorf("a hole in what is called: %v\n%s", err, output)
	}
	if output, err := dependencies(t, "vulnerabilities", root, holes(t, "PathUnescape")); err != nil || !strings.Contains(output, "none is known") {
		t.Errorf("a hole in what is not called: %v\n%s", err, output)
	}
}

// A database that cannot be reached is said, and holds nobody up.
func TestADatabaseThatIsAwayIsSaid(t *testing.T) {
	root := repository(t, nil)
	end := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-end:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler) // a return would be an answer, which may still reach who gives up
	}))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(end) })
	broken := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(broken.Close)
	for what, database := range map[string]string{"refused": "http://127.0.0.1:1", "silent": silent.URL, "broken": broken.URL} {
		output, err := dependencies(t, "vulnerabilities", root, database)
		if err != nil || !strings.Contains(output, "not looked for, "+database+" cannot be reached") {
			t.Errorf("%s: %v\n%s", what, err, output)
		}
	}
}
