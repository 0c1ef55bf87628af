package web

import (
	"net/http"
	"strconv"
)

// setLike makes the viewer like a post, or not.
func (r *request) setLike() error {
	if err := r.parse(); err != nil {
		return err
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.value("on"))
	if err != nil {
		return errBadRequest
	}
	if err := r.limit(limitLike); err != nil {
		return err
	}
	counts, changed, err := r.Store.SetLike(r.ctx(), id, r.viewer.ID, on, r.now)
	if err != nil {
		return err
	}
	if changed {
		r.tellCounts(counts)
	}
	if !r.partial() {
		return r.redirect(r.here() + "#post-" + itoa(id))
	}
	return r.fragments(http.StatusOK, part{name: "post/_like", data: likeView{ID: id, Liked: on, Likes: counts.Likes}})
}
