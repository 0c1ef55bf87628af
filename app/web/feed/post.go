package feed

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Create makes a post. Its images are saved before it and deleted again
// when it is not made; the sweep finds those of a process that died between.
func (Posts) Create(r *request.Request) error {
	u, err := r.ReadUpload("images", sns.PostImagesMax, r.Images.Save)
	if err != nil {
		return err
	}
	id, again, err := createPost(r, u)
	if err != nil || again {
		r.Discard(u.Images)
	}
	if inv, status := r.Problems(err); inv != nil {
		return retryPost(r, status, u, inv)
	}
	if err != nil {
		return err
	}
	if !again {
		r.Tell(live.Event{Topic: view.TopicTimeline, Kind: view.KindPost, Key: view.KindPost, Version: id, Data: []byte(view.Itoa(id))})
	}
	return showCreated(r, id)
}

// showCreated shows a new post on the page it was written on.
func showCreated(r *request.Request, id int64) error {
	here, filter, away := boardOfPage(r)
	if !r.Partial() {
		if away == nil && !here.Closed {
			return r.RedirectWithToast(view.BoardPath(here), "done.posted")
		}
		return r.RedirectWithToast("/", "done.posted")
	}
	post, err := r.Store.Post(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return err
	}
	composer, err := emptyComposer(r)
	if err != nil {
		return err
	}
	parts := []request.Fragment{{Name: "post/_composer", Data: composer}, r.Toast("done.posted")}
	ids, _ := parseIDs(filter)
	wanted, _ := here.Filter(ids)
	if away != nil || here.ID == post.Board.ID && wanted.Takes(post.Options) { // else the page is about others
		card, err := r.Card(post)
		if err != nil {
			return err
		}
		parts = append(parts, request.Fragment{Target: "#empty", Swap: "delete"}, request.Fragment{HTML: card, Target: "#timeline", Swap: "afterbegin"})
	}
	return r.Fragments(http.StatusOK, parts...)
}

// Create checks the form and makes its post, as the last thing that can fail.
// again tells that the form was sent before, and the post is the one made then.
func createPost(r *request.Request, u *request.Upload) (id int64, again bool, err error) {
	key, err := request.FormKey(u.Values.Get("key"))
	if err = errors.Join(err, u.Slow); err != nil {
		return 0, false, err
	}
	inv := u.Problems
	content, p := sns.PostContent(u.Values.Get("content"), len(u.Images)+len(u.Problems))
	inv.Add(p)
	images := make([]sns.PostImage, len(u.Images))
	alts := u.Values["alt"]
	for i, image := range u.Images {
		images[i] = sns.PostImage{Name: image.Name, Width: image.Width, Height: image.Height}
		if i < len(alts) {
			images[i].Alt, p = sns.Alt(alts[i])
			inv.Add(p)
		}
	}
	made, err := destination(r, u.Values, &inv)
	if err != nil {
		return 0, false, err
	}
	if err := inv.Err(); err != nil {
		return 0, false, err
	}
	if err := r.Limit(request.LimitPost); err != nil {
		return 0, false, err
	}
	made.Author, made.Content, made.Images, made.Key, made.CreatedAt = r.Viewer.ID, content, images, key, r.Now
	id, err = r.Store.CreatePost(r.Ctx(), made)
	if errors.Is(err, sns.ErrConflict) {
		return sentAgain(r, made)
	}
	return id, false, err
}

