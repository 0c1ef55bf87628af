package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// A posted is a post of a pair, as pages must show the post.
type posted struct {
	id       int64
	by       *witness
	text     string
	board    string   // path
	options  []string // of the forum
	edited   bool
	gone     bool
	likes    map[*witness]bool
	comments []*remark
}

// A remark is a comment.
type remark struct {
	id     string
	by     string
	text   string
	edited bool
}

// mostPosts is how many posts a pair has at most, so that homes and boards show all.
const mostPosts = 8

// alive returns the posts of the writer that are not deleted.
func (p *pair) alive() []*posted {
	return slices.DeleteFunc(slices.Clone(p.posts), func(post *posted) bool { return post.gone })
}

// oneOf returns one of the writer's posts.
func (p *pair) oneOf(at int) *posted {
	posts := p.alive()
	if len(posts) == 0 {
		return p.newPost(at)
	}
	return posts[p.rng.IntN(len(posts))]
}

// writes writes a post. Above mostPosts, the writer deletes an older post instead.
func (p *pair) writes(at int) sight {
	if len(p.alive()) >= mostPosts {
		return p.deletes(at)
	}
	return p.look(p.newPost(at))
}

// newPost writes a post on a board, with options where the board asks for options.
func (p *pair) newPost(at int) *posted {
	post := p.post(p.writer, at)
	p.posts = append(p.posts, post)
	return post
}

func (p *pair) post(by *witness, at int) *posted {
	post := &posted{by: by, text: fmt.Sprintf("%s의 %d번째 <글> & 생각", by.name, p.n), likes: map[*witness]bool{}}
	slug := []string{"free", "local", p.forum.slug, p.forum.slug}[p.rng.IntN(4)]
	if by != p.writer && slug == "local" {
		slug = "free" // the place of the session may be unknown here for a moment
	}
	post.board = "/boards/" + slug
	form := []string{"content", post.text, "board", slug}
	switch slug {
	case "local":
		post.board = "/local"
	case p.forum.slug:
		post.board = p.forum.path
		for _, f := range investing {
			option := f.options[p.rng.IntN(len(f.options))]
			post.options, form = append(post.options, option), append(form, "f", p.forum.options[option])
		}
	}
	answer := by.at[at].HX().Upload("/posts", nil, form...)
	id, _ := answer.Find("article.post").Attr("id")
	var err error
	if post.id, err = strconv.ParseInt(strings.TrimPrefix(id, "post-"), 10, 64); err != nil {
		p.fault("posting at place %d: %d %.300q", at+1, answer.Status, answer.Body)
	}
	return post
}

func (p *pair) edits(at int) sight {
	post := p.oneOf(at)
	post.text, post.edited = fmt.Sprintf("%s가 %d번째로 고친 글", p.writer.name, p.n), true
	p.writer.does(at, post.path(), "content", post.text)
	return p.look(post)
}

func (p *pair) deletes(at int) sight {
	post := p.oneOf(at)
	p.writer.does(at, post.path()+"/delete")
	post.gone = true
	return p.look(post)
}

func (p *pair) likes(at int) sight {
	post, who := p.oneOf(at), []*witness{p.writer, p.reader}[p.rng.IntN(2)]
	post.likes[who] = !post.likes[who]
	who.does(at, post.path()+"/like", "on", fmt.Sprint(post.likes[who]))
	return p.look(post)
}

func (p *pair) comments(at int) sight {
	post := p.oneOf(at)
	if len(post.comments) >= mostPosts {
		return p.deletesComment(at)
	}
	p.comment(p.reader, at, post)
	return p.look(post)
}

func (p *pair) comment(by *witness, at int, post *posted) {
	c := &remark{by: by.name, text: fmt.Sprintf("%d번째 댓글", p.n)}
	answer := by.at[at].HX().Post(post.path()+"/comments", "content", c.text)
	if c.id, _ = answer.Find("li.comment").Attr("id"); c.id == "" {
		p.fault("commenting at place %d: %d %.300q", at+1, answer.Status, answer.Body)
	}
	post.comments = append(post.comments, c)
}

// ofReader returns a post with a comment of the reader, and the place of that comment.
func (p *pair) ofReader() (*posted, int) {
	for _, post := range p.alive() {
		for i, c := range post.comments {
			if c.by == p.reader.name {
				return post, i
			}
		}
	}
	return nil, 0
}

func (p *pair) editsComment(at int) sight {
	post, i := p.ofReader()
	if post == nil {
		return p.comments(at)
	}
	c := post.comments[i]
	c.text, c.edited = fmt.Sprintf("%d번째로 고친 댓글", p.n), true
	p.reader.does(at, c.path(), "content", c.text)
	return p.look(post)
}

func (p *pair) deletesComment(at int) sight {
	post, i := p.ofReader()
	if post == nil {
		return p.comments(at)
	}
	p.reader.does(at, post.comments[i].path()+"/delete")
	post.comments = slices.Delete(post.comments, i, i+1)
	return p.look(post)
}

// departed is the name of people who have left.
const departed = "탈퇴한 사용자"

