package feed

import (
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// newcomer reports whether the limits of the first day hold for the viewer.
func newcomer(r *request.Request) (bool, error) {
	c, err := r.Community.Present(r.Ctx())
	return c.Newcomer(r.Viewer.User, r.Now), err
}

// checkNewcomer returns sns.Invalid if the viewer is too new for the links of a text.
func checkNewcomer(r *request.Request, text string) error {
	is, err := newcomer(r)
	if err != nil || !is {
		return err
	}
	if p := sns.NewcomerText(text); p != nil {
		return sns.Invalid{*p}
	}
	return nil
}

// checkNewPost is checkNewcomer for a new post, of which a newcomer may write few. A form that
// was sent before makes no new post.
func checkNewPost(r *request.Request, text, key string) error {
	if err := checkNewcomer(r, text); err != nil {
		return err
	}
	is, err := newcomer(r)
	if err != nil || !is {
		return err
	}
	written, err := r.Store.CountPosts(r.Ctx(), sns.Timeline{Author: r.Viewer.ID, Limit: sns.NewcomerPosts})
	if err != nil || written < sns.NewcomerPosts {
		return err
	}
	if _, err := r.Store.PostByKey(r.Ctx(), r.Viewer.ID, key); err == nil {
		return nil
	}
	return sns.Invalid{{Field: "content", Key: "newcomer.posts", Args: map[string]any{"Max": sns.NewcomerPosts}}}
}
