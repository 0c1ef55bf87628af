package feed

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Create creates a comment on a post.
func (Comments) Create(r *request.Request) error {
	post, err := loadPost(r)
	if err != nil {
		return err
	}
	comment, counts, again, err := createComment(r, post.ID)
	if err != nil {
		return r.Again(err, r.Typed("content"), func(status int, f view.Form) error { return replyPage(r, status, post, f) })
	}
	if !again {
		tellComment(r, post.Author.ID, comment)
		tellCounts(r, counts)
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.PostPath(post.ID)+commentElement(comment.ID), "done.commented")
	}
	reply := newReply(r, post.ID)
	item := request.Fragment{Name: "comment/_item", Data: r.Locale.Comment(comment, r.Now), Target: "#comments", Swap: "beforeend show:bottom"}
	if reply.Under = r.Value("under") != ""; reply.Under {
		item.Target, item.Swap = "#post-"+view.Itoa(post.ID)+"-newest", "beforeend"
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "comment/_reply", Data: reply}, item, request.Fragment{Name: "post/_counts", Data: counts})
}

func newReply(r *request.Request, post int64) view.Reply {
	return view.Reply{Post: post, Me: r.Locale.Author(r.Viewer.User), Key: rand.Text(), Limit: sns.CommentMax}
}

// replyPage shows the form of a new comment again, with a new key as in retryPost.
func replyPage(r *request.Request, status int, post sns.Post, f view.Form) error {
	reply := newReply(r, post.ID)
	reply.Form = f
	if r.Partial() {
		reply.Under = r.Value("under") != ""
		return r.Fragments(status, request.Fragment{Name: "comment/_reply", Data: reply})
	}
	return postPage(r, status, post, 0, reply)
}

// createComment checks the form and creates the comment. again reports that the form
// was sent before; c is then the comment of the first time.
func createComment(r *request.Request, post int64) (c sns.Comment, counts sns.Counts, again bool, err error) {
	key, err := request.FormKey(r.Value("key"))
	if err != nil {
		return c, counts, false, err
	}
	content, p := sns.CommentContent(r.Value("content"))
	if p != nil {
		return c, counts, false, sns.Invalid{*p}
	}
	if err := checkNewcomer(r, content); err != nil {
		return c, counts, false, err
	}
	if err := r.Limit(request.LimitComment); err != nil {
		return c, counts, false, err
	}
	c = sns.Comment{PostID: post, Author: r.Viewer.User, Content: content, CreatedAt: r.Now}
	c.ID, counts, err = r.Store.AddComment(r.Ctx(), store.NewComment{
		Post: post, Author: r.Viewer.ID, Content: content, Key: key, CreatedAt: r.Now,
	})
	if errors.Is(err, sns.ErrConflict) {
		c, counts, err = commentedBefore(r, post, content, key)
		return c, counts, true, err
	}
	if err == nil {
		err = readMentions(r, &c)
	}
	return c, counts, false, err
}

// readMentions fills in whom the text of a comment mentions, which the store has found out.
func readMentions(r *request.Request, c *sns.Comment) error {
	if !strings.Contains(c.Content, "@") {
		c.Mentions = ""
		return nil
	}
	read, err := r.Store.Comment(r.Ctx(), c.ID)
	c.Mentions = read.Mentions
	return err
}

// commentedBefore returns the comment that the same form has created, with the
// present counts of the post. If the form differs now, the error is sns.Invalid, as
// in createdBefore.
func commentedBefore(r *request.Request, post int64, content, key string) (sns.Comment, sns.Counts, error) {
	c, err := r.Store.CommentByKey(r.Ctx(), r.Viewer.ID, key)
	if err != nil {
		return c, sns.Counts{}, err
	}
	if c.Content != content || c.PostID != post {
		return c, sns.Counts{}, sns.Invalid{{Field: "content", Key: "comment.again"}}
	}
	counts, err := loadCounts(r, post)
	return c, counts, err
}

// tellComment publishes a new comment to the pages of the post, of those people who see both
// authors.
func tellComment(r *request.Request, author int64, c sns.Comment) {
	var except []int64
	for _, user := range []int64{author, c.Author.ID} {
		blocks, err := r.Store.Blocks(r.Ctx(), user)
		if err != nil { // pages catch up
			r.Warn("comment not told", err)
			return
		}
		except = append(except, blocks.Hidden()...)
	}
	data, _ := json.Marshal(c) // cannot fail: the fields are texts, numbers and times
	r.Tell(live.Event{Topic: view.TopicPost(c.PostID), Kind: view.KindComment, Data: data, Except: except})
}
