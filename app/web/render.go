package web

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
	"text/template/parse"

	"xxsns/static"
)

// A renderer holds every template, parsed with every fragment, once per
// language. What is missing or broken stops the program at start.
type renderer struct {
	sets map[string]*templateSet // by language
}

// templateSet is all templates in one language: texts that are always the same
// have become part of them.
type templateSet struct {
	texts     *Texts
	fragments *template.Template
	pages     map[string]*template.Template // by path without ".html"
}

// newRenderer parses the templates of fsys for links to the assets.
func newRenderer(fsys fs.FS, assets *static.Assets) (*renderer, error) {
	languages, err := loadTexts(fsys)
	if err != nil {
		return nil, err
	}
	r := &renderer{sets: make(map[string]*templateSet)}
	for lang, texts := range languages {
		if r.sets[lang], err = newTemplateSet(fsys, texts, assets); err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
	}
	return r, nil
}

func newTemplateSet(fsys fs.FS, texts *Texts, assets *static.Assets) (*templateSet, error) {
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
	set := &templateSet{texts: texts, pages: make(map[string]*template.Template)}
	for _, file := range pages {
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
		set.pages[name(file)] = page.Lookup("layout")
	}
	set.fragments = base
	for _, t := range base.Templates() {
		if t.Name() != "layout" && t.Tree != nil {
			if err := escape(t); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

func name(file string) string { return strings.TrimSuffix(file, ".html") }

func parseInto(t *template.Template, fsys fs.FS, file string, constant constants) error {
	source, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	parsed, err := t.New(name(file)).Parse(string(source))
	if err != nil {
		return err
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

// escape makes html/template look through a template now, so that a missing
// fragment or an ambiguous context is found at start. That happens before the
// first action is evaluated, whatever becomes of the evaluation.
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

// constants are the functions whose result never varies within a language.
type constants struct {
	texts  *Texts
	assets *static.Assets
}

func (c constants) funcs() template.FuncMap {
	return template.FuncMap{"t": c.texts.Say, "icon": c.icon, "asset": c.assets.URL}
}

// icon is a symbol of the sprite; the text beside it says what it means.
func (c constants) icon(id string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + c.assets.URL("icons.svg") + `#` + html.EscapeString(id) + `"/></svg>`) //nolint:gosec // both parts are ours
}

// inline replaces calls like {{t "key"}} and {{icon "id"}} by their result, so
// that saying a text costs nothing when a page is rendered. A key that is not
// in the catalogue is an error.
func (c constants) inline(node parse.Node) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for i, child := range n.Nodes {
			if action, ok := child.(*parse.ActionNode); ok {
				text, ok, err := c.evaluate(action)
				if err != nil {
					return err
				}
				if ok {
					n.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: action.Pos, Text: []byte(text)}
				}
				continue
			}
			if err := c.inline(child); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	case *parse.RangeNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	case *parse.WithNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	}
	return nil
}

// evaluate returns the result of an action, if it is a call of one of ours
// with nothing but a literal.
func (c constants) evaluate(action *parse.ActionNode) (string, bool, error) {
	if len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 || len(action.Pipe.Cmds[0].Args) < 2 {
		return "", false, nil
	}
	args := action.Pipe.Cmds[0].Args
	function, isFunction := args[0].(*parse.IdentifierNode)
	literal, isLiteral := args[1].(*parse.StringNode)
	if !isFunction || !isLiteral {
		return "", false, nil
	}
	switch function.Ident {
	case "t":
		if !c.texts.Has(literal.Text) {
			return "", false, fmt.Errorf("no text %q in %s", literal.Text, c.texts.Lang)
		}
		text, ok := c.texts.plain(literal.Text)
		return html.EscapeString(text), ok && len(args) == 2, nil
	case "icon":
		return string(c.icon(literal.Text)), true, nil
	case "asset":
		return html.EscapeString(c.assets.URL(literal.Text)), true, nil
	}
	return "", false, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// page renders a whole page; data is a *page.
func (r *renderer) page(lang, name string, data *page) ([]byte, error) {
	t := r.set(lang).pages[name]
	if t == nil {
		return nil, fmt.Errorf("no page %s", name)
	}
	return execute(t, data)
}

// fragment renders one fragment.
func (r *renderer) fragment(lang, name string, data any) ([]byte, error) {
	t := r.set(lang).fragments.Lookup(name)
	if t == nil {
		return nil, fmt.Errorf("no fragment %s", name)
	}
	return execute(t, data)
}

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

func (r *renderer) set(lang string) *templateSet {
	if set := r.sets[lang]; set != nil {
		return set
	}
	return r.sets[defaultLanguage]
}
