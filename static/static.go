// Package static holds what browsers load beside the pages: one stylesheet, one
// script, the icon sprite, the favicon and the web manifest. They are bundled
// once, named after their content, and served from memory for a year.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// Prefix is the path under which Assets serves its files.
const Prefix = "/static/"

//go:embed css js vendor icons
var embedded embed.FS

// Files returns the files of a release, as Load expects them; while developing,
// os.DirFS("static") takes their place.
func Files() fs.FS { return embedded }

// The order of styles is the order of the cascade inside a layer: elements, the
// frame, then the nouns, the states last. The reset has a layer of its own.
const resetFile = "vendor/modern-normalize/modern-normalize.css"

var styleFiles = []string{
	"css/tokens.css", "css/base.css", "css/layout.css", "css/button.css", "css/field.css", "css/avatar.css",
	"css/post.css", "css/board.css", "css/composer.css", "css/comment.css", "css/user.css", "css/empty.css", "css/alert.css",
	"css/room.css", "css/message.css", "css/toast.css", "css/dialog.css", "css/state.css",
}

// htmx comes first, then its extensions, then what builds on them. They must
// stay in one file: loaded apart they race, and streams never connect.
var scriptFiles = []string{
	"vendor/htmx/htmx.min.js", "vendor/htmx/hx-sse.min.js", "vendor/htmx/hx-ws.min.js",
	"js/dedupe.js", "js/toast.js", "js/dialog.js", "js/menu.js", "js/focus.js", "js/counter.js", "js/composer.js", "js/portrait.js", "js/upload.js",
	"js/time.js", "js/live.js", "js/viewer.js", "js/back.js",
	"js/log.js", "js/say.js", "js/outbox.js", "js/chat.js", "js/unsent.js",
}

// minifier takes away what only readers of the sources need. Licences (/*!)
// stay. Names in scripts stay, too: a stack trace and a debugger show the words
// of the source.
var minifier = newMinifier()

func newMinifier() *minify.M {
	m := minify.New()
	m.AddFunc(typeCSS, css.Minify)
	m.Add(typeJS, &js.Minifier{KeepVarNames: true})
	return m
}

// The media types of the bundles, as minifier knows them.
const (
	typeCSS = "text/css"
	typeJS  = "text/javascript"
)

// Assets are the bundled files, ready to be sent. They never change after Load
// and may be used by any number of goroutines.
type Assets struct {
	urls  map[string]string // plain name → path with the hash in it
	files map[string]*file  // hashed name → content
}

// file is one asset in both of its forms.
type file struct {
	contentType string
	plain, gzip []byte
	hash        string
}

// Load bundles the files of fsys (see Files). It fails when a file is missing,
// or when css/ or js/ holds one that no bundle names.
func Load(fsys fs.FS) (*Assets, error) {
	a := &Assets{urls: map[string]string{}, files: map[string]*file{}}
	for _, build := range []func(fs.FS) error{a.addStyles, a.addScripts, a.addIcons} {
		if err := build(fsys); err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
	}
	return a, nil
}

// URL returns the path of an asset by its plain name: app.css, app.js,
// icons.svg, favicon.svg or manifest.json. It panics on any other name, which
// makes a template that asks for one fail.
func (a *Assets) URL(name string) string {
	url, ok := a.urls[name]
	if !ok {
		panic("static: no asset named " + name)
	}
	return url
}

func (a *Assets) addStyles(fsys fs.FS) error {
	if err := allNamed(fsys, "css/*.css", styleFiles); err != nil {
		return err
	}
	reset, err := fs.ReadFile(fsys, resetFile)
	if err != nil {
		return err
	}
	body := fmt.Appendf(nil, "@layer reset {\n%s}\n", reset)
	for _, name := range styleFiles {
		style, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		body = append(body, style...)
	}
	if body, err = minifier.Bytes(typeCSS, body); err != nil {
		return err
	}
	return a.add("app.css", typeCSS+"; charset=utf-8", body)
}

func (a *Assets) addScripts(fsys fs.FS) error {
	if err := allNamed(fsys, "js/*.js", scriptFiles); err != nil {
		return err
	}
	var body []byte
	for _, name := range scriptFiles {
		script, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		// Vendored scripts are minified already and stay as their authors made them.
		if !strings.HasPrefix(name, "vendor/") {
			if script, err = minifier.Bytes(typeJS, script); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		// The semicolon ends a file that has none: the next file would otherwise
		// continue its last expression.
		body = append(append(body, script...), ";\n"...)
	}
	return a.add("app.js", typeJS+"; charset=utf-8", body)
}

func (a *Assets) addIcons(fsys fs.FS) error {
	for _, name := range []string{"icons.svg", "favicon.svg"} {
		body, err := fs.ReadFile(fsys, "icons/"+name)
		if err != nil {
			return err
		}
		if err := a.add(name, "image/svg+xml", body); err != nil {
			return err
		}
	}
	manifest, err := fs.ReadFile(fsys, "icons/manifest.json")
	if err != nil {
		return err
	}
	// Paths in a manifest are relative to it, and both lie under Prefix.
	icon := path.Base(a.URL("favicon.svg"))
	manifest = bytes.ReplaceAll(manifest, []byte("favicon.svg"), []byte(icon))
	return a.add("manifest.json", "application/manifest+json", manifest)
}

// add stores body under its plain name and under the one with its hash.
func (a *Assets) add(name, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	zipped, err := compress(body)
	if err != nil {
		return err
	}
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hash + ext
	a.urls[name] = Prefix + hashed
	a.files[hashed] = &file{contentType: contentType, plain: body, gzip: zipped, hash: hash}
	return nil
}

func compress(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// allNamed finds the file somebody added but forgot to name in a bundle.
func allNamed(fsys fs.FS, pattern string, names []string) error {
	found, err := fs.Glob(fsys, pattern)
	if err != nil {
		return err
	}
	known := " " + strings.Join(names, " ") + " "
	for _, name := range found {
		if !strings.Contains(known, " "+name+" ") {
			return fmt.Errorf("%s is in no bundle: name it in static.go", name)
		}
	}
	return nil
}
