package web

import (
	"crypto/rand"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/live"
	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// pageSize is how many posts are shown at once.
const pageSize = 20

// timelineView is post/timeline, the page.
type timelineView struct {
	Composer composerView
	List     listView
	Fresh    freshView
}

// listView is post/_list: posts, and the way to older ones.
type listView struct {
	Cards []template.HTML // post/_card
	More  string          // URL of what follows, or empty
}

// freshView is post/_fresh: the banner for posts that came since.
type freshView struct {
	Count  int
	After  int64 // the newest post that was there
	Source string
	Many   bool // more than are shown at once: the page is loaded anew
}

// composerView is post/_composer.
type composerView struct {
	Me   authorView
	Form form
	Key  string
	Keep bool // the images chosen stay in the browser

	Limit    int // graphemes
	Max      int // images
	MaxBytes int // of an image
}

// Pictures numbers the images that a post may have.
func (v composerView) Pictures() []int {
	numbers := make([]int, v.Max)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

func (r *request) newComposer() composerView {
	return composerView{
		Me: viewAuthor(r.viewer.User), Key: rand.Text(),
		Limit: sns.PostMax, Max: sns.PostImagesMax, MaxBytes: media.MaxBytes,
	}
}

// showTimeline shows all posts, newest first.
func (r *request) showTimeline() error {
	return r.timeline(http.StatusOK, r.newComposer())
}

func (r *request) timeline(status int, composer composerView) error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	// The newest post before the list: one that comes between is on the page and
	// told of, rather than neither.
	newest, err := r.web.Store.NewestPost(r.ctx())
	if err != nil {
		return err
	}
	list, err := r.list(sns.Timeline{Before: before}, "/")
	if err != nil {
		return err
	}
	if r.partial() && r.Request.Method == http.MethodGet {
		return r.fragments(http.StatusOK, part{name: "post/_list", data: list})
	}
	return r.page(status, "post/timeline", page{
		Title: r.t("home.title"), Nav: "home", Topics: "topic=" + topicTimeline,
		Data: timelineView{Composer: composer, List: list, Fresh: freshView{After: newest, Source: "/posts/new?"}},
	})
}

// list loads posts as the viewer sees them; path is that of the page they are
// on.
func (r *request) list(t sns.Timeline, path string) (listView, error) {
	t.Viewer, t.Limit = r.viewer.ID, pageSize+1
	posts, err := r.web.Store.Timeline(r.ctx(), t)
	if err != nil {
		return listView{}, err
	}
	var v listView
	if len(posts) > pageSize {
		posts = posts[:pageSize]
		v.More = path + "?before=" + itoa(posts[pageSize-1].ID)
	}
	v.Cards, err = r.cards(posts)
	return v, err
}

func (r *request) cards(posts []sns.Post) ([]template.HTML, error) {
	cards := make([]template.HTML, len(posts))
	for i, p := range posts {
		card, err := r.loaded.card(r.texts, p, r.now(), r.zone())
		if err != nil {
			return nil, err
		}
		cards[i] = card
	}
	return cards, nil
}

// showNews answers whether others have posted since ?after=: the banner, or
// with ?show=true the posts themselves.
func (r *request) showNews() error {
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	// One more than fit on a page tells that there are more.
	t := sns.Timeline{Viewer: r.viewer.ID, Except: r.viewer.ID, After: after, Limit: pageSize + 1}
	newest, err := r.web.Store.NewestPost(r.ctx())
	if err != nil {
		return err
	}
	fresh := freshView{After: after, Source: "/posts/new?"}
	if r.Query("show") == "true" {
		posts, err := r.web.Store.Timeline(r.ctx(), t)
		if err != nil {
			return err
		}
		if len(posts) > pageSize {
			return r.redirect("/")
		}
		cards, err := r.cards(posts)
		if err != nil {
			return err
		}
		fresh.After = max(newest, after)
		if len(posts) > 0 {
			fresh.After = max(fresh.After, posts[0].ID)
		}
		return r.fragments(http.StatusOK,
			part{name: "post/_list", data: listView{Cards: cards}},
			part{name: "post/_fresh", data: fresh, target: "#fresh", swap: "outerHTML"})
	}
	if fresh.Count, err = r.web.Store.CountPosts(r.ctx(), t); err != nil {
		return err
	}
	fresh.Many = fresh.Count > pageSize
	fresh.Count = min(fresh.Count, pageSize)
	return r.fragments(http.StatusOK, part{name: "post/_fresh", data: fresh})
}

// mostCounts is how many posts one may ask the counts of at once.
const mostCounts = 100

// showCounts answers the present counts of ?id=: what a page missed while its
// stream was down. Posts that are gone are said to be gone.
func (r *request) showCounts() error {
	var ids []int64
	for _, raw := range r.QueryArray("id") {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || id < 1 {
			return errBadRequest
		}
		ids = append(ids, id)
	}
	if len(ids) > mostCounts {
		return errBadRequest
	}
	counts, err := r.web.Store.Counts(r.ctx(), ids)
	if err != nil {
		return err
	}
	parts := make([]part, 0, len(ids))
	for _, c := range counts {
		parts = append(parts, part{name: "post/_counts", data: c})
		ids = slices.DeleteFunc(ids, func(id int64) bool { return id == c.Post })
	}
	for _, id := range ids {
		parts = append(parts, part{name: "post/_gone", data: itoa(id), target: "#post-" + itoa(id), swap: "outerHTML"})
	}
	return r.fragments(http.StatusOK, parts...)
}

// createPost makes a post. Its images are saved before it and deleted again
// when it is not made; the sweep finds those of a process that died between.
func (r *request) createPost() error {
	u, err := r.readUpload("images", sns.PostImagesMax, r.web.Images.Save)
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
		r.tell(live.Event{Topic: topicTimeline, Kind: kindPost, Key: kindPost, Version: id, Data: []byte(itoa(id))})
	}
	if !r.partial() {
		return r.redirectSaying("/", "done.posted")
	}
	post, err := r.web.Store.Post(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return err
	}
	return r.fragments(http.StatusOK,
		part{name: "post/_composer", data: r.newComposer()},
		part{target: "#empty", swap: "delete"},
		part{name: "post/_card", data: r.texts.viewCard(post, r.now(), r.zone()), target: "#timeline", swap: "afterbegin"},
		r.toast("done.posted"))
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
	board, err := r.boardOf(u.values.Get("board"))
	if errors.Is(err, sns.ErrNotFound) {
		inv.Add(&sns.Problem{Field: "board", Key: "board.unknown"})
	} else if err != nil {
		return 0, false, err
	}
	if err := inv.Err(); err != nil {
		return 0, false, err
	}
	if err := r.limit(limitPost); err != nil {
		return 0, false, err
	}
	id, err = r.web.Store.CreatePost(r.ctx(), store.NewPost{
		Author: r.viewer.ID, Board: board.ID, Content: content, Images: images, Key: key, CreatedAt: r.now(),
	})
	if errors.Is(err, sns.ErrConflict) {
		return r.postAgain(key, content, len(images))
	}
	return id, false, err
}

