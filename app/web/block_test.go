package web_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// blocks makes a client block somebody.
func (v *siteWithMembers) blocks(c *apptest.Client, name string) {
	v.t.Helper()
	c.Post(homeOf(name)+"/block", "on", "true").Want(303)
}

func TestBlockingAndBack(t *testing.T) {
	v := open(t)
	home := homeOf("서준")
	v.posts(v.seojun, "바다")
	v.minji.Get(home).Has(`#home-menu a[href="` + home + `/block"]`).Has("article.post")
	v.minji.Get(homeOf("민지")).Lacks("#home-menu")
	ask := v.minji.Get(home + "/block").Want(200).Has(`form[action="` + home + `/block"] button[name=on][value=true]`)
	says(t, ask, "block.help")
	leadsTo(t, v.minji.Post(home+"/block", "on", "true"), home)
	says(t, v.minji.Get(home), "done.blocked")

	p := v.minji.Get(home).Want(200).Lacks("article.post").Lacks("#home-menu").Has(`form[action="` + home + `/block"] button[value=false]`)
	says(t, p, "block.home")
	leadsTo(t, v.minji.Get(home+"/about"), home)
	if to := v.minji.HX().Get(home + "?before=9").Want(200).Header.Get("HX-Redirect"); to != home {
		t.Errorf("a list of before leads to %q", to)
	}
	list := v.minji.Get("/settings/blocks").Want(200).Has("#block-" + seojunID)
	if got := list.Find(".person .cut").Map(texts); !slices.Equal(got, []string{"서준"}) {
		t.Errorf("the list has %v", got)
	}
	v.seojun.Get("/settings/blocks").Lacks(".person")

	leadsTo(t, postFrom(v.minji, "/settings/blocks", home+"/block", "on", "false"), "/settings/blocks")
	says(t, v.minji.Get("/settings/blocks").Lacks(".person"), "block.none")
	v.minji.Get(home).Has("article.post")
	v.minji.HX().Post(home+"/block", "on", "true").Want(200)
	if p := v.minji.HX().Post(home+"/block", "on", "false", "from", "/settings/blocks").Want(200); !strings.Contains(p.Body, `hx-target="#block-`+seojunID+`" hx-swap="delete"`) {
		t.Errorf("the row stays: %s", p.Body)
	}
	v.minji.Get(home).Has("article.post")
}

func TestNobodyBlocksThemselves(t *testing.T) {
	v := open(t)
	says(t, v.minji.Post(homeOf("민지")+"/block", "on", "true").Want(422), "block.self")
	toasts(t, v.minji.HX().Post(homeOf("민지")+"/block", "on", "true").Want(422), "block.self")
}

// The blocked person is not told: the home looks like one on which nothing has been written.
func TestWhoIsBlockedIsNotTold(t *testing.T) {
	v := open(t)
	v.posts(v.minji, "바다")
	v.follows(v.seojun, "민지")
	v.follows(v.haneul, "민지")
	v.minji.Post("/settings/profile", "status_message", "졸려요").Want(303)
	v.blocks(v.minji, "서준")
	home := homeOf("민지")
	p := v.seojun.Get(home).Want(200).Lacks("article.post").Has("#follow-" + minjiID)
	says(t, p, "user.empty")
	if strings.Contains(p.Body, "졸려요") || strings.Contains(p.Body, web.Korean("block.home")) {
		t.Error("the home says too much")
	}
	if followers, following := followCounts(p); followers != "0" || following != "0" {
		t.Errorf("%s follow, %s are followed", followers, following)
	}
	v.seojun.HX().Get(home + "/about").Want(200)
	says(t, v.seojun.Get(home+"/followers").Want(200).Lacks(".person"), "follow.no_followers")
	v.seojun.Post(home+"/follow", "on", "true").Want(404)
	v.minji.Post(homeOf("서준")+"/follow", "on", "true").Want(403)
	v.haneul.Get(home + "/followers").Has("#follow-" + seojunID + ", .person") // those who see both
	v.seojun.Post(home+"/block", "on", "true").Want(303)                       // they may block, too
	v.minji.Post(homeOf("서준")+"/block", "on", "false").Want(303)
	says(t, v.seojun.Get(home), "block.home")
}

