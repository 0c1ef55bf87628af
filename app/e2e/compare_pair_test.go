package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A pair are a writer, a reader and a mentor with rooms. The three act one after the other,
// and nobody else changes what is theirs, so that they know what every page must show.
// Other pairs change the lists around.
type pair struct {
	*comparison
	rng                  *rand.Rand
	writer, reader, host *witness
	n                    int // makes texts different

	role          sns.Role // of the writer
	status, image string   // of the writer
	follows       bool     // the reader, the writer
	posts         []*posted
	room          *held
}

// A sight is a look at pages: of a person, at a place.
type sight func(w *witness, at int)

func (c *comparison) newPair(number uint64, names [3]string) *pair {
	c.t.Helper()
	p := &pair{comparison: c, rng: rand.New(rand.NewPCG(c.seed, number)), role: sns.RoleUser} //nolint:gosec // the same again for a seed
	for i, role := range []sns.Role{sns.RoleUser, sns.RoleUser, sns.RoleMentor} {
		c.adds(names[i], role)
	}
	p.writer, p.reader, p.host = c.witness(names[0]), c.witness(names[1]), c.witness(names[2])
	for _, w := range []*witness{p.writer, p.reader} {
		livesIn(w.at[0], "서울특별시", "성동구", "성수동1가")
	}
	p.posts = append(p.posts, p.newPost(0))
	return p
}

// lives acts until the comparison is over. After each act, everybody looks at once.
func (p *pair) lives() {
	acts := []func(at int) sight{
		p.writes, p.writes, p.writes, p.edits, p.edits, p.deletes, p.likes, p.likes, p.likes, p.comments, p.comments, p.comments,
		p.editsComment, p.deletesComment, p.follow, p.follow, p.changesRole, p.changesStatus, p.changesImage, p.signsOut, p.leaves,
		p.holdsRoom, p.holdsRoom, p.holdsRoom, p.holdsRoom,
	}
	for p.goesOn() {
		at := p.rng.IntN(len(p.places))
		p.n++
		p.acts.Add(1)
		look := acts[p.rng.IntN(len(acts))](at)
		people := []*witness{p.writer, p.reader, p.host}
		for _, i := range p.rng.Perm(len(people) * len(p.places)) {
			if look != nil && p.goesOn() {
				look(people[i%len(people)], i/len(people))
			}
		}
	}
}

// elsewhere returns a place, another one than at if there is one.
func (p *pair) elsewhere(at int) int { return (at + 1) % len(p.places) }

// follow makes the reader follow the writer, or no longer.
func (p *pair) follow(at int) sight {
	p.follows = !p.follows
	home := homeOf(p.writer.name)
	p.reader.does(at, home+"/follow", "on", fmt.Sprint(p.follows))
	followers := 0
	if p.follows {
		followers = 1
	}
	return func(w *witness, at int) {
		page := w.get(at, home).Want(http.StatusOK)
		w.shows(at, home, page.Text("#followers-"+p.writer.id), followers)
		list := w.get(at, home+"/followers").Want(http.StatusOK)
		w.shows(at, home+"/followers", list.Find(`.person a[href="`+homeOf(p.reader.name)+`"]`).Length() > 0, p.follows)
		if w != p.reader {
			return
		}
		pressed, _ := page.Find("#follow-" + p.writer.id + " button").Attr("aria-pressed")
		w.shows(at, home, pressed, p.follows)
		theirs := w.get(at, "/following").Want(http.StatusOK).Find(`article.post[data-from="` + p.writer.id + `"]`).Length()
		w.shows(at, "/following", theirs > 0, p.follows && len(p.alive()) > 0)
	}
}

// homeOf returns the path of a home, as links have it.
func homeOf(name string) string { return "/users/" + url.PathEscape(name) }

// changesRole gives the writer another role by the command. What others see of the role
// changes at once, what the writer may do within store.RecentFor.
func (p *pair) changesRole(at int) sight {
	roles := slices.DeleteFunc([]sns.Role{sns.RoleUser, sns.RoleMentor, sns.RoleAdmin}, func(r sns.Role) bool { return r == p.role })
	p.role = roles[p.rng.IntN(len(roles))]
	if out, err := p.places[at].Run("", "user", "role", p.writer.name, string(p.role)); err != nil {
		p.fault("user role %s %s: %v\n%s", p.writer.name, p.role, err, out)
	}
	known := time.Now().Add(store.RecentFor)
	return func(w *witness, at int) {
		home := homeOf(p.writer.name)
		w.shows(at, home, w.get(at, home).Want(http.StatusOK).Text(".profile .badge"), badges[p.role])
		if w != p.writer {
			return
		}
		time.Sleep(time.Until(known))
		page := w.get(at, "/rooms").Want(http.StatusOK)
		offers := []bool{page.Find(`.bar a[href="/rooms/new"]`).Length() > 0, page.Find(`.side a[href="/admin"]`).Length() > 0}
		w.shows(at, "/rooms", offers, []bool{p.role.Is(sns.RoleMentor), p.role == sns.RoleAdmin})
		may := []bool{w.at[at].Post("/rooms", "name", "").Status == http.StatusUnprocessableEntity, w.get(at, "/admin").Status == http.StatusOK}
		w.shows(at, "the form of rooms, and the overview", may, offers)
	}
}

