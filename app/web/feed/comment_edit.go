package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the form of the text of a comment of the viewer: instead of the comment,
// or on a page.
func (Comments) Edit(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	return editCommentPage(r, http.StatusOK, c, view.NewForm("content", c.Content))
}

// loadOwnComment is loadComment for the author; for others, the error is
// sns.ErrForbidden.
func loadOwnComment(r *request.Request) (sns.Comment, error) {
	c, err := loadComment(r)
	if err == nil && !c.EditableBy(r.Viewer.ID) {
		err = sns.ErrForbidden
	}
	return c, err
}

func editCommentPage(r *request.Request, status int, c sns.Comment, f view.Form) error {
	return r.Show(status, "comment/_edit", "comment/edit", view.Page{
		Title: r.T("comment.edit"), Data: view.EditComment{ID: c.ID, Post: c.PostID, Form: f, Limit: sns.CommentMax},
	})
}

// Update changes the text of a comment of the viewer.
func (Comments) Update(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	if err := updateComment(r, &c); err != nil {
		return r.Again(err, r.Typed("content"), func(status int, f view.Form) error { return editCommentPage(r, status, c, f) })
	}
	return showComment(r, c, func(path string) error { return r.RedirectWithToast(path, "done.saved") })
}

// updateComment saves the text of the form, also in c.
func updateComment(r *request.Request, c *sns.Comment) error {
	content, p := sns.CommentContent(r.Value("content"))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == c.Content {
		return nil
	}
	if err := checkNewcomer(r, content); err != nil {
		return err
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	c.Content, c.EditedAt = content, r.Now
	if err := r.Store.EditComment(r.Ctx(), c.ID, r.Viewer.ID, content, c.EditedAt); err != nil {
		return err
	}
	return readMentions(r, c)
}
