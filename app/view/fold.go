package view

import (
	"strings"

	"github.com/rivo/uniseg"

	"xxsns/app/sns"
)

// A fold tells which texts a list shows folded. The style cuts a folded text; the
// fragment has the whole text, and is the same for every viewer and every window.
type fold struct {
	lines  int // a text of more lines is folded; the style leaves a few lines less
	narrow int // columns of a line in a window of 360 px; a Hangul syllable takes two
	wide   int // columns of a line where the page is as wide as the page gets
}

// The folds of posts and messages; content.css has the lines that stay.
var (
	postFold    = fold{lines: 14, narrow: 40, wide: 72}
	messageFold = fold{lines: 34, narrow: 30, wide: 60}
)

// class returns the classes of a folded text, or "" if the text is shown whole. A text
// with fold-phone is short enough in a wide window.
func (f fold) class(text string) string {
	// A byte other than a tab takes a column at most: a short text needs no measuring.
	if strings.Count(text, "\n")+1+(len(text)+tabColumns*strings.Count(text, "\t"))/f.narrow <= f.lines {
		return ""
	}
	all := sns.Passages(text)
	switch {
	case linesOf(all, f.wide) > f.lines:
		return "fold"
	case linesOf(all, f.narrow) > f.lines:
		return "fold fold-phone"
	}
	return ""
}

// linesOf estimates how many lines passages take at a number of columns. Lines of code
// do not wrap.
func linesOf(all []sns.Passage, columns int) (lines int) {
	for _, p := range all {
		text := p.Text
		if !p.Code {
			text = withoutBlankRuns(text)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			lines++
			if !p.Code {
				lines += max(0, columnsOf(line)-1) / columns
			}
		}
	}
	return lines
}

// tabColumns is the most that a tab takes (tab-size in content.css).
const tabColumns = 4

func columnsOf(line string) int {
	return uniseg.StringWidth(line) + tabColumns*strings.Count(line, "\t")
}
