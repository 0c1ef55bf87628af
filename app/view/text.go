package view

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// defaultLanguage is the language for browsers that ask for no language of the
// catalogue.
const defaultLanguage = "ko"

// Texts are the texts of the catalogue in one language.
type Texts struct {
	Lang      string
	localizer *i18n.Localizer
	simple    map[string][]piece // the texts without plural forms
}

// T returns the text of a key, or the key if there is no text: newLocale checks the keys
// in templates at start, and a test checks the keys in the code. args are pairs of a
// name and a value; the value of "Count" chooses the plural form.
func (t *Texts) T(key string, args ...any) string {
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	return t.TWith(key, values)
}

// TWith is T with the arguments in a map. An argument that runs from right to left is
// isolated from the text around it.
func (t *Texts) TWith(key string, values map[string]any) string {
	text, ok := t.simple[key]
	if !ok {
		s, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: isolatedValues(values), PluralCount: values["Count"]})
		if err != nil {
			return key
		}
		return s
	}
	if len(text) == 1 {
		return text[0].literal
	}
	var b strings.Builder
	for _, p := range text {
		b.WriteString(p.literal)
		if p.arg != "" {
			if value, ok := values[p.arg].(string); ok {
				b.WriteString(Isolated(value))
			} else {
				fmt.Fprint(&b, values[p.arg])
			}
		}
	}
	return b.String()
}

// Has reports whether there is a text for the key.
func (t *Texts) Has(key string) bool {
	if _, ok := t.simple[key]; ok {
		return true
	}
	_, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	return err == nil
}

// plain returns the text of a key, and reports whether the text has neither arguments
// nor plural forms.
func (t *Texts) plain(key string) (string, bool) {
	text, ok := t.simple[key]
	if !ok || len(text) != 1 {
		return "", false
	}
	return text[0].literal, true
}

// A piece of a simple text is either literal or the value of an argument.
type piece struct{ literal, arg string }

// placeholder is the only kind of action that a simple text may hold.
var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// loadTexts reads texts/LANGUAGE.toml of every language. go-i18n chooses plural forms;
// loadTexts splits the other texts into pieces once, since a page has hundreds of texts
// and go-i18n would execute a template for each.
func loadTexts(fsys fs.FS) (map[string]*Texts, error) {
	files, err := fs.Glob(fsys, "texts/*.toml")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.MustParse(defaultLanguage))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	all := make(map[string]*Texts)
	for _, file := range files {
		loaded, err := bundle.LoadMessageFileFS(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("texts: %w", err)
		}
		lang := strings.TrimSuffix(path.Base(file), ".toml")
		texts := &Texts{Lang: lang, localizer: i18n.NewLocalizer(bundle, lang, defaultLanguage), simple: make(map[string][]piece)}
		for _, m := range loaded.Messages {
			if m.One == "" {
				texts.simple[m.ID] = pieces(m.Other)
			}
		}
		all[lang] = texts
	}
	if all[defaultLanguage] == nil {
		return nil, fmt.Errorf("texts: no %s.toml", defaultLanguage)
	}
	return all, nil
}

// pieces splits a simple text at the placeholders.
func pieces(text string) []piece {
	var out []piece
	rest := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, piece{literal: text[rest:m[0]]}, piece{arg: text[m[2]:m[3]]})
		rest = m[1]
	}
	return append(out, piece{literal: text[rest:]})
}