func TestTheStyleFoldsWhatBlockedPeopleSay(t *testing.T) {
	v := open(t)
	link := func(c *apptest.Client) string { return c.Get("/").Find(`link[href^="/me.css"]`).AttrOr("href", "") }
	before := link(v.minji)
	v.blocks(v.minji, "서준")
	v.blocks(v.haneul, "민지")
	style := v.minji.Get(link(v.minji)).Want(200).Body
	if !strings.Contains(style, `:is([data-from="`+seojunID+`"])`) || !strings.Contains(style, web.Korean("block.fold")) || strings.Contains(style, `"`+haneulID+`"`) {
		t.Errorf("the style is %s", style)
	}
	if link(v.minji) == before {
		t.Error("browsers would keep the style of before")
	}
	if strings.Contains(v.seojun.Get("/me.css").Body, web.Korean("block.fold")) {
		t.Error("the style of who is blocked folds, too")
	}
}

// A hiding is two people who do not see each other, and somebody who sees both. Each text
// holds the word 바다 and a mark of its author.
type hiding struct {
	*siteWithMembers
	posts, comments []string
}

// mark returns the mark in the texts of a person.
func mark(name string) string { return "비밀" + name }

func openHiding(t *testing.T) *hiding {
	t.Helper()
	h := &hiding{siteWithMembers: open(t)}
	people := map[string]*apptest.Client{"민지": h.minji, "서준": h.seojun, "하늘": h.haneul}
	for name, c := range people {
		c.Post("/settings/profile", "status_message", "바다 "+mark(name)).Want(303)
		c.Post("/settings/location", "location", "서울 성동구").Want(303)
		h.posts = append(h.posts, h.siteWithMembers.posts(c, "바다 @민지 @서준 @하늘 "+mark(name)))
		h.posts = append(h.posts, h.localPost(c, "바다 "+mark(name)))
		for other := range people {
			if other != name {
				h.follows(c, other)
			}
		}
	}
	for name, c := range people {
		for _, post := range h.posts {
			h.comments = append(h.comments, h.siteWithMembers.comments(c, post, "바다 @민지 @서준 @하늘 "+mark(name)))
			c.Post("/posts/"+post+"/like", "on", "true").Want(303)
		}
	}
	return h
}

// paths returns all paths of a route about the things of a hiding.
func (h *hiding) paths(path string) []string {
	var names, notices []string
	for _, name := range []string{"민지", "서준", "하늘"} {
		names = append(names, homeOf(name))
	}
	for _, id := range lines(h.t, h.database(), "SELECT id FROM notices ORDER BY id") {
		notices = append(notices, "/notifications/"+strings.Trim(id, "[]"))
	}
	all := []string{path}
	for _, fill := range []struct {
		place  string
		before string
		values []string
	}{
		{"/posts/:id", "/posts/", h.posts}, {"/comments/:id", "/comments/", h.comments},
		{"/users/:username", "", names}, {"/notifications/:id", "", notices}, {"/boards/:slug", "/boards/", []string{"free"}},
	} {
		var filled []string
		for _, path := range all {
			if !strings.Contains(path, fill.place) {
				filled = append(filled, path)
				continue
			}
			for _, value := range fill.values {
				filled = append(filled, strings.Replace(path, fill.place, fill.before+value, 1))
			}
		}
		all = filled
	}
	for _, query := range map[string][]string{
		"/search":          {"?q=바다", "?q=바다&in=posts", "?q=바다&in=comments", "?q=바다&in=people", "?q=바다+from:서준&in=posts", "?q=바다+from:민지&in=comments"},
		"/search/suggest":  {"?q=바다"},
		"/people/complete": {"?q=민지&post=" + h.posts[0], "?q=서준", "?q=ㅅㅈ"},
		"/posts/new":       {"?after=0&show=true", "?after=1&show=true&board=free", "?after=1&show=true&following=true", "?after=1&show=true&local=true"},
		"/posts/counts":    {"?id=" + strings.Join(h.posts, "&id=")},
		"/notifications":   {"?in=me", "?in=news"},
	}[path] {
		all = append(all, path+query)
	}
	return all
}

