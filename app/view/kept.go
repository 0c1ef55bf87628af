package view

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Kept is shared/_kept: a form that was not answered as its sender hoped, with what was
// typed, ready to be sent again.
type Kept struct {
	Action string      // path of the form
	Texts  []KeptField // shown, to be read and changed
	Others []KeptField // sent along as they are
}

// A KeptField is a field of a form.
type KeptField struct{ Name, Value string }

// keptTexts are the fields that people write into.
var keptTexts = []string{"content", "status_message", "name", "notice", "text"}

// NewKept returns the fields of a form, or nil if nobody has typed a text into the form.
// Passwords are left out, and so is the account, which the new form names itself.
func NewKept(action string, values url.Values) *Kept {
	k := &Kept{Action: action}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			switch {
			case name == "account" || strings.Contains(name, "password"):
			case slices.Contains(keptTexts, name) && strings.TrimSpace(value) != "":
				k.Texts = append(k.Texts, KeptField{name, value})
			default:
				k.Others = append(k.Others, KeptField{name, value})
			}
		}
	}
	if len(k.Texts) == 0 {
		return nil
	}
	return k
}

// Encode returns the fields as the value of a single field.
func (k *Kept) Encode() string {
	values := url.Values{}
	for _, f := range slices.Concat(k.Texts, k.Others) {
		values.Add(f.Name, f.Value)
	}
	return values.Encode()
}
