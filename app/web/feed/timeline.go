package feed

import (
	"net/http"
	"slices"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// timelineTabs are the views of the timeline.
func timelineTabs(r *request.Request, following bool) []view.Tab {
	return []view.Tab{
		view.NewTab(r.T("home.all"), "/", !following),
		view.NewTab(r.T("home.following"), "/following", following),
	}
}

// Show shows all posts, newest first.
func (Timeline) Show(r *request.Request) error {
	composer, err := timelineComposer(r, sns.DefaultBoard, nil, false)
	if err != nil {
		return err
	}
	return timelinePage(r, http.StatusOK, composer)
}

func timelinePage(r *request.Request, status int, composer view.Composer) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	// The newest post before the list: one that comes between is on the page and
	// told of, rather than neither.
	newest, err := r.Store.NewestPost(r.Ctx())
	if err != nil {
		return err
	}
	list, err := r.Posts(sns.Timeline{Before: before}, "/")
	if err != nil {
		return err
	}
	if r.Partial() && r.Request.Method == http.MethodGet {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: list})
	}
	return r.Page(status, "post/timeline", view.Page{
		Title: r.T("home.title"), Nav: "home", Topics: "topic=" + view.TopicTimeline,
		Data: view.Timeline{
			Tabs: timelineTabs(r, false), Composer: &composer, List: list, Fresh: view.Banner{After: newest, Source: "/posts/new?", Page: "/"},
		},
	})
}

// Following shows the posts of those one follows, newest first.
func (Timeline) Following(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	newest, err := r.Store.NewestPost(r.Ctx()) // before the list, as on the timeline
	if err != nil {
		return err
	}
	list, err := r.Posts(sns.Timeline{Follower: r.Viewer.ID, Before: before}, "/following")
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: list})
	}
	return r.Page(http.StatusOK, "post/following", view.Page{
		Title: r.T("home.following"), Nav: "home", Topics: "topic=" + view.TopicTimeline,
		Data: view.Timeline{Tabs: timelineTabs(r, true), List: list, Fresh: view.Banner{After: newest, Source: view.FollowingSource, Page: "/following"}},
	})
}

// newerQuery is what a page may ask news of.
func newerQuery(r *request.Request) (sns.Timeline, view.Banner, error) {
	after, err := r.Cursor("after")
	if err != nil {
		return sns.Timeline{}, view.Banner{}, err
	}
	var t sns.Timeline
	fresh := view.Banner{Source: "/posts/new?", Page: "/"}
	slug := r.Query("board")
	if r.Query("local") == "true" {
		slug = sns.LocalBoard
	}
	switch {
	case r.Query("following") == "true":
		t.Follower = r.Viewer.ID
		fresh.Source, fresh.Page = view.FollowingSource, "/following"
	case slug != "":
		b, err := boardBySlug(r, slug)
		if err != nil {
			return t, fresh, err
		}
		s, err := loadBoardQuery(r, b, r.QueryArray("f"))
		if err != nil {
			return t, fresh, err
		}
		t, fresh.Source, fresh.Page = s.timeline(), s.source(), s.path()
	}
	// One more than fit on a page tells that there are more.
	t.Viewer, t.Except, t.After, t.Limit = r.Viewer.ID, r.Viewer.ID, after, view.PostsPerPage+1
	fresh.After = after
	return t, fresh, nil
}

// Newer answers whether others have posted since ?after= what the page shows
// (?board= with its ?f=, ?local=true, ?following=true, or everything): the
// banner, or with ?show=true the posts themselves.
func (Timeline) Newer(r *request.Request) error {
	t, fresh, err := newerQuery(r)
	if err != nil {
		return err
	}
	if r.Query("show") == "true" {
		return newerPosts(r, t, fresh)
	}
	if fresh.Count, err = r.Store.CountPosts(r.Ctx(), t); err != nil {
		return err
	}
	fresh.Many = fresh.Count > view.PostsPerPage
	fresh.Count = min(fresh.Count, view.PostsPerPage)
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_fresh", Data: fresh})
}

func newerPosts(r *request.Request, t sns.Timeline, fresh view.Banner) error {
	newest, err := r.Store.NewestPost(r.Ctx())
	if err != nil {
		return err
	}
	posts, err := r.Store.Timeline(r.Ctx(), t)
	if err != nil {
		return err
	}
	if len(posts) > view.PostsPerPage {
		return r.Redirect(fresh.Page)
	}
	cards, err := r.Cards(posts)
	if err != nil {
		return err
	}
	fresh.After = max(newest, fresh.After)
	if len(posts) > 0 {
		fresh.After = max(fresh.After, posts[0].ID)
	}
	return r.Fragments(http.StatusOK,
		request.Fragment{Name: "post/_list", Data: view.Posts{Cards: cards}},
		request.Fragment{Target: "#empty", Swap: "delete"},
		request.Fragment{Name: "post/_fresh", Data: fresh, Target: "#fresh", Swap: "outerHTML"})
}

// MostCounts is how many posts one may ask the counts of at once.
const MostCounts = 100

// Counts answers the present counts of ?id=: what a page missed while its
// stream was down. Posts that are gone are said to be gone.
func (Timeline) Counts(r *request.Request) error {
	var ids []int64
	for _, raw := range r.QueryArray("id") {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || id < 1 {
			return request.ErrBadRequest
		}
		ids = append(ids, id)
	}
	if len(ids) > MostCounts {
		return request.ErrBadRequest
	}
	counts, err := r.Store.Counts(r.Ctx(), ids)
	if err != nil {
		return err
	}
	parts := make([]request.Fragment, 0, len(ids))
	for _, c := range counts {
		parts = append(parts, request.Fragment{Name: "post/_counts", Data: c})
		ids = slices.DeleteFunc(ids, func(id int64) bool { return id == c.Post })
	}
	for _, id := range ids {
		parts = append(parts, request.Fragment{Name: "post/_gone", Data: view.Itoa(id), Target: "#post-" + view.Itoa(id), Swap: "outerHTML"})
	}
	return r.Fragments(http.StatusOK, parts...)
}
