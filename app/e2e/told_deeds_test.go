package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A toldDo is a kind of deeds. The deeds of a whole one may be cut off by a kill.
type toldDo struct {
	name   string
	weight int
	whole  bool
	do     func(*toldLife)
}

var toldDos = []toldDo{
	{"comment", 30, true, (*toldLife).comments},
	{"like", 16, true, func(l *toldLife) { l.likes(true) }},
	{"unlike", 9, true, func(l *toldLife) { l.likes(false) }},
	{"post", 5, true, (*toldLife).posts},
	{"edit a comment", 5, true, (*toldLife).editsComment},
	{"edit a post", 3, true, (*toldLife).editsPost},
	{"delete a comment", 9, true, (*toldLife).deletesComment},
	{"follow", 5, true, func(l *toldLife) { l.follows(true) }},
	{"unfollow", 3, true, func(l *toldLife) { l.follows(false) }},
	{"block", 2, true, func(l *toldLife) { l.blocks(true) }},
	{"unblock", 3, true, func(l *toldLife) { l.blocks(false) }},
	{"mute", 2, true, func(l *toldLife) { l.mutes(true) }},
	{"unmute", 2, true, func(l *toldLife) { l.mutes(false) }},
	{"switch", 2, true, (*toldLife).switches},
	{"read", 12, true, (*toldLife).reads},
	{"look", 8, false, (*toldLife).looks},
	{"say", 20, true, (*toldLife).says},
	{"read a room", 7, true, (*toldLife).readsRoom},
	{"erase", 3, true, (*toldLife).erases},
	{"enter", 6, false, (*toldLife).enters},
	{"leave a room", 3, false, (*toldLife).leavesRoom},
	{"wait", 3, true, (*toldLife).waits},
	{"open a room", 1, false, (*toldLife).opensRoom},
	{"end a room", 1, false, (*toldLife).endsRoom},
	{"report", 8, true, (*toldLife).reports},
	{"decide", 2, true, (*toldLife).decides},
	{"suspend", 1, true, (*toldLife).suspends},
	{"leave", 1, false, (*toldLife).departs},
}

func (l *toldLife) deed() toldDo {
	all := 0
	for _, d := range toldDos {
		all += d.weight
	}
	at := l.IntN(all)
	for _, d := range toldDos {
		if at -= d.weight; at < 0 {
			return d
		}
	}
	panic("unreachable")
}

// any returns somebody who may act.
func (l *toldLife) any() *toldPerson {
	for {
		if p := l.people[l.IntN(len(l.people))]; !p.suspended {
			return p
		}
	}
}

// oneOf returns any of the values that fit, the same for the same seed, or nil.
func oneOf[V any](l *toldLife, of map[int64]*V, fits func(*V) bool) *V {
	keys := slices.Sorted(maps.Keys(of))
	keys = slices.DeleteFunc(keys, func(id int64) bool { return !fits(of[id]) })
	if len(keys) == 0 {
		return nil
	}
	return of[keys[l.IntN(len(keys))]]
}

// anyPost returns a post that is seen by somebody.
func (l *toldLife) anyPost() *toldPost {
	return oneOf(l, l.m.posts, func(p *toldPost) bool { return !p.hidden })
}

// text returns a text that is the only one of its kind, and who is named in it.
func (l *toldLife) text() (text string, named []int64) {
	l.made++
	text = fmt.Sprint(l.made, "번째 말")
	for range max(0, l.IntN(5)-2) {
		p := l.people[l.IntN(len(l.people))]
		text, named = text+" @"+p.name+" 님", append(named, p.id)
	}
	return text, named
}

// ifSeen returns the status of an answer to somebody about a thing of others.
func (l *toldLife) ifSeen(p *toldPerson, others ...int64) int {
	for _, other := range others {
		if !l.m.see(p.id, other) {
			return http.StatusNotFound
		}
	}
	return http.StatusSeeOther
}

func (l *toldLife) posts() {
	p := l.any()
	if len(l.m.posts) >= toldPosts {
		if old := oneOf(l, l.m.posts, func(post *toldPost) bool { return !post.hidden && l.mayAct(post.author) }); old != nil {
			l.deletesPost(old)
		}
	}
	text, named := l.text()
	l.does(p, 0, func() bool { return true }, "/posts", "content", text)
	if id, ok := l.id("posts", "content", text); ok {
		l.m.post(id, p.id, text, named)
	}
}

