// Package static serves the files that browsers load beside the pages: one style
// sheet, one script (both in two bundles), the icon sprite, the favicon (also drawn in pixels) and the web manifest. Load bundles
// and minifies the sources once. The name of a bundle holds the hash of its content,
// so that browsers may keep the bundle for a year.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// Prefix is the path under which Assets serves its files.
const Prefix = "/static/"

//go:embed css js vendor icons worker
var embedded embed.FS

// Files returns the embedded sources of the bundles, for Load. With --dev the server
// passes os.DirFS("static") instead.
func Files() fs.FS { return embedded }

// resetFile is bundled into a cascade layer of its own.
const resetFile = "vendor/modern-normalize/modern-normalize.css"

// The order of styleFiles is the order of the cascade inside a layer: elements, the
// frame, the nouns, the states.
var styleFiles = []string{
	"css/tokens.css", "css/base.css", "css/layout.css", "css/button.css", "css/field.css", "css/avatar.css",
	"css/content.css", "css/post.css", "css/board.css", "css/composer.css", "css/comment.css", "css/user.css", "css/takedown.css", "css/empty.css", "css/alert.css",
	"css/room.css", "css/chat.css", "css/message.css", "css/search.css", "css/notification.css", "css/overview.css", "css/toast.css", "css/dialog.css", "css/state.css",
}

// The bundles of styles, of which a page loads one: that of its scripts.
const (
	appStyle  = "app.css"
	roomStyle = "room.css"
)

// missingStyles are the files that a bundle of styles leaves out.
var missingStyles = map[string][]string{
	appStyle:  {"css/chat.css", "css/message.css"},
	roomStyle: {"css/post.css", "css/board.css", "css/composer.css", "css/takedown.css", "css/overview.css"},
}

// StyleOf returns the bundle of styles for the pages of a bundle of scripts.
func StyleOf(script string) string {
	if script == RoomScript {
		return roomStyle
	}
	return appStyle
}

// The bundles of scripts, of which a page loads one. RoomScript has the chat in place of
// what pages of posts need.
const (
	AppScript  = "app.js"
	RoomScript = "room.js"
)

// PushScript is the script of the page of notifications, which loads it beside its bundle.
const PushScript = "push.js"

// scriptBundles are the files of the bundles. htmx comes first, then the extensions of htmx, then
// our modules. All scripts of a page must stay in one bundle: separate files race, and
// streams never connect.
var scriptBundles = map[string][]string{
	AppScript:  slices.Concat(libraries, commonScripts, postScripts),
	RoomScript: slices.Concat(libraries, []string{"vendor/htmx/hx-ws.min.js"}, commonScripts, roomScripts),
}

var (
	libraries     = []string{"vendor/htmx/htmx.min.js", "vendor/htmx/hx-sse.min.js"}
	commonScripts = []string{
		"js/older.js", "js/account.js", "js/clock.js", "js/dedupe.js", "js/toast.js", "js/dialog.js", "js/menu.js", "js/focus.js", "js/counter.js", "js/grow.js",
		"js/time.js", "js/count.js", "js/live.js", "js/back.js", "js/drop.js", "js/resend.js", "js/complete.js", "js/badge.js",
		"js/install.js",
	}
	postScripts = []string{
		"js/like.js", "js/composer.js", "js/portrait.js", "js/upload.js", "js/draft.js",
		"js/news.js", "js/picture.js", "js/check.js", "js/unfold.js", "js/card.js", "js/latest.js", "js/viewer.js", "js/place.js", "js/search.js",
	}
	roomScripts = []string{
		"js/log.js", "js/message.js", "js/find.js", "js/say.js", "js/outbox.js", "js/chat.js", "js/unsent.js",
	}
)

// minifier removes comments, white space and longer spellings, and shortens local names,
// which are 1.8 kB of a first visit; licences (/*!) stay.
var minifier = newMinifier()

func newMinifier() *minify.M {
	m := minify.New()
	m.AddFunc(typeCSS, css.Minify)
	m.AddFunc(typeJS, js.Minify)
	return m
}

// The media types of the bundles, as minifier knows them.
const (
	typeCSS = "text/css"
	typeJS  = "text/javascript"
)

// Assets are the bundles, ready to be sent. Assets never change after Load and may be
// used by any number of goroutines.
type Assets struct {
	urls  map[string]string // plain name → path with the hash in it
	files map[string]*file  // name with the hash → content
	icon  []byte            // favicon.ico

	worker []byte // sw.js

	manifest map[string]any // of the installed app
}

// file is one bundle, plain and compressed.
type file struct {
	contentType  string
	hash         string
	plain        []byte
	gzip, brotli func() []byte // compress at the first call
}

// Load bundles the files of fsys (see Files). A missing file, a file in css/ or js/
// that no bundle names, and a syntax error in a script are errors.
func Load(fsys fs.FS) (*Assets, error) {
	a := &Assets{urls: map[string]string{}, files: map[string]*file{}}
	for _, build := range []func(fs.FS) error{a.addStyles, a.addScripts, a.addIcons, a.addWorker} {
		if err := build(fsys); err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
	}
	return a, nil
}

