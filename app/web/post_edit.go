package web

import (
	"net/http"

	"xxsns/app/sns"
)

// editView is post/_edit.
type editView struct {
	ID     int64
	Limit  int // graphemes
	Form   form
	Images []imageView
}

// showEditPost shows the text of one's own post in a form: in the post's
// place, or on a page.
func (r *request) showEditPost() error {
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	return r.editPage(http.StatusOK, post, newForm("content", post.Content))
}

func (r *request) editPage(status int, post sns.Post, f form) error {
	v := editView{ID: post.ID, Limit: sns.PostMax, Form: f, Images: viewImages(post.Images)}
	if r.partial() {
		return r.fragments(status, part{name: "post/_edit", data: v})
	}
	return r.page(status, "post/edit", page{Title: r.T("post.edit"), Data: v})
}

// editPost changes the text of one's own post.
func (r *request) editPost() error {
	if err := r.parse(); err != nil {
		return err
	}
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	err = r.changePost(post)
	if inv, status := r.refusal(err); inv != nil {
		return r.editPage(status, post, newForm("content", r.value("content")).withProblems(r.locale, inv))
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/posts/"+itoa(post.ID), "done.saved")
	}
	card, err := r.cardOf(post.ID)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{html: card}, r.toast("done.saved"))
}

// changePost takes over the text of the form.
func (r *request) changePost(post sns.Post) error {
	content, p := sns.PostContent(r.value("content"), len(post.Images))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == post.Content {
		return nil
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	return r.Store.EditPost(r.ctx(), post.ID, r.viewer.ID, content, r.now)
}
