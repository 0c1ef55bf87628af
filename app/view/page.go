package view

import "strings"

// Page is layout.html: the data of a page, and everything that the layout shows around
// the data.
type Page struct {
	Title  string
	Site   string  // name of the community; empty: that of the product
	Nav    string  // the current entry of the menu
	Viewer *Author // nil: not signed in
	Unread Unread  // notices of the viewer
	Topics string  // the topics of the page's stream beside the viewer's own, as a query
	Socket bool    // the page has a socket in place of the stream
	Toast  string  // a sentence to show for a few seconds, or empty
	Data   any     // of the page's own template
	Lang   string
	Script string // bundle of scripts of the page; Locale.AppendPage sets Script and Style
	Style  string // bundle of styles
	Plain  bool   // without menus: signing in and up
	NoDock bool   // without the menu at the bottom of phones: a text field stands there
	Rooms  bool   // something in the viewer's rooms is unread: the entry of rooms in the menus has a dot
	Folds  string // end of the address of /me.css: changes with those whom the viewer has blocked
	Waits  Waits  // what waits for administrators, who have the number in the menu
	Write  string // path of the form for a post; empty: on the timeline
}

// Dot is shared/_dot: the mark at the entry of rooms in one of the menus.
type Dot struct {
	ID   string // of the element; empty: nothing takes its place
	On   bool
	Swap bool // takes the place of the element on the page
}

// Dot returns the mark for the element of an id. A page with a socket shows a room, whose own
// lines are no reason for a mark: there the mark stays as it is.
func (p Page) Dot(id string) Dot {
	if p.Socket {
		id = ""
	}
	return Dot{ID: id, On: p.Rooms}
}

// Dots returns the mark for all menus that a page may have.
func Dots(on bool) []Dot {
	return []Dot{{"rooms-dot", on, true}, {"rooms-dot-dock", on, true}}
}

// Mark is shared/_mark: the name of the community, whose first word is in colour.
type Mark struct{ First, Rest string }

// Mark returns the name on top of the page.
func (p Page) Mark() Mark {
	first, rest, _ := strings.Cut(p.Site, " ")
	return Mark{first, rest}
}

// ErrorPage is shared/error: the page of an error.
type ErrorPage struct {
	Title, Help string
	Missing     bool    // not found
	Again       *Resend // nil: nothing was typed
}

// Confirm is shared/_confirm: the question before a deletion and the like.
type Confirm struct {
	Title, Help string
	Action      string // path of the form that the button sends
	Back        string // path of the page after cancelling
	Yes         string // the text of the button
	Field       string // the name of a field that is true, or empty
	From        string // path of the page that asks; Request.Confirm sets From
}
