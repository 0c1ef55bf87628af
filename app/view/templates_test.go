package view

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xxsns/static"
	"xxsns/templates"
)

// The server parses a page when somebody asks for it; this test parses those of the release.
func TestEveryTemplateIsWhole(t *testing.T) {
	pages, err := Load(templates.FS, static.Files(), time.UTC, time.Now, false)
	if err == nil {
		err = pages.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := pages.Locale("ko")
	if err != nil || len(l.pages) < 20 {
		t.Errorf("%d pages, %v", len(l.pages), err)
	}
}

// changed returns the templates with another text of a file.
func changed(t *testing.T, file, text string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(templates.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templates.FS, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil || files[file] == nil {
		t.Fatalf("%s: %v", file, err)
	}
	files[file].Data = []byte(text)
	return files
}

// A broken page is an error of Check, and of each use; with reload, of Load.
func TestABrokenTemplateIsAnError(t *testing.T) {
	const page = "account/sign_in.html"
	for what, text := range map[string]string{
		"syntax": `{{define "main"}}{{if}}{{end}}{{end}}`, "a missing text": `{{define "main"}}{{t "no.such.text"}}{{end}}`,
		"a missing fragment": `{{define "main"}}{{template "post/_none" .}}{{end}}`, "an ambiguous context": `{{define "main"}}<a href='{{if .}}"{{end}}>{{end}}`,
	} {
		files := changed(t, page, text)
		pages, err := Load(files, static.Files(), time.UTC, time.Now, false)
		if err != nil {
			t.Errorf("%s: a page that nobody has asked for: %v", what, err)
			continue
		}
		l, err := pages.Locale("ko")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := l.AppendPage(nil, templateName(page), &Page{}); err == nil {
			t.Errorf("%s: shown as %q", what, body)
		}
		if err := pages.Check(); err == nil {
			t.Errorf("%s: Check finds nothing", what)
		}
		if _, err := Load(files, static.Files(), time.UTC, time.Now, true); err == nil {
			t.Errorf("%s: Load with reload finds nothing", what)
		}
	}
	if _, err := Load(changed(t, "post/_card.html", "{{if}}"), static.Files(), time.UTC, time.Now, false); err == nil || !strings.Contains(err.Error(), "_card") {
		t.Errorf("a broken fragment: %v", err)
	}
}
