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

// alike are confusions that UTS 39 does not list: letters of Hangul that stand alone, which
// look like Latin or Han, and a j without its dot. A syllable is one rune here, and keeps
// its letters.
var alike = strings.NewReplacer("\u110b", "o", "\u1175", "l", "\u4e28", "l", "\u53e3", "\u1106", "\u56d7", "\u1106", "\u30ed", "\u1106", "\u4eba", "\u1109", "\u0237", "j")

// Skeleton returns the form in which usernames are compared by their looks (UTS 39):
// two names that readers confuse have the same skeleton. The case of the letters matters:
// of the two cases of i, only I looks like l. A mark that no letter is written with, such as
// a dot on a Hangul syllable or a line through a letter, is easily overlooked.
func Skeleton(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name)) // marks that belong to their letter are part of its rune now
	runes := []rune(strings.ToLower(confusables.Skeleton(alike.Replace(bare))))
	return string(runes[:min(len(runes), skeletonMax)])
}

// Skeletons returns the skeletons of a name as typed and as compared: a name must look
// neither like another name nor like another case of that name.
func Skeletons(name string) [2]string { return [2]string{Skeleton(name), Skeleton(FoldUsername(name))} }

func isSeparator(r rune) bool { return r == '.' || r == '_' }

//go:embed reserved.txt
var reservedList string

// reserved returns the skeletons of the words that no name may have, and of those that
// no name may contain.
var reserved = sync.OnceValues(func() (words, parts []string) {
	for line := range strings.Lines(reservedList) {
		line = strings.TrimSpace(line)
		if part, ok := strings.CutPrefix(line, "*"); ok {
			parts = append(parts, Skeleton(part))
		} else if line != "" && !strings.HasPrefix(line, "#") {
			words = append(words, Skeleton(line), Skeleton(strings.ToUpper(line)), Skeleton(strings.ReplaceAll(line, "i", "I")))
		}
	}
	return words, parts
})

// isReserved reports whether a name, or a word of the name, claims an office, also with
// separators, digits around the words, or marks on the letters.
func isReserved(name string) bool {
	words := strings.FieldsFunc(withoutMarks(norm.NFD.String(name)), isSeparator)
	bare := make([]string, len(words))
	for i, word := range words {
		bare[i] = strings.TrimFunc(word, unicode.IsDigit)
	}
	whole := []string{strings.Join(words, ""), strings.Join(bare, "")}
	return slices.ContainsFunc(slices.Concat(words, bare, whole), claimsOffice)
}

func claimsOffice(word string) bool {
	words, parts := reserved()
	for _, skeleton := range Skeletons(word) {
		if slices.Contains(words, skeleton) || slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(skeleton, part) }) {
			return true
		}
	}
	return false
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
