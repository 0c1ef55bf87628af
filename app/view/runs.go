package view

import (
	"html/template"
	"strings"
)

// Runs are HTML that is the same for all viewers, with the places where a value of the
// viewer stands.
type runs []run

// A run is HTML, and what stands behind: nothing, the id of the viewer's account, or one of
// two texts, by the state of an item for the viewer.
type run struct {
	text   string
	behind int // behindNothing, behindAccount, or the index of the item
	states [2]string
}

const (
	behindNothing = -1 - iota
	behindAccount
)

// addText adds HTML, and cuts out the ids of the account.
func (r *runs) addText(html string) {
	for {
		at := strings.Index(html, noAccount)
		if at < 0 {
			*r = append(*r, run{text: html, behind: behindNothing})
			return
		}
		at += len(accountField)
		*r = append(*r, run{text: html[:at], behind: behindAccount})
		html = html[at:]
	}
}

// addStates adds an item as it is off and on, and cuts out the part that differs.
func (r *runs) addStates(item int, off, on string) {
	begin, end, most := 0, 0, min(len(off), len(on))
	for begin < most && off[begin] == on[begin] {
		begin++
	}
	for end < most-begin && off[len(off)-1-end] == on[len(on)-1-end] {
		end++
	}
	r.addText(off[:begin])
	*r = append(*r, run{behind: item, states: [2]string{off[begin : len(off)-end], on[begin : len(on)-end]}})
	r.addText(off[len(off)-end:])
}

// appendTo appends the HTML for an account, whose id is empty in a fragment. on has the
// states of the items.
func (r runs) appendTo(dst []byte, id string, on []bool) []byte {
	for i := range r {
		p := &r[i]
		dst = append(dst, p.text...)
		switch {
		case p.behind == behindNothing:
		case p.behind == behindAccount:
			dst = append(dst, id...)
		case on[p.behind]:
			dst = append(dst, p.states[1]...)
		default:
			dst = append(dst, p.states[0]...)
		}
	}
	return dst
}

// A List is a list of posts, comments or rooms on a page, rendered. nil is an empty list.
type List struct {
	runs runs
	on   []bool        // the states of the items for the viewer
	mark template.HTML // in a frame, instead of the list
}

// HTML returns the list, whose forms name no account yet.
func (l *List) HTML() template.HTML {
	if l.mark != "" {
		return l.mark
	}
	return template.HTML(l.runs.appendTo(nil, "", l.on)) //nolint:gosec // made of what templates have written
}
