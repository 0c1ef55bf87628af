package web

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
)

// createPost makes a post. Its images are saved before it and deleted again
// when it is not made; the sweep finds those of a process that died between.
func (r *request) createPost() error {
	u, err := r.readUpload("images", sns.PostImagesMax, r.Images.Save)
	if err != nil {
		return err
	}
	id, again, err := r.makePost(u)
	if err != nil || again {
		r.discard(u.images)
	}
	if inv, status := r.refusal(err); inv != nil {
		return r.refusePost(status, u, inv)
	}
	if err != nil {
		return err
	}
	if !again {
		r.tell(live.Event{Topic: TopicTimeline, Kind: KindPost, Key: KindPost, Version: id, Data: []byte(itoa(id))})
	}
	return r.answerPost(id)
}

// answerPost shows a new post on the page it was written on.
func (r *request) answerPost(id int64) error {
	here, filter, away := r.boardHere()
	if !r.partial() {
		if away == nil && !here.Closed {
			return r.redirectSaying(boardPath(here), "done.posted")
		}
		return r.redirectSaying("/", "done.posted")
	}
	post, err := r.Store.Post(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return err
	}
	composer, err := r.composerHere()
	if err != nil {
		return err
	}
	parts := []part{{name: "post/_composer", data: composer}, r.toast("done.posted")}
	ids, _ := parseIDs(filter)
	wanted, _ := here.Filter(ids)
	if away != nil || here.ID == post.Board.ID && wanted.Takes(post.Options) { // else the page is about others
		card, err := r.card(post)
		if err != nil {
			return err
		}
		parts = append(parts, part{target: "#empty", swap: "delete"}, part{html: card, target: "#timeline", swap: "afterbegin"})
	}
	return r.fragments(http.StatusOK, parts...)
}

// makePost checks the form and makes its post, as the last thing that can fail.
// again tells that the form was sent before, and the post is the one made then.
func (r *request) makePost(u *upload) (id int64, again bool, err error) {
	key, err := formKey(u.values.Get("key"))
	if err = errors.Join(err, u.slow); err != nil {
		return 0, false, err
	}
	inv := u.problems
	content, p := sns.PostContent(u.values.Get("content"), len(u.images)+len(u.problems))
	inv.Add(p)
	images := make([]sns.PostImage, len(u.images))
	alts := u.values["alt"]
	for i, image := range u.images {
		images[i] = sns.PostImage{Name: image.Name, Width: image.Width, Height: image.Height}
		if i < len(alts) {
			images[i].Alt, p = sns.Alt(alts[i])
			inv.Add(p)
		}
	}
	made, err := r.placeOf(u.values, &inv)
	if err != nil {
		return 0, false, err
	}
	if err := inv.Err(); err != nil {
		return 0, false, err
	}
	if err := r.limit(limitPost); err != nil {
		return 0, false, err
	}
	made.Author, made.Content, made.Images, made.Key, made.CreatedAt = r.viewer.ID, content, images, key, r.now
	id, err = r.Store.CreatePost(r.ctx(), made)
	if errors.Is(err, sns.ErrConflict) {
		return r.postAgain(made)
	}
	return id, false, err
}

// placeOf is where a form's post goes: a board as it is now, the options it asks
// for, and one's location when it is local. What is wrong is added to inv.
func (r *request) placeOf(values url.Values, inv *sns.Invalid) (p store.NewPost, err error) {
	board, err := r.Store.BoardBySlug(r.ctx(), boardOfForm(values))
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
	if p.Location = r.viewer.Location; !p.Location.Known() {
		inv.Add(&sns.Problem{Field: "board", Key: "board.needs_location", Args: map[string]any{"Name": board.Name}})
	}
	return p, nil
}

// postAgain returns the post that the form has made already. When the form
// says something else now, as after the Back button, that is a problem: nothing
// may be lost in silence.
func (r *request) postAgain(p store.NewPost) (int64, bool, error) {
	post, err := r.Store.PostByKey(r.ctx(), p.Author, p.Key)
	if err == nil && (post.Content != p.Content || len(post.Images) != len(p.Images) || post.Board.ID != p.Board ||
		!slices.Equal(post.Options, p.Options) || post.Location != p.Location) {
		err = sns.Invalid{{Field: "content", Key: "post.again"}}
	}
	return post.ID, true, err
}

// postView is post/show, the page of one post.
type postView struct {
	ID       int64
	Card     template.HTML // post/_card
	Comments commentsView
	Older    bool // not the newest comments
	Reply    replyView
}

// showPost shows one post with its comments.
func (r *request) showPost() error {
	post, err := r.post()
	if err != nil {
		return err
	}
	if r.partial() { // an edit was called off
		card, err := r.card(post)
		if err != nil {
			return err
		}
		return r.fragments(http.StatusOK, part{html: card})
	}
	return r.postPage(http.StatusOK, post, 0, r.newReply(post.ID))
}

func (r *request) postPage(status int, post sns.Post, before int64, reply replyView) error {
	comments, err := r.comments(post.ID, before)
	if err != nil {
		return err
	}
	card, err := r.card(post)
	if err != nil {
		return err
	}
	return r.page(status, "post/show", page{
		Title: r.locale.sayOf("post.title", post.Author), Topics: "topic=" + TopicTimeline + "&topic=" + TopicPost(post.ID), NoDock: true,
		Data: postView{ID: post.ID, Card: card, Comments: comments, Older: before > 0, Reply: reply},
	})
}

// post loads the post of the route through the viewer.
func (r *request) post() (sns.Post, error) {
	id, err := r.id()
	if err != nil {
		return sns.Post{}, err
	}
	return r.Store.Post(r.ctx(), id, r.viewer.ID)
}

// ownPost is post, for its author.
func (r *request) ownPost() (sns.Post, error) {
	post, err := r.post()
	if err == nil && !post.EditableBy(r.viewer.ID) {
		err = sns.ErrForbidden
	}
	return post, err
}

// showDeletePost asks whether one's own post is to be deleted.
func (r *request) showDeletePost() error {
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	path := "/posts/" + itoa(post.ID)
	return r.confirm(confirmView{
		Title: r.T("post.delete_title"), Help: r.T("post.delete_help"), Yes: r.T("post.delete"), Action: path + "/delete", Back: path,
	})
}

// deletePost deletes one's own post with all that belongs to it.
func (r *request) deletePost() error {
	id, err := r.id()
	if err != nil {
		return err
	}
	images, err := r.Store.DeletePost(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return err
	}
	if err := r.Images.Delete(images...); err != nil {
		r.Log.WarnContext(r.ctx(), "images of a deleted post left to the sweep", "post", id, "error", err)
	}
	r.tellID(TopicTimeline, KindGone, id)
	if !r.partial() || r.onPageOf(id) {
		return r.redirectSaying("/", "done.deleted")
	}
	return r.fragments(http.StatusOK, part{target: "#post-" + itoa(id), swap: "delete"}, r.toast("done.deleted"))
}

// onPageOf tells whether one is on a page that shows nothing but the post.
func (r *request) onPageOf(post int64) bool {
	path, _, _ := strings.Cut(r.here(), "?")
	own := "/posts/" + itoa(post)
	return path == own || strings.HasPrefix(path, own+"/")
}