// mayAct reports whether an author has an account and is not suspended.
func (l *toldLife) mayAct(user int64) bool {
	p := l.m.people[user]
	return !p.gone && !p.suspended
}

func (l *toldLife) deletesPost(post *toldPost) {
	gone := func() bool { return !l.there(`posts WHERE id = ?`, post.id) }
	if l.does(l.m.people[post.author], 0, gone, fmt.Sprintf("/posts/%d/delete", post.id)) {
		l.m.deletePost(post)
	}
}

func (l *toldLife) comments() {
	p, post := l.any(), l.anyPost()
	if post == nil {
		l.posts()
		return
	}
	text, named := l.text()
	l.does(p, l.ifSeen(p, post.author), func() bool { return true }, fmt.Sprintf("/posts/%d/comments", post.id), "content", text)
	if id, ok := l.id("comments", "content", text); ok {
		l.m.comment(id, post.id, p.id, text, named)
	}
}

// itsComment returns a comment that its author sees.
func (l *toldLife) itsComment() *toldComment {
	return oneOf(l, l.m.comments, func(c *toldComment) bool {
		return c.state == toldShown && l.mayAct(c.author) && l.m.see(c.author, l.m.posts[c.post].author)
	})
}

func (l *toldLife) editsComment() {
	c := l.itsComment()
	if c == nil {
		return
	}
	text, named := l.text()
	edited := func() bool { return l.there(`comments WHERE id = ? AND content = ?`, c.id, text) }
	if l.does(l.m.people[c.author], 0, edited, fmt.Sprint("/comments/", c.id), "content", text) {
		c.text = text
		l.m.edit(c.post, c.id, c.author, named)
	}
}

func (l *toldLife) editsPost() {
	post := oneOf(l, l.m.posts, func(post *toldPost) bool { return !post.hidden && l.mayAct(post.author) })
	if post == nil {
		return
	}
	text, named := l.text()
	edited := func() bool { return l.there(`posts WHERE id = ? AND content = ?`, post.id, text) }
	if l.does(l.m.people[post.author], 0, edited, fmt.Sprint("/posts/", post.id), "content", text) {
		post.text = text
		l.m.edit(post.id, 0, post.author, named)
	}
}

func (l *toldLife) deletesComment() {
	c := l.itsComment()
	if c == nil {
		return
	}
	gone := func() bool { return !l.there(`comments WHERE id = ?`, c.id) }
	if l.does(l.m.people[c.author], 0, gone, fmt.Sprintf("/comments/%d/delete", c.id)) {
		l.m.deleteComment(c)
	}
}

// set sends a state that a row of a table stands for.
func (l *toldLife) set(p *toldPerson, want int, on bool, path, from string, args ...any) bool {
	done := func() bool { return l.there(from, args...) == on }
	return l.does(p, want, done, path, "on", strconv.FormatBool(on))
}

func (l *toldLife) likes(on bool) {
	p, post := l.any(), l.anyPost()
	if post != nil && l.set(p, l.ifSeen(p, post.author), on, fmt.Sprintf("/posts/%d/like", post.id), `likes WHERE post_id = ? AND user_id = ?`, post.id, p.id) {
		l.m.like(post, p.id, on)
	}
}

func (l *toldLife) mutes(on bool) {
	p, post := l.any(), l.anyPost()
	if post != nil && l.set(p, l.ifSeen(p, post.author), on, fmt.Sprintf("/posts/%d/mute", post.id), `mutes WHERE post_id = ? AND user_id = ?`, post.id, p.id) {
		l.m.mute(p, post.id, on)
	}
}

// two returns two people.
func (l *toldLife) two() (a, b *toldPerson) {
	a = l.any()
	for b = a; b == a; {
		b = l.people[l.IntN(len(l.people))]
	}
	return a, b
}

func (l *toldLife) follows(on bool) {
	a, b := l.two()
	if l.IntN(2) == 0 {
		b = l.people[l.IntN(toldMentors)]
	}
	if a == b || !l.m.see(a.id, b.id) {
		return
	}
	if l.set(a, 0, on, homeOf(b.name)+"/follow", `follows WHERE follower_id = ? AND followee_id = ?`, a.id, b.id) {
		l.m.follow(a.id, b.id, on)
	}
}

