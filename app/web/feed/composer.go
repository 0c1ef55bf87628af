package feed

import (
	"crypto/rand"
	"net/url"
	"slices"

	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// emptyComposer returns the empty composer of the page that sent the request.
func emptyComposer(r *request.Request) (view.Composer, error) {
	if b, _, ok := boardOfPage(r); ok && !b.Closed {
		return boardComposer(r, b, nil, false), nil
	}
	return timelineComposer(r, sns.DefaultBoard, nil, false)
}

// boardComposer returns the composer on the page of a board, with the chosen
// options. With markMissing, facets without a choice are marked.
func boardComposer(r *request.Request, b sns.Board, chosen []int64, markMissing bool) view.Composer {
	v := newComposer(r)
	v.Board, v.Facets = b.Slug, view.NewFacets(b, chosen, markMissing)
	if b.Local {
		v.Place = view.PlaceName(r.Viewer.Location)
	}
	return v
}

// timelineComposer is boardComposer for the timeline, where the author chooses the
// board. The board of the slug is chosen already, or the default board if the viewer
// cannot post on the board of the slug.
func timelineComposer(r *request.Request, slug string, chosen []int64, markMissing bool) (view.Composer, error) {
	boards, err := openBoards(r)
	if err != nil {
		return view.Composer{}, err
	}
	boards = slices.DeleteFunc(boards, func(b sns.Board) bool { return b.Local && !r.Viewer.Location.Known() })
	if !slices.ContainsFunc(boards, func(b sns.Board) bool { return b.Slug == slug }) {
		slug = sns.DefaultBoard
	}
	v := newComposer(r)
	v.Board = sns.DefaultBoard
	for _, b := range boards {
		v.Boards = append(v.Boards, view.BoardChoice{Slug: b.Slug, Name: b.Name, On: b.Slug == slug})
		if b.Slug == slug {
			v.Board, v.Facets = slug, view.NewFacets(b, chosen, markMissing)
		}
	}
	return v, nil
}

func newComposer(r *request.Request) view.Composer {
	return view.Composer{
		Me: r.Locale.Author(r.Viewer.User), From: r.From(), Key: rand.Text(),
		Limit: sns.PostMax, Max: sns.PostImagesMax, MaxBytes: media.MaxBytes,
	}
}

// retryPost shows the composer again, with the typed text and the problems. The form
// gets a new key: with the old key, a corrected text would not become a post if the
// first text has.
func retryPost(r *request.Request, status int, u *request.Upload, problems sns.Invalid) error {
	r.Boards.Forget() // another replica may have changed the facets
	board, _, onBoard := boardOfPage(r)
	onBoard = onBoard && canCompose(r, board) && board.Slug == u.Values.Get("board")
	composer, err := composerOfForm(r, board, onBoard, u.Values, problems)
	if err != nil {
		return err
	}
	composer.Keep = r.Partial()
	if u.Sent > 0 && !composer.Keep {
		problems = append(problems, sns.Problem{Field: "again", Key: "image.again"})
	}
	composer.Form = view.NewForm("content", u.Values.Get("content")).WithProblems(r.Locale, problems)
	switch {
	case r.Partial():
		return r.Fragments(status, request.Fragment{Name: "post/_composer", Data: composer})
	case onBoard:
		return boardPage(r, status, board, &composer)
	}
	return timelinePage(r, status, &composer)
}

// canCompose reports whether the page of a board has a composer.
func canCompose(r *request.Request, b sns.Board) bool {
	return !b.Closed && (!b.Local || r.Viewer.Location.Known())
}

// composerOfForm returns the composer of a board's page, or of the timeline, with
// the choices of a form.
func composerOfForm(r *request.Request, b sns.Board, onBoard bool, values url.Values, problems sns.Invalid) (view.Composer, error) {
	chosen, _ := parseIDs(values["f"])
	markMissing := slices.ContainsFunc(problems, func(p sns.Problem) bool { return p.Field == "f" })
	if onBoard {
		return boardComposer(r, b, chosen, markMissing), nil
	}
	return timelineComposer(r, slugOfForm(values), chosen, markMissing)
}

// slugOfForm returns the slug of the board that a form names, or else of the default
// board.
func slugOfForm(values url.Values) string {
	if slug := values.Get("board"); slug != "" {
		return slug
	}
	return sns.DefaultBoard
}
