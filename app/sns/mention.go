package sns

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MentionsMost is how many people a text may mention. Further names stay plain text.
const MentionsMost = 20

// Mentions returns, for each place of a text where an @ may mention somebody, the usernames
// that may begin there, folded, longest first. The longest that exists is meant. Code, and
// addresses of mail and of the web, have no such place.
func Mentions(text string) (all [][]string) {
	eachPlace(text, func(p mentionPlace) { all = append(all, p.names) })
	return all
}

// A mentionPlace is a place where an @ may mention somebody.
type mentionPlace struct {
	at    int      // of the @, in the plain piece
	ends  []int    // where each name ends
	names []string // folded, longest first
}

// eachPlace passes the places of a text to use.
func eachPlace(text string, use func(mentionPlace)) {
	if !strings.Contains(text, "@") {
		return
	}
	for _, p := range Passages(text) {
		if p.Code {
			continue
		}
		for piece := range Pieces(p.Text) {
			if piece.Kind == PiecePlain {
				eachPlainPlace(piece.Text, use)
			}
		}
	}
}

// eachPlainPlace passes the places of a plain piece to use.
func eachPlainPlace(plain string, use func(mentionPlace)) {
	for at := 0; ; {
		i := strings.IndexByte(plain[at:], '@')
		if i < 0 {
			return
		}
		place := mentionPlace{at: at + i}
		at += i + 1
		run := nameRun(plain[at:])
		if mayMention(plain[:place.at], run, plain[at+len(run):]) {
			place.addNames(run)
		}
		at += len(run)
		if len(place.names) > 0 {
			use(place)
		}
	}
}

// nameRun returns the beginning of a text that usernames may consist of. A full stop that
// nothing of a name follows ends a sentence.
func nameRun(text string) string {
	if end := strings.IndexFunc(text, func(r rune) bool { return !isNameRune(r) }); end >= 0 {
		text = text[:end]
	}
	return strings.TrimRight(text, ".")
}

// Bounds of a run in which a name may begin, in bytes: a name, and particles behind it.
const (
	longestParticles = 60
	longestRun       = UsernameMax*bytesPerGrapheme + longestParticles
)

// addNames adds the names that may begin a run: the whole run, and what stands before
// particles.
func (p *mentionPlace) addNames(run string) {
	if len(run) > longestRun {
		return
	}
	for end := len(run); end > 0; {
		if end == len(run) || isParticle(run[end:]) {
			if name, problem := Username(run[:end]); problem == nil {
				p.ends, p.names = append(p.ends, p.at+1+end), append(p.names, FoldUsername(name))
			}
		}
		_, size := utf8.DecodeLastRuneInString(run[:end])
		end -= size
	}
}

func isParticle(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.Is(unicode.Hangul, first) && len(rest) <= 3*longestParticles && behindName.MatchString(norm.NFC.String(rest))
}

// Parts of addresses without a scheme.
var (
	mailbox = regexp.MustCompile(`[0-9A-Za-z][-0-9A-Za-z._%+]*$`)
	domain  = regexp.MustCompile(`\.[A-Za-z]{2,}$`)
	site    = regexp.MustCompile(`[0-9A-Za-z-]\.[A-Za-z]{2,}(?::\d+)?/`)
)

// mayMention reports whether an @ between two texts may mention somebody whose name begins
// run: not as part of an address of mail ("minji@example.com"), of a server that people
// belong to ("@minji@example.com"), or of a site ("example.com/@minji").
func mayMention(before, run, after string) bool {
	if run == "" || mailbox.MatchString(lastWord(before)) {
		return false
	}
	if r, _ := utf8.DecodeLastRuneInString(before); unicode.In(r, unicode.L, unicode.Nd, unicode.M) && domain.MatchString(run) {
		return false // letters other than Latin may be a mailbox, too
	}
	if strings.HasPrefix(after, "@") && mailbox.MatchString(lastWord(run)) && domain.MatchString(nameRun(after[1:])) {
		return false
	}
	return !site.MatchString(lastWord(before))
}

// lastWord returns the end of a text from the last white space on: at most as much as an address
// of mail may have.
func lastWord(text string) string {
	text = text[max(0, len(text)-emailBytes):]
	return text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
}

// Mentioned are the people whom a text mentions, as they were when it was written: the id
// and the name of each, in the order of the text, such as "17 민지 23 하루". Names have no
// blanks. A person whom the text calls by two names, of which one is a former one, stands there
// twice.
type Mentioned string

// NewMentioned returns that a text mentions people.
func NewMentioned(people []User) Mentioned {
	var b strings.Builder
	for i, u := range people {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatInt(u.ID, 10) + " " + u.Username)
	}
	return Mentioned(b.String())
}

// MentionedIn returns whom a text mentions of the people known by their folded names.
func MentionedIn(text string, known map[string]User) Mentioned {
	var people []User
	if len(known) == 0 {
		return ""
	}
	eachPlace(text, func(p mentionPlace) {
		for _, name := range p.names {
			u, ok := known[name]
			if !ok {
				continue
			}
			if len(people) < MentionsMost && !slices.Contains(people, u) {
				people = append(people, u)
			}
			return
		}
	})
	return NewMentioned(people)
}

// MentionedNames returns each name of Mentions once.
func MentionedNames(text string) []string {
	names := make(map[string]bool)
	eachPlace(text, func(p mentionPlace) {
		for _, name := range p.names {
			names[name] = true
		}
	})
	return slices.Sorted(maps.Keys(names))
}

// People returns the people, of whom only ID and Username are set.
func (m Mentioned) People() []User {
	fields := strings.Fields(string(m))
	people := make([]User, 0, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		if id, err := strconv.ParseInt(fields[i], 10, 64); err == nil {
			people = append(people, User{ID: id, Username: fields[i+1]})
		}
	}
	return people
}

// IDs returns the ids of the people, each once.
func (m Mentioned) IDs() []int64 {
	var ids []int64
	for _, u := range m.People() {
		if !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// A MentionFinder finds where a text mentions people. The nil finder finds none.
type MentionFinder map[string]User // by folded name

// Finder returns the finder of a text that mentions the people.
func (m Mentioned) Finder() MentionFinder {
	if m == "" {
		return nil
	}
	people := m.People()
	f := make(MentionFinder, len(people))
	for _, u := range people {
		f[FoldUsername(u.Username)] = u
	}
	return f
}

// A Mention is a name in a plain piece of a text, with its @.
type Mention struct {
	From, To int
	User     User
}

// Find returns the mentions in a plain piece of the text.
func (f MentionFinder) Find(plain string) (found []Mention) {
	if f == nil || !strings.Contains(plain, "@") {
		return nil
	}
	eachPlainPlace(plain, func(p mentionPlace) {
		for i, name := range p.names {
			if u, ok := f[name]; ok {
				found = append(found, Mention{p.at, p.ends[i], u})
				return
			}
		}
	})
	return found
}
