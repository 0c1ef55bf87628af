// Package admin answers the requests of administrators.
package admin

import (
	"html/template"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Overview leads to what an administrator looks after.
func (Boards) Overview(r *request.Request) error { return r.Redirect("/admin/boards") }

// List lists all boards.
func (Boards) List(r *request.Request) error { return boardsPage(r, http.StatusOK, view.NewForm()) }

func boardsPage(r *request.Request, status int, f view.Form) error {
	boards, err := r.Store.Boards(r.Ctx())
	if err != nil {
		return err
	}
	v := view.NewAdminBoards(boards, f)
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "admin/_boards", Data: v})
	}
	return r.Page(status, "admin/boards", view.Page{Title: r.T("admin.boards"), Nav: "admin", Data: v})
}

// Show shows everything about a board that can be changed.
func (Boards) Show(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	b, err := r.Store.Board(r.Ctx(), id)
	if err != nil {
		return err
	}
	return boardPage(r, http.StatusOK, b, view.AdminEdit{})
}

func boardPage(r *request.Request, status int, b sns.Board, f view.AdminEdit, more ...request.Fragment) error {
	v, title := r.Locale.AdminBoard(b, f), r.T("admin.board", "Name", b.Name)
	if r.Partial() { // which may have renamed it
		heading := request.Fragment{HTML: template.HTML(template.HTMLEscapeString(title)), Target: "h1", Swap: "innerHTML"} //nolint:gosec // escaped
		return r.Fragments(status, append([]request.Fragment{{Name: "admin/_board", Data: v}, heading}, more...)...)
	}
	return r.Page(status, "admin/board", view.Page{Title: title, Nav: "admin", Data: v})
}

// Boards are made, ordered, renamed and closed, with their facets and options.
type Boards struct{}
