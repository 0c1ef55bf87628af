package web

import (
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"xxsns/app/sns"
)

// errNotAdmin is what somebody may not do who is no administrator.
var errNotAdmin = fmt.Errorf("not an administrator: %w", sns.ErrForbidden)

// admin is signedIn for administrators; others may not.
func (s *services) admin(h handler) gin.HandlerFunc {
	return s.signedIn(func(r *request) error {
		if !r.viewer.Role.Is(sns.RoleAdmin) {
			return errNotAdmin
		}
		return h(r)
	})
}

// showAdmin leads to what an administrator looks after.
func (r *request) showAdmin() error { return r.redirect("/admin/boards") }

// adminBoardsView is admin/_boards: all boards, and the form of a new one.
type adminBoardsView struct {
	Boards []adminRowView
	Form   form // name, slug, local
	Full   bool // there may be no more
}

// adminRowView is a board in the list of all.
type adminRowView struct {
	sns.Board
	Link  namedLink
	Mover moverView
}

// adminBoardView is admin/_board: everything about a board that can be changed.
type adminBoardView struct {
	ID            int64
	Name          string
	Link          namedLink
	Closed, Local bool
	Named         namedView
	Closer        closerView
	Fixed         bool   // it cannot be closed
	Error         string // why it was not
	Facets        []adminFacetView
	New           form // of a new facet: name, options, optional
}

// adminFacetView is admin/_facet.
type adminFacetView struct {
	ID               int64
	Name             string
	Optional, Closed bool
	Open             bool // it, or an option of it, was worked on
	Named            namedView
	Closer           closerView
	Mover            moverView
	Options          []adminOptionView
	More             form // of new options: options
}

// adminOptionView is an option in admin/_facet.
type adminOptionView struct {
	ID     int64
	Name   string
	Named  namedView
	Closer closerView
	Mover  moverView
}

// namedView is admin/_name: the field of a name.
type namedView struct {
	ID           string // of the field, without its end
	Label        string
	Value, Error string
}

// closerView is admin/_close: the button that closes or opens something.
type closerView struct {
	Action, ID, Name string
	Closed           bool
}

// moverView is admin/_move: the buttons that move something among its like.
type moverView struct {
	Action, Target, ID, Name string
	First, Last              bool
}

func newMover(kind, target string, id int64, name string, at, of int) moverView {
	return moverView{
		Action: "/admin/" + kind + "s/" + itoa(id) + "/move", Target: target, ID: kind + "-" + itoa(id), Name: name,
		First: at == 0, Last: at == of-1,
	}
}

func newCloser(kind string, id int64, name string, closed bool) closerView {
	return closerView{Action: "/admin/" + kind + "s/" + itoa(id) + "/close", ID: kind + "-" + itoa(id), Name: name, Closed: closed}
}

// A refused is a part of a board's page, such as "facet-3", with what was typed
// there and what is wrong with it. Without a form, the part was worked on.
type refused struct {
	part string
	form form
}

// of is what was refused of a part.
func (f refused) of(part string) form {
	if f.part != part {
		return nil
	}
	return f.form
}

// named is the field of a name in a part.
func (f refused) named(kind, label string, id int64, name string) namedView {
	part := kind + "-" + itoa(id)
	v := namedView{ID: part, Label: label, Value: name}
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
func (f refused) optional(facet sns.Facet) bool {
	if typed := f.of("facet-" + itoa(facet.ID)); typed != nil {
		return typed.Field("optional").Value != ""
	}
	return facet.Optional
}

// viewAdminBoard shows a board, with a part that was refused or worked on.
func (l *Locale) viewAdminBoard(b sns.Board, f refused) adminBoardView {
	v := adminBoardView{
		ID: b.ID, Name: b.Name, Link: linkBoard(b), Closed: b.Closed, Local: b.Local,
		Named: f.named("board", l.T("admin.name"), b.ID, b.Name), Closer: newCloser("board", b.ID, b.Name, b.Closed),
		Fixed: b.Slug == sns.DefaultBoard, Error: f.of("board").Field("on").Error, New: f.of("facet"),
	}
	for i, facet := range b.Facets {
		v.Facets = append(v.Facets, l.viewAdminFacet(facet, f, i, len(b.Facets)))
	}
	return v
}

func (l *Locale) viewAdminFacet(facet sns.Facet, f refused, at, of int) adminFacetView {
	id := itoa(facet.ID)
	v := adminFacetView{
		ID: facet.ID, Name: facet.Name, Optional: f.optional(facet), Closed: facet.Closed,
		Open:   f.part == "facet-"+id || f.part == "options-"+id,
		Named:  f.named("facet", l.T("admin.facet_name"), facet.ID, facet.Name),
		Closer: newCloser("facet", facet.ID, facet.Name, facet.Closed),
		Mover:  newMover("facet", "#admin-board", facet.ID, facet.Name, at, of),
		More:   f.of("options-" + id),
	}
	for i, o := range facet.Options {
		v.Open = v.Open || f.part == "option-"+itoa(o.ID)
		v.Options = append(v.Options, adminOptionView{
			ID: o.ID, Name: o.Name,
			Named:  f.named("option", l.T("admin.option_name"), o.ID, o.Name),
			Closer: newCloser("option", o.ID, o.Name, o.Closed),
			Mover:  newMover("option", "#admin-board", o.ID, o.Name, i, len(facet.Options)),
		})
	}
	return v
}

// showAdminBoards lists all boards.
func (r *request) showAdminBoards() error { return r.adminBoardsPage(http.StatusOK, newForm()) }

func (r *request) adminBoardsPage(status int, f form) error {
	boards, err := r.Store.Boards(r.ctx())
	if err != nil {
		return err
	}
	v := adminBoardsView{Form: f, Full: len(boards) >= sns.BoardsMax}
	for i, b := range boards {
		v.Boards = append(v.Boards, adminRowView{b, linkBoard(b), newMover("board", "#admin-boards", b.ID, b.Name, i, len(boards))})
	}
	if r.partial() {
		return r.fragments(status, part{name: "admin/_boards", data: v})
	}
	return r.page(status, "admin/boards", page{Title: r.T("admin.boards"), Nav: "admin", Data: v})
}

// showAdminBoard shows everything about a board that can be changed.
func (r *request) showAdminBoard() error {
	id, err := r.id()
	if err != nil {
		return err
	}
	b, err := r.Store.Board(r.ctx(), id)
	if err != nil {
		return err
	}
	return r.adminBoardPage(http.StatusOK, b, refused{})
}

func (r *request) adminBoardPage(status int, b sns.Board, f refused, more ...part) error {
	v, title := r.locale.viewAdminBoard(b, f), r.T("admin.board", "Name", b.Name)
	if r.partial() { // which may have renamed it
		heading := part{html: template.HTML(template.HTMLEscapeString(title)), target: "h1", swap: "innerHTML"} //nolint:gosec // escaped
		return r.fragments(status, append([]part{{name: "admin/_board", data: v}, heading}, more...)...)
	}
	return r.page(status, "admin/board", page{Title: title, Nav: "admin", Data: v})
}
