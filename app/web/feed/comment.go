package feed

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// CommentsPerPage is how many comments are shown at once.
const CommentsPerPage = 50

func newReply(r *request.Request, post int64) view.Reply {
	return view.Reply{Post: post, Me: r.Locale.Author(r.Viewer.User), Key: rand.Text(), Limit: sns.CommentMax}
}

func loadComments(r *request.Request, post, before int64) (view.Comments, error) {
	comments, err := r.Store.Comments(r.Ctx(), post, before, CommentsPerPage+1)
	if err != nil {
		return view.Comments{}, err
	}
	var v view.Comments
	if len(comments) > CommentsPerPage {
		comments = comments[1:]
		v.Before = view.PostPath(post) + "/comments?before=" + view.Itoa(comments[0].ID)
	}
	v.Items = commentViews(r, comments)
	return v, nil
}

func commentViews(r *request.Request, comments []sns.Comment) []view.Comment {
	views := make([]view.Comment, len(comments))
	for i, c := range comments {
		views[i] = r.Locale.Comment(c, r.Now)
	}
	return views
}

// List shows the comments before ?before=: as a fragment, or on the
// page of their post.
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
	comments, err := loadComments(r, post.ID, before)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_list", Data: comments})
}

// mostMissed is how many comments a page catches up on at once.
const mostMissed = 200

// missedComments answers the comments after ?after=, which a page has missed
// while its stream was down.
func missedComments(r *request.Request, post int64) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	comments, err := r.Store.CommentsAfter(r.Ctx(), post, after, mostMissed)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_list", Data: view.Comments{Items: commentViews(r, comments)}})
}

// Create makes a comment.
func (Comments) Create(r *request.Request) error {
	post, err := loadPost(r)
	if err != nil {
		return err
	}
	comment, counts, again, err := createComment(r, post.ID)
	if inv, status := r.Problems(err); inv != nil {
		return retryComment(r, status, post, inv)
	}
	if err != nil {
		return err
	}
	if !again {
		tellComment(r, comment)
		tellCounts(r, counts)
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.PostPath(post.ID)+"#comment-"+view.Itoa(comment.ID), "done.commented")
	}
	return r.Fragments(http.StatusOK,
		request.Fragment{Name: "comment/_reply", Data: newReply(r, post.ID)},
		request.Fragment{Name: "comment/_item", Data: r.Locale.Comment(comment, r.Now), Target: "#comments", Swap: "beforeend show:bottom"},
		request.Fragment{Name: "post/_counts", Data: counts}, r.Toast("done.commented"))
}

// Create checks the form and makes its comment; again is as in createPost.
func createComment(r *request.Request, post int64) (c sns.Comment, counts sns.Counts, again bool, err error) {
	key, err := request.FormKey(r.Value("key"))
	if err != nil {
		return c, counts, false, err
	}
	content, p := sns.CommentContent(r.Value("content"))
	if p != nil {
		return c, counts, false, sns.Invalid{*p}
	}
	if err := r.Limit(request.LimitComment); err != nil {
		return c, counts, false, err
	}
	id, counts, err := r.Store.AddComment(r.Ctx(), store.NewComment{
		Post: post, Author: r.Viewer.ID, Content: content, Key: key, CreatedAt: r.Now,
	})
	if errors.Is(err, sns.ErrConflict) {
		c, err = r.Store.CommentByKey(r.Ctx(), r.Viewer.ID, key)
		if err == nil && (c.Content != content || c.PostID != post) {
			err = sns.Invalid{{Field: "content", Key: "comment.again"}}
		}
		if err == nil {
			counts, err = loadCounts(r, post)
		}
		return c, counts, true, err
	}
	if err != nil {
		return c, counts, false, err
	}
	c = sns.Comment{ID: id, PostID: post, Author: r.Viewer.User, Content: content, CreatedAt: r.Now}
	return c, counts, false, nil
}

func loadCounts(r *request.Request, post int64) (sns.Counts, error) {
	counts, err := r.Store.Counts(r.Ctx(), []int64{post})
	if err == nil && len(counts) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Counts{}, err
	}
	return counts[0], nil
}

func retryComment(r *request.Request, status int, post sns.Post, inv sns.Invalid) error {
	reply := newReply(r, post.ID)
	reply.Form = view.NewForm("content", r.Value("content")).WithProblems(r.Locale, inv)
	if r.Partial() {
		return r.Fragments(status, request.Fragment{Name: "comment/_reply", Data: reply})
	}
	return postPage(r, status, post, 0, reply)
}

func tellComment(r *request.Request, c sns.Comment) {
	data, _ := json.Marshal(c) // plain values: it cannot fail
	r.Tell(live.Event{Topic: view.TopicPost(c.PostID), Kind: view.KindComment, Data: data})
}

// loadComment loads the comment of the route.
func loadComment(r *request.Request) (sns.Comment, error) {
	id, err := r.ID()
	if err != nil {
		return sns.Comment{}, err
	}
	return r.Store.Comment(r.Ctx(), id)
}

// loadOwnComment is comment, for its author.
func loadOwnComment(r *request.Request) (sns.Comment, error) {
	c, err := loadComment(r)
	if err == nil && !c.EditableBy(r.Viewer.ID) {
		err = sns.ErrForbidden
	}
	return c, err
}

// Show goes to the comment on the page of its post, or answers it alone
// when an edit was called off.
func (Comments) Show(r *request.Request) error {
	c, err := loadComment(r)
	if err != nil {
		return err
	}
	return showComment(r, c)
}

func showComment(r *request.Request, c sns.Comment) error {
	if !r.Partial() {
		path, err := commentPath(r, c)
		if err != nil {
			return err
		}
		return r.Redirect(path)
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_item", Data: r.Locale.Comment(c, r.Now)})
}

// tellCounts tells the counts of a post, gathered.
func tellCounts(r *request.Request, c sns.Counts) {
	data, _ := json.Marshal(c) // numbers only: it cannot fail
	r.Counts.Add(live.Event{Topic: view.TopicTimeline, Kind: view.KindCounts, Key: "post-" + view.Itoa(c.Post), Version: c.Version, Data: data})
}
