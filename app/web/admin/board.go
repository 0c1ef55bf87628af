package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Create makes a board.
func (Boards) Create(r *request.Request) error {
	id, err := createBoard(r)
	if inv, status := r.Problems(err); inv != nil {
		f := view.NewForm("name", r.Value("name"), "slug", r.Value("slug"), "local", r.Value("local")).WithProblems(r.Locale, inv)
		return boardsPage(r, status, f)
	}
	if err != nil {
		return err
	}
	r.Boards.Forget()
	return r.RedirectWithToast("/admin/boards/"+view.Itoa(id), "done.board_made")
}

func createBoard(r *request.Request) (int64, error) {
	var inv sns.Invalid
	name, p := sns.Label("name", r.Value("name"))
	inv.Add(p)
	slug := ""
	if p == nil {
		slug, p = sns.Slug(r.Value("slug"), name)
		inv.Add(p)
	}
	if err := inv.Err(); err != nil {
		return 0, err
	}
	if err := nameFree(r, name, 0); err != nil {
		return 0, err
	}
	id, err := r.Store.CreateBoard(r.Ctx(), store.NewBoard{Slug: slug, Name: name, Local: r.Value("local") != ""})
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: "slug", Key: "board.taken", Args: map[string]any{"Slug": slug}}}
	}
	return id, err
}

// Move moves a board one place up or down the list.
func (Boards) Move(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	err = flagged(r, "up", func(up bool) error { return r.Store.MoveBoard(r.Ctx(), id, up) })
	if err != nil {
		return err
	}
	r.Boards.Forget()
	if !r.Partial() {
		return r.Redirect("/admin/boards")
	}
	return Boards{}.List(r)
}

// A boardChange is what an administrator does to a board, or to a facet or option
// of one, whose id the route has.
type boardChange struct {
	section string // of the page, which shows what was wrong
	load    func(*store.Store, context.Context, int64) (sns.Board, error)
	do      func(r *request.Request, id int64, b sns.Board) error // sns.ErrConflict: the name is taken
}

// Handle answers a form: it loads the board, changes it, and shows it.
func (c boardChange) Handle(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	b, err := c.load(r.Store, r.Ctx(), id)
	if err != nil {
		return err
	}
	section := c.section
	if strings.HasSuffix(section, "-") {
		section += view.Itoa(id)
	}
	err = c.do(r, id, b)
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: c.nameField(), Key: "facet.taken"}}
	}
	if inv, status := r.Problems(err); inv != nil {
		typed := view.NewForm("name", r.Value("name"), "options", r.Value("options"), "optional", r.Value("optional"))
		return boardPage(r, status, b, view.AdminEdit{Section: section, Form: typed.WithProblems(r.Locale, inv)})
	}
	if err != nil {
		return err
	}
	r.Boards.Forget()
	if !r.Partial() {
		return r.RedirectWithToast("/admin/boards/"+view.Itoa(b.ID), "done.saved")
	}
	if b, err = r.Store.Board(r.Ctx(), b.ID); err != nil {
		return err
	}
	return boardPage(r, http.StatusOK, b, view.AdminEdit{Section: section}, r.Toast("done.saved"))
}

// nameField is the field that a name stands in.
func (c boardChange) nameField() string {
	if c.section == "options-" {
		return "options"
	}
	return "name"
}

// What can be changed. The parts with a dash are one for each facet or option.
var (
	RenameBoard = boardChange{"board", (*store.Store).Board, func(r *request.Request, id int64, _ sns.Board) error {
		return named(r, func(name string) error {
			if err := nameFree(r, name, id); err != nil {
				return err
			}
			return r.Store.RenameBoard(r.Ctx(), id, name)
		})
	}}
	// The board that posts go to which name none stays open.
	CloseBoard = boardChange{"board", (*store.Store).Board, func(r *request.Request, id int64, b sns.Board) error {
		if b.Slug == sns.DefaultBoard {
			return sns.Invalid{{Field: "on", Key: "board.default"}}
		}
		return flagged(r, "on", func(on bool) error { return r.Store.CloseBoard(r.Ctx(), id, on, r.Now) })
	}}
	CreateFacet = boardChange{"facet", (*store.Store).Board, func(r *request.Request, id int64, _ sns.Board) error {
		var inv sns.Invalid
		name, p := sns.Label("name", r.Value("name"))
		inv.Add(p)
		options, p := sns.OptionNames("options", r.Value("options"))
		inv.Add(p)
		if err := inv.Err(); err != nil {
			return err
		}
		_, err := r.Store.CreateFacet(r.Ctx(), id, name, r.Value("optional") != "", options)
		return err
	}}
	ChangeFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request.Request, id int64, _ sns.Board) error {
		return named(r, func(name string) error { return r.Store.ChangeFacet(r.Ctx(), id, name, r.Value("optional") != "") })
	}}
	MoveFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request.Request, id int64, _ sns.Board) error {
		return flagged(r, "up", func(up bool) error { return r.Store.MoveFacet(r.Ctx(), id, up) })
	}}
	CloseFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request.Request, id int64, _ sns.Board) error {
		return flagged(r, "on", func(on bool) error { return r.Store.CloseFacet(r.Ctx(), id, on, r.Now) })
	}}
	AddOptions = boardChange{"options-", (*store.Store).Facet, func(r *request.Request, id int64, _ sns.Board) error {
		names, p := sns.OptionNames("options", r.Value("options"))
		if p != nil {
			return sns.Invalid{*p}
		}
		return r.Store.AddOptions(r.Ctx(), id, names)
	}}
	RenameOption = boardChange{"option-", (*store.Store).Option, func(r *request.Request, id int64, _ sns.Board) error {
		return named(r, func(name string) error { return r.Store.RenameOption(r.Ctx(), id, name) })
	}}
	MoveOption = boardChange{"option-", (*store.Store).Option, func(r *request.Request, id int64, _ sns.Board) error {
		return flagged(r, "up", func(up bool) error { return r.Store.MoveOption(r.Ctx(), id, up) })
	}}
	CloseOption = boardChange{"option-", (*store.Store).Option, func(r *request.Request, id int64, _ sns.Board) error {
		return flagged(r, "on", func(on bool) error { return r.Store.CloseOption(r.Ctx(), id, on, r.Now) })
	}}
)

// nameFree returns sns.Invalid when another board than that of the id has the
// name: people could not tell them apart.
func nameFree(r *request.Request, name string, id int64) error {
	boards, err := r.Store.Boards(r.Ctx())
	if slices.ContainsFunc(boards, func(b sns.Board) bool { return b.Name == name && b.ID != id }) {
		return sns.Invalid{{Field: "name", Key: "facet.taken"}}
	}
	return err
}

// named does something with the name of the form.
func named(r *request.Request, do func(name string) error) error {
	name, p := sns.Label("name", r.Value("name"))
	if p != nil {
		return sns.Invalid{*p}
	}
	return do(name)
}

// flagged does something with a field that is true or false.
func flagged(r *request.Request, field string, do func(on bool) error) error {
	on, err := strconv.ParseBool(r.Value(field))
	if err != nil {
		return request.ErrBadRequest
	}
	return do(on)
}