// URL returns the path of app.css, a script or an icon, with the hash in the file name. Any other name panics, so that a template with a
// misspelt name fails when the templates are loaded.
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
	for bundle, missing := range missingStyles {
		body := fmt.Appendf(nil, "@layer reset {\n%s}\n", reset)
		for _, name := range styleFiles {
			if slices.Contains(missing, name) {
				continue
			}
			style, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			body = append(body, style...)
		}
		if body, err = minifier.Bytes(typeCSS, body); err != nil {
			return err
		}
		a.add(bundle, typeCSS+"; charset=utf-8", []byte(older(string(body))))
	}
	return nil
}

func (a *Assets) addScripts(fsys fs.FS) error {
	if err := allNamed(fsys, "js/*.js", slices.Concat(commonScripts, postScripts, roomScripts, []string{"js/" + PushScript})); err != nil {
		return err
	}
	minified := map[string][]byte{} // by name: most scripts are in both bundles
	for bundle, names := range scriptBundles {
		body, err := bundleScripts(fsys, names, minified)
		if err != nil {
			return err
		}
		a.add(bundle, typeJS+"; charset=utf-8", body)
	}
	script, err := minifyScript(fsys, "js/"+PushScript)
	if err != nil {
		return err
	}
	a.add(PushScript, typeJS+"; charset=utf-8", script)
	return nil
}

// bundleScripts returns the named scripts in a bundle. Scripts that are minified already
// are taken from minified, others added.
func bundleScripts(fsys fs.FS, names []string, minified map[string][]byte) (body []byte, err error) {
	for _, name := range names {
		script := minified[name]
		if script == nil {
			if script, err = minifyScript(fsys, name); err != nil {
				return nil, err
			}
			minified[name] = script
		}
		// Without the semicolon, the next file could continue the last expression
		// of this file.
		body = append(append(body, script...), ";\n"...)
	}
	return body, nil
}

// minifyScript reads and minifies a script. Vendored scripts are minified already, and stay
// byte for byte as published.
func minifyScript(fsys fs.FS, name string) ([]byte, error) {
	script, err := fs.ReadFile(fsys, name)
	if err != nil || strings.HasPrefix(name, "vendor/") {
		return script, err
	}
	if script, err = minifier.Bytes(typeJS, script); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return script, nil
}

func (a *Assets) addIcons(fsys fs.FS) error {
	var err error
	if a.icon, err = fs.ReadFile(fsys, "icons/favicon.ico"); err != nil {
		return err
	}
	for _, name := range []string{"icons.svg", "favicon.svg"} {
		body, err := fs.ReadFile(fsys, "icons/"+name)
		if err != nil {
			return err
		}
		a.add(name, "image/svg+xml", body)
	}
	manifest, err := fs.ReadFile(fsys, "icons/manifest.json")
	if err != nil {
		return err
	}
	for _, name := range appIcons {
		body, err := fs.ReadFile(fsys, "icons/"+name)
		if err != nil {
			return err
		}
		a.add(name, "image/png", body)
	}
	for _, name := range append([]string{"favicon.svg"}, appIcons...) {
		manifest = bytes.ReplaceAll(manifest, []byte(name), []byte(a.URL(name)))
	}
	return json.Unmarshal(manifest, &a.manifest)
}

// Manifest returns the web manifest of an app with a name.
func (a *Assets) Manifest(name string) ([]byte, error) {
	named := maps.Clone(a.manifest)
	named["name"], named["short_name"] = name, name
	return json.Marshal(named)
}

// appIcons are the icons of the installed app and its notifications, which .ci/icons draws.
var appIcons = []string{"icon-192.png", "icon-512.png", "maskable-512.png", "apple-touch-icon.png", "badge-96.png"}

// addWorker reads the service worker. The worker changes, and so browsers install it anew, with
// the style of the page that it keeps.
func (a *Assets) addWorker(fsys fs.FS) error {
	worker, err := minifyScript(fsys, "worker/sw.js")
	if err != nil {
		return err
	}
	for word, name := range map[string]string{"STYLE": "app.css", "ICON": "icon-192.png", "BADGE": "badge-96.png"} {
		worker = bytes.ReplaceAll(worker, []byte(word), []byte(path.Base(a.URL(name))))
	}
	a.worker = worker
	return nil
}

// add stores body under the plain name and under the name with the hash of body.
func (a *Assets) add(name, contentType string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hash + ext
	a.urls[name] = Prefix + hashed
	a.files[hashed] = &file{
		contentType: contentType, hash: hash,
		plain: body, gzip: sync.OnceValue(func() []byte { return zip(body) }), brotli: sync.OnceValue(func() []byte { return squeeze(body) }),
	}
}

// allNamed returns an error for a file that matches pattern and is missing in names:
// a new file that no bundle would contain.
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