// badges are what names stand beside.
var badges = map[sns.Role]string{sns.RoleMentor: "멘토", sns.RoleAdmin: "관리자"}

// changesStatus writes the writer's status message.
func (p *pair) changesStatus(at int) sight {
	p.status = fmt.Sprintf("%d번째 기분", p.n)
	p.writer.uploads(at, "/settings/profile", nil, "status_message", p.status)
	home := homeOf(p.writer.name)
	return func(w *witness, at int) {
		w.shows(at, home, w.get(at, home).Want(http.StatusOK).Text(`.profile > [dir="auto"]`), p.status)
	}
}

// changesImage gives the writer another picture, or none. The menu shows the picture within
// store.RecentFor, all else at once.
func (p *pair) changesImage(at int) sight {
	var files []apptest.File
	form := []string{"status_message", p.status}
	if p.image == "" || p.rng.IntN(2) == 0 {
		files = []apptest.File{{Field: "image", Name: "나.png", Content: mediatest.PNG(40, 40)}}
	} else {
		form = append(form, "remove_image", "1")
	}
	p.writer.uploads(at, "/settings/profile", files, form...)
	known, home, before := time.Now().Add(store.RecentFor), homeOf(p.writer.name), p.image
	p.image, _ = p.writer.get(at, home).Find(".profile .avatar-xl img").Attr("src")
	if p.image == before || (p.image == "") != (files == nil) {
		p.fault("%s at place %d shows the picture %q, as before", home, at+1, p.image)
	}
	return func(w *witness, at int) {
		src, _ := w.get(at, home).Want(http.StatusOK).Find(".profile .avatar-xl img").Attr("src")
		w.shows(at, home, src, p.image)
		if posts := p.alive(); len(posts) > 0 {
			p.look(posts[len(posts)-1])(w, at)
		}
		if w == p.writer {
			time.Sleep(time.Until(known))
			src, _ = w.get(at, "/rooms").Find(".side .me img").Attr("src")
			w.shows(at, "the menu of /rooms", src, p.image)
		}
	}
}

// signsOut ends a session that all places know: at once here, and within store.RecentFor
// elsewhere.
func (p *pair) signsOut(at int) sight {
	w := p.witness(p.reader.name)
	for i := range w.at {
		w.get(i, "/following").Want(http.StatusOK)
	}
	left := sameBrowser(p.t, p.places[at], w.at[at], p.site) // signing out takes the cookie away
	w.does(at, "/sign-out")
	known := time.Now().Add(store.RecentFor)
	w.shows(at, "/ after signing out here", left.Get("/").Status, http.StatusSeeOther)
	if far := p.elsewhere(at); far != at {
		time.Sleep(time.Until(known))
		w.shows(far, "/ after signing out elsewhere", w.get(far, "/").Status, http.StatusSeeOther)
	}
	return nil
}

// wanders reads pages at a place, one after the other, as a second device of the reader.
func (p *pair) wanders(at int) {
	w, rng := p.witness(p.reader.name), rand.New(rand.NewPCG(p.seed, uint64(100+at))) //nolint:gosec // as above
	home := homeOf(p.writer.name)
	pages := []string{
		"/", "/following", "/boards/free", "/local", "/rooms", "/settings", "/?before=20", "/rooms?q=" + url.QueryEscape("방"), home,
		home + "/followers", home + "/following", "/me.css", p.forum.path, p.forum.filtered("단타"), p.forum.filtered("단타", "반도체", "바이오"),
	}
	parts := []string{"/", "/posts/new?after=1", "/posts/counts?id=1&id=2&id=3", home + "/about", p.forum.path + "/filter?" + p.forum.query("단타x"), "/posts/facets?board=free", "/rooms"}
	for p.goesOn() {
		var page *apptest.Page
		var path string
		if i := rng.IntN(len(pages) + len(parts)); i < len(pages) {
			path = pages[i]
			page = w.get(at, path)
		} else {
			path = parts[i-len(pages)]
			page = w.part(at, path)
		}
		w.shows(at, path, page.Status, http.StatusOK)
		time.Sleep(5 * time.Millisecond)
	}
}
