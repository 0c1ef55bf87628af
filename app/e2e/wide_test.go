package e2e

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// The widest names that the program takes: syllables as wide as letters get.
var (
	wideName  = strings.Repeat("뷁", sns.UsernameMax)
	otherWide = "W" + strings.Repeat("뷁", sns.UsernameMax-1)
	wideRoom  = strings.Repeat("뷁", sns.RoomNameMax)
)

// joined returns n emoji that are one sign for a browser, which no rule wraps.
func joined(n int) string { return strings.TrimSuffix(strings.Repeat("👩🏽\u200d", n), "\u200d") }

// worst returns texts that a browser has no reason to wrap, of n characters at most.
func worst(n int) map[string]string {
	run := func(s string) string { return strings.Repeat(s, n) }
	return map[string]string{
		"Latin":       run("W"),
		"Hangul":      run("뷁"),
		"jamo":        run("\u110f"),
		"emoji":       joined(n / 2),
		"address":     "https://example.com/" + strings.Repeat("a", n-20),
		"address dot": "https://" + strings.Repeat("a.", (n-40)/2) + "example.com/" + strings.Repeat("/", 6),
		"indentation": "가\n" + strings.Repeat(" ", n-20) + "깊은 곳",
		"tabs":        "가\n" + strings.Repeat("\t", n-20) + "깊은 곳",
		"code":        "```\n" + strings.Repeat("x", n-20) + "\n```",
		"inline code": "`" + strings.Repeat("x", n-20) + "`",
		"right":       "\u202e" + strings.Repeat("שלום", (n-20)/4) + "\u202d \u2067" + strings.Repeat("ש", 9) + "\u2069",
		"marks":       strings.Repeat("ก็็็็็", n/8),
		"nbsp":        strings.Repeat("가\u00a0", n/2),
		"no break":    strings.Repeat("가\u2060", n/2),
	}
}

// jutsJS lists what is wider than a window of 360 px. The window is not asked: on a
// phone it grows with the page. An element counts as far as the boxes around it show
// it; a box that scrolls sideways is too narrow for its content, except boxes of code
// and tabs.
const jutsJS = `(() => {
	const width = 360, wide = document.documentElement.scrollWidth
	const found = wide > width ? ['the page is ' + wide + ' px wide'] : []
	if (innerWidth > width) found.push('the window became ' + innerWidth + ' px wide')
	const shows = (el) => {
		let {left, right} = el.getBoundingClientRect()
		for (let box = el.parentElement; box; box = box.parentElement) {
			if (getComputedStyle(box).overflowX === 'visible') continue
			const around = box.getBoundingClientRect()
			left = Math.max(left, around.left), right = Math.min(right, around.right)
		}
		return [left, right]
	}
	for (const el of document.body.querySelectorAll('*')) {
		if (!el.checkVisibility({visibilityProperty: true}) || !el.offsetWidth || el.matches('.sr, .tabs, pre')) continue
		const [left, right] = shows(el)
		if (right > left && (right > width + .5 || left < -.5)) found.push(Math.round(left) + ' to ' + Math.round(right) + ' px: ' + el.outerHTML.slice(0, 100))
		if (/auto|scroll/.test(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth) found.push('scrolls sideways: ' + el.outerHTML.slice(0, 100))
	}
	return found.slice(0, 5)
})()`

// within fails the test if something on the page is wider than the window.
func (m *member) within(page string) {
	m.t.Helper()
	var juts []string
	m.Eval(jutsJS, &juts)
	for _, j := range juts {
		m.t.Errorf("%s: %s", page, j)
	}
}

// A wideSite is filled with the worst inputs.
type wideSite struct {
	t                     *testing.T
	app                   *apptest.App
	author, other, joined *apptest.Client
	posts                 map[string]string // what is wide of a post → path
	talk                  string            // path of the post with comments
}

func newWideSite(t *testing.T) *wideSite {
	t.Helper()
	app := apptest.Start(t)
	app.AddUser(wideName, sns.RoleAdmin)
	s := &wideSite{t: t, app: app, author: app.SignIn(wideName), other: app.Member(otherWide), joined: app.Member("joined"), posts: map[string]string{}}
	s.fillHomes()
	s.fillBoards()
	s.fillRooms()
	return s
}

func (s *wideSite) fillHomes() {
	place := strings.Repeat("뷁", sns.LocationMax)
	s.author.Post("/settings/location", "location", place).Want(http.StatusSeeOther)
	s.joined.Post("/settings/location", "location", joined(29)).Want(http.StatusSeeOther)
	for who, status := range map[*apptest.Client]string{
		s.author: strings.Repeat("뷁", sns.StatusMessageMax), s.other: strings.Repeat("W", sns.StatusMessageMax), s.joined: joined(72),
	} {
		who.Upload("/settings/profile", nil, "status_message", status).Want(http.StatusSeeOther)
		if who != s.author {
			who.Post("/users/"+wideName+"/follow", "on", "true").Want(http.StatusSeeOther)
		}
	}
}

