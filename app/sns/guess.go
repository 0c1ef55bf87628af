package sns

import (
	"bytes"
	"compress/gzip"
	_ "embed" // passwords/*
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

//go:embed passwords/common.txt.gz
var commonPacked []byte

//go:embed passwords/rows.txt
var rowsText string

//go:embed passwords/names.txt
var communityText string

// commonPasswords returns the most common passwords, each between two line ends. To
// search this text takes microseconds, which nobody notices beside the hashing.
var commonPasswords = sync.OnceValue(func() string {
	unpacked, err := gzip.NewReader(bytes.NewReader(commonPacked))
	if err != nil {
		panic("sns: passwords/common.txt.gz: " + err.Error())
	}
	list, err := io.ReadAll(unpacked)
	if err != nil {
		panic("sns: passwords/common.txt.gz: " + err.Error())
	}
	return "\n" + string(list)
})

// rows returns the rows of signs in a known order, forwards and backwards.
var rows = sync.OnceValue(func() string {
	var all strings.Builder
	for _, row := range guessWords(rowsText) {
		back := []rune(row)
		slices.Reverse(back)
		all.WriteString(row + "\n" + string(back) + "\n")
	}
	return all.String()
})

// communityNames returns the names of the community in their guessForm.
var communityNames = sync.OnceValue(func() []string { return guessWords(communityText) })

// guessWords returns the lines of a file in their guessForm, without comments.
func guessWords(text string) (words []string) {
	for line := range strings.Lines(text) {
		if word := guessForm(line); !strings.HasPrefix(line, "# ") && word != "" {
			words = append(words, word)
		}
	}
	return words
}

// guessForm returns the form in which a password is compared with others: in one case and
// width, without blanks and invisible signs.
func guessForm(s string) string {
	s = cases.Fold().String(norm.NFKC.String(s))
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		if !isVisible(r) {
			return -1
		}
		return r
	}, s))
}

// visibleMin is the number of visible signs that a password needs.
const visibleMin = 4

// guessable returns the key of the reason if a new password of the user is among those
// that are guessed first, and otherwise "".
func guessable(password, username string) string {
	form := guessForm(password)
	switch {
	case len([]rune(form)) < visibleMin:
		return "password.invisible"
	case isRepeated(form) || isSequence(form):
		return "password.simple"
	case GuessedFromName(password, username):
		return "password.username"
	case strings.Contains(commonPasswords(), "\n"+form+"\n"):
		return "password.common"
	case slices.ContainsFunc(communityNames(), func(name string) bool { return surrounds(form, name) }):
		return "password.community"
	}
	return ""
}

// GuessedFromName reports whether a password is among those that are guessed first for a
// username.
func GuessedFromName(password, username string) bool {
	return surrounds(guessForm(NormalPassword(password)), guessForm(FoldUsername(username)))
}

// isRepeated reports whether form repeats a text that is itself too short for a
// password.
func isRepeated(form string) bool {
	signs := []rune(form)
	for n := 1; n < PasswordMin && n <= len(signs)/2; n++ {
		if slices.Equal(signs[n:], signs[:len(signs)-n]) {
			return true
		}
	}
	return false
}

// isSequence reports whether form consists of at most two runs of equal signs or of signs
// in a known order, such as abcd1234.
func isSequence(form string) bool {
	jumps := 0
	signs := []rune(form)
	for i := 1; i < len(signs); i++ {
		if pair := string(signs[i-1 : i+1]); signs[i-1] != signs[i] && !strings.Contains(rows(), pair) {
			jumps++
		}
	}
	return jumps < 2
}

// nameRest is the number of letters that a password needs beside a name.
const nameRest = 4

// surrounds reports whether form is a name with little around it: also backwards, twice,
// or with digits and signs between and around. Digits count as letters if the name has
// no letters.
func surrounds(form, name string) bool {
	form, name = withoutSigns(form), withoutSigns(name)
	if name == "" {
		return false
	}
	back := []rune(name)
	slices.Reverse(back)
	rest := strings.NewReplacer(name, "", string(back), "").Replace(form)
	if rest == form {
		return false
	}
	letters := strings.ContainsFunc(name, unicode.IsLetter)
	left := 0
	for _, r := range rest {
		if unicode.IsLetter(r) || !letters {
			left++
		}
	}
	return left < nameRest
}

// withoutSigns drops all but letters, their marks, and digits.
func withoutSigns(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return -1
	}, s)
}