func (r *request) boardOf(slug string) (sns.Board, error) {
	if slug == "" {
		slug = sns.DefaultBoard
	}
	return r.web.Store.BoardBySlug(r.ctx(), slug)
}

// postAgain returns the post that the form has made already. When the form
// says something else now, as after the Back button, that is a problem: nothing
// may be lost in silence.
func (r *request) postAgain(key, content string, images int) (int64, bool, error) {
	post, err := r.web.Store.PostByKey(r.ctx(), r.viewer.ID, key)
	if err == nil && (post.Content != content || len(post.Images) != images) {
		err = sns.Invalid{{Field: "content", Key: "post.again"}}
	}
	return post.ID, true, err
}

// refusePost shows the composer again with what was typed and what is wrong.
// Its key is a new one, so that sending it again makes a post.
func (r *request) refusePost(status int, u *upload, inv sns.Invalid) error {
	composer := r.newComposer()
	composer.Keep = r.partial()
	if u.sent > 0 && !composer.Keep {
		inv = append(inv, sns.Problem{Field: "again", Key: "image.again"})
	}
	composer.Form = newForm("content", u.values.Get("content")).withProblems(r.texts, inv)
	if r.partial() {
		return r.fragments(status, part{name: "post/_composer", data: composer})
	}
	return r.timeline(status, composer)
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
		return r.fragments(http.StatusOK, part{name: "post/_card", data: r.texts.viewCard(post, r.now(), r.zone())})
	}
	return r.postPage(http.StatusOK, post, 0, r.newReply(post.ID))
}

func (r *request) postPage(status int, post sns.Post, before int64, reply replyView) error {
	comments, err := r.comments(post.ID, before)
	if err != nil {
		return err
	}
	card, err := r.loaded.card(r.texts, post, r.now(), r.zone())
	if err != nil {
		return err
	}
	return r.page(status, "post/show", page{
		Title: r.t("post.title", "Name", post.Author.Username), Topics: "topic=" + topicTimeline + "&topic=" + topicPost(post.ID), NoDock: true,
		Data: postView{ID: post.ID, Card: card, Comments: comments, Older: before > 0, Reply: reply},
	})
}

