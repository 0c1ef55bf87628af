package static

import "strings"

// older rewrites a minified style sheet for browsers of 2023, such as Safari 17.0:
//
//   - These do not know light-dark(). A colour of two modes becomes the light one, the dark
//     one for who prefers that, and light-dark() itself for browsers that know it.
//   - Their nested rules must not begin with a letter: "img{}" becomes "& img{}".
//
// Sheets stay as people write them, and no rule can be forgotten.
func older(sheet string) string {
	r := rewriter{in: sheet}
	for r.in != "" {
		r.block(false)
	}
	return r.out.String()
}

// A rewriter reads a minified style sheet from in and writes to out.
type rewriter struct {
	in  string
	out strings.Builder
}

// block rewrites statements to the end of a block, whose brace stays unread. inRule means
// that the block belongs to a rule, not to an at-rule alone.
func (r *rewriter) block(inRule bool) {
	var modal []string // declarations of two modes, not written yet
	for r.in != "" {
		text, end := r.statement()
		if end != '{' && strings.Contains(text, lightDark) {
			modal = append(modal, text)
		} else {
			r.writeModal(modal)
			modal = nil
			r.write(text, end, inRule)
		}
		if end == '}' {
			r.writeModal(modal)
			return
		}
	}
}

// write writes a statement that holds no colour of two modes, with its block.
func (r *rewriter) write(text string, end byte, inRule bool) {
	switch {
	case end != '{':
		r.out.WriteString(text)
		if end == ';' {
			r.out.WriteByte(';')
		}
		return
	case text[0] == '@':
		r.out.WriteString(text)
	case inRule:
		r.out.WriteString(nested(text))
	default:
		r.out.WriteString(text)
	}
	r.out.WriteByte('{')
	r.block(inRule || text[0] != '@')
	r.out.WriteByte('}')
}

// writeModal writes declarations of two modes three times.
func (r *rewriter) writeModal(modal []string) {
	if len(modal) == 0 {
		return
	}
	all := strings.Join(modal, ";")
	r.out.WriteString(pick(all, 0))
	r.out.WriteString(";@media(prefers-color-scheme:dark){" + pick(all, 1) + "}")
	r.out.WriteString("@supports(color:light-dark(red,red)){" + all + "}")
}

// statement takes the text up to the next brace or semicolon, and that character, from
// in. Brackets and strings may hold such characters.
func (r *rewriter) statement() (text string, end byte) {
	i := top(r.in, "{;}")
	text, end = r.in[:i], '}'
	if i < len(r.in) {
		end = r.in[i]
		i++
	}
	r.in = r.in[i:]
	return text, end
}

const lightDark = "light-dark("

// pick replaces each light-dark() in css by the colour of a mode: 0 is light, 1 dark.
func pick(css string, mode int) string {
	before, rest, found := strings.Cut(css, lightDark)
	if !found {
		return css
	}
	end := top(rest, ")")
	colours := split(rest[:end])
	return before + colours[mode] + pick(rest[end+1:], mode)
}

// nested returns the selectors of a nested rule with & before each that begins with a
// letter.
func nested(selectors string) string {
	all := split(selectors)
	for i, s := range all {
		if c := s[0] | 0x20; 'a' <= c && c <= 'z' {
			all[i] = "& " + s
		}
	}
	return strings.Join(all, ",")
}

// split splits a list at its commas outside brackets and strings.
func split(list string) []string {
	i := top(list, ",")
	if i == len(list) {
		return []string{list}
	}
	return append([]string{list[:i]}, split(list[i+1:])...)
}

// top returns the index of the first of the characters that stands outside brackets and
// strings, or the length of css.
func top(css, chars string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case depth == 0 && strings.IndexByte(chars, c) >= 0:
			return i
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		}
	}
	return len(css)
}
