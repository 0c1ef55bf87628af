package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"xxsns/app/sns"
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
		card, err := r.card(p)
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
