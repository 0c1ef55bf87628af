package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the text of one's own post in a form: in the post's
// place, or on a page.
func (Posts) Edit(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	return editPage(r, http.StatusOK, post, view.NewForm("content", post.Content))
}

func editPage(r *request.Request, status int, post sns.Post, f view.Form) error {
	v := view.EditPost{ID: post.ID, Limit: sns.PostMax, Form: f, Images: view.Images(post.Images)}
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "post/_edit", Data: v})
	}
	return r.Page(status, "post/edit", view.Page{Title: r.T("post.edit"), Data: v})
}

// Update changes the text of one's own post.
func (Posts) Update(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	err = updatePost(r, post)
	if inv, status := r.Problems(err); inv != nil {
		return editPage(r, status, post, view.NewForm("content", r.Value("content")).WithProblems(r.Locale, inv))
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.PostPath(post.ID), "done.saved")
	}
	card, err := cardOf(r, post.ID)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{HTML: card}, r.Toast("done.saved"))
}

// updatePost takes over the text of the form.
func updatePost(r *request.Request, post sns.Post) error {
	content, p := sns.PostContent(r.Value("content"), len(post.Images))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == post.Content {
		return nil
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	return r.Store.EditPost(r.Ctx(), post.ID, r.Viewer.ID, content, r.Now)
}