// unasked are the routes that shown leaves out: streams, files, what signs out, and rooms, whose
// messages are folded instead.
var unasked = []string{"/rooms", "/desk", "/admin", "/push", "/live", "/sign", "/static", "/uploads", "/settings/password", "/settings/sessions"}

// shown returns the paths on which a client is shown a mark, of all GET routes and of all
// forms that delete nothing, plain and by htmx.
func (h *hiding) shown(c *apptest.Client, mark string) (paths []string) {
	h.t.Helper()
	routes, err := web.Routes()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, route := range routes {
		method, pattern, _ := strings.Cut(route, " ")
		if method == http.MethodHead || method == http.MethodPost && strings.HasSuffix(pattern, "/delete") || slices.ContainsFunc(unasked, func(p string) bool {
			return strings.HasPrefix(pattern, p)
		}) {
			continue
		}
		for _, path := range h.paths(pattern) {
			for how, client := range map[string]*apptest.Client{"plain": c, "htmx": c.HX()} {
				var p *apptest.Page
				if method == http.MethodPost {
					p = client.Post(path)
				} else {
					p = client.Get(path)
				}
				if p.Status >= 500 {
					h.t.Errorf("%s %s: %d", method, path, p.Status)
				}
				if strings.Contains(p.Body, mark) {
					paths = append(paths, method+" "+path+" "+how)
				}
			}
		}
	}
	return paths
}

func TestNoRouteShowsWhoIsHidden(t *testing.T) {
	h := openHiding(t)
	people := map[string]*apptest.Client{"민지": h.minji, "서준": h.seojun, "하늘": h.haneul}
	random, blocked := rand.New(rand.NewPCG(7, 91)), map[[2]string]bool{}
	for round := range 5 {
		for range round { // nobody blocks at first
			one, other := random.IntN(3), 1+random.IntN(2)
			names := []string{"민지", "서준", "하늘"}
			pair := [2]string{names[one], names[(one+other)%3]}
			blocked[pair] = !blocked[pair]
			people[pair[0]].Post(homeOf(pair[1])+"/block", "on", strconv.FormatBool(blocked[pair])).Want(303)
		}
		for viewer, c := range people {
			for author := range people {
				paths := h.shown(c, mark(author))
				hidden := blocked[[2]string{viewer, author}] || blocked[[2]string{author, viewer}]
				if hidden && len(paths) > 0 {
					t.Errorf("%v: %s is shown what %s has written: %v", blocked, viewer, author, paths)
				}
				if !hidden && len(paths) < 20 {
					t.Errorf("%v: %s is shown what %s has written on %d paths alone", blocked, viewer, author, len(paths))
				}
				if got := c.HX().Get("/people/complete?q=" + author).Body; hidden && strings.Contains(got, "<bdi>"+author) {
					t.Errorf("%v: %s may call %s", blocked, viewer, author)
				}
			}
		}
	}
}

