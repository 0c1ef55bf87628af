package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A postList is the list of posts on a page, newest first: which posts, and where
// the browser asks for older and newer posts.
type postList struct {
	posts sns.Timeline
	page  string // path of the page, with the filter
	newer string // URL of newer posts, up to the parameters that change
}

// everyPost is the list of the timeline.
func everyPost() postList { return postList{page: "/", newer: "/posts/new?"} }

// followedPosts is the list of the posts of people whom the viewer follows.
func followedPosts(r *request.Request) postList {
	return postList{posts: sns.Timeline{Follower: r.Viewer.ID}, page: "/following", newer: "/posts/new?following=true&"}
}

// show loads the posts before ?before=. A partial request gets these posts alone;
// for any other request, show calls page, which answers with the whole page.
func (l postList) show(r *request.Request, page func(view.Posts, view.Banner) error) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	l.posts.Before = before
	posts, newest, err := r.Posts(l.posts, l.page)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: posts})
	}
	return page(posts, l.banner(newest))
}

// banner returns the banner for posts newer than the post after.
func (l postList) banner(after int64) view.Banner {
	return view.Banner{After: after, Source: l.newer, Page: l.page}
}
