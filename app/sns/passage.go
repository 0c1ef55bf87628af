package sns

import (
	"strings"
	"unicode"
)

// A Passage is a part of a text: prose, or the lines between two fences.
type Passage struct {
	Text string
	Code bool
}

// Passages splits a text at its fences, and leaves the fences out. A fence without an
// end, and fences around blank lines alone, stay in the prose.
func Passages(text string) []Passage {
	if !strings.Contains(text, "```") {
		return []Passage{{Text: text}}
	}
	var all []Passage
	lines := strings.SplitAfter(text, "\n")
	start := 0 // of the prose
	for i := 0; i < len(lines); i++ {
		end := closingFence(lines, i)
		if end < 0 {
			continue
		}
		all = appendProse(all, lines[start:i])
		all = append(all, Passage{strings.Join(lines[i+1:end], ""), true})
		i, start = end, end+1
	}
	return appendProse(all, lines[start:])
}

func appendProse(all []Passage, lines []string) []Passage {
	if text := strings.Join(lines, ""); text != "" {
		all = append(all, Passage{Text: text})
	}
	return all
}

// closingFence returns the index of the fence that ends the code after lines[open], or
// -1 if lines[open] begins no code.
func closingFence(lines []string, open int) int {
	ticks, _ := fence(lines[open])
	if ticks == 0 {
		return -1
	}
	empty := true
	for i := open + 1; i < len(lines); i++ {
		if n, bare := fence(lines[i]); bare && n >= ticks {
			if empty {
				return -1
			}
			return i
		}
		empty = empty && IsBlank(lines[i])
	}
	return -1
}

// fence returns the number of ticks of a fence, or 0 for another line. The name of a
// language may follow the ticks that begin code; bare reports that there is none.
func fence(line string) (ticks int, bare bool) {
	line = strings.TrimSpace(line)
	name := strings.TrimLeft(line, "`")
	ticks = len(line) - len(name)
	name = strings.TrimSpace(name)
	if ticks < 3 || strings.ContainsFunc(name, func(r rune) bool { return r == '`' || unicode.IsSpace(r) }) {
		return 0, false
	}
	return ticks, name == ""
}

// IsBlank reports whether a line leaves no ink.
func IsBlank(line string) bool {
	return !strings.ContainsFunc(line, func(r rune) bool {
		return !unicode.IsSpace(r) && r != '\u2800' && !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
	})
}
