package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows the posts of all boards.
func (Timeline) Show(r *request.Request) error { return timelinePage(r, http.StatusOK, nil) }

// timelinePage shows the timeline with a composer; nil is an empty composer.
func timelinePage(r *request.Request, status int, composer *view.Composer) error {
	return everyPost().show(r, func(posts view.Posts, banner view.Banner) error {
		if composer == nil {
			empty, err := timelineComposer(r, sns.DefaultBoard, nil, false)
			if err != nil {
				return err
			}
			composer = &empty
		}
		c, err := r.Community.Present(r.Ctx())
		if err != nil {
			return err
		}
		return r.Page(status, "post/timeline", view.Page{
			Title: r.T("home.title"), Nav: "home", Topics: "topic=" + view.TopicTimeline,
			Data: view.Timeline{
				Notice: view.NewSiteNotice(c, r.NoticeAway()), Tabs: timelineTabs(r, false), Composer: composer, List: posts, Fresh: banner,
			},
		})
	})
}

// Following shows the posts of people whom the viewer follows.
func (Timeline) Following(r *request.Request) error {
	return followedPosts(r).show(r, func(posts view.Posts, banner view.Banner) error {
		return r.Page(http.StatusOK, "post/following", view.Page{
			Title: r.T("home.following"), Nav: "home", Topics: "topic=" + view.TopicTimeline,
			Data: view.Timeline{Tabs: timelineTabs(r, true), List: posts, Fresh: banner},
		})
	})
}

func timelineTabs(r *request.Request, following bool) []view.Tab {
	return []view.Tab{
		view.NewTab(r.T("home.all"), "/", !following),
		view.NewTab(r.T("home.following"), "/following", following),
	}
}

// Newer answers GET /posts/new: how many posts others have created since ?after= in
// the list of a page (?board= with ?f=, ?local=true, ?following=true, or else the
// timeline). The answer is the banner, or with ?show=true the posts themselves.
func (Timeline) Newer(r *request.Request) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	list, err := listOfQuery(r)
	if err != nil {
		return err
	}
	banner, newer := list.banner(after), list.posts
	newer.Viewer, newer.Except, newer.After = r.Viewer.ID, r.Viewer.ID, after
	newer.Limit = view.PostsPerPage + 1 // to know whether there are more than a page shows
	if r.Query("show") == "true" {
		return newerPosts(r, newer, banner)
	}
	count, err := r.Store.CountPosts(r.Ctx(), newer)
	if err != nil {
		return err
	}
	banner.Count, banner.Many = min(count, view.PostsPerPage), count > view.PostsPerPage
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_fresh", Data: banner})
}

// listOfQuery returns the list of the page that the query describes.
func listOfQuery(r *request.Request) (postList, error) {
	if r.Query("following") == "true" {
		return followedPosts(r), nil
	}
	slug := r.Query("board")
	if r.Query("local") == "true" {
		slug = sns.LocalBoard
	}
	if slug == "" {
		return everyPost(), nil
	}
	b, err := boardBySlug(r, slug)
	if err != nil {
		return postList{}, err
	}
	q, err := loadBoardQuery(r, b, r.QueryArray("f"))
	return q.list(), err
}

// newerPosts answers with newer posts for the top of a list, and with an empty
// banner. If the posts do not fit, the browser loads the page again.
func newerPosts(r *request.Request, newer sns.Timeline, banner view.Banner) error {
	newest, err := r.Store.NewestPost(r.Ctx()) // before the posts: one created between the queries is announced
	if err != nil {
		return err
	}
	posts, err := r.Store.Timeline(r.Ctx(), newer)
	if err != nil {
		return err
	}
	if len(posts) > view.PostsPerPage {
		return r.Redirect(banner.Page)
	}
	cards, err := r.Cards(posts)
	if err != nil {
		return err
	}
	banner.After = max(newest, banner.After)
	if len(posts) > 0 {
		banner.After = max(banner.After, posts[0].ID)
	}
	return r.Fragments(http.StatusOK,
		request.Fragment{Name: "post/_list", Data: view.Posts{Cards: cards}},
		request.Remove("#empty"),
		request.Fragment{Name: "post/_fresh", Data: banner, Target: "#fresh", Swap: "outerHTML"})
}