// In rooms both hear each other: each line of the blocked person is inside an element that the
// style sheet folds.
func TestEveryPageOfRoomsFoldsBlockedPeople(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "함께 읽기", 5)
	v.enters(room, v.minji, v.seojun)
	saysIn(v.seojun, room, "바다 "+mark("서준"))
	v.blocks(v.minji, "서준")
	folds := func(path string, c *apptest.Client) {
		t.Helper()
		p := c.Get(path).Want(200)
		if !strings.Contains(p.Document.Text(), mark("서준")) {
			t.Errorf("%s shows nothing", path)
		}
		p.Find(`[data-from="` + seojunID + `"] .said`).Remove()
		if strings.Contains(p.Document.Text(), mark("서준")) {
			t.Errorf("%s does not fold what was said", path)
		}
	}
	paths := []string{"/rooms/" + room, "/rooms/" + room + "/messages?after=0", "/rooms/" + room + "?q=바다", "/rooms/" + room + "?before=9", "/search?q=바다&in=messages", "/search?q=바다"}
	for _, path := range append(paths, "/rooms") {
		folds(path, v.minji)
	}
	folds("/rooms/"+room+"?q=바다", v.minji.HX())
	folds("/rooms/"+room+"/messages?after=0", v.minji.HX())
	v.ends(v.sua, room)
	v.saved(room)
	for _, path := range paths {
		folds(path, v.minji)
	}
}

func TestBlockingIsLimited(t *testing.T) {
	v := open(t, limited)
	until429(t, 30, func(int) *apptest.Page { return v.minji.Post(homeOf("서준")+"/block", "on", "true") })
}

// Routes about hidden things answer as if the things did not exist.
func TestWhatIsHiddenIsMissing(t *testing.T) {
	h := openHiding(t)
	post := h.siteWithMembers.posts(h.minji, "산")
	comment := h.siteWithMembers.comments(h.haneul, post, "좋아요")
	h.blocks(h.minji, "서준")
	for _, path := range []string{"", "/edit", "/delete", "/comments", "/comments/latest"} {
		h.seojun.Get("/posts/" + post + path).Want(404)
	}
	for _, path := range []string{"", "/edit", "/delete"} {
		h.seojun.Get("/comments/" + comment + path).Want(404)
	}
	for path, fields := range map[string][]string{
		"": {"content", "고침"}, "/delete": nil, "/like": {"on", "true"}, "/mute": {"on", "true"}, "/comments": {"content", "저도요"},
	} {
		h.seojun.Post("/posts/"+post+path, fields...).Want(404)
		h.seojun.HX().Post("/posts/"+post+path, fields...).Want(404)
	}
	h.seojun.Post("/comments/"+comment, "content", "고침").Want(404)
	h.seojun.Post("/comments/" + comment + "/delete").Want(404)
	h.haneul.Get("/posts/" + post).Want(200).Has("#comment-" + comment)
}

func TestNoEventShowsWhoIsHidden(t *testing.T) {
	h := openHiding(t)
	h.blocks(h.minji, "서준")
	post, own := h.siteWithMembers.posts(h.haneul, "산"), h.siteWithMembers.posts(h.minji, "강")
	query := "topic=timeline&topic=post:" + post + "&topic=post:" + own
	minji, seojun, haneul := h.listen(h.minji, query), h.listen(h.seojun, query), h.listen(h.haneul, query)
	h.siteWithMembers.comments(h.seojun, post, mark("서준"))
	h.siteWithMembers.comments(h.minji, post, mark("민지"))
	h.siteWithMembers.comments(h.haneul, own, "강가에서")
	last := h.siteWithMembers.comments(h.haneul, post, "끝")
	for name, s := range map[string]*stream{"민지": minji, "서준": seojun, "하늘": haneul} {
		var got string
		for !strings.Contains(got, "comment-"+last) {
			e, ok := s.next(patience)
			if !ok {
				t.Fatalf("%s: the last comment does not arrive", name)
			}
			got += e.data
		}
		for _, text := range []string{mark("민지"), mark("서준"), "강가에서"} {
			hidden := name == "민지" && text == mark("서준") || name == "서준" && text != mark("서준")
			if strings.Contains(got, text) == hidden {
				t.Errorf("%s is sent %s: %t", name, text, !hidden)
			}
		}
	}
}
