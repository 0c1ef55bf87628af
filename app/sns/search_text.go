package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// FoldText returns the form in which texts are searched: composed, in one case and width,
// without accents and invisible signs, with single blanks. Syllables and letters of Hangul
// stay as they are: 가 is no part of 각.
func FoldText(s string) string {
	var f folding
	f.text.Grow(len(s))
	f.add(s)
	return f.text.String()
}

// A folding is a text in the form of FoldText, made piece by piece.
type folding struct {
	text  strings.Builder
	blank bool // whether white space follows the text

	// pieces are nil unless the caller wants to know of which part of the original each
	// part of the text was made.
	pieces *[]piece
}

// A piece is a part of the original and the end of its form in the folded text.
type piece struct{ start, end, folded int }

// add folds s. No sign of a composed text changes the form of its neighbours, so that a part
// of s has the same form alone.
func (f *folding) add(s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if next, _ := utf8.DecodeRuneInString(s[i+n:]); isPlain(r) && (i+n == len(s) || isPlain(next)) {
			f.addRune(r)
		} else {
			n = norm.NFC.NextBoundaryInString(s[i:], true)
			for _, r := range norm.NFC.String(s[i : i+n]) {
				f.addRune(r)
			}
		}
		if f.pieces != nil {
			*f.pieces = append(*f.pieces, piece{i, i + n, f.text.Len()})
		}
		i += n
	}
}

func (f *folding) addRune(r rune) {
	switch {
	case unicode.IsSpace(r):
		f.blank = true
	case r >= 'A' && r <= 'Z':
		f.write(r + 'a' - 'A')
	case isPlain(r):
		f.write(r)
	default:
		for _, folded := range foldRune(r) {
			f.write(folded)
		}
	}
}

// isPlain reports whether r has one form only, but for its case, and is not composed with a
// plain sign behind: ASCII, and the letters, syllables and ideographs that Koreans type.
func isPlain(r rune) bool {
	return r < utf8.RuneSelf || r >= firstSyllable && r <= lastSyllable || r >= '\u3131' && r <= '\u3163' || r >= '\u4E00' && r <= '\u9FFF'
}

// write adds a folded sign, behind the white space that came before.
func (f *folding) write(r rune) {
	if f.blank && f.text.Len() > 0 {
		f.text.WriteByte(' ')
	}
	f.blank = false
	f.text.WriteRune(r)
}

// foldRune returns the form of a sign. Letters of Hangul become no syllable with the letters
// beside them, unlike in NFKC: ㄱㅏ is not 가. A sign whose compatible form has a blank, such
// as an accent alone, stays: otherwise it would part words.
func foldRune(r rune) string {
	if isInvisible(r) || unicode.In(r, unicode.Mn, unicode.Cf) {
		return ""
	}
	if letter := width.LookupRune(r).Folded(); letter != 0 {
		r = letter
	}
	if kindOf(r) != noJamo || r >= '\u3131' && r <= '\u318E' {
		return string(letterOf(r))
	}
	compatible := norm.NFKD.String(string(r))
	if strings.ContainsFunc(compatible, unicode.IsSpace) {
		return string(r)
	}
	folded := withoutMarks(norm.NFD.String(cases.Fold().String(withoutMarks(compatible))))
	return strings.Map(letterOf, folded)
}

// Grams returns the distinct pairs of neighbours in a folded text, in order of their first
// places. Blanks are passed over, so that a phrase of single letters has pairs, too. No pair
// reaches from one line to the next.
func Grams(folded string) []string {
	all := make([]string, 0, len(folded)/3)
	known := make(map[string]bool, len(folded)/3)
	last := rune(-1)
	for _, r := range folded {
		switch r {
		case ' ':
			continue
		case '\n':
			last = -1
			continue
		}
		if gram := string([]rune{last, r}); last >= 0 && !known[gram] {
			known[gram] = true
			all = append(all, gram)
		}
		last = r
	}
	return all
}

// Initials returns a folded name with the leading consonant instead of each syllable. Other
// signs stay.
func Initials(folded string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstSyllable && r <= lastSyllable {
			return letterOf(firstLead + (r-firstSyllable)/syllablesOfLead)
		}
		return r
	}, folded)
}

const (
	firstLead       = '\u1100' // the conjoining consonants that begin syllables, in order
	syllablesOfLead = 21 * 28  // syllables that begin with the same consonant
)

// FoldTexts returns folded texts, each on a line. No word of a question reaches from one text
// to the next.
func FoldTexts(texts ...string) string {
	folded := make([]string, 0, len(texts))
	for _, text := range texts {
		if text = FoldText(text); text != "" {
			folded = append(folded, text)
		}
	}
	return strings.Join(folded, "\n")
}

// Searched returns the folded text in which a post is found: the text, the descriptions of the
// images, and the place.
func (p Post) Searched() string {
	texts := []string{p.Content}
	for _, image := range p.Images {
		texts = append(texts, image.Alt)
	}
	return FoldTexts(append(texts, p.Location.Area, p.Location.Town)...)
}

// Searched returns the folded text in which a message is found. Notices of the program and
// deleted messages have none.
func (m Message) Searched() string {
	if m.Kind != MessageSaid || m.Deleted {
		return ""
	}
	return FoldText(m.Content)
}
