package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// pageSize is how many posts are shown at once.
const pageSize = 20

// timelineView is post/timeline, the page.
type timelineView struct {
	Tabs     []tabView
	Composer *composerView // nil on the page of those one follows
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
	After  int64  // the newest post that was there
	Source string // where to ask, up to the parameters that change
	Page   string // the page itself
	Many   bool   // more than are shown at once: the page is loaded anew
}

// homeTabs are the views of the timeline.
func (r *request) homeTabs(following bool) []tabView {
	return []tabView{
		{namedLink{r.T("home.all"), "/"}, !following},
		{namedLink{r.T("home.following"), "/following"}, following},
	}
}

// showTimeline shows all posts, newest first.
func (r *request) showTimeline() error {
	composer, err := r.homeComposer(sns.DefaultBoard, nil, false)
	if err != nil {
		return err
	}
	return r.timeline(http.StatusOK, composer)
}

func (r *request) timeline(status int, composer composerView) error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	// The newest post before the list: one that comes between is on the page and
	// told of, rather than neither.
	newest, err := r.Store.NewestPost(r.ctx())
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
		Title: r.T("home.title"), Nav: "home", Topics: "topic=" + TopicTimeline,
		Data: timelineView{
			Tabs: r.homeTabs(false), Composer: &composer, List: list, Fresh: freshView{After: newest, Source: "/posts/new?", Page: "/"},
		},
	})
}

// list loads posts as the viewer sees them; path is that of the page they are
// on, perhaps with a query.
func (r *request) list(t sns.Timeline, path string) (listView, error) {
	t.Viewer, t.Limit = r.viewer.ID, pageSize+1
	posts, err := r.Store.Timeline(r.ctx(), t)
	if err != nil {
		return listView{}, err
	}
	var v listView
	if len(posts) > pageSize {
		posts = posts[:pageSize]
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		v.More = path + separator + "before=" + itoa(posts[pageSize-1].ID)
	}
	v.Cards, err = r.cards(posts)
	return v, err
}

// cards renders posts as of the request.
func (r *request) cards(posts []sns.Post) ([]template.HTML, error) {
	boards, err := r.Boards.All(r.ctx())
	if err != nil {
		return nil, err
	}
	return r.locale.Cards(posts, boards, r.now)
}

// card is cards for one post.
func (r *request) card(p sns.Post) (template.HTML, error) {
	cards, err := r.cards([]sns.Post{p})
	if err != nil {
		return "", err
	}
	return cards[0], nil
}

// cardOf loads a post through the viewer and renders it.
func (r *request) cardOf(id int64) (template.HTML, error) {
	post, err := r.Store.Post(r.ctx(), id, r.viewer.ID)
	if err != nil {
		return "", err
	}
	return r.card(post)
}

// newsQuery is what a page may ask news of.
func (r *request) newsQuery() (sns.Timeline, freshView, error) {
	after, err := r.cursor("after")
	if err != nil {
		return sns.Timeline{}, freshView{}, err
	}
	var t sns.Timeline
	fresh := freshView{Source: "/posts/new?", Page: "/"}
	slug := r.Query("board")
	if r.Query("local") == "true" {
		slug = sns.LocalBoard
	}
	switch {
	case r.Query("following") == "true":
		t.Follower = r.viewer.ID
		fresh.Source, fresh.Page = followingSource, "/following"
	case slug != "":
		b, err := r.boardCalled(slug)
		if err != nil {
			return t, fresh, err
		}
		s, err := r.boardQuery(b, r.QueryArray("f"))
		if err != nil {
			return t, fresh, err
		}
		t, fresh.Source, fresh.Page = s.timeline(), s.source(), s.path()
	}
	// One more than fit on a page tells that there are more.
	t.Viewer, t.Except, t.After, t.Limit = r.viewer.ID, r.viewer.ID, after, pageSize+1
	fresh.After = after
	return t, fresh, nil
}

// showNews answers whether others have posted since ?after= what the page shows
// (?board= with its ?f=, ?local=true, ?following=true, or everything): the
// banner, or with ?show=true the posts themselves.
func (r *request) showNews() error {
	t, fresh, err := r.newsQuery()
	if err != nil {
		return err
	}
	if r.Query("show") == "true" {
		return r.showNewPosts(t, fresh)
	}
	if fresh.Count, err = r.Store.CountPosts(r.ctx(), t); err != nil {
		return err
	}
	fresh.Many = fresh.Count > pageSize
	fresh.Count = min(fresh.Count, pageSize)
	return r.fragments(http.StatusOK, part{name: "post/_fresh", data: fresh})
}

func (r *request) showNewPosts(t sns.Timeline, fresh freshView) error {
	newest, err := r.Store.NewestPost(r.ctx())
	if err != nil {
		return err
	}
	posts, err := r.Store.Timeline(r.ctx(), t)
	if err != nil {
		return err
	}
	if len(posts) > pageSize {
		return r.redirect(fresh.Page)
	}
	cards, err := r.cards(posts)
	if err != nil {
		return err
	}
	fresh.After = max(newest, fresh.After)
	if len(posts) > 0 {
		fresh.After = max(fresh.After, posts[0].ID)
	}
	return r.fragments(http.StatusOK,
		part{name: "post/_list", data: listView{Cards: cards}},
		part{target: "#empty", swap: "delete"},
		part{name: "post/_fresh", data: fresh, target: "#fresh", swap: "outerHTML"})
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
	counts, err := r.Store.Counts(r.ctx(), ids)
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
