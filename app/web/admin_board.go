package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// createBoard makes a board.
func (r *request) createBoard() error {
	if err := r.parse(); err != nil {
		return err
	}
	id, err := r.makeBoard()
	if inv, status := r.refusal(err); inv != nil {
		f := newForm("name", r.value("name"), "slug", r.value("slug"), "local", r.value("local")).withProblems(r.locale, inv)
		return r.adminBoardsPage(status, f)
	}
	if err != nil {
		return err
	}
	r.Boards.Forget()
	return r.redirectSaying("/admin/boards/"+itoa(id), "done.board_made")
}

func (r *request) makeBoard() (int64, error) {
	var inv sns.Invalid
	name, p := sns.Label("name", r.value("name"))
	inv.Add(p)
	slug := ""
	if p == nil {
		slug, p = sns.Slug(r.value("slug"), name)
		inv.Add(p)
	}
	if err := inv.Err(); err != nil {
		return 0, err
	}
	if err := r.boardNameFree(name, 0); err != nil {
		return 0, err
	}
	id, err := r.Store.CreateBoard(r.ctx(), store.NewBoard{Slug: slug, Name: name, Local: r.value("local") != ""})
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: "slug", Key: "board.taken", Args: map[string]any{"Slug": slug}}}
	}
	return id, err
}

// moveBoard moves a board one place up or down the list.
func (r *request) moveBoard() error {
	if err := r.parse(); err != nil {
		return err
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	err = r.flagged("up", func(up bool) error { return r.Store.MoveBoard(r.ctx(), id, up) })
	if err != nil {
		return err
	}
	r.Boards.Forget()
	if !r.partial() {
		return r.redirect("/admin/boards")
	}
	return r.showAdminBoards()
}

// A boardChange is what an administrator does to a board, or to a facet or option
// of one, whose id the route has.
type boardChange struct {
	part string // of the page, in which it says what was refused
	load func(*store.Store, context.Context, int64) (sns.Board, error)
	do   func(r *request, id int64, b sns.Board) error // sns.ErrConflict: the name is taken
}

// What can be changed. The parts with a dash are one for each facet or option.
var (
	renameBoard = boardChange{"board", (*store.Store).Board, func(r *request, id int64, _ sns.Board) error {
		return r.named(func(name string) error {
			if err := r.boardNameFree(name, id); err != nil {
				return err
			}
			return r.Store.RenameBoard(r.ctx(), id, name)
		})
	}}
	// The board that posts go to which name none stays open.
	closeBoard = boardChange{"board", (*store.Store).Board, func(r *request, id int64, b sns.Board) error {
		if b.Slug == sns.DefaultBoard {
			return sns.Invalid{{Field: "on", Key: "board.default"}}
		}
		return r.flagged("on", func(on bool) error { return r.Store.CloseBoard(r.ctx(), id, on, r.now) })
	}}
	createFacet = boardChange{"facet", (*store.Store).Board, func(r *request, id int64, _ sns.Board) error {
		var inv sns.Invalid
		name, p := sns.Label("name", r.value("name"))
		inv.Add(p)
		options, p := sns.OptionNames("options", r.value("options"))
		inv.Add(p)
		if err := inv.Err(); err != nil {
			return err
		}
		_, err := r.Store.CreateFacet(r.ctx(), id, name, r.value("optional") != "", options)
		return err
	}}
	changeFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request, id int64, _ sns.Board) error {
		return r.named(func(name string) error { return r.Store.ChangeFacet(r.ctx(), id, name, r.value("optional") != "") })
	}}
	moveFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request, id int64, _ sns.Board) error {
		return r.flagged("up", func(up bool) error { return r.Store.MoveFacet(r.ctx(), id, up) })
	}}
	closeFacet = boardChange{"facet-", (*store.Store).Facet, func(r *request, id int64, _ sns.Board) error {
		return r.flagged("on", func(on bool) error { return r.Store.CloseFacet(r.ctx(), id, on, r.now) })
	}}
	addOptions = boardChange{"options-", (*store.Store).Facet, func(r *request, id int64, _ sns.Board) error {
		names, p := sns.OptionNames("options", r.value("options"))
		if p != nil {
			return sns.Invalid{*p}
		}
		return r.Store.AddOptions(r.ctx(), id, names)
	}}
	renameOption = boardChange{"option-", (*store.Store).Option, func(r *request, id int64, _ sns.Board) error {
		return r.named(func(name string) error { return r.Store.RenameOption(r.ctx(), id, name) })
	}}
	moveOption = boardChange{"option-", (*store.Store).Option, func(r *request, id int64, _ sns.Board) error {
		return r.flagged("up", func(up bool) error { return r.Store.MoveOption(r.ctx(), id, up) })
	}}
	closeOption = boardChange{"option-", (*store.Store).Option, func(r *request, id int64, _ sns.Board) error {
		return r.flagged("on", func(on bool) error { return r.Store.CloseOption(r.ctx(), id, on, r.now) })
	}}
)

// boardNameFree returns sns.Invalid when another board than that of the id has the
// name: people could not tell them apart.
func (r *request) boardNameFree(name string, id int64) error {
	boards, err := r.Store.Boards(r.ctx())
	if slices.ContainsFunc(boards, func(b sns.Board) bool { return b.Name == name && b.ID != id }) {
		return sns.Invalid{{Field: "name", Key: "facet.taken"}}
	}
	return err
}

// named does something with the name of the form.
func (r *request) named(do func(name string) error) error {
	name, p := sns.Label("name", r.value("name"))
	if p != nil {
		return sns.Invalid{*p}
	}
	return do(name)
}

// flagged does something with a field that is true or false.
func (r *request) flagged(field string, do func(on bool) error) error {
	on, err := strconv.ParseBool(r.value(field))
	if err != nil {
		return errBadRequest
	}
	return do(on)
}

// handle answers a form: it loads the board, changes it, and shows it.
func (c boardChange) handle(r *request) error {
	if err := r.parse(); err != nil {
		return err
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	b, err := c.load(r.Store, r.ctx(), id)
	if err != nil {
		return err
	}
	part := c.part
	if strings.HasSuffix(part, "-") {
		part += itoa(id)
	}
	err = c.do(r, id, b)
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: c.nameField(), Key: "facet.taken"}}
	}
	if inv, status := r.refusal(err); inv != nil {
		typed := newForm("name", r.value("name"), "options", r.value("options"), "optional", r.value("optional"))
		return r.adminBoardPage(status, b, refused{part, typed.withProblems(r.locale, inv)})
	}
	if err != nil {
		return err
	}
	r.Boards.Forget()
	if !r.partial() {
		return r.redirectSaying("/admin/boards/"+itoa(b.ID), "done.saved")
	}
	if b, err = r.Store.Board(r.ctx(), b.ID); err != nil {
		return err
	}
	return r.adminBoardPage(http.StatusOK, b, refused{part: part}, r.toast("done.saved"))
}

// nameField is the field that a name stands in.
func (c boardChange) nameField() string {
	if c.part == "options-" {
		return "options"
	}
	return "name"
}
