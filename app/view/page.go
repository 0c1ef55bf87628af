package view

// Page is what the layout shows around the data of a page.
type Page struct {
	Title  string
	Nav    string // the entry of the menu that is current
	Viewer *Author
	Topics string // what the page's stream is about, as a query; empty: no stream
	Toast  string
	Data   any
	Lang   string
	Plain  bool   // without menus: signing in and up
	NoDock bool   // a field at the bottom owns the thumb
	Write  string // where one writes a post; empty: on the timeline
}

// ErrorPage is the page of a problem.
type ErrorPage struct {
	Title, Help string
	Missing     bool
}

// Confirm is shared/_confirm: the question before something is deleted.
type Confirm struct {
	Title, Help string
	Action      string // where yes goes
	Back        string // where no goes
	Yes         string
}
