package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Edit shows the text of one's own comment in a form: in the
// comment's place, or on a page.
func (Comments) Edit(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	return editCommentPage(r, http.StatusOK, c, view.NewForm("content", c.Content))
}

func editCommentPage(r *request.Request, status int, c sns.Comment, f view.Form) error {
	v := view.EditComment{ID: c.ID, Post: c.PostID, Form: f, Limit: sns.CommentMax}
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "comment/_edit", Data: v})
	}
	return r.Page(status, "comment/edit", view.Page{Title: r.T("comment.edit"), Data: v})
}

// Update changes the text of one's own comment.
func (Comments) Update(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	err = updateComment(r, &c)
	if inv, status := r.Problems(err); inv != nil {
		return editCommentPage(r, status, c, view.NewForm("content", r.Value("content")).WithProblems(r.Locale, inv))
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		path, err := commentPath(r, c)
		if err != nil {
			return err
		}
		return r.RedirectWithToast(path, "done.saved")
	}
	return showComment(r, c)
}

// commentPath is where a comment is to be seen: on the page of its post, unless
// too many came after it.
func commentPath(r *request.Request, c sns.Comment) (string, error) {
	path := view.PostPath(c.PostID)
	newest, err := r.Store.Comments(r.Ctx(), c.PostID, 0, CommentsPerPage)
	if err == nil && len(newest) == CommentsPerPage && newest[0].ID > c.ID {
		path += "/comments?before=" + view.Itoa(c.ID+1)
	}
	return path + "#comment-" + view.Itoa(c.ID), err
}

// updateComment takes over the text of the form.
func updateComment(r *request.Request, c *sns.Comment) error {
	content, p := sns.CommentContent(r.Value("content"))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == c.Content {
		return nil
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	c.Content, c.EditedAt = content, r.Now
	return r.Store.EditComment(r.Ctx(), c.ID, r.Viewer.ID, content, c.EditedAt)
}

// ConfirmDelete asks whether one's own comment is to be deleted.
func (Comments) ConfirmDelete(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	return r.Confirm(view.Confirm{
		Title: r.T("comment.delete_title"), Help: r.T("comment.delete_help"), Yes: r.T("comment.delete"),
		Action: "/comments/" + view.Itoa(c.ID) + "/delete", Back: view.PostPath(c.PostID) + "#comment-" + view.Itoa(c.ID),
	})
}

// Delete deletes one's own comment.
func (Comments) Delete(r *request.Request) error {
	c, err := loadComment(r)
	if err != nil {
		return err
	}
	counts, err := r.Store.DeleteComment(r.Ctx(), c.ID, r.Viewer.ID)
	if err != nil {
		return err
	}
	r.TellID(view.TopicPost(c.PostID), view.KindCommentGone, c.ID)
	tellCounts(r, counts)
	if !r.Partial() {
		return r.RedirectWithToast(view.PostPath(c.PostID), "done.deleted")
	}
	return r.Fragments(http.StatusOK, request.Fragment{Target: "#comment-" + view.Itoa(c.ID), Swap: "delete"},
		request.Fragment{Name: "post/_counts", Data: counts}, r.Toast("done.deleted"))
}
