package sns

import (
	_ "embed" // reserved.txt
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"
)

// NewUsername is Username for a new account: the name must not claim an office, and a
// word of the name must not mix scripts, which look alike.
func NewUsername(raw string) (string, *Problem) {
	name, p := Username(raw)
	switch {
	case p != nil:
		return "", p
	case isReserved(name):
		return "", &Problem{Field: "username", Key: "username.reserved"}
	case slices.ContainsFunc(strings.FieldsFunc(name, isSeparator), mixesScripts):
		return "", &Problem{Field: "username", Key: "username.mixed"}
	}
	return name, nil
}

// skeletonMax is the number of runes that the store keeps of a skeleton.
const skeletonMax = 255

// Skeleton returns the form in which usernames are compared by their looks (UTS 39):
// two names that readers confuse have the same skeleton. folded is the result of
// FoldUsername.
func Skeleton(folded string) string {
	runes := []rune(confusables.Skeleton(norm.NFKC.String(folded)))
	return string(runes[:min(len(runes), skeletonMax)])
}

func isSeparator(r rune) bool { return r == '.' || r == '_' }

//go:embed reserved.txt
var reservedList string

// reserved returns the skeletons of the words that no name may have, and of those that
// no name may contain.
var reserved = sync.OnceValues(func() (words, parts []string) {
	for line := range strings.Lines(reservedList) {
		line = strings.TrimSpace(line)
		if part, ok := strings.CutPrefix(line, "*"); ok {
			parts = append(parts, Skeleton(FoldUsername(part)))
		} else if line != "" && !strings.HasPrefix(line, "#") {
			words = append(words, Skeleton(FoldUsername(line)))
		}
	}
	return words, parts
})

// isReserved reports whether a name has a reserved word, also with digits behind the
// word or separators in the word, or contains a reserved part.
func isReserved(name string) bool {
	words, parts := reserved()
	own := strings.FieldsFunc(FoldUsername(name), isSeparator)
	for i, word := range own {
		own[i] = strings.TrimFunc(word, unicode.IsDigit)
	}
	whole := Skeleton(strings.Join(own, ""))
	for _, part := range parts {
		if strings.Contains(whole, part) {
			return true
		}
	}
	return slices.Contains(words, whole) ||
		slices.ContainsFunc(own, func(word string) bool { return slices.Contains(words, Skeleton(word)) })
}

// usedTogether are the scripts that writers use in one word.
var usedTogether = [][]string{
	{"Latin", "Hangul", "Han"},
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
}

// mixesScripts reports whether a word has letters of scripts that no writer uses
// together, such as Latin and Cyrillic.
func mixesScripts(word string) bool {
	var scripts []string
	for _, r := range word {
		if script := scriptOf(r); script != "" && !slices.Contains(scripts, script) {
			scripts = append(scripts, script)
		}
	}
	return len(scripts) > 1 && !slices.ContainsFunc(usedTogether, func(together []string) bool {
		return !slices.ContainsFunc(scripts, func(script string) bool { return !slices.Contains(together, script) })
	})
}

// scriptOf returns the script of r, or "" for a rune that all scripts share.
func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
