package view

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Resend is shared/_resend: a form that failed, with what was typed, to be sent again.
type Resend struct {
	Action string
	Fields []ResendField
	Files  bool // the form may have had files, which the sender must choose again
}

// A ResendField is a field of a Resend.
type ResendField struct {
	Name, Value string
	Typed       bool // shown; other fields are hidden
}

// typedFields are the fields that people write into, without passwords, which no page
// shows again.
var typedFields = []string{"content", "name", "notice", "status_message", "location", "options", "alt"}

// NewResend returns a form to be sent again, or nil if nothing was typed. A form with a
// password is not shown again: the form could not be sent without the password. The new
// form names the account to which the form is shown now.
func NewResend(action string, values url.Values, files bool) *Resend {
	again := &Resend{Action: action, Files: files}
	typed := false
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.Contains(name, "password") {
			return nil
		}
		for _, value := range values[name] {
			field := ResendField{Name: name, Value: value, Typed: value != "" && slices.Contains(typedFields, name)}
			typed = typed || field.Typed
			if name != "account" {
				again.Fields = append(again.Fields, field)
			}
		}
	}
	if !typed {
		return nil
	}
	return again
}

// Encode returns the fields as the value of a single field.
func (s *Resend) Encode() string {
	values := url.Values{}
	for _, f := range s.Fields {
		values.Add(f.Name, f.Value)
	}
	return values.Encode()
}
