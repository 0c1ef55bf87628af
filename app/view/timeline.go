package view

// PostsPerPage is the number of posts that a page shows at once.
const PostsPerPage = 20

// PostsThrough is the largest number of posts that a page shows at once to a browser
// that goes back to a place in a list.
const PostsThrough = 100

// Timeline is post/timeline, the page of all posts, and post/following, the page of
// followed people's posts.
type Timeline struct {
	Notice   SiteNotice // none on post/following
	Tabs     []Tab
	Composer *Composer // nil on post/following
	List     Posts
	Fresh    Banner
}

// Posts is post/_list: posts, newest first, and the link to older posts.
type Posts struct {
	Cards *List  // of post/_card
	More  string // URL of the older posts, or empty
}

// Banner is post/_fresh: the banner that announces posts by others since the page
// was loaded.
type Banner struct {
	Count  int
	After  int64  // newest post at that time
	Source string // URL of newer posts, up to the parameters that change
	Page   string // path of the page
	Many   bool   // more posts than a page shows: the link reloads the page
}

// Tab is a link to one of the views of a page.
type Tab struct {
	Link
	Current bool
}

// NewTab returns the tab of the view at a URL.
func NewTab(name, url string, current bool) Tab { return Tab{Link{name, url}, current} }

// mark implements framed.
func (v Timeline) mark(f *filling, p *Page) bool {
	var ok bool
	v.Composer, ok = f.composer(v.Composer)
	v.List, v.Fresh = f.posts(v.List), f.banner(v.Fresh)
	p.Data = v
	return ok
}
