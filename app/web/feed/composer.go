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

func newComposer(r *request.Request) view.Composer {
	return view.Composer{
		Me: r.Locale.Author(r.Viewer.User), Key: rand.Text(),
		Limit: sns.PostMax, Max: sns.PostImagesMax, MaxBytes: media.MaxBytes,
	}
}

// boardComposer writes on a board, on its page.
func boardComposer(r *request.Request, b sns.Board, chosen []int64, wrong bool) view.Composer {
	v := newComposer(r)
	v.Board, v.Facets = b.Slug, view.NewFacets(b, chosen, wrong)
	if b.Local {
		v.Place = view.PlaceName(r.Viewer.Location)
	}
	return v
}

// timelineComposer writes on any board: the one of the slug is chosen, or the
// default one where that is not offered.
func timelineComposer(r *request.Request, slug string, chosen []int64, wrong bool) (view.Composer, error) {
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
			v.Board, v.Facets = slug, view.NewFacets(b, chosen, wrong)
		}
	}
	return v, nil
}

// emptyComposer is an empty composer for the page one is on.
func emptyComposer(r *request.Request) (view.Composer, error) {
	if b, _, err := boardOfPage(r); err == nil && !b.Closed {
		return boardComposer(r, b, nil, false), nil
	}
	return timelineComposer(r, sns.DefaultBoard, nil, false)
}

// retryPost shows the composer again with what was typed and what is wrong.
// Its key is a new one, so that sending it again makes a post.
func retryPost(r *request.Request, status int, u *request.Upload, inv sns.Invalid) error {
	r.Boards.Forget() // another replica may have changed what is asked for
	unanswered := slices.ContainsFunc(inv, func(p sns.Problem) bool { return p.Field == "f" })
	here, _, away := boardOfPage(r)
	chosen, _ := parseIDs(u.Values["f"])
	var composer view.Composer
	var err error
	homeless := here.Local && !r.Viewer.Location.Known() // its page has no composer
	if away == nil && !here.Closed && !homeless && here.Slug == u.Values.Get("board") {
		composer = boardComposer(r, here, chosen, unanswered)
	} else if composer, err = timelineComposer(r, boardOfForm(u.Values), chosen, unanswered); err != nil {
		return err
	}
	composer.Keep = r.Partial()
	if u.Sent > 0 && !composer.Keep {
		inv = append(inv, sns.Problem{Field: "again", Key: "image.again"})
	}
	composer.Form = view.NewForm("content", u.Values.Get("content")).WithProblems(r.Locale, inv)
	switch {
	case r.Partial():
		return r.Fragments(status, request.Fragment{Name: "post/_composer", Data: composer})
	case away == nil && composer.Boards == nil:
		return boardPage(r, status, here, &composer)
	}
	return timelinePage(r, status, composer)
}

// boardOfForm is the slug of the board that a form names.
func boardOfForm(values url.Values) string {
	if slug := values.Get("board"); slug != "" {
		return slug
	}
	return sns.DefaultBoard
}
