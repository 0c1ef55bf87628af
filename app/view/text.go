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

// defaultLanguage is that of people whose browser asks for none of ours.
const defaultLanguage = "ko"

// Texts are all that a person reads, in one language.
type Texts struct {
	Lang      string
	localizer *i18n.Localizer
	simple    map[string][]piece // without plural forms
}

// T returns the text of a key; args are pairs of a name and its value, and
// "Count" chooses the plural form. A key that is not there comes back as it
// is: templates are checked for such at start, problems by a test.
func (t *Texts) T(key string, args ...any) string {
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	return t.TWith(key, values)
}

// TWith is T with the arguments in a map.
func (t *Texts) TWith(key string, values map[string]any) string {
	text, ok := t.simple[key]
	if !ok {
		s, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: values, PluralCount: values["Count"]})
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
			fmt.Fprint(&b, values[p.arg])
		}
	}
	return b.String()
}

// Has tells whether there is a text for the key.
func (t *Texts) Has(key string) bool {
	if _, ok := t.simple[key]; ok {
		return true
	}
	_, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2})
	return err == nil
}

// plain returns a text that is the same for every call.
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

// loadTexts reads texts/LANGUAGE.toml. go-i18n knows the plural forms; texts
// that have none are taken apart once, since a page says hundreds of them.
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

func pieces(text string) []piece {
	var out []piece
	rest := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, piece{literal: text[rest:m[0]]}, piece{arg: text[m[2]:m[3]]})
		rest = m[1]
	}
	return append(out, piece{literal: text[rest:]})
}
