package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// A Field is an input of a form: the typed value, and the sentences about the
// problems of the value.
type Field struct {
	Value string
	Error string // empty: the field is right
	First bool   // the first wrong field of the form: the cursor goes there
	order int    // index of the field's first problem among the problems of the form
}

// A Form is the fields of a form by name.
type Form map[string]Field

// Field returns a field by name, or an empty field. Templates call Field: reading a
// missing key of a map is an error there.
func (f Form) Field(name string) Field { return f[name] }

// Summary returns the sentences about all problems, for a form that shows all
// problems in one place.
func (f Form) Summary() string { return f.Without("") }

// Without returns the sentences about all problems but those of the named field, for a
// form that shows the problems of that field beside the field.
func (f Form) Without(field string) string {
	names := slices.SortedFunc(maps.Keys(f), func(a, b string) int { return cmp.Compare(f[a].order, f[b].order) })
	var sentences []string
	for _, name := range names {
		if e := f[name].Error; e != "" && name != field && !slices.Contains(sentences, e) {
			sentences = append(sentences, e)
		}
	}
	return strings.Join(sentences, " ")
}

// WithProblems adds the sentences about problems to the fields of f, and returns f.
func (f Form) WithProblems(l *Locale, problems sns.Invalid) Form {
	for i, p := range problems {
		field := f[p.Field]
		if field.Error == "" {
			field.order = i
		}
		field.Error = strings.TrimSpace(field.Error + " " + l.TWith(p.Key, p.Args))
		field.First = field.First || i == 0
		f[p.Field] = field
	}
	return f
}

// NewForm returns a form of fields: pairs of a name and a value.
func NewForm(pairs ...string) Form {
	f := make(Form, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		f[pairs[i]] = Field{Value: pairs[i+1]}
	}
	return f
}