func (l *toldLife) blocks(on bool) {
	a, b := l.two()
	if !on {
		pairs := slices.SortedFunc(maps.Keys(l.m.blocks), func(x, y [2]int64) int { return slices.Compare(x[:], y[:]) })
		pairs = slices.DeleteFunc(pairs, func(pair [2]int64) bool { return l.m.people[pair[0]].suspended })
		if len(pairs) == 0 {
			return
		}
		pair := pairs[l.IntN(len(pairs))]
		a, b = l.m.people[pair[0]], l.m.people[pair[1]]
	} else if l.m.blocks[[2]int64{b.id, a.id}] {
		return
	}
	if l.set(a, 0, on, homeOf(b.name)+"/block", `blocks WHERE user_id = ? AND blocked_id = ?`, a.id, b.id) {
		l.m.block(a.id, b.id, on)
	}
}

// switches turns a kind of notices on or off. The form is sent until it is answered.
func (l *toldLife) switches() {
	p := l.any()
	kind := sns.NoticeKinds[l.IntN(len(sns.NoticeKinds))].String()
	p.off[kind] = !p.off[kind] && l.IntN(2) == 0
	var boxes []string
	for _, k := range sns.NoticeKinds {
		if !p.off[k.String()] {
			boxes = append(boxes, k.String()+".inbox", "on")
		}
	}
	l.untilAnswered(p, "/settings/notifications", boxes...)
	l.m.read(p, func(n *toldNotice) bool { return p.off[n.kind] })
}

// untilAnswered repeats a form that changes nothing when it comes again.
func (l *toldLife) untilAnswered(p *toldPerson, path string, pairs ...string) {
	for l.sends(p, path, pairs...).lost {
	}
}

// reads reads notices: all of them, a half, those of a post, or some by their ids.
func (l *toldLife) reads() {
	p, post := l.any(), l.anyPost()
	switch l.IntN(5) {
	case 0:
		l.untilAnswered(p, "/notifications/read")
		l.m.read(p, func(*toldNotice) bool { return true })
	case 1:
		l.untilAnswered(p, "/notifications/read", "in", "news")
		l.m.read(p, (*toldNotice).news)
	case 2:
		l.untilAnswered(p, "/notifications/read", "in", "me")
		l.m.read(p, func(n *toldNotice) bool { return !n.news() })
	default:
		if post != nil {
			l.untilAnswered(p, "/notifications/read", "post", fmt.Sprint(post.id))
			l.m.read(p, func(n *toldNotice) bool { return n.post == post.id })
		}
	}
}

// looks opens a page that reads the notices of what it shows.
func (l *toldLife) looks() {
	p := l.any()
	switch l.IntN(5) {
	case 0:
		l.gets(p, homeOf(p.name)+"/followers", http.StatusOK)
		l.m.read(p, func(n *toldNotice) bool { return n.kind == "follow" })
	case 1:
		l.gets(p, "/reports", http.StatusOK)
		l.m.read(p, func(n *toldNotice) bool { return n.kind == "report" })
	case 2:
		if len(p.notices) == 0 {
			return
		}
		first := l.gets(p, "/notifications", http.StatusOK).Find("#notifications li.told a").First()
		path, _ := first.Attr("href")
		l.gets(p, path, http.StatusSeeOther)
		newest := slices.MaxFunc(p.notices, func(a, b *toldNotice) int { return a.rank - b.rank })
		l.m.read(p, func(n *toldNotice) bool { return n == newest })
	default:
		post := oneOf(l, l.m.posts, func(post *toldPost) bool { return !post.hidden && l.m.see(p.id, post.author) })
		if post != nil {
			l.gets(p, fmt.Sprint("/posts/", post.id), http.StatusOK)
			l.m.read(p, func(n *toldNotice) bool { return n.post == post.id })
		}
	}
}

// gets opens a page somewhere.
func (l *toldLife) gets(p *toldPerson, path string, want int) *apptest.Page {
	l.t.Helper()
	at := l.somewhere()
	l.notes("%s at place %d looks at %s", p.name, at+1, path)
	l.m.began = time.Now()
	page := l.at[p][at].Get(path)
	l.m.ended = time.Now()
	if page.Status != want {
		l.fails("%s for %s: %d, want %d", path, p.name, page.Status, want)
	}
	return page
}

// after returns what stands in a room below a message. To ask reads nothing.
func (l *toldLife) after(p *toldPerson, r *toldRoom, seq int) *apptest.Page {
	return l.at[p][l.somewhere()].HX().Get(fmt.Sprintf("%s/messages?after=%d", r.path(), seq)).Want(http.StatusOK)
}
