package view

import (
	"html/template"
)

// PostsPerPage is how many posts are shown at once.
const PostsPerPage = 20

// Timeline is post/timeline, the page.
type Timeline struct {
	Tabs     []Tab
	Composer *Composer // nil on the page of those one follows
	List     Posts
	Fresh    Banner
}

// Posts is post/_list: posts, and the way to older ones.
type Posts struct {
	Cards []template.HTML // post/_card
	More  string          // URL of what follows, or empty
}

// Banner is post/_fresh: the banner for posts that came since.
type Banner struct {
	Count  int
	After  int64  // the newest post that was there
	Source string // where to ask, up to the parameters that change
	Page   string // the page itself
	Many   bool   // more than are shown at once: the page is loaded anew
}

// Tab is one of the views of a page that stand beside each other.
type Tab struct {
	Link
	Current bool
}

// FollowingSource is where the page of those one follows asks for news.
const FollowingSource = "/posts/new?following=true&"

// NewTab returns the tab of a page at a URL.
func NewTab(name, url string, current bool) Tab { return Tab{Link{name, url}, current} }
