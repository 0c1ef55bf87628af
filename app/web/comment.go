package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// commentsSize is how many comments are shown at once.
const commentsSize = 50

// commentsView is comment/_list: comments, oldest first, below the way to
// older ones.
type commentsView struct {
	Items  []commentView
	Before string // URL of the comments before these, or empty
}

// replyView is comment/_reply: the form of a new comment.
type replyView struct {
	Post  int64
	Me    authorView
	Form  form
	Key   string
	Limit int // graphemes
}

func (r *request) newReply(post int64) replyView {
	return replyView{Post: post, Me: r.locale.viewAuthor(r.viewer.User), Key: rand.Text(), Limit: sns.CommentMax}
}

func (r *request) comments(post, before int64) (commentsView, error) {
	comments, err := r.Store.Comments(r.ctx(), post, before, commentsSize+1)
	if err != nil {
		return commentsView{}, err
	}
	var v commentsView
	if len(comments) > commentsSize {
		comments = comments[1:]
		v.Before = "/posts/" + itoa(post) + "/comments?before=" + itoa(comments[0].ID)
	}
	v.Items = r.commentViews(comments)
	return v, nil
}

func (r *request) commentViews(comments []sns.Comment) []commentView {
	views := make([]commentView, len(comments))
	for i, c := range comments {
		views[i] = r.locale.viewComment(c, r.now)
	}
	return views
}

// showComments shows the comments before ?before=: as a fragment, or on the
// page of their post.
func (r *request) showComments() error {
	post, err := r.post()
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.postPage(http.StatusOK, post, before, r.newReply(post.ID))
	}
	if r.Query("after") != "" {
		return r.missedComments(post.ID)
	}
	comments, err := r.comments(post.ID, before)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "comment/_list", data: comments})
}

// mostMissed is how many comments a page catches up on at once.
const mostMissed = 200

// missedComments answers the comments after ?after=, which a page has missed
// while its stream was down.
func (r *request) missedComments(post int64) error {
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	comments, err := r.Store.CommentsAfter(r.ctx(), post, after, mostMissed)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "comment/_list", data: commentsView{Items: r.commentViews(comments)}})
}

// createComment makes a comment.
func (r *request) createComment() error {
	if err := r.parse(); err != nil {
		return err
	}
	post, err := r.post()
	if err != nil {
		return err
	}
	comment, counts, again, err := r.makeComment(post.ID)
	if inv, status := r.refusal(err); inv != nil {
		return r.refuseComment(status, post, inv)
	}
	if err != nil {
		return err
	}
	if !again {
		r.tellComment(comment)
		r.tellCounts(counts)
	}
	if !r.partial() {
		return r.redirectSaying("/posts/"+itoa(post.ID)+"#comment-"+itoa(comment.ID), "done.commented")
	}
	return r.fragments(http.StatusOK,
		part{name: "comment/_reply", data: r.newReply(post.ID)},
		part{name: "comment/_item", data: r.locale.viewComment(comment, r.now), target: "#comments", swap: "beforeend show:bottom"},
		part{name: "post/_counts", data: counts}, r.toast("done.commented"))
}

// makeComment checks the form and makes its comment; again is as in makePost.
func (r *request) makeComment(post int64) (c sns.Comment, counts sns.Counts, again bool, err error) {
	key, err := formKey(r.value("key"))
	if err != nil {
		return c, counts, false, err
	}
	content, p := sns.CommentContent(r.value("content"))
	if p != nil {
		return c, counts, false, sns.Invalid{*p}
	}
	if err := r.limit(limitComment); err != nil {
		return c, counts, false, err
	}
	id, counts, err := r.Store.AddComment(r.ctx(), store.NewComment{
		Post: post, Author: r.viewer.ID, Content: content, Key: key, CreatedAt: r.now,
	})
	if errors.Is(err, sns.ErrConflict) {
		c, err = r.Store.CommentByKey(r.ctx(), r.viewer.ID, key)
		if err == nil && (c.Content != content || c.PostID != post) {
			err = sns.Invalid{{Field: "content", Key: "comment.again"}}
		}
		if err == nil {
			counts, err = r.countsOf(post)
		}
		return c, counts, true, err
	}
	if err != nil {
		return c, counts, false, err
	}
	c = sns.Comment{ID: id, PostID: post, Author: r.viewer.User, Content: content, CreatedAt: r.now}
	return c, counts, false, nil
}

func (r *request) countsOf(post int64) (sns.Counts, error) {
	counts, err := r.Store.Counts(r.ctx(), []int64{post})
	if err == nil && len(counts) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Counts{}, err
	}
	return counts[0], nil
}

func (r *request) refuseComment(status int, post sns.Post, inv sns.Invalid) error {
	reply := r.newReply(post.ID)
	reply.Form = newForm("content", r.value("content")).withProblems(r.locale, inv)
	if r.partial() {
		return r.fragments(status, part{name: "comment/_reply", data: reply})
	}
	return r.postPage(status, post, 0, reply)
}

func (r *request) tellComment(c sns.Comment) {
	data, _ := json.Marshal(c) // plain values: it cannot fail
	r.tell(live.Event{Topic: TopicPost(c.PostID), Kind: KindComment, Data: data})
}

// comment loads the comment of the route.
func (r *request) comment() (sns.Comment, error) {
	id, err := r.id()
	if err != nil {
		return sns.Comment{}, err
	}
	return r.Store.Comment(r.ctx(), id)
}

// ownComment is comment, for its author.
func (r *request) ownComment() (sns.Comment, error) {
	c, err := r.comment()
	if err == nil && !c.EditableBy(r.viewer.ID) {
		err = sns.ErrForbidden
	}
	return c, err
}

// showComment goes to the comment on the page of its post, or answers it alone
// when an edit was called off.
func (r *request) showComment() error {
	c, err := r.comment()
	if err != nil {
		return err
	}
	return r.answerComment(c)
}

func (r *request) answerComment(c sns.Comment) error {
	if !r.partial() {
		path, err := r.commentPath(c)
		if err != nil {
			return err
		}
		return r.redirect(path)
	}
	return r.fragments(http.StatusOK, part{name: "comment/_item", data: r.locale.viewComment(c, r.now)})
}