func (s *wideSite) fillBoards() {
	s.author.Post("/admin/boards", "name", strings.Repeat("W", sns.LabelMax), "slug", "wide").Want(http.StatusSeeOther)
	for name, text := range worst(sns.PostMax) {
		s.posts[name] = s.posted("content", text)
	}
	s.posted("content", "가", "board", "wide")
	s.posted("content", strings.Repeat("나", 30), "board", sns.LocalBoard)
	s.talk = s.posted("content", "댓글이 많아요")
	for _, text := range worst(sns.CommentMax) {
		s.author.Post(s.talk+"/comments", "content", text).Want(http.StatusSeeOther)
	}
}

// posted makes a post of the author, and returns its path.
func (s *wideSite) posted(pairs ...string) string {
	s.author.Upload("/posts", nil, pairs...).Want(http.StatusSeeOther)
	path, _ := s.author.Get("/").Find("#timeline article .meta a").Attr("href")
	return path
}

// fillRooms opens three rooms and ends the second. The third has no name that wraps.
func (s *wideSite) fillRooms() {
	for i, name := range []string{wideRoom, wideRoom, joined(72)} {
		room, notice := "/rooms/"+strconv.Itoa(i+1), strings.Repeat("W", sns.RoomNoticeMax)
		s.author.Post("/rooms", "name", name, "user_limit", "15").Want(http.StatusSeeOther)
		s.author.Post(room, "name", name, "user_limit", "15", "notice", notice).Want(http.StatusSeeOther)
		s.other.Post(room + "/enter").Want(http.StatusSeeOther)
		for what, text := range worst(sns.MessageMax) {
			id := strings.ReplaceAll(what, " ", "-")
			s.author.Post(room+"/messages", "content", text, "client_id", id).Want(http.StatusSeeOther)
			s.other.Post(room+"/messages", "content", text, "client_id", id).Want(http.StatusSeeOther)
		}
	}
	s.author.Post("/rooms/2/end").Want(http.StatusSeeOther)
}

// reader opens a phone and signs in.
func (s *wideSite) reader(name string) *member {
	s.t.Helper()
	m := &member{Person: apptest.NewPerson(s.t, s.app.URL, apptest.Phone, apptest.ReducedMotion), t: s.t, app: s.app}
	m.Goto("/sign-in")
	m.signsInAs(name)
	return m
}

// TestNothingIsWiderThanTheWindow measures every page of a site with the worst inputs
// in a window of 360 px.
func TestNothingIsWiderThanTheWindow(t *testing.T) {
	t.Parallel()
	s := newWideSite(t)
	reads := s.reader(wideName)
	home := "/users/" + url.PathEscape(wideName)
	paths := []string{
		"/", s.talk, home, home + "/followers", home + "/following", "/users/" + url.PathEscape(otherWide), "/users/joined", "/following",
		"/rooms", "/rooms?q=" + url.QueryEscape("뷁뷁"), "/rooms?q=" + strings.Repeat("W", 100), "/rooms/1", "/rooms/2", "/rooms/2?q=W", "/rooms/3",
		"/search", "/search?q=WW", "/search?q=" + url.QueryEscape("뷁뷁"), "/search?q=" + strings.Repeat("W", 100), "/search?q=WW+from:" + url.QueryEscape(wideName),
		"/search?q=WW&in=posts", "/search?q=WW&in=comments", "/search?q=WW&in=rooms", "/search?q=WW&in=messages",
		"/rooms/1/edit", "/rooms/1/end", "/rooms/3/end", "/rooms/1/leave", "/rooms/1/participants/2/remove",
		"/desk", "/settings", "/boards", "/boards/wide", "/local", "/admin/boards", s.talk + "/edit", s.talk + "/delete",
	}
	for _, path := range s.posts {
		paths = append(paths, path)
	}
	for _, path := range paths {
		reads.Goto(path)
		reads.WaitVisible("main")
		reads.within(path)
	}
	reads.Goto("/rooms/1#people")
	reads.WaitVisible("#participants")
	reads.within("participants")
	reads.Goto("/rooms/1")
	reads.Click(`[popovertarget="room-menu"]`)
	reads.Click(`#room-menu [href$="/end"]`)
	reads.WaitVisible("#dialog h2")
	reads.within("dialog")

	stranger := s.reader("joined")
	for _, door := range []string{"/rooms/1", "/rooms/2", "/rooms/3"} {
		stranger.Goto(door)
		stranger.WaitVisible("main")
		stranger.within("door of " + door)
	}
}
