package request

import (
	"html/template"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// Posts loads posts as the viewer sees them; path is that of the page they are
// on, perhaps with a query.
func (r *Request) Posts(t sns.Timeline, path string) (view.Posts, error) {
	t.Viewer, t.Limit = r.Viewer.ID, view.PostsPerPage+1
	posts, err := r.Store.Timeline(r.Ctx(), t)
	if err != nil {
		return view.Posts{}, err
	}
	var v view.Posts
	if len(posts) > view.PostsPerPage {
		posts = posts[:view.PostsPerPage]
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		v.More = path + separator + "before=" + view.Itoa(posts[view.PostsPerPage-1].ID)
	}
	v.Cards, err = r.Cards(posts)
	return v, err
}

// Cards renders posts as of the request.
func (r *Request) Cards(posts []sns.Post) ([]template.HTML, error) {
	boards, err := r.Boards.All(r.Ctx())
	if err != nil {
		return nil, err
	}
	return r.Locale.Cards(posts, boards, r.Now)
}

// Card is cards for one post.
func (r *Request) Card(p sns.Post) (template.HTML, error) {
	cards, err := r.Cards([]sns.Post{p})
	if err != nil {
		return "", err
	}
	return cards[0], nil
}
