package main

import (
	"regexp"
	"strings"
)

// pronouns are the words that make a comment hard to read where the noun of the
// code would be plain.
var pronouns = wordSet(`
	it its itself they them their theirs themselves he she him her his
	we us our ours you your yours
	one ones oneself
	what who whom whose whoever whatever
	somebody someone something nobody nothing everybody everyone everything
	anybody anyone anything none others another`)

var word = regexp.MustCompile(`[A-Za-z']+`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// words counts the words of comments and the pronouns among them.
type words struct{ all, pronouns int }

// share returns how many of 100 words are pronouns.
func (w words) share() float64 {
	if w.all == 0 {
		return 0
	}
	return 100 * float64(w.pronouns) / float64(w.all)
}

// reportComments reports the share of pronouns in all comments, also of tests.
func reportComments(r *report, files []*goFile) {
	r.heading("comments")
	r.atMost("  pronouns, %", 3.5, countWords(files).share(), "")
}

// countWords counts the words of all comments of the files.
func countWords(files []*goFile) (n words) {
	for _, f := range files {
		for _, group := range f.tree.Comments {
			for _, c := range group.List {
				n.add(prose(c.Text))
			}
		}
	}
	return n
}

func (w *words) add(text string) {
	for _, found := range word.FindAllString(text, -1) {
		w.all++
		if pronouns[strings.ToLower(found)] {
			w.pronouns++
		}
	}
}

// prose takes the directive off a comment. "//go:embed css" becomes empty;
// "//nolint:errcheck // reason" becomes "reason".
func prose(comment string) string {
	if strings.HasPrefix(comment, "//go:") || strings.HasPrefix(comment, "//nolint") {
		_, comment, _ = strings.Cut(comment, " // ")
	}
	return comment
}
