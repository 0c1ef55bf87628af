package feed

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Create creates a post. The images are saved before the post, and deleted again if
// no post is created. If the process dies in between, the sweep deletes the images.
func (Posts) Create(r *request.Request) error {
	u, err := r.ReadUpload("images", sns.PostImagesMax, r.Images.Save)
	if err != nil {
		return err
	}
	id, again, err := createPost(r, u)
	if err != nil || again {
		r.Discard(u.Images)
	}
	if problems, status := r.Problems(err); problems != nil {
		return retryPost(r, status, u, problems)
	}
	if err != nil {
		return err
	}
	if !again {
		r.Tell(live.Event{Topic: view.TopicTimeline, Kind: view.KindPost, Key: view.KindPost, Version: id, Data: []byte(view.Itoa(id))})
	}
	return showCreated(r, id, u.Done("done.posted", "done.posted_still"))
}

// createPost checks the form and creates the post. again reports that the form was
// sent before; id is then the post of the first time. Creating the post is the last
// step that can fail.
func createPost(r *request.Request, u *request.Upload) (id int64, again bool, err error) {
	key, err := request.FormKey(u.Values.Get("key"))
	if err = errors.Join(err, u.Slow); err != nil {
		return 0, false, err
	}
	problems := u.Problems
	content, p := sns.PostContent(u.Values.Get("content"), len(u.Images)+len(u.Problems))
	problems.Add(p)
	images := postImages(u, &problems)
	post, err := destination(r, u.Values, &problems)
	if err != nil {
		return 0, false, err
	}
	if err := problems.Err(); err != nil {
		return 0, false, err
	}
	if err := checkNewPost(r, content, key); err != nil {
		return 0, false, err
	}
	if err := r.Limit(request.LimitPost); err != nil {
		return 0, false, err
	}
	post.Author, post.Content, post.Images, post.Key, post.CreatedAt = r.Viewer.ID, content, images, key, r.Now
	id, err = r.Store.CreatePost(r.Ctx(), post)
	if errors.Is(err, sns.ErrConflict) {
		id, err = createdBefore(r, post)
		return id, true, err
	}
	return id, false, err
}

// postImages returns the uploaded images with the descriptions of the form.
func postImages(u *request.Upload, problems *sns.Invalid) []sns.PostImage {
	images := make([]sns.PostImage, len(u.Images))
	alts := u.Values["alt"]
	for i, image := range u.Images {
		images[i] = sns.PostImage{Name: image.Name, Width: image.Width, Height: image.Height, Sized: image.Sized}
		if i < len(alts) {
			alt, p := sns.Alt(alts[i])
			images[i].Alt = alt
			problems.Add(p)
		}
	}
	return images
}

// destination returns a post with the board of the form, the options that the board
// asks for, and on a local board the author's location. The board comes from the
// database, not from the cache: an administrator may have changed the facets.
func destination(r *request.Request, values url.Values, problems *sns.Invalid) (p store.NewPost, err error) {
	board, err := r.Store.BoardBySlug(r.Ctx(), slugOfForm(values))
	if errors.Is(err, sns.ErrNotFound) {
		problems.Add(&sns.Problem{Field: "board", Key: "board.unknown"})
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Board = board.ID
	ids, malformed := parseIDs(values["f"])
	options, problem := board.Choose(ids)
	if problem == nil && malformed {
		problem = &sns.Problem{Field: "f", Key: "facet.unknown", Args: map[string]any{"Name": board.Name}}
	}
	problems.Add(problem)
	p.Options = options
	if !board.Local {
		return p, nil
	}
	if p.Location = r.Viewer.Location; !p.Location.Known() {
		problems.Add(&sns.Problem{Field: "board", Key: "board.needs_location", Args: map[string]any{"Name": board.Name}})
	}
	return p, nil
}

// createdBefore returns the post that the same form has created. If the form differs
// now, as after the Back button, the error is sns.Invalid: the author would lose the
// new text without notice.
func createdBefore(r *request.Request, p store.NewPost) (int64, error) {
	post, err := r.Store.PostByKey(r.Ctx(), p.Author, p.Key)
	if err == nil && (post.Content != p.Content || len(post.Images) != len(p.Images) || post.Board.ID != p.Board ||
		!slices.Equal(post.Options, p.Options) || post.Location != p.Location) {
		err = sns.Invalid{{Field: "content", Key: "post.again"}}
	}
	return post.ID, err
}

// showCreated shows a new post on the page of the composer: the board's page, or the
// timeline. A post that the page does not list, because the page shows another board
// or filters posts, is left out. done is the key of the toast.
func showCreated(r *request.Request, id int64, done string) error {
	board, options, onBoard := boardOfPage(r)
	if !r.Partial() {
		if onBoard && !board.Closed {
			return r.RedirectWithToast(view.BoardPath(board), done)
		}
		return r.RedirectWithToast("/", done)
	}
	post, err := r.Store.Post(r.Ctx(), id, r.Viewer.ID)
	if err != nil {
		return err
	}
	composer, err := emptyComposer(r)
	if err != nil {
		return err
	}
	fragments := []request.Fragment{{Name: "post/_composer", Data: composer}, r.Toast(done)}
	ids, _ := parseIDs(options)
	filter, _ := board.Filter(ids)
	if !onBoard || board.ID == post.Board.ID && filter.Takes(post.Options) {
		card, err := r.Card(post)
		if err != nil {
			return err
		}
		fragments = append(fragments, request.Remove("#empty"), request.Fragment{HTML: card, Target: "#timeline", Swap: "afterbegin"})
	}
	return r.Fragments(http.StatusOK, fragments...)
}
