package main

import "unicode/utf8"

// reportTemplates reports how many characters the lines of templates have.
func reportTemplates(r *report, lines []textLine) {
	longest := widest(lines)
	r.heading("characters of a line of templates")
	r.atMost("  mean", 65, meanWidth(lines), "")
	r.atMost("  max", 200, float64(longest.width()), longest.place)
}

// reportStyles reports how many characters the lines of CSS have.
func reportStyles(r *report, lines []textLine) {
	r.heading("characters of a line of CSS")
	r.atMost("  mean", 30, meanWidth(lines), "")
}

// width counts the characters of the line with its indentation.
func (l textLine) width() int { return utf8.RuneCountInString(l.text) }

func meanWidth(lines []textLine) float64 {
	sum := 0
	for _, l := range lines {
		sum += l.width()
	}
	return float64(sum) / float64(max(1, len(lines)))
}

// widest returns the line with the most characters.
func widest(lines []textLine) (longest textLine) {
	for _, l := range lines {
		if l.width() > longest.width() {
			longest = l
		}
	}
	return longest
}
