package feed

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Mute sets whether the viewer gets no more notices of a post. Repeating the request changes
// nothing.
func (Posts) Mute(r *request.Request) error {
	post, err := loadPost(r)
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
	if err := r.Store.SetMute(r.Ctx(), r.Viewer.ID, post.ID, on); err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(view.PostPath(post.ID))
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_mute", Data: view.Mute{Post: post.ID, On: on}})
}
