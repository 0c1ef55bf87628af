package web

import (
	"net/http"

	"xxsns/app/sns"
)

// editCommentView is comment/_edit.
type editCommentView struct {
	ID    int64
	Post  int64
	Form  form
	Limit int // graphemes
}

// showEditComment shows the text of one's own comment in a form: in the
// comment's place, or on a page.
func (r *request) showEditComment() error {
	c, err := r.ownComment()
	if err != nil {
		return err
	}
	return r.editCommentPage(http.StatusOK, c, newForm("content", c.Content))
}

func (r *request) editCommentPage(status int, c sns.Comment, f form) error {
	v := editCommentView{ID: c.ID, Post: c.PostID, Form: f, Limit: sns.CommentMax}
	if r.partial() {
		return r.fragments(status, part{name: "comment/_edit", data: v})
	}
	return r.page(status, "comment/edit", page{Title: r.T("comment.edit"), Data: v})
}

// editComment changes the text of one's own comment.
func (r *request) editComment() error {
	if err := r.parse(); err != nil {
		return err
	}
	c, err := r.ownComment()
	if err != nil {
		return err
	}
	err = r.changeComment(&c)
	if inv, status := r.refusal(err); inv != nil {
		return r.editCommentPage(status, c, newForm("content", r.value("content")).withProblems(r.locale, inv))
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		path, err := r.commentPath(c)
		if err != nil {
			return err
		}
		return r.redirectSaying(path, "done.saved")
	}
	return r.answerComment(c)
}

// commentPath is where a comment is to be seen: on the page of its post, unless
// too many came after it.
func (r *request) commentPath(c sns.Comment) (string, error) {
	path := "/posts/" + itoa(c.PostID)
	newest, err := r.Store.Comments(r.ctx(), c.PostID, 0, commentsSize)
	if err == nil && len(newest) == commentsSize && newest[0].ID > c.ID {
		path += "/comments?before=" + itoa(c.ID+1)
	}
	return path + "#comment-" + itoa(c.ID), err
}

// changeComment takes over the text of the form.
func (r *request) changeComment(c *sns.Comment) error {
	content, p := sns.CommentContent(r.value("content"))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == c.Content {
		return nil
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	c.Content, c.EditedAt = content, r.now
	return r.Store.EditComment(r.ctx(), c.ID, r.viewer.ID, content, c.EditedAt)
}

// showDeleteComment asks whether one's own comment is to be deleted.
func (r *request) showDeleteComment() error {
	c, err := r.ownComment()
	if err != nil {
		return err
	}
	return r.confirm(confirmView{
		Title: r.T("comment.delete_title"), Help: r.T("comment.delete_help"), Yes: r.T("comment.delete"),
		Action: "/comments/" + itoa(c.ID) + "/delete", Back: "/posts/" + itoa(c.PostID) + "#comment-" + itoa(c.ID),
	})
}

// deleteComment deletes one's own comment.
func (r *request) deleteComment() error {
	c, err := r.comment()
	if err != nil {
		return err
	}
	counts, err := r.Store.DeleteComment(r.ctx(), c.ID, r.viewer.ID)
	if err != nil {
		return err
	}
	r.tellID(TopicPost(c.PostID), KindCommentGone, c.ID)
	r.tellCounts(counts)
	if !r.partial() {
		return r.redirectSaying("/posts/"+itoa(c.PostID), "done.deleted")
	}
	return r.fragments(http.StatusOK, part{target: "#comment-" + itoa(c.ID), swap: "delete"},
		part{name: "post/_counts", data: counts}, r.toast("done.deleted"))
}