// post loads the post of the route through the viewer.
func (r *request) post() (sns.Post, error) {
	id, err := r.id()
	if err != nil {
		return sns.Post{}, err
	}
	return r.web.Store.Post(r.ctx(), id, r.viewer.ID)
}

// ownPost is post, for its author.
func (r *request) ownPost() (sns.Post, error) {
	post, err := r.post()
	if err == nil && !post.EditableBy(r.viewer.ID) {
		err = sns.ErrForbidden
	}
	return post, err
}

// editView is post/_edit.
type editView struct {
	ID     int64
	Limit  int // graphemes
	Form   form
	Images []imageView
}

// showEditPost shows the text of one's own post in a form: in the post's
// place, or on a page.
func (r *request) showEditPost() error {
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	return r.editPage(http.StatusOK, post, newForm("content", post.Content))
}

func (r *request) editPage(status int, post sns.Post, f form) error {
	v := editView{ID: post.ID, Limit: sns.PostMax, Form: f, Images: r.texts.viewCard(post, r.now(), r.zone()).Images}
	if r.partial() {
		return r.fragments(status, part{name: "post/_edit", data: v})
	}
	return r.page(status, "post/edit", page{Title: r.t("post.edit"), Data: v})
}

// editPost changes the text of one's own post.
func (r *request) editPost() error {
	if err := r.parse(); err != nil {
		return err
	}
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	err = r.changePost(post)
	if inv, status := r.refusal(err); inv != nil {
		return r.editPage(status, post, newForm("content", r.value("content")).withProblems(r.texts, inv))
	}
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirectSaying("/posts/"+itoa(post.ID), "done.saved")
	}
	if post, err = r.web.Store.Post(r.ctx(), post.ID, r.viewer.ID); err != nil {
		return err
	}
	return r.fragments(http.StatusOK, part{name: "post/_card", data: r.texts.viewCard(post, r.now(), r.zone())}, r.toast("done.saved"))
}

// changePost takes over the text of the form.
func (r *request) changePost(post sns.Post) error {
	content, p := sns.PostContent(r.value("content"), len(post.Images))
	if p != nil {
		return sns.Invalid{*p}
	}
	if content == post.Content {
		return nil
	}
	if err := r.limit(limitEdit); err != nil {
		return err
	}
	return r.web.Store.EditPost(r.ctx(), post.ID, r.viewer.ID, content, r.now())
}

// confirmView is shared/_confirm: the question before something is deleted.
type confirmView struct {
	Title, Help string
	Action      string // where yes goes
	Back        string // where no goes
	Yes         string
}

// confirm asks in the dialog of the page, or on a page of its own.
func (r *request) confirm(v confirmView) error {
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "shared/_confirm", data: v})
	}
	return r.page(http.StatusOK, "shared/confirm", page{Title: v.Title, Data: v})
}

// showDeletePost asks whether one's own post is to be deleted.
func (r *request) showDeletePost() error {
	post, err := r.ownPost()
	if err != nil {
		return err
	}
	path := "/posts/" + itoa(post.ID)
	return r.confirm(confirmView{
		Title: r.t("post.delete_title"), Help: r.t("post.delete_help"), Yes: r.t("post.delete"), Action: path + "/delete", Back: path,
	})
}

// deletePost deletes one's own post with all that belongs to it.
func (r *request) deletePost() error {
	id, err := r.id()
	if err != nil {
		return err
	}
	images, err := r.web.Store.DeletePost(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return err
	}
	if err := r.web.Images.Delete(images...); err != nil {
		r.web.Log.WarnContext(r.ctx(), "images of a deleted post left to the sweep", "post", id, "error", err)
	}
	r.tellID(topicTimeline, kindGone, id)
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

// setLike makes the viewer like a post, or not.
func (r *request) setLike() error {
	if err := r.parse(); err != nil {
		return err
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	on, err := strconv.ParseBool(r.value("on"))
	if err != nil {
		return errBadRequest
	}
	if err := r.limit(limitLike); err != nil {
		return err
	}
	counts, changed, err := r.web.Store.SetLike(r.ctx(), id, r.viewer.ID, on, r.now())
	if err != nil {
		return err
	}
	if changed {
		r.tellCounts(counts)
	}
	if !r.partial() {
		return r.redirect(r.here() + "#post-" + itoa(id))
	}
	return r.fragments(http.StatusOK, part{name: "post/_like", data: likeView{ID: id, Liked: on, Likes: counts.Likes}})
}
