package view

import (
	"xxsns/app/sns"
)

// AdminBoards is admin/_boards: all boards, and the form of a new board.
type AdminBoards struct {
	Boards []AdminBoardRow
	Form   Form // name, slug, local
	Full   bool // there are as many boards as allowed
}

// NewAdminBoards returns the list of all boards, with f as the form of a new board.
func NewAdminBoards(boards []sns.Board, f Form) AdminBoards {
	v := AdminBoards{Form: f, Full: len(boards) >= sns.BoardsMax}
	for i, b := range boards {
		mover := newMover(BoardSection, "#admin-boards", b.ID, b.Name, i, len(boards))
		v.Boards = append(v.Boards, AdminBoardRow{b, BoardLink(b), mover})
	}
	return v
}

// AdminBoardRow is a board in the list of all boards.
type AdminBoardRow struct {
	sns.Board
	Link  Link
	Mover Mover
}

// AdminBoard is admin/_board: a board with its facets and options, and the forms that
// change them.
type AdminBoard struct {
	ID            int64
	Name          string
	Link          Link
	Closed, Local bool
	Named         NameField
	Closer        Closer
	Fixed         bool   // the board cannot be closed
	Error         string // why the board was not closed
	Facets        []AdminFacet
	New           Form // of a new facet: name, options, optional
}

// AdminFacet is admin/_facet.
type AdminFacet struct {
	ID               int64
	Name             string
	Optional, Closed bool
	Open             bool // unfolded: the last change was in this facet
	Named            NameField
	Closer           Closer
	Mover            Mover
	Options          []AdminOption
	More             Form // of new options: options
}

// AdminOption is an option in admin/_facet.
type AdminOption struct {
	ID     int64
	Name   string
	Named  NameField
	Closer Closer
	Mover  Mover
}

// NameField is admin/_name: the field of a name.
type NameField struct {
	ID           string // of the section, such as "facet-3", from which the template makes the id of the field
	Label        string
	Value, Error string
}

// Closer is admin/_close: the button that closes or opens a board, facet or option.
type Closer struct {
	Action, ID, Name string
	Closed           bool
}

// Mover is admin/_move: the buttons that move a board, facet or option up or down
// its list.
type Mover struct {
	Action, Target, ID, Name string
	First, Last              bool
}

// An AdminSection is a section of a board's page, which has forms of its own.
type AdminSection string

// The sections of a board's page. Sections of the same kind are told apart by an id.
const (
	BoardSection      AdminSection = "board"  // id of the board
	FacetSection      AdminSection = "facet"  // id of the facet
	OptionSection     AdminSection = "option" // id of the option
	NewFacetSection   AdminSection = "new facet"
	NewOptionsSection AdminSection = "new options" // id of the facet
)

// elementID returns the start of the ids of a section's elements, such as "facet-3".
func (s AdminSection) elementID(id int64) string { return string(s) + "-" + Itoa(id) }

// action returns the path of a form of the section.
func (s AdminSection) action(id int64, verb string) string {
	return "/admin/" + string(s) + "s/" + Itoa(id) + "/" + verb
}

func newMover(s AdminSection, target string, id int64, name string, at, of int) Mover {
	return Mover{Action: s.action(id, "move"), Target: target, ID: s.elementID(id), Name: name, First: at == 0, Last: at == of-1}
}

func newCloser(s AdminSection, id int64, name string, closed bool) Closer {
	return Closer{Action: s.action(id, "close"), ID: s.elementID(id), Name: name, Closed: closed}
}

// AdminEdit is the last change on a board's page: in which section, and the form
// with the problems, or nil if the change was made.
type AdminEdit struct {
	Section AdminSection
	ID      int64 // in NewFacetSection, of the board
	Form    Form
}

// in reports whether the change was in a section.
func (e AdminEdit) in(s AdminSection, id int64) bool { return e.Section == s && e.ID == id }

// form returns the form to show again in a section, or nil.
func (e AdminEdit) form(s AdminSection, id int64) Form {
	if !e.in(s, id) {
		return nil
	}
	return e.Form
}

// nameField returns the field of a name in a section: with the present name, or
// with a typed name and its problem.
func (e AdminEdit) nameField(s AdminSection, label string, id int64, name string) NameField {
	v := NameField{ID: s.elementID(id), Label: label, Value: name}
	if field := e.form(s, id).Field("name"); field.Error != "" {
		v.Value, v.Error = field.Value, field.Error
	}
	return v
}

// optional reports whether the box "optional" of a facet is ticked.
func (e AdminEdit) optional(facet sns.Facet) bool {
	if typed := e.form(FacetSection, facet.ID); typed != nil {
		return typed.Field("optional").Value != ""
	}
	return facet.Optional
}

// AdminBoard returns the page of a board after the change e; the zero AdminEdit is
// no change.
func (l *Locale) AdminBoard(b sns.Board, e AdminEdit) AdminBoard {
	v := AdminBoard{
		ID: b.ID, Name: b.Name, Link: BoardLink(b), Closed: b.Closed, Local: b.Local,
		Named:  e.nameField(BoardSection, l.T("admin.name"), b.ID, b.Name),
		Closer: newCloser(BoardSection, b.ID, b.Name, b.Closed),
		Fixed:  b.Slug == sns.DefaultBoard, Error: e.form(BoardSection, b.ID).Field("on").Error,
		New: e.form(NewFacetSection, b.ID),
	}
	for i, facet := range b.Facets {
		v.Facets = append(v.Facets, l.adminFacet(facet, e, i, len(b.Facets)))
	}
	return v
}

func (l *Locale) adminFacet(facet sns.Facet, e AdminEdit, at, of int) AdminFacet {
	v := AdminFacet{
		ID: facet.ID, Name: facet.Name, Optional: e.optional(facet), Closed: facet.Closed,
		Open:   e.in(FacetSection, facet.ID) || e.in(NewOptionsSection, facet.ID),
		Named:  e.nameField(FacetSection, l.T("admin.facet_name"), facet.ID, facet.Name),
		Closer: newCloser(FacetSection, facet.ID, facet.Name, facet.Closed),
		Mover:  newMover(FacetSection, "#admin-board", facet.ID, facet.Name, at, of),
		More:   e.form(NewOptionsSection, facet.ID),
	}
	for i, o := range facet.Options {
		v.Open = v.Open || e.in(OptionSection, o.ID)
		v.Options = append(v.Options, AdminOption{
			ID: o.ID, Name: o.Name,
			Named:  e.nameField(OptionSection, l.T("admin.option_name"), o.ID, o.Name),
			Closer: newCloser(OptionSection, o.ID, o.Name, o.Closed),
			Mover:  newMover(OptionSection, "#admin-board", o.ID, o.Name, i, len(facet.Options)),
		})
	}
	return v
}
