package view

import (
	"regexp"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// The words of a question that narrow it, as sns.ParseQuestion reads them.
var (
	fromWord  = narrowingWord("from")
	boardWord = narrowingWord("board")
)

func narrowingWord(operator string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|\s)` + operator + `[:：](?:["“”＂][^"“”＂]*["“”＂]|\S+)`)
}

// without returns a typed question without the words that narrow it in one way.
func without(typed string, word *regexp.Regexp) string {
	return strings.Join(strings.Fields(word.ReplaceAllString(typed, "$1")), " ")
}

// mostOffered is how many boards, and how many authors, a page offers to narrow a search to.
const mostOffered = 3

// Narrowings returns the words that narrow a question, each to be removed, and the boards and
// authors of found posts, to which the search may be narrowed. in is the kind that is
// searched alone.
func (l *Locale) Narrowings(q sns.Question, in string, boards []sns.Board, posts []sns.Post) (all []Narrowing) {
	if q.From != "" {
		all = append(all, Narrowing{Name: l.T("search.from", "Name", q.From), URL: SearchPath(without(q.Text, fromWord), in, "")})
	}
	if q.Board != "" {
		name := q.Board
		if at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.Slug == q.Board }); at >= 0 {
			name = boards[at].Name
		}
		all = append(all, Narrowing{Name: l.T("search.board", "Name", name), URL: SearchPath(without(q.Text, boardWord), in, "")})
	}
	if q.Board == "" {
		all = append(all, offers(posts, func(p sns.Post) (string, string) {
			return l.T("search.board", "Name", p.Board.Name), SearchPath(q.Text+" board:"+p.Board.Slug, in, "")
		})...)
	}
	if q.From == "" {
		all = append(all, offers(posts, func(p sns.Post) (string, string) {
			if p.Author.Deleted() {
				return "", ""
			}
			return l.T("search.from", "Name", p.Author.Username), SearchPath(q.Text+" from:"+p.Author.Username, in, "")
		})...)
	}
	return all
}

// WiderPath returns the URL of the search without what narrows a question, in all kinds.
func WiderPath(q sns.Question) string {
	return SearchPath(without(without(q.Text, fromWord), boardWord), "", "")
}

// offers returns the distinct narrowings of posts, in the order of the posts, if there are
// several: one alone narrows nothing.
func offers(posts []sns.Post, of func(sns.Post) (name, url string)) (all []Narrowing) {
	for _, p := range posts {
		name, url := of(p)
		offer := Narrowing{Name: name, URL: url, Added: true}
		if name != "" && !slices.Contains(all, offer) {
			all = append(all, offer)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all[:min(len(all), mostOffered)]
}
