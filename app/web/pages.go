package web

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"xxsns/app/sns"
	"xxsns/static"
)

// Pages are the templates, texts and assets of the program: everything that
// turns data into what people see. It is safe for concurrent use.
type Pages struct {
	templates, assets fs.FS
	reload            bool
	now               func() time.Time
	zone              *time.Location

	current atomic.Pointer[loaded]
	mu      sync.Mutex // one reload at a time
}

// loaded is one state of the files.
type loaded struct {
	*renderer
	cards    cards
	assets   *static.Assets
	matcher  language.Matcher
	langs    []string
	modified time.Time
}

// LoadPages reads and parses everything; what is missing or broken is an
// error. With reload, changed files are read again when a page is asked for.
// Times are shown in zone.
func LoadPages(templates, assets fs.FS, zone *time.Location, now func() time.Time, reload bool) (*Pages, error) {
	p := &Pages{templates: templates, assets: assets, reload: reload, now: now, zone: zone}
	l, err := p.load()
	if err != nil {
		return nil, err
	}
	p.current.Store(l)
	return p, nil
}

func (p *Pages) load() (*loaded, error) {
	modified, err := newest(p.templates, p.assets)
	if err != nil {
		return nil, err
	}
	assets, err := static.Load(p.assets)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	r, err := newRenderer(p.templates, assets)
	if err != nil {
		return nil, err
	}
	cards, err := newCards()
	if err != nil {
		return nil, err
	}
	l := &loaded{renderer: r, cards: cards, assets: assets, modified: modified, langs: []string{defaultLanguage}}
	for lang := range r.sets {
		if lang != defaultLanguage {
			l.langs = append(l.langs, lang)
		}
	}
	tags := make([]language.Tag, len(l.langs))
	for i, lang := range l.langs {
		tags[i] = language.MustParse(lang)
	}
	l.matcher = language.NewMatcher(tags)
	return l, nil
}

// newest is when the latest of all files was changed.
func newest(systems ...fs.FS) (latest time.Time, err error) {
	for _, fsys := range systems {
		err = fs.WalkDir(fsys, ".", func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.ModTime().After(latest) {
				latest = info.ModTime()
			}
			return err
		})
		if err != nil {
			return latest, err
		}
	}
	return latest, nil
}

// get returns the present state, read anew when files have changed. A state
// that does not load is an error; the next one that does ends it.
func (p *Pages) get() (*loaded, error) {
	l := p.current.Load()
	if !p.reload {
		return l, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	modified, err := newest(p.templates, p.assets)
	if err != nil || !modified.After(p.current.Load().modified) {
		return p.current.Load(), err
	}
	if l, err = p.load(); err != nil {
		return nil, err
	}
	p.current.Store(l)
	return l, nil
}

// language picks the language for an Accept-Language header.
func (l *loaded) language(accept string) string {
	if len(l.langs) == 1 {
		return l.langs[0]
	}
	_, index := language.MatchStrings(l.matcher, accept)
	return l.langs[index]
}

// Explain says in the default language what is wrong with an input, for the
// command line.
func (p *Pages) Explain(inv sns.Invalid) string {
	texts := p.current.Load().set(defaultLanguage).texts
	sentences := make([]string, len(inv))
	for i, problem := range inv {
		sentences[i] = texts.SayWith(problem.Key, problem.Args)
	}
	return strings.Join(sentences, " ")
}
