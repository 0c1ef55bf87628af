package feed

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Like sets whether the viewer likes a post. Repeating the request changes nothing.
func (Posts) Like(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	on, err := r.Bool("on")
	if err != nil {
		return err
	}
	if err := r.Limit(request.LimitLike); err != nil {
		return err
	}
	counts, changed, err := r.Store.SetLike(r.Ctx(), id, r.Viewer.ID, on, r.Now)
	if err != nil {
		return err
	}
	if changed {
		tellCounts(r, counts)
	}
	if !r.Partial() {
		return r.Redirect(r.From() + postElement(id))
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_like", Data: view.Like{ID: id, Liked: on, Likes: counts.Likes, Version: counts.Version}})
}
