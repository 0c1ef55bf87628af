package view

import (
	"html"
	"html/template"
	"strings"
	"unicode"
)

// formatted returns a text that a person typed, as HTML. Lines between two fences
// (```) become a box of code, and `…` within a line becomes inline code; every other
// sign stays as typed, and web addresses in prose become links. The style
// (white-space) keeps line breaks, indentation and repeated blanks.
//
// The text content of the result is the typed text without fences, and without blank
// lines beyond mostBlank in a row of prose. The ticks of inline code are in the text
// content, but hidden.
func formatted(text string) template.HTML {
	var b strings.Builder
	for _, p := range passages(text) {
		if p.code {
			// The box scrolls: the keyboard must reach the box.
			b.WriteString(`<pre dir="ltr" tabindex="0"><code>` + html.EscapeString(p.text) + `</code></pre>`)
		} else {
			writeProse(&b, withoutBlankRuns(p.text))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// A passage is a part of a text: prose, or the lines between two fences.
type passage struct {
	text string
	code bool
}

// passages splits a text at its fences, and leaves the fences out. A fence without an
// end, and fences around blank lines alone, stay in the prose.
func passages(text string) []passage {
	if !strings.Contains(text, "```") {
		return []passage{{text: text}}
	}
	var all []passage
	lines := strings.SplitAfter(text, "\n")
	start := 0 // of the prose
	for i := 0; i < len(lines); i++ {
		end := closingFence(lines, i)
		if end < 0 {
			continue
		}
		all = appendProse(all, lines[start:i])
		all = append(all, passage{strings.Join(lines[i+1:end], ""), true})
		i, start = end, end+1
	}
	return appendProse(all, lines[start:])
}

func appendProse(all []passage, lines []string) []passage {
	if text := strings.Join(lines, ""); text != "" {
		all = append(all, passage{text: text})
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
		empty = empty && isBlank(lines[i])
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

// mostBlank is how many blank lines in a row prose may show.
const mostBlank = 2

// withoutBlankRuns drops blank lines beyond mostBlank in a row.
func withoutBlankRuns(text string) string {
	if strings.Count(text, "\n") <= mostBlank {
		return text
	}
	var b strings.Builder
	blank := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if !isBlank(line) {
			blank = 0
		} else if blank++; blank > mostBlank {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// isBlank reports whether a line leaves no ink.
func isBlank(line string) bool {
	return !strings.ContainsFunc(line, func(r rune) bool {
		return !unicode.IsSpace(r) && r != '\u2800' && !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
	})
}

// writeProse escapes prose, marks inline code, and makes links of the rest.
func writeProse(b *strings.Builder, text string) {
	const tick = "<span hidden>`</span>"
	for {
		from, to := inlineCode(text)
		if from < 0 {
			b.WriteString(string(withLinks(text)))
			return
		}
		b.WriteString(string(withLinks(text[:from])))
		b.WriteString(tick + `<code>` + html.EscapeString(text[from+1:to-1]) + `</code>` + tick)
		text = text[to:]
	}
}

// inlineCode returns where the first inline code of a text begins and ends, with its
// ticks, or -1. Two ticks or more in a row are no ticks of inline code.
func inlineCode(text string) (from, to int) {
	open := -1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			open = -1
		case '`':
			end := i + 1
			for end < len(text) && text[end] == '`' {
				end++
			}
			switch {
			case end-i > 1:
				open = -1
			case open >= 0 && !isBlank(text[open+1:i]):
				return open, end
			default:
				open = i
			}
			i = end - 1
		}
	}
	return -1, -1
}
