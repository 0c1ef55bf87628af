package view

import (
	"html"
	"html/template"
	"strings"

	"golang.org/x/text/unicode/bidi"

	"xxsns/app/sns"
)

// Characters around a text that is written in another direction than the sentence
// around it.
const (
	isolateFirst = "\u2068" // first strong isolate
	isolateEnd   = "\u2069"
)

// Isolated returns a text that may stand inside a sentence of plain text. A name in
// Hebrew or Arabic would otherwise turn the punctuation and the numbers beside it
// around. Other texts stay as they are.
func Isolated(text string) string {
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	return isolateFirst + closedIsolates(text) + isolateEnd
}

// closedIsolates drops the bidi controls of a text that would reach beyond the text:
// embeddings, overrides, and ends of isolates without a beginning. An isolate that is
// left open ends at the end.
func closedIsolates(text string) string {
	depth := 0
	text = strings.Map(func(r rune) rune {
		switch {
		case '\u202A' <= r && r <= '\u202E':
			return -1
		case '\u2066' <= r && r <= '\u2068':
			depth++
		case r == '\u2069' && depth == 0:
			return -1
		case r == '\u2069':
			depth--
		}
		return r
	}, text)
	return text + strings.Repeat(isolateEnd, depth)
}

// turns reports whether a character runs from right to left, or changes the direction
// of characters beside it.
func turns(r rune) bool {
	if r < '\u0590' { // the first letter of Hebrew; a fast path
		return false
	}
	properties, _ := bidi.LookupRune(r)
	switch properties.Class() { //nolint:exhaustive // the rest runs from left to right, or as the text around
	case bidi.R, bidi.AL, bidi.AN:
		return true
	}
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

// isolatedValues returns the values of a text of the catalogue with its strings isolated.
func isolatedValues(values map[string]any) map[string]any {
	isolated := make(map[string]any, len(values))
	for name, value := range values {
		if text, ok := value.(string); ok {
			value = Isolated(text)
		}
		isolated[name] = value
	}
	return isolated
}

// namePlace stands for a name in a sentence that becomes HTML. No text holds the
// noncharacter.
const namePlace = "\uFDD0"

// sentence returns the text of a key about a user as TUser does, as HTML with the name
// in an element that isolates the name.
func (l *Locale) sentence(key string, u sns.User) template.HTML {
	name := u.Username
	if !u.Deleted() {
		u.Username = namePlace
	}
	text := html.EscapeString(l.TUser(key, u))
	return template.HTML(strings.ReplaceAll(text, namePlace, "<bdi>"+html.EscapeString(name)+"</bdi>")) //nolint:gosec // text and name are escaped
}
