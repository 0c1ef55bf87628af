package feed

import (
	"net/http"
	"strconv"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Like makes the viewer like a post, or not.
func (Posts) Like(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.Value("on"))
	if err != nil {
		return request.ErrBadRequest
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
		return r.Redirect(r.From() + "#post-" + view.Itoa(id))
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_like", Data: view.Like{ID: id, Liked: on, Likes: counts.Likes}})
}
