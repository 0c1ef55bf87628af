package view

import (
	"xxsns/app/sns"
)

// AdminBoards is admin/_boards: all boards, and the form of a new one.
type AdminBoards struct {
	Boards []AdminBoardRow
	Form   Form // name, slug, local
	Full   bool // there may be no more
}

// NewAdminBoards returns the list of all boards, with the form of a new one.
func NewAdminBoards(boards []sns.Board, f Form) AdminBoards {
	v := AdminBoards{Form: f, Full: len(boards) >= sns.BoardsMax}
	for i, b := range boards {
		mover := newMover("board", "#admin-boards", b.ID, b.Name, i, len(boards))
		v.Boards = append(v.Boards, AdminBoardRow{b, BoardLink(b), mover})
	}
	return v
}

// AdminBoardRow is a board in the list of all.
type AdminBoardRow struct {
	sns.Board
	Link  Link
	Mover Mover
}

// AdminBoard is admin/_board: everything about a board that can be changed.
type AdminBoard struct {
	ID            int64
	Name          string
	Link          Link
	Closed, Local bool
	Named         NameField
	Closer        Closer
	Fixed         bool   // it cannot be closed
	Error         string // why it was not
	Facets        []AdminFacet
	New           Form // of a new facet: name, options, optional
}

// AdminFacet is admin/_facet.
type AdminFacet struct {
	ID               int64
	Name             string
	Optional, Closed bool
	Open             bool // it, or an option of it, was worked on
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
	ID           string // of the field, without its end
	Label        string
	Value, Error string
}

// Closer is admin/_close: the button that closes or opens something.
type Closer struct {
	Action, ID, Name string
	Closed           bool
}

// Mover is admin/_move: the buttons that move something among its like.
type Mover struct {
	Action, Target, ID, Name string
	First, Last              bool
}

func newMover(kind, target string, id int64, name string, at, of int) Mover {
	return Mover{
		Action: "/admin/" + kind + "s/" + Itoa(id) + "/move", Target: target, ID: kind + "-" + Itoa(id), Name: name,
		First: at == 0, Last: at == of-1,
	}
}

func newCloser(kind string, id int64, name string, closed bool) Closer {
	return Closer{Action: "/admin/" + kind + "s/" + Itoa(id) + "/close", ID: kind + "-" + Itoa(id), Name: name, Closed: closed}
}

// A AdminEdit is a part of a board's page, such as "facet-3", with what was typed
// there and what is wrong with it. Without a form, the part was worked on.
type AdminEdit struct {
	Section string
	Form    Form
}

// of is what was refused of a part.
func (f AdminEdit) of(part string) Form {
	if f.Section != part {
		return nil
	}
	return f.Form
}

// named is the field of a name in a part.
func (f AdminEdit) named(kind, label string, id int64, name string) NameField {
	part := kind + "-" + Itoa(id)
	v := NameField{ID: part, Label: label, Value: name}
	if kind == "board" {
		part = kind
	}
	if field := f.of(part).Field("name"); field.Error != "" {
		v.Value, v.Error = field.Value, field.Error
	}
	return v
}

// optional is whether a post may leave the facet out, or should by what was
// refused.
func (f AdminEdit) optional(facet sns.Facet) bool {
	if typed := f.of("facet-" + Itoa(facet.ID)); typed != nil {
		return typed.Field("optional").Value != ""
	}
	return facet.Optional
}

// AdminBoard shows a board, with a part that was refused or worked on.
func (l *Locale) AdminBoard(b sns.Board, f AdminEdit) AdminBoard {
	v := AdminBoard{
		ID: b.ID, Name: b.Name, Link: BoardLink(b), Closed: b.Closed, Local: b.Local,
		Named: f.named("board", l.T("admin.name"), b.ID, b.Name), Closer: newCloser("board", b.ID, b.Name, b.Closed),
		Fixed: b.Slug == sns.DefaultBoard, Error: f.of("board").Field("on").Error, New: f.of("facet"),
	}
	for i, facet := range b.Facets {
		v.Facets = append(v.Facets, l.adminFacet(facet, f, i, len(b.Facets)))
	}
	return v
}

func (l *Locale) adminFacet(facet sns.Facet, f AdminEdit, at, of int) AdminFacet {
	id := Itoa(facet.ID)
	v := AdminFacet{
		ID: facet.ID, Name: facet.Name, Optional: f.optional(facet), Closed: facet.Closed,
		Open:   f.Section == "facet-"+id || f.Section == "options-"+id,
		Named:  f.named("facet", l.T("admin.facet_name"), facet.ID, facet.Name),
		Closer: newCloser("facet", facet.ID, facet.Name, facet.Closed),
		Mover:  newMover("facet", "#admin-board", facet.ID, facet.Name, at, of),
		More:   f.of("options-" + id),
	}
	for i, o := range facet.Options {
		v.Open = v.Open || f.Section == "option-"+Itoa(o.ID)
		v.Options = append(v.Options, AdminOption{
			ID: o.ID, Name: o.Name,
			Named:  f.named("option", l.T("admin.option_name"), o.ID, o.Name),
			Closer: newCloser("option", o.ID, o.Name, o.Closed),
			Mover:  newMover("option", "#admin-board", o.ID, o.Name, i, len(facet.Options)),
		})
	}
	return v
}
