package view

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"xxsns/static"
	"xxsns/templates"
)

// A Locale turns values of sns into views and bytes, in one language, with times in one
// zone. A method is named after the view that the method returns; Page and Fragment
// execute a template. A Locale is safe for concurrent use.
type Locale struct {
	*Texts
	zone      *time.Location
	fragments *template.Template
	pages     map[string]func() (*template.Template, error) // by path without ".html"
	keepers
	frames *frames
	said   *saidFrames
	minute *atomic.Pointer[minute]
	proof  *proof
}

// newLocale parses the fragments of fsys in the language of the texts: texts without
// arguments become part of the templates. A page is parsed when it is first shown, since
// each has a copy of the fragments: html/template escapes them by what surrounds them.
func newLocale(fsys fs.FS, texts *Texts, assets *static.Assets, zone *time.Location) (*Locale, error) {
	files, err := fs.Glob(fsys, "*/*.html")
	if err != nil {
		return nil, err
	}
	constant := constants{texts: texts, assets: assets}
	base := template.New("").Option("missingkey=error").Funcs(constant.funcs())
	var pages []string
	for _, file := range append([]string{"layout.html"}, files...) {
		if file != "layout.html" && !strings.HasPrefix(path.Base(file), "_") {
			pages = append(pages, file)
		} else if err := parseInto(base, fsys, file, constant); err != nil {
			return nil, err
		}
	}
	fragments, err := base.Clone() // base stays as parsed: a template that was escaped has no copies
	if err != nil {
		return nil, err
	}
	l := &Locale{
		Texts: texts, zone: zone, fragments: fragments, pages: make(map[string]func() (*template.Template, error)),
		keepers: newKeepers(), said: newSaidFrames(), minute: new(atomic.Pointer[minute]),
	}
	if l.frames, err = lru.New[string, *frame](framesKept); err != nil {
		return nil, err
	}
	for _, file := range pages {
		l.pages[templateName(file)] = sync.OnceValues(func() (*template.Template, error) { return newPage(base, fsys, file, constant) })
	}
	return l, nil
}

// check parses every page, and makes html/template analyse every fragment, which otherwise
// happens at the first use.
func (l *Locale) check() error {
	for _, t := range l.fragments.Templates() {
		if t.Name() != "layout" && t.Tree != nil {
			if err := escape(t); err != nil {
				return err
			}
		}
	}
	for _, page := range l.pages {
		if _, err := page(); err != nil {
			return err
		}
	}
	return nil
}

// newPage parses the template of a page together with the layout and all
// fragments of base, and returns the layout.
func newPage(base *template.Template, fsys fs.FS, file string, constant constants) (*template.Template, error) {
	page, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if err := parseInto(page, fsys, file, constant); err != nil {
		return nil, err
	}
	if err := escape(page.Lookup("layout")); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return page.Lookup("layout"), nil
}

func templateName(file string) string { return strings.TrimSuffix(file, ".html") }

func parseInto(t *template.Template, fsys fs.FS, file string, constant constants) error {
	source, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	minified, err := templates.Minify(source)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	parsed, err := t.New(templateName(file)).Parse(string(minified))
	if err != nil {
		// Minifying joins lines; parsing the source names the line of the error.
		_, errInSource := t.New(templateName(file)).Parse(string(source))
		return cmp.Or(errInSource, err)
	}
	for _, defined := range parsed.Templates() {
		if defined.Tree != nil {
			if err := constant.inline(defined.Tree.Root); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// escape makes html/template analyse a template now, so that a missing fragment
// or an ambiguous context is an error at start. The analysis precedes the first
// action: an error of the execution itself, which lacks data, is ignored.
func escape(t *template.Template) error {
	err := t.Execute(discard{}, nil)
	var bad *template.Error
	if errors.As(err, &bad) {
		return err
	}
	return nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// AppendPage appends a page to dst: the layout with the page's data in it. The forms name
// the viewer's account.
func (l *Locale) AppendPage(dst []byte, name string, p *Page) ([]byte, error) {
	p.Lang, p.Script, p.Site = l.Lang, static.AppScript, cmp.Or(p.Site, l.T("app.name"))
	if slices.Contains(chatPages, name) {
		p.Script = static.RoomScript
	}
	p.Style = static.StyleOf(p.Script)
	marked, f, ok := split(p)
	if !ok {
		body, err := l.whole(name, p)
		return append(dst, body...), err
	}
	fr, key, err := l.frame(name, &marked)
	if err != nil {
		return nil, err
	}
	begin := len(dst)
	if dst = fr.appendTo(dst, f); l.proof.due() {
		return dst, l.prove(name, p, key, dst[begin:])
	}
	return dst, nil
}

// frame returns the frame of a page with marks, and the key under which the frame is
// kept.
func (l *Locale) frame(name string, marked *Page) (*frame, string, error) {
	b, _ := appendKey(make([]byte, 0, 2<<10), reflect.ValueOf(name))
	b, ok := appendKey(b, reflect.ValueOf(marked).Elem())
	key := string(b)
	if fr, known := l.frames.Get(key); known && ok {
		return fr, key, nil
	}
	body, err := l.execute(name, marked)
	if err != nil {
		return nil, "", err
	}
	fr := newFrame(body)
	if ok {
		l.frames.Add(key, fr)
	}
	return fr, key, nil
}

// whole renders a page without a frame.
func (l *Locale) whole(name string, p *Page) ([]byte, error) {
	body, err := l.execute(name, p)
	if err == nil && p.Viewer != nil {
		body = NameAccount(body, p.Viewer.ID)
	}
	return body, err
}

func (l *Locale) execute(name string, p *Page) ([]byte, error) {
	parsed := l.pages[name]
	if parsed == nil {
		return nil, fmt.Errorf("no page %s", name)
	}
	t, err := parsed()
	if err != nil {
		return nil, err
	}
	return execute(t, p)
}

// chatPages are the pages that show what is said in a room.
var chatPages = []string{"room/show", "room/door", "room/transcript"}

// Fragment renders one fragment, such as "post/_card".
func (l *Locale) Fragment(name string, data any) ([]byte, error) {
	t := l.fragments.Lookup(name)
	if t == nil {
		return nil, fmt.Errorf("no fragment %s", name)
	}
	return execute(t, data)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// execute renders into a buffer: a template that fails half-way has sent
// nothing yet.
func execute(t *template.Template, data any) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() { buf.Reset(); buffers.Put(buf) }()
	if err := t.Execute(buf, data); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return bytes.Clone(buf.Bytes()), nil
}

// Envelope addresses a fragment to an element of the page: htmx swaps the fragment
// into target, a selector, by the method swap.
// Every live fragment, and every fragment of an answer after the first, travels
// in an envelope.
func Envelope(target, swap string, fragment []byte) []byte {
	body := make([]byte, 0, len(fragment)+len(target)+len(swap)+48)
	return append(append(openEnvelope(body, target, swap), fragment...), closeEnvelope...)
}

// openEnvelope appends the beginning of an envelope to dst; closeEnvelope is the end.
func openEnvelope(dst []byte, target, swap string) []byte {
	dst = append(append(dst, `<hx-partial hx-target="`...), target...)
	return append(append(append(dst, `" hx-swap="`...), swap...), `">`...)
}

const closeEnvelope = `</hx-partial>`