// leaves makes an account that posts, comments and is deleted. The texts stay, without the
// name.
func (p *pair) leaves(at int) sight {
	name := fmt.Sprintf("손님%s%d", p.writer.id, p.n)
	p.adds(name, "USER")
	guest, on := p.witness(name), p.oneOf(at)
	post := p.post(guest, at)
	p.comment(guest, at, on)
	p.look(post)(p.reader, p.elsewhere(at))
	p.look(on)(p.reader, p.elsewhere(at))
	guest.does(at, "/settings/delete", "current_password", apptest.Password)
	post.by = &witness{name: departed}
	on.comments[len(on.comments)-1].by = departed
	return func(w *witness, at int) {
		p.look(post)(w, at)
		p.look(on)(w, at)
		w.shows(at, homeOf(name), w.get(at, homeOf(name)).Status, http.StatusNotFound)
	}
}

func (post *posted) path() string { return fmt.Sprint("/posts/", post.id) }

func (c *remark) path() string { return "/comments/" + strings.TrimPrefix(c.id, "comment-") }

// look looks at one of the pages that show a post, or that must not show the post.
func (p *pair) look(post *posted) sight {
	return func(w *witness, at int) {
		pages := []string{post.path(), post.path(), "/", "/?through=" + strconv.FormatInt(post.id, 10), post.board, "counts"}
		if post.by == p.writer {
			pages = append(pages, homeOf(p.writer.name))
		}
		if w == p.reader && p.follows && post.by == p.writer {
			pages = append(pages, "/following")
		}
		absent := len(pages)
		if len(post.options) > 0 {
			pages = append(pages, p.forum.filtered(post.options[0]), p.forum.filtered(post.options...))
			absent = len(pages)
			pages = append(pages, p.forum.filtered(other(post.options[0])))
		}
		i := p.rng.IntN(len(pages))
		switch path := pages[i]; {
		case path == "counts":
			p.showsCounts(post, w, at)
		case path == "/local" && w == p.host:
			return // lives elsewhere
		default:
			p.showsPost(post, w, at, path, i < absent)
		}
	}
}

// other returns the other option of the first facet.
func other(option string) string {
	options := investing[0].options
	return options[1-slices.Index(options, option)]
}

// showsPost compares a post on a page. listed says that the page is to show the post.
func (p *pair) showsPost(post *posted, w *witness, at int, path string, listed bool) {
	page := w.get(at, path)
	alone := path == post.path()
	if alone && post.gone {
		w.shows(at, path, page.Status, http.StatusNotFound)
		return
	}
	card := page.Want(http.StatusOK).Find(fmt.Sprint("#post-", post.id))
	switch {
	case post.gone || !listed:
		w.shows(at, path, card.Length(), 0)
	case card.Length() == 0 && !alone && post.olderThan(page):
		p.passed.Add(1)
	default:
		w.shows(at, path, cardText(card), p.wantCard(post, w))
	}
	if alone {
		w.shows(at, path, remarks(page), wantRemarks(post))
	}
}

// olderThan reports whether a list is full of newer posts.
func (post *posted) olderThan(page *apptest.Page) bool {
	cards := page.Find("article.post")
	last, _ := cards.Last().Attr("id")
	id, err := strconv.ParseInt(strings.TrimPrefix(last, "post-"), 10, 64)
	return err == nil && cards.Length() >= 20 && id > post.id
}

// cardText returns what a card shows that can change.
func cardText(card *goquery.Selection) []string {
	text := func(sel string) string { return strings.TrimSpace(card.Find(sel).First().Text()) }
	pressed, _ := card.Find(".like").Attr("aria-pressed")
	image, _ := card.Find(".post-head .avatar img").Attr("src")
	return []string{
		text(".post-text"), text(".post-by .badge"), text(".post-by bdi"), image, text(".like .num"), pressed, text(".discuss .num"),
		fmt.Sprint(strings.Contains(text(".meta"), "수정됨")), strings.Join(card.Find(".tag").Map(func(_ int, a *goquery.Selection) string { return a.Text() }), " "),
	}
}

// wantCard returns what a card is to show a person.
func (p *pair) wantCard(post *posted, w *witness) []string {
	likes := 0
	for _, on := range post.likes {
		if on {
			likes++
		}
	}
	badge, image := "", ""
	if post.by == p.writer {
		badge, image = badges[p.role], p.image
	}
	return []string{
		post.text, badge, post.by.name, image, fmt.Sprint(likes), fmt.Sprint(post.likes[w]), fmt.Sprint(len(post.comments)),
		fmt.Sprint(post.edited), strings.Join(post.options, " "),
	}
}

// remarks returns the comments on the page of a post.
func remarks(page *apptest.Page) []string {
	return page.Find("#comments li.comment").Map(func(_ int, li *goquery.Selection) string {
		return fmt.Sprint(li.Find("b bdi").First().Text(), ": ", li.Find(".comment-text").Text(), strings.Contains(li.Find(".meta").Text(), "수정됨"))
	})
}

func wantRemarks(post *posted) []string {
	all := make([]string, len(post.comments))
	for i, c := range post.comments {
		all[i] = fmt.Sprint(c.by, ": ", c.text, c.edited)
	}
	return all
}

// showsCounts compares the counts that a page asks for after a gap.
func (p *pair) showsCounts(post *posted, w *witness, at int) {
	path := fmt.Sprint("/posts/counts?id=", post.id)
	page := w.part(at, path).Want(http.StatusOK)
	gone := page.Find(fmt.Sprintf(`[data-partial][hx-target="#post-%d"]`, post.id)).Length() > 0
	w.shows(at, path, gone, post.gone)
	if !post.gone {
		want := p.wantCard(post, w)
		w.shows(at, path, []string{page.Text(fmt.Sprintf("#post-%d-likes", post.id)), page.Text(fmt.Sprintf("#post-%d-comments", post.id))}, []string{want[4], want[6]})
	}
}
