package admin

import (
	"errors"
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// List lists all boards, with the form of a new board.
func (Boards) List(r *request.Request) error { return boardsPage(r, http.StatusOK, view.NewForm()) }

const boardsPath = "/admin/boards"

func boardPath(id int64) string { return boardsPath + "/" + view.Itoa(id) }

func boardsPage(r *request.Request, status int, f view.Form) error {
	boards, err := r.Store.Boards(r.Ctx())
	if err != nil {
		return err
	}
	return r.Show(status, "admin/_boards", "admin/boards", view.Page{
		Title: r.T("admin.boards"), Nav: "admin", Data: view.NewAdminBoards(boards, f),
	})
}

// Create creates a board and redirects to the page of the board.
func (Boards) Create(r *request.Request) error {
	id, err := createBoard(r)
	if err != nil {
		return r.Again(err, r.Typed("name", "slug", "local"), func(status int, f view.Form) error { return boardsPage(r, status, f) })
	}
	r.Boards.Forget()
	if err := logBoard(r, id, r.Value("name")); err != nil {
		return err
	}
	return r.RedirectWithToast(boardPath(id), "done.board_made")
}

func createBoard(r *request.Request) (int64, error) {
	var problems sns.Invalid
	name, p := sns.Label("name", r.Value("name"))
	problems.Add(p)
	slug := ""
	if p == nil {
		slug, p = sns.Slug(r.Value("slug"), name)
		problems.Add(p)
	}
	if err := problems.Err(); err != nil {
		return 0, err
	}
	if err := checkNameFree(r, name, 0); err != nil {
		return 0, err
	}
	id, err := r.Store.CreateBoard(r.Ctx(), store.NewBoard{Slug: slug, Name: name, Local: r.Value("local") != ""})
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: "slug", Key: "board.taken", Args: map[string]any{"Slug": slug}}}
	}
	return id, err
}

// checkNameFree returns sns.Invalid if a board other than the board with the id has
// the name: people could not tell the two boards apart.
func checkNameFree(r *request.Request, name string, id int64) error {
	boards, err := r.Store.Boards(r.Ctx())
	if slices.ContainsFunc(boards, func(b sns.Board) bool { return b.Name == name && b.ID != id }) {
		return sns.Invalid{{Field: "name", Key: "facet.taken"}}
	}
	return err
}

// Move moves a board one place up or down the list, and shows the list.
func (Boards) Move(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	up, err := r.Bool("up")
	if err != nil {
		return err
	}
	if err := r.Store.MoveBoard(r.Ctx(), id, up); err != nil {
		return err
	}
	r.Boards.Forget()
	b, err := r.Store.Board(r.Ctx(), id)
	if err != nil {
		return err
	}
	if err := logBoard(r, id, b.Name); err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(boardsPath)
	}
	return boardsPage(r, http.StatusOK, view.NewForm())
}

// Show shows a board with its facets and options, and the forms that change them.
func (Boards) Show(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	b, err := r.Store.Board(r.Ctx(), id)
	if err != nil {
		return err
	}
	return boardPage(r, http.StatusOK, b, view.AdminEdit{})
}

// Rename changes the name of a board; the slug stays.
func (Boards) Rename(r *request.Request) error {
	return boardSection.change(r, func(id int64, _ sns.Board) error {
		name, err := typedName(r)
		if err != nil {
			return err
		}
		if err := checkNameFree(r, name, id); err != nil {
			return err
		}
		return r.Store.RenameBoard(r.Ctx(), id, name)
	})
}

// Close closes or opens a board. The default board stays open: posts that name no
// board go there.
func (Boards) Close(r *request.Request) error {
	return boardSection.change(r, func(id int64, b sns.Board) error {
		if b.Slug == sns.DefaultBoard {
			return sns.Invalid{{Field: "on", Key: "board.default"}}
		}
		on, err := r.Bool("on")
		if err != nil {
			return err
		}
		return r.Store.CloseBoard(r.Ctx(), id, on, r.Now)
	})
}
