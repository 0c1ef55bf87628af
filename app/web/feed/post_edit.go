package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the form of the text of a post of the viewer: instead of the card, or
// on a page.
func (Posts) Edit(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	return editPostPage(r, http.StatusOK, post, view.NewForm("content", post.Content))
}

// loadOwnPost is loadPost for the author; for others, the error is sns.ErrForbidden.
func loadOwnPost(r *request.Request) (sns.Post, error) {
	post, err := loadPost(r)
	if err == nil && !post.EditableBy(r.Viewer.ID) {
		err = sns.ErrForbidden
	}
	return post, err
}

func editPostPage(r *request.Request, status int, post sns.Post, f view.Form) error {
	return r.Show(status, "post/_edit", "post/edit", view.Page{
		Title: r.T("post.edit"),
		Data:  view.EditPost{ID: post.ID, Limit: sns.PostMax, Form: f, Images: view.Images(post.Images)},
	})
}

// Update changes the text of a post of the viewer.
func (Posts) Update(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	if err := updatePost(r, post); err != nil {
		return r.Again(err, r.Typed("content"), func(status int, f view.Form) error { return editPostPage(r, status, post, f) })
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.PostPath(post.ID), "done.saved")
	}
	if post, err = r.Store.Post(r.Ctx(), post.ID, r.Viewer.ID); err != nil {
		return err
	}
	card, err := r.Card(post)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{HTML: card}, r.Toast("done.saved"))
}

// updatePost saves the text of the form.
func updatePost(r *request.Request, post sns.Post) error {
	content, p := sns.PostContent(r.Value("content"), len(post.Images))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == post.Content {
		return nil
	}
	if err := checkNewcomer(r, content); err != nil {
		return err
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	return r.Store.EditPost(r.Ctx(), post.ID, r.Viewer.ID, content, r.Now)
}