// destination is where a form's post goes: a board as it is now, the options it asks
// for, and one's location when it is local. What is wrong is added to inv.
func destination(r *request.Request, values url.Values, inv *sns.Invalid) (p store.NewPost, err error) {
	board, err := r.Store.BoardBySlug(r.Ctx(), boardOfForm(values))
	if errors.Is(err, sns.ErrNotFound) {
		inv.Add(&sns.Problem{Field: "board", Key: "board.unknown"})
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Board = board.ID
	ids, garbage := parseIDs(values["f"])
	options, problem := board.Choose(ids)
	if problem == nil && garbage {
		problem = &sns.Problem{Field: "f", Key: "facet.unknown", Args: map[string]any{"Name": board.Name}}
	}
	inv.Add(problem)
	p.Options = options
	if !board.Local {
		return p, nil
	}
	if p.Location = r.Viewer.Location; !p.Location.Known() {
		inv.Add(&sns.Problem{Field: "board", Key: "board.needs_location", Args: map[string]any{"Name": board.Name}})
	}
	return p, nil
}

// sentAgain returns the post that the form has made already. When the form
// says something else now, as after the Back button, that is a problem: nothing
// may be lost in silence.
func sentAgain(r *request.Request, p store.NewPost) (int64, bool, error) {
	post, err := r.Store.PostByKey(r.Ctx(), p.Author, p.Key)
	if err == nil && (post.Content != p.Content || len(post.Images) != len(p.Images) || post.Board.ID != p.Board ||
		!slices.Equal(post.Options, p.Options) || post.Location != p.Location) {
		err = sns.Invalid{{Field: "content", Key: "post.again"}}
	}
	return post.ID, true, err
}

// Show shows one post with its comments.
func (Posts) Show(r *request.Request) error {
	post, err := loadPost(r)
	if err != nil {
		return err
	}
	if r.Partial() { // an edit was called off
		card, err := r.Card(post)
		if err != nil {
			return err
		}
		return r.Fragments(http.StatusOK, request.Fragment{HTML: card})
	}
	return postPage(r, http.StatusOK, post, 0, newReply(r, post.ID))
}

func postPage(r *request.Request, status int, post sns.Post, before int64, reply view.Reply) error {
	comments, err := loadComments(r, post.ID, before)
	if err != nil {
		return err
	}
	card, err := r.Card(post)
	if err != nil {
		return err
	}
	return r.Page(status, "post/show", view.Page{
		Title: r.Locale.TUser("post.title", post.Author), Topics: "topic=" + view.TopicTimeline + "&topic=" + view.TopicPost(post.ID), NoDock: true,
		Data: view.Post{ID: post.ID, Card: card, Comments: comments, Older: before > 0, Reply: reply},
	})
}

// loadPost loads the post of the route through the viewer.
func loadPost(r *request.Request) (sns.Post, error) {
	id, err := r.ID()
	if err != nil {
		return sns.Post{}, err
	}
	return r.Store.Post(r.Ctx(), id, r.Viewer.ID)
}

// loadOwnPost is post, for its author.
func loadOwnPost(r *request.Request) (sns.Post, error) {
	post, err := loadPost(r)
	if err == nil && !post.EditableBy(r.Viewer.ID) {
		err = sns.ErrForbidden
	}
	return post, err
}

// ConfirmDelete asks whether one's own post is to be deleted.
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

// Delete deletes one's own post with all that belongs to it.
func (Posts) Delete(r *request.Request) error {
	id, err := r.ID()
	if err != nil {
		return err
	}
	images, err := r.Store.DeletePost(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return err
	}
	if err := r.Images.Delete(images...); err != nil {
		r.Log.WarnContext(r.Ctx(), "images of a deleted post left to the sweep", "post", id, "error", err)
	}
	r.TellID(view.TopicTimeline, view.KindGone, id)
	if !r.Partial() || onPageOf(r, id) {
		return r.RedirectWithToast("/", "done.deleted")
	}
	return r.Fragments(http.StatusOK, request.Fragment{Target: "#post-" + view.Itoa(id), Swap: "delete"}, r.Toast("done.deleted"))
}

// onPageOf tells whether one is on a page that shows nothing but the post.
func onPageOf(r *request.Request, post int64) bool {
	path, _, _ := strings.Cut(r.From(), "?")
	own := view.PostPath(post)
	return path == own || strings.HasPrefix(path, own+"/")
}

// cardOf loads a post through the viewer and renders it.
func cardOf(r *request.Request, id int64) (template.HTML, error) {
	post, err := r.Store.Post(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return "", err
	}
	return r.Card(post)
}
