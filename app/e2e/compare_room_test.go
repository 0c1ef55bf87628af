package e2e

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// A held is a room of a pair's mentor, as pages must show the room.
type held struct {
	path, name string
	inside     map[*witness]bool // false: has been inside
	said       string            // the newest message
	ended      bool
}

// id returns the number of the room.
func (r *held) id() string { return strings.TrimPrefix(r.path, "/rooms/") }

// holdsRoom opens a room, or does the next thing in the room.
func (p *pair) holdsRoom(at int) sight {
	r := p.room
	if r == nil {
		r = &held{name: fmt.Sprintf("%s의 %d번째 방", p.host.name, p.n), inside: map[*witness]bool{p.host: true}}
		r.path = p.host.does(at, "/rooms", "name", r.name, "user_limit", "5").Header.Get("Location")
		p.room = r
		return p.lookAtRoom(r)
	}
	who := []*witness{p.writer, p.reader}[p.rng.IntN(2)]
	switch p.rng.IntN(8) {
	case 0, 1, 2:
		r.inside[who] = !r.inside[who]
		who.does(at, r.path+map[bool]string{true: "/enter", false: "/leave"}[r.inside[who]])
	case 3:
		r.name = fmt.Sprintf("%s의 %d번째 이름", p.host.name, p.n)
		p.host.does(at, r.path, "name", r.name, "user_limit", "5", "notice", "")
	case 4, 5, 6:
		r.said = fmt.Sprintf("%d번째 말", p.n)
		p.host.does(at, r.path+"/messages", "content", r.said, "client_id", fmt.Sprint("say-", p.n))
	default:
		p.host.does(at, r.path+"/end")
		r.ended, p.room = true, nil
	}
	return p.lookAtRoom(r)
}

// lookAtRoom looks at the list of rooms, or at the room.
func (p *pair) lookAtRoom(r *held) sight {
	return func(w *witness, at int) {
		if p.rng.IntN(2) == 0 {
			p.listsRoom(r, w, at)
		} else {
			p.showsRoom(r, w, at)
		}
	}
}

// listsRoom compares the list of rooms, and the mentor's home.
func (p *pair) listsRoom(r *held, w *witness, at int) {
	list := w.get(at, "/rooms").Want(http.StatusOK)
	mine := list.Find(".mine #room-"+r.id()).Length() > 0
	past := list.Find(`#past a[href="`+r.path+`"]`).Length() > 0
	_, been := r.inside[w]
	w.shows(at, "/rooms, mine and past,", []bool{mine, past}, []bool{r.inside[w] && !r.ended, been && r.ended})
	home := homeOf(p.host.name)
	for path, page := range map[string]*goquery.Document{"/rooms": list.Document, home: w.get(at, home).Want(http.StatusOK).Document} {
		room := page.Find("#room-" + r.id())
		shown := []string{room.Find("#room-" + r.id() + "-name").Text(), strings.TrimSpace(room.Find("#room-" + r.id() + "-count").Text())}
		if r.ended {
			w.shows(at, path, room.Length(), 0)
		} else {
			w.shows(at, path, shown, []string{r.name, fmt.Sprint(r.heads())})
		}
	}
}

// heads returns the number of people inside.
func (r *held) heads() (count int) {
	for _, inside := range r.inside {
		if inside {
			count++
		}
	}
	return count
}

// showsRoom compares the page of the room: the conversation for those inside, and the door
// for those who are not.
func (p *pair) showsRoom(r *held, w *witness, at int) {
	page := w.get(at, r.path).Want(http.StatusOK)
	said := page.Find("#messages .message-body").Last().Text()
	switch {
	case !r.inside[w] && !r.ended && w == p.reader: // the writer may be an administrator, who reads everything
		w.shows(at, r.path, []any{page.Find(".door").Length(), said}, []any{1, ""})
	case r.inside[w]:
		w.shows(at, r.path, strings.TrimSpace(said), r.said)
		if !r.ended {
			w.shows(at, r.path, page.Text("#room-topic"), r.name)
		}
	}
}
