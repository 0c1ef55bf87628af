package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// A Field is an input of a form with what was typed and what is wrong with it.
type Field struct {
	Value string
	Error string
	First bool // the first wrong one takes the focus
	order int  // of its problem among those of the form
}

// Form is the fields of a form by name.
type Form map[string]Field

// Field returns a field by its name; one that was not filled in is empty.
func (f Form) Field(name string) Field { return f[name] }

// Summary says all that is wrong, for a form that says it in one place.
func (f Form) Summary() string { return f.Without("") }

// Without is Summary for a form that says elsewhere what is wrong with one of
// its fields.
func (f Form) Without(elsewhere string) string {
	names := slices.SortedFunc(maps.Keys(f), func(a, b string) int { return cmp.Compare(f[a].order, f[b].order) })
	var sentences []string
	for _, name := range names {
		if e := f[name].Error; e != "" && name != elsewhere && !slices.Contains(sentences, e) {
			sentences = append(sentences, e)
		}
	}
	return strings.Join(sentences, " ")
}

// WithProblems says beside each field what is wrong with it.
func (f Form) WithProblems(t *Locale, problems sns.Invalid) Form {
	for i, p := range problems {
		entry := f[p.Field]
		if entry.Error == "" {
			entry.order = i
		}
		entry.Error = strings.TrimSpace(entry.Error + " " + t.TWith(p.Key, p.Args))
		entry.First = entry.First || i == 0
		f[p.Field] = entry
	}
	return f
}

// NewForm holds what was typed: pairs of a field's name and its value.
func NewForm(pairs ...string) Form {
	f := make(Form, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		f[pairs[i]] = Field{Value: pairs[i+1]}
	}
	return f
}
