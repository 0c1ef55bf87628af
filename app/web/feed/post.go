package feed

import (
	"errors"
	"net/http"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows a post with its comments. A partial request gets the card alone: the
// viewer has cancelled an edit.
func (Posts) Show(r *request.Request) error {
	post, err := loadPost(r)
	if errors.Is(err, sns.ErrNotFound) {
		return hiddenPostPage(r)
	}
	if err != nil {
		return err
	}
	if !r.Partial() {
		return postPage(r, http.StatusOK, post, 0, newReply(r, post.ID))
	}
	card, err := r.Card(post)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{HTML: card})
}

// hiddenPostPage shows the author of a hidden post, and administrators, the text and why nobody
// else sees it. Others get a page that says until when a takedown hides the post; for a post that
// reports hide, the error is sns.ErrNotFound.
func hiddenPostPage(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	post, err := r.Store.HiddenPost(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return err
	}
	takedown, err := r.Store.TakedownOf(r.Ctx(), id)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	status, reads := http.StatusOK, post.Author.ID == r.Viewer.ID || r.Viewer.Role.Is(sns.RoleAdmin)
	if !reads {
		if post.Reported || takedown.ID == 0 {
			return sns.ErrNotFound
		}
		status = http.StatusUnavailableForLegalReasons
	}
	v := r.Locale.HiddenPost(post, takedown, reads, r.Viewer.User, r.Now)
	return r.Show(status, "post/_hidden", "post/hidden", view.Page{Title: v.Title, Data: v})
}

// loadPost loads the post of the route as the viewer sees the post.
func loadPost(r *request.Request) (sns.Post, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.Post{}, err
	}
	return r.Store.Post(r.Ctx(), id, r.Viewer.ID)
}

// postPage shows a post with the comments before an id, or the newest comments if
// before is 0. The viewer's notices of the post are read.
func postPage(r *request.Request, status int, post sns.Post, before int64, reply view.Reply) error {
	if err := r.Store.ReadPost(r.Ctx(), r.Viewer.ID, post.ID); err != nil {
		return err
	}
	muted, err := r.Store.Muted(r.Ctx(), r.Viewer.ID, post.ID)
	if err != nil {
		return err
	}
	comments, err := loadComments(r, post, before)
	if err != nil {
		return err
	}
	card, err := r.Cards([]sns.Post{post})
	if err != nil {
		return err
	}
	return r.Page(status, "post/show", view.Page{
		Title: r.Locale.TUser("post.title", post.Author), NoDock: true,
		Topics: "topic=" + view.TopicTimeline + "&topic=" + view.TopicPost(post.ID),
		Data:   view.Post{ID: post.ID, Card: card, Comments: comments, Older: before > 0, Reply: reply, Mute: view.Mute{Post: post.ID, On: muted}},
	})
}

// postElement returns the selector of a post in a list, which is also the fragment
// of a URL that leads to the post.
func postElement(id int64) string { return "#post-" + view.Itoa(id) }

// ConfirmDelete asks the author whether to delete a post.
func (Posts) ConfirmDelete(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	path := view.PostPath(post.ID)
	return r.Confirm(view.Confirm{
		Title: r.T("post.delete_title"), Help: r.T("post.delete_help"), Yes: r.T("post.delete"), Action: path + "/delete", Back: path,
	})
}

// Delete deletes a post of the viewer with its images, comments and likes.
func (Posts) Delete(r *request.Request) error {
	post, err := loadOwnPost(r)
	if err != nil {
		return err
	}
	id := post.ID
	images, err := r.Store.DeletePost(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return err
	}
	if err := r.Images.Delete(images...); err != nil {
		r.Log.WarnContext(r.Ctx(), "images of a deleted post left to the sweep", "post", id, "error", err)
	}
	r.Tell(view.GoneEvent(id))
	if onPageOf(r, id) {
		return r.RedirectWithToast("/", "done.deleted")
	}
	return r.Done("/", "done.deleted", request.Remove(postElement(id)))
}

// onPageOf reports whether the request comes from a page about a post alone.
func onPageOf(r *request.Request, post int64) bool {
	path, _, _ := strings.Cut(r.From(), "?")
	own := view.PostPath(post)
	return path == own || strings.HasPrefix(path, own+"/")
}
