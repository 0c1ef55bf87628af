package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// CommentsPerPage is the number of comments that a page shows at once.
const CommentsPerPage = 50

// List shows the comments on a post before ?before=: as a fragment, or on the page of
// the post. A partial request with ?after= gets the comments after that one.
func (Comments) List(r *request.Request) error {
	post, err := loadPost(r)
	if err != nil {
		return err
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	if !r.Partial() {
		return postPage(r, http.StatusOK, post, before, newReply(r, post.ID))
	}
	if r.Query("after") != "" {
		return missedComments(r, post.ID)
	}
	comments, err := loadComments(r, post, before)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_list", Data: comments})
}

// loadComments loads the comments on a post before an id, or the newest comments if
// before is 0. The oldest comment is first.
func loadComments(r *request.Request, post sns.Post, before int64) (view.Comments, error) {
	comments, err := r.Store.CommentsOf(r.Ctx(), post, r.Viewer.ID, before, CommentsPerPage+1)
	if err != nil {
		return view.Comments{}, err
	}
	var v view.Comments
	if len(comments) > CommentsPerPage {
		comments = comments[1:]
		v.Before = commentsPath(post.ID, comments[0].ID)
	}
	v.Items, err = r.Locale.Comments(comments, r.Now)
	return v, err
}

// LatestComments is the number of comments that a list shows below a post.
const LatestComments = 3

// Latest shows the newest comments on a post, below the post in a list. Without
// scripting the button is a link to the post.
func (Comments) Latest(r *request.Request) error {
	post, err := loadPost(r)
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(view.PostPath(post.ID) + "#comments")
	}
	comments, err := r.Store.Comments(r.Ctx(), post.ID, r.Viewer.ID, 0, LatestComments)
	if err != nil {
		return err
	}
	reply := newReply(r, post.ID)
	reply.Under = true
	return r.Fragments(http.StatusOK, request.Fragment{
		Name: "comment/_latest", Data: view.LatestComments{Post: post.ID, Items: commentViews(r, comments), Reply: reply},
	})
}

func commentViews(r *request.Request, comments []sns.Comment) []view.Comment {
	views := make([]view.Comment, len(comments))
	for i, c := range comments {
		views[i] = r.Locale.Comment(c, r.Now)
	}
	return views
}

// mostMissed is the largest number of missed comments in an answer.
const mostMissed = 200

// missedComments answers with the comments after ?after=, which the page missed
// while its stream was down.
func missedComments(r *request.Request, post int64) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	comments, err := r.Store.CommentsAfter(r.Ctx(), post, r.Viewer.ID, after, mostMissed)
	if err != nil {
		return err
	}
	items, err := r.Locale.Comments(comments, r.Now)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_list", Data: view.Comments{Items: items}})
}

// Show redirects to a comment on the page of the post. A partial request gets the
// comment alone: the viewer has cancelled an edit.
func (Comments) Show(r *request.Request) error {
	c, err := loadComment(r)
	if err != nil {
		return err
	}
	return showComment(r, c, r.Redirect)
}

// loadComment loads the comment of the route, if the viewer may see it.
func loadComment(r *request.Request) (sns.Comment, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.Comment{}, err
	}
	return r.Store.CommentFor(r.Ctx(), id, r.Viewer.ID)
}

// showComment answers a partial request with the comment, and any other request with
// a redirect to the page of the comment.
func showComment(r *request.Request, c sns.Comment, redirect func(path string) error) error {
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_item", Data: r.Locale.Comment(c, r.Now)})
	}
	path, err := commentPath(r, c)
	if err != nil {
		return err
	}
	return redirect(path)
}

// commentPath returns the path of the page that shows a comment: the page of the
// post, or a page of older comments if too many comments are newer.
func commentPath(r *request.Request, c sns.Comment) (string, error) {
	path := view.PostPath(c.PostID)
	newest, err := r.Store.Comments(r.Ctx(), c.PostID, r.Viewer.ID, 0, CommentsPerPage)
	if err == nil && len(newest) == CommentsPerPage && newest[0].ID > c.ID {
		path = commentsPath(c.PostID, c.ID+1)
	}
	return path + commentElement(c.ID), err
}

// commentsPath returns the path of the comments on a post before an id.
func commentsPath(post, before int64) string {
	return view.PostPath(post) + "/comments?before=" + view.Itoa(before)
}

// commentElement returns the selector of a comment, which is also the fragment of a
// URL that leads to the comment.
func commentElement(id int64) string { return "#comment-" + view.Itoa(id) }

// ConfirmDelete asks the author whether to delete a comment.
func (Comments) ConfirmDelete(r *request.Request) error {
	c, err := loadOwnComment(r)
	if err != nil {
		return err
	}
	return r.Confirm(view.Confirm{
		Title: r.T("comment.delete_title"), Help: r.T("comment.delete_help"), Yes: r.T("comment.delete"),
		Action: "/comments/" + view.Itoa(c.ID) + "/delete", Back: view.PostPath(c.PostID) + commentElement(c.ID),
	})
}

// Delete deletes a comment of the viewer.
func (Comments) Delete(r *request.Request) error {
	c, err := loadComment(r)
	if err != nil {
		return err
	}
	counts, err := r.Store.DeleteComment(r.Ctx(), c.ID, r.Viewer.ID)
	if err != nil {
		return err
	}
	r.Tell(view.CommentGoneEvent(c.PostID, c.ID))
	tellCounts(r, counts)
	return r.Done(view.PostPath(c.PostID), "done.deleted",
		request.Remove(commentElement(c.ID)), request.Fragment{Name: "post/_counts", Data: counts})
}
