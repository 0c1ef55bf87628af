package sns

import (
	"errors"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a search.
const (
	SearchPage = 20 // results of a page of one kind
	SearchFew  = 3  // results of each kind when no kind is asked for

	QuestionMost      = 100 // characters of a question
	QuestionWordsMost = 8   // words of a question
	wordMin           = 2   // characters of a word that is found in texts
)

// The keys of the reasons why a question is not answered whole.
const (
	QuestionEmpty = "search.empty" // the question has no word
	QuestionShort = "search.short" // no word is long enough for texts; people, boards and rooms are searched
	QuestionLong  = "search.long"  // the question has more than QuestionMost characters; the rest is left out
	QuestionWords = "search.words" // the question has more than QuestionWordsMost words; the rest is left out
)

// ErrSlow means that a search took too long. The results that come with the error were found
// until then.
var ErrSlow = errors.New("search took too long")

// A Question is what somebody searches for; ParseQuestion makes it.
type Question struct {
	Text  string   // as typed, cleaned, for the box
	Words []string // folded words and phrases; each must stand in the text
	From  string   // username behind from:, as typed; empty: anybody
	Board string   // name or slug behind board:, as typed; empty: any board
}

// A Search is what a viewer asks for. Only what the viewer may see is found.
type Search struct {
	Question
	Viewer User   // zero: a stranger
	Before string // where the page before ended; empty: the newest
	Limit  int
	Now    time.Time
}

// A Completion asks for the people that somebody may mean who has typed the beginning of a
// name. People of the open room or under the post come first.
type Completion struct {
	Text       string
	Viewer     User
	Room, Post int64 // 0: none
	Limit      int
}

// A FoundComment is a comment with the first words of its post.
type FoundComment struct {
	Comment
	PostContent string // at most FoundPostMost characters
}

// FoundPostMost is the number of characters of a post beside a found comment.
const FoundPostMost = 100

// A FoundMessage is a message with its room.
type FoundMessage struct {
	Message
	Room Room
}

// ParseQuestion returns the question of a typed text. The problem has no key, or that of the
// reason why the question is not answered whole. Words are split at white space, "…" keeps a
// phrase, from: and board: narrow; nothing else is an operator.
func ParseQuestion(typed string) (Question, Problem) {
	const mostBytes = QuestionMost * bytesPerGrapheme
	q := Question{Text: Query(typed, mostBytes)}
	problem := Problem{Field: "q"}
	runes := []rune(q.Text)
	if long := len(runes) > QuestionMost; long || len(typed) > mostBytes {
		problem.Key, problem.Args = QuestionLong, map[string]any{"Max": QuestionMost}
		q.Text = strings.TrimSpace(string(runes[:min(len(runes), QuestionMost)]))
	}
	for rest := q.Text; ; {
		var t term
		if t, rest = nextTerm(rest); t == (term{}) {
			break
		}
		q.add(t)
	}
	if len(q.Words) > QuestionWordsMost {
		q.Words = q.Words[:QuestionWordsMost]
		problem.Key, problem.Args = QuestionWords, map[string]any{"Max": QuestionWordsMost}
	}
	switch {
	case len(q.Words) == 0:
		problem.Key, problem.Args = QuestionEmpty, nil
	case !q.FindsTexts():
		problem.Key, problem.Args = QuestionShort, map[string]any{"Min": wordMin}
	}
	return q, problem
}

// FindsTexts reports whether a word of the question is long enough for texts.
func (q Question) FindsTexts() bool {
	return slices.ContainsFunc(q.Words, func(word string) bool { return len(Grams(word)) > 0 })
}

// A term is a word of a question, or a phrase; operator is from, board or empty.
type term struct{ operator, text string }

// nextTerm returns the first term of a typed text and what follows, or the zero term.
func nextTerm(typed string) (t term, rest string) {
	typed = strings.TrimLeftFunc(typed, unicode.IsSpace)
	for t == (term{}) && typed != "" {
		for _, operator := range []string{"from", "board"} {
			n, ok := hasOperator(typed, operator)
			if value, after := cutWord(typed[n:]); ok && value != "" {
				return term{operator, value}, after
			}
		}
		t.text, typed = cutWord(typed)
	}
	return t, typed
}

// hasOperator reports whether a text begins with an operator and a colon, and returns their
// length. A colon of full width counts, too, as keyboards of Hangul may send it.
func hasOperator(s, operator string) (n int, ok bool) {
	n = len(operator)
	if len(s) <= n || !strings.EqualFold(s[:n], operator) {
		return 0, false
	}
	colon, size := utf8.DecodeRuneInString(s[n:])
	if colon != ':' && colon != '\uFF1A' {
		return 0, false
	}
	return n + size, true
}

// cutWord returns the word or phrase at the beginning of s and what follows. A quotation mark
// without a second one is left out.
func cutWord(s string) (word, rest string) {
	if strings.IndexFunc(s, isQuote) == 0 {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		if end := strings.IndexFunc(s, isQuote); end >= 0 {
			_, n = utf8.DecodeRuneInString(s[end:])
			return strings.TrimSpace(s[:end]), strings.TrimLeftFunc(s[end+n:], unicode.IsSpace)
		}
	}
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	return s[:end], strings.TrimLeftFunc(s[end:], unicode.IsSpace)
}

// isQuote reports whether r begins and ends a phrase. Telephones type curved marks instead of
// the straight one.
func isQuote(r rune) bool { return r == '"' || r == '\u201C' || r == '\u201D' || r == '\uFF02' }

func (q *Question) add(t term) {
	switch t.operator {
	case "from":
		q.From = strings.TrimPrefix(t.text, "@")
	case "board":
		q.Board = t.text
	default:
		if word := FoldText(t.text); word != "" && !slices.Contains(q.Words, word) {
			q.Words = append(q.Words, word)
		}
	}
}

// Matches reports whether each word of the question stands in a folded text.
func (q Question) Matches(folded string) bool {
	return !slices.ContainsFunc(q.Words, func(word string) bool { return !strings.Contains(folded, word) })
}

// MatchesName is Matches for a name, whose initials are enough, with the texts beside.
func (q Question) MatchesName(name string, beside ...string) bool {
	return q.Matches(NameForm(name, beside...))
}

// NameForm returns the folded text in which the words of a question for a name stand: the
// name, its initials, and the texts beside.
func NameForm(name string, beside ...string) string {
	return FoldTexts(append([]string{name, Initials(FoldText(name))}, beside...)...)
}

// Marks returns the ranges of a text in which words of the question stand, as offsets of
// bytes, in order and not overlapping.
func (q Question) Marks(text string) (marks [][2]int) {
	var pieces []piece
	f := folding{pieces: &pieces}
	f.add(text)
	folded := f.text.String()
	for _, word := range q.Words {
		for from := 0; word != ""; {
			at := strings.Index(folded[from:], word)
			if at < 0 {
				break
			}
			marks = append(marks, original(text, pieces, from+at, from+at+len(word)))
			_, n := utf8.DecodeRuneInString(word)
			from += at + n
		}
	}
	return merged(marks)
}

// original returns the range of text that was folded to the range from start to end. Signs
// that left nothing, such as the selector behind an emoji, belong to the sign before.
func original(text string, pieces []piece, start, end int) [2]int {
	holding := func(at int) int {
		return sort.Search(len(pieces), func(i int) bool { return pieces[i].folded > at })
	}
	first, last := holding(start), holding(end-1)
	for next := last + 1; next < len(pieces) && pieces[next].folded == pieces[last].folded && strings.TrimSpace(text[pieces[next].start:pieces[next].end]) != ""; next++ {
		last = next
	}
	return [2]int{pieces[first].start, pieces[last].end}
}

// merged returns ranges in order, with those that overlap or touch as one.
func merged(ranges [][2]int) (all [][2]int) {
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	for _, r := range ranges {
		if n := len(all) - 1; n >= 0 && r[0] <= all[n][1] {
			all[n][1] = max(all[n][1], r[1])
			continue
		}
		all = append(all, r)
	}
	return all
}
