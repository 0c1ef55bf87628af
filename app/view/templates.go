// Package view makes what people see: pages and fragments, in the viewer's language, out
// of values of sns and of live events. Package view knows no requests.
package view

import (
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"xxsns/static"
)

// Templates are the templates, texts and assets of the program. Templates are safe for
// concurrent use.
type Templates struct {
	templates, assets fs.FS
	reload            bool
	now               func() time.Time
	zone              *time.Location
	proof             *proof

	current atomic.Pointer[edition]
	mu      sync.Mutex // serializes reloads
}

// load parses all files.
func (t *Templates) load() (*edition, error) {
	modified, err := newest(t.templates, t.assets)
	if err != nil {
		return nil, err
	}
	assets, err := static.Load(t.assets)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	texts, err := loadTexts(t.templates)
	if err != nil {
		return nil, err
	}
	e := &edition{locales: make(map[string]*Locale), languages: []string{defaultLanguage}, assets: assets, modified: modified}
	for lang := range texts {
		if e.locales[lang], err = newLocale(t.templates, texts[lang], assets, t.zone); err == nil && t.reload {
			err = e.locales[lang].check()
		}
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		e.locales[lang].proof = t.proof
		if lang != defaultLanguage {
			e.languages = append(e.languages, lang)
		}
	}
	tags := make([]language.Tag, len(e.languages))
	for i, lang := range e.languages {
		tags[i] = language.MustParse(lang)
	}
	e.matcher = language.NewMatcher(tags)
	return e, nil
}

// edition returns the present state, parsed again if files have changed. While
// changed files do not parse, every call returns their error.
func (t *Templates) edition() (*edition, error) {
	e := t.current.Load()
	if !t.reload {
		return e, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	modified, err := newest(t.templates, t.assets)
	if err != nil || !modified.After(t.current.Load().modified) {
		return t.current.Load(), err
	}
	if e, err = t.load(); err != nil {
		return nil, err
	}
	t.current.Store(e)
	return e, nil
}

// Assets returns the styles, scripts and icons of the pages.
func (t *Templates) Assets() (*static.Assets, error) {
	e, err := t.edition()
	if err != nil {
		return nil, err
	}
	return e.assets, nil
}

// Locale returns the locale for the value of an Accept-Language header: the best
// match, or the default language.
func (t *Templates) Locale(accept string) (*Locale, error) {
	e, err := t.edition()
	if err != nil {
		return nil, err
	}
	if len(e.languages) == 1 {
		return e.locales[defaultLanguage], nil
	}
	_, index := language.MatchStrings(e.matcher, accept)
	return e.locales[e.languages[index]], nil
}

// An edition is one state of the files, parsed.
type edition struct {
	locales   map[string]*Locale // by language
	languages []string           // the default language first, as matcher indexes them
	matcher   language.Matcher
	assets    *static.Assets
	modified  time.Time // of the newest file
}

// locale returns the locale of a language, or of the default language if the catalogue
// lacks lang.
func (e *edition) locale(lang string) *Locale {
	if l := e.locales[lang]; l != nil {
		return l
	}
	return e.locales[defaultLanguage]
}

// Load parses every fragment, text and asset; a missing or broken file is an error. A page
// is parsed, and a fragment analysed by html/template, when it is first shown, which takes
// milliseconds; Check does all. With reload, Load checks, and files that changed since are parsed again at the next use.
// Pages show times in zone; now is the clock for fragments of live events.
func Load(templates, assets fs.FS, zone *time.Location, now func() time.Time, reload bool) (*Templates, error) {
	t := &Templates{templates: templates, assets: assets, reload: reload, now: now, zone: zone, proof: &proof{}}
	e, err := t.load()
	if err != nil {
		return nil, err
	}
	t.current.Store(e)
	return t, nil
}

// Copy returns templates with empty caches of lists that share everything else
// with t. A process that serves several databases needs a copy for each: a card is
// cached by the id of its post. A copy does not reload files.
func (t *Templates) Copy() *Templates {
	newProof := &proof{}
	e := *t.current.Load()
	e.locales = make(map[string]*Locale, len(e.locales))
	for lang, shared := range t.current.Load().locales {
		l := *shared
		l.proof = newProof
		l.keepers = newKeepers()
		e.locales[lang] = &l
	}
	copied := &Templates{templates: t.templates, assets: t.assets, now: t.now, zone: t.zone, proof: newProof}
	copied.current.Store(&e)
	return copied
}

// Check parses every page, and returns an error if one is broken. A test checks those of
// the release.
func (t *Templates) Check() error {
	for _, l := range t.current.Load().locales {
		if err := l.check(); err != nil {
			return err
		}
	}
	return nil
}

// newest returns when the latest of all files was changed.
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
