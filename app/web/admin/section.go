package admin

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A section is a section of a board's page, as the handlers of its forms see it.
type section struct {
	view  view.AdminSection
	load  func(*store.Store, context.Context, int64) (sns.Board, error) // loads the board by the id of the route
	field string                                                        // shows that a name is taken
}

var (
	boardSection      = section{view.BoardSection, (*store.Store).Board, "name"}
	newFacetSection   = section{view.NewFacetSection, (*store.Store).Board, "name"}
	facetSection      = section{view.FacetSection, (*store.Store).Facet, "name"}
	newOptionsSection = section{view.NewOptionsSection, (*store.Store).Facet, "options"}
	optionSection     = section{view.OptionSection, (*store.Store).Option, "name"}
)

// change answers a form of the section: change loads the board, calls do with the id
// of the route, and shows the board. If do returns sns.ErrConflict, the form is shown
// again: the name is taken.
func (s section) change(r *request.Request, do func(id int64, b sns.Board) error) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	b, err := s.load(r.Store, r.Ctx(), id)
	if err != nil {
		return err
	}
	err = do(id, b)
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: s.field, Key: "facet.taken"}}
	}
	edit := view.AdminEdit{Section: s.view, ID: id}
	if err != nil {
		return r.Again(err, r.Typed("name", "options", "optional"), func(status int, f view.Form) error {
			edit.Form = f
			return boardPage(r, status, b, edit)
		})
	}
	r.Boards.Forget()
	if err := logBoard(r, b.ID, b.Name); err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(boardPath(b.ID), "done.saved")
	}
	if b, err = r.Store.Board(r.Ctx(), b.ID); err != nil {
		return err
	}
	return boardPage(r, http.StatusOK, b, edit, r.Toast("done.saved"))
}

// logBoard logs that the viewer has changed a board, which everybody sees.
func logBoard(r *request.Request, id int64, name string) error {
	return r.Store.LogAct(r.Ctx(), sns.Act{By: r.Viewer.User, Kind: sns.ActBoard, Thing: boardPath(id), Note: name, At: r.Now})
}

// move answers a form that moves a facet or option up or down.
func (s section) move(r *request.Request, move func(ctx context.Context, id int64, up bool) error) error {
	return s.change(r, func(id int64, _ sns.Board) error {
		up, err := r.Bool("up")
		if err != nil {
			return err
		}
		return move(r.Ctx(), id, up)
	})
}

// close answers a form that closes or opens a facet or option.
func (s section) close(r *request.Request, closeOrOpen func(ctx context.Context, id int64, on bool, now time.Time) error) error {
	return s.change(r, func(id int64, _ sns.Board) error {
		on, err := r.Bool("on")
		if err != nil {
			return err
		}
		return closeOrOpen(r.Ctx(), id, on, r.Now)
	})
}

// typedName returns the field "name" of the form, or sns.Invalid.
func typedName(r *request.Request) (string, error) {
	name, p := sns.Label("name", r.Value("name"))
	if p != nil {
		return "", sns.Invalid{*p}
	}
	return name, nil
}

// boardPage shows a board after a change; htmx also gets more fragments.
func boardPage(r *request.Request, status int, b sns.Board, edit view.AdminEdit, more ...request.Fragment) error {
	v, title := r.Locale.AdminBoard(b, edit), r.T("admin.board", "Name", b.Name)
	if r.Partial() {
		// The heading stands outside of the fragment, and has the name of the board.
		heading := request.Fragment{HTML: template.HTML(template.HTMLEscapeString(title)), Target: "h1", Swap: "innerHTML"} //nolint:gosec // escaped
		return r.Fragments(status, append([]request.Fragment{{Name: "admin/_board", Data: v}, heading}, more...)...)
	}
	return r.Page(status, "admin/board", view.Page{Title: title, Nav: "admin", Data: v})
}
