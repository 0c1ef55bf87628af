package request

import (
	"html/template"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// Posts loads the posts of a page as the viewer sees the posts, newest first, and the id of
// the newest post of all. path is the path of the page, which may have a query: the link to
// older posts leads there.
func (r *Request) Posts(t sns.Timeline, path string) (v view.Posts, newest int64, err error) {
	t.Viewer = r.Viewer.ID
	size, err := r.pageSize(t)
	if err != nil {
		return v, 0, err
	}
	t.Limit = size + 1
	posts, newest, err := r.Store.TimelineAndNewest(r.Ctx(), t)
	if err != nil {
		return v, 0, err
	}
	posts, more := view.Cut(posts, size)
	if more {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		v.More = path + separator + "before=" + view.Itoa(posts[len(posts)-1].ID)
	}
	v.Cards, err = r.Cards(posts)
	return v, newest, err
}

// pageSize returns how many posts a page shows: view.PostsPerPage, or as many as reach
// down to the post ?through=, which a browser asks for that goes back to a place in
// the list.
func (r *Request) pageSize(t sns.Timeline) (int, error) {
	through, err := r.Cursor("through")
	if err != nil || through == 0 {
		return view.PostsPerPage, err
	}
	t.After, t.Limit = through-1, view.PostsThrough
	posts, err := r.Store.CountPosts(r.Ctx(), t)
	return max(posts, view.PostsPerPage), err
}

// Cards renders posts in the viewer's language at the time of the request.
func (r *Request) Cards(posts []sns.Post) (*view.List, error) {
	boards, err := r.Boards.All(r.Ctx())
	if err != nil {
		return nil, err
	}
	return r.Locale.Cards(posts, boards, r.Now)
}

// Card is Cards for a single post.
func (r *Request) Card(p sns.Post) (template.HTML, error) {
	cards, err := r.Cards([]sns.Post{p})
	if err != nil {
		return "", err
	}
	return cards.HTML(), nil
}
