package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

func (r *toldRoom) path() string { return fmt.Sprint("/rooms/", r.id) }

// openRoom returns a room that is open, and fits.
func (l *toldLife) openRoom(fits func(*toldRoom) bool) *toldRoom {
	return oneOf(l, l.m.rooms, func(r *toldRoom) bool { return !r.ended && fits(r) })
}

// insider returns a room and somebody inside who may act.
func (l *toldLife) insider() (*toldRoom, *toldPerson) {
	r := l.openRoom(func(*toldRoom) bool { return true })
	if r == nil {
		return nil, nil
	}
	return r, oneOf(l, l.m.people, func(p *toldPerson) bool { return r.inside[p.id] && !p.suspended })
}

func (l *toldLife) opensRoom() {
	open := 0
	for _, r := range l.m.rooms {
		if !r.ended {
			open++
		}
	}
	if open >= toldRooms {
		return
	}
	name, _ := l.text()
	mentor := l.people[l.IntN(toldMentors)]
	l.does(mentor, 0, nil, "/rooms", "name", name, "user_limit", "5")
	id, _ := l.id("rooms", "name", name)
	l.m.openRoom(id, mentor.id, name, 5)
}

func (l *toldLife) endsRoom() {
	r := l.openRoom(func(r *toldRoom) bool { return len(r.lines) > 40 })
	if r != nil && l.does(l.m.people[r.mentor], 0, nil, r.path()+"/end") {
		l.m.end(r)
	}
}

func (l *toldLife) enters() {
	p, r := l.any(), l.openRoom(func(*toldRoom) bool { return true })
	if r == nil {
		l.opensRoom()
		return
	}
	want := http.StatusSeeOther
	if !r.inside[p.id] && len(r.inside) >= r.limit {
		want = http.StatusConflict
	}
	if l.does(p, want, nil, r.path()+"/enter") {
		l.m.enter(r, p.id)
	}
}

func (l *toldLife) leavesRoom() {
	r, p := l.insider()
	if p != nil && p.id != r.mentor && l.does(p, 0, nil, r.path()+"/leave") {
		l.m.leave(r, p.id)
	}
}

func (l *toldLife) waits() {
	p, r, on := l.any(), l.openRoom(func(r *toldRoom) bool { return len(r.inside) >= r.limit }), l.IntN(4) > 0
	if r == nil || r.inside[p.id] {
		return
	}
	if l.set(p, 0, on, r.path()+"/wait", `room_waits WHERE room_id = ? AND user_id = ?`, r.id, p.id) {
		l.m.wait(r, p.id, on)
	}
}

func (l *toldLife) says() {
	r, p := l.insider()
	if p == nil {
		return
	}
	text, named := l.text()
	heard := func() bool { return strings.Contains(l.after(p, r, len(r.lines)).Document.Text(), text) }
	if l.does(p, 0, heard, r.path()+"/messages", "content", text) {
		l.m.say(r, p.id, text, named)
	}
}

// readsRoom tells how far somebody has read, or opens the page of the room.
func (l *toldLife) readsRoom() {
	if l.IntN(3) == 0 {
		p, r := l.any(), oneOf(l, l.m.rooms, func(r *toldRoom) bool { return !r.ended })
		if r == nil {
			return
		}
		l.gets(p, r.path(), http.StatusOK)
		if l.m.seeRoom(r, p, 0); r.inside[p.id] {
			l.m.readRoom(r, p, len(r.lines))
		}
		return
	}
	if r, p := l.insider(); p != nil {
		seq := 1 + l.IntN(len(r.lines)+2)
		l.untilAnswered(p, r.path()+"/read", "seq", fmt.Sprint(seq))
		l.m.readRoom(r, p, seq)
	}
}

// erases deletes a message, by its author or the mentor.
func (l *toldLife) erases() {
	r, p := l.insider()
	if p == nil {
		return
	}
	var own []int
	for i, line := range r.lines {
		if line.text != "" && (line.author == p.id || r.mentor == p.id) {
			own = append(own, i+1)
		}
	}
	if len(own) == 0 {
		return
	}
	seq := own[l.IntN(len(own))]
	erased := func() bool {
		return l.after(p, r, seq-1).Find(fmt.Sprintf("#message-%d-%d.gone", r.id, seq)).Length() > 0
	}
	if l.does(p, 0, erased, fmt.Sprintf("%s/messages/%d/delete", r.path(), seq)) {
		l.m.erase(r, seq)
	}
}

// reports reports a post or a comment of somebody else.
func (l *toldLife) reports() {
	p, of, subject := l.any(), toldThing{kind: "post"}, int64(0)
	if post := l.anyPost(); l.IntN(2) == 0 && post != nil && l.m.see(p.id, post.author) {
		of.id, subject = post.id, post.author
	} else if c := oneOf(l, l.m.comments, func(c *toldComment) bool {
		return c.state == toldShown && l.m.see(p.id, c.author) && l.m.see(p.id, l.m.posts[c.post].author)
	}); c != nil {
		of, subject = toldThing{"comment", c.id}, c.author
	}
	if of.id == 0 || subject == p.id {
		return
	}
	kept := func() bool {
		return l.there(`reports WHERE reporter_id = ? AND kind = ? AND thing_id = ?`, p.id, of.kind, of.id)
	}
	if l.does(p, 0, kept, "/reports", "kind", of.kind, "id", fmt.Sprint(of.id), "reason", "spam") {
		l.m.report(p.id, of, subject)
	}
}

// decides decides about the thing that the most people have reported.
func (l *toldLife) decides() {
	var of toldThing
	for thing, c := range l.m.cases {
		known := l.m.cases[of]
		if known == nil || len(c.reporters) > len(known.reporters) || len(c.reporters) == len(known.reporters) && (thing.id < of.id || thing.id == of.id && thing.kind < of.kind) {
			of = thing
		}
	}
	if of.id == 0 {
		return
	}
	id := l.number(`SELECT id FROM report_cases WHERE kind = ? AND thing_id = ? AND open = 1`, of.kind, of.id)
	verdict := []string{"dismiss", "dismiss", "dismiss", "hide", "delete", "warn"}[l.IntN(6)]
	decided := func() bool { return !l.there(`report_cases WHERE id = ? AND open = 1`, id) }
	if l.does(l.admin, 0, decided, fmt.Sprint("/admin/reports/", id), "decision", verdict) {
		l.m.rule(of, verdict)
	}
}

// suspends suspends somebody, or ends that: at most three people at once.
func (l *toldLife) suspends() {
	var suspended []*toldPerson
	for _, p := range l.people {
		if p.suspended {
			suspended = append(suspended, p)
		}
	}
	if len(suspended) > l.IntN(3) {
		p := suspended[0]
		lifted := func() bool { return l.there(`users WHERE id = ? AND suspended_until = 0`, p.id) }
		if l.does(l.admin, 0, lifted, fmt.Sprintf("/admin/users/%d/suspend", p.id), "on", "false") {
			p.suspended = false
			l.m.decide(p.id, "이용 정지가 끝났어요. 다시 함께해요.")
		}
		return
	}
	if p := l.any(); !p.mentor {
		begun := func() bool { return l.there(`users WHERE id = ? AND suspended_until > 0`, p.id) }
		p.suspended = l.does(l.admin, 0, begun, fmt.Sprintf("/admin/users/%d/suspend", p.id), "on", "true", "days", "1", "reason", "잠깐 쉬어요")
	}
}

// departs deletes an account, and somebody new joins.
func (l *toldLife) departs() {
	p, remains := l.any(), "all"
	if p.mentor || l.IntN(4) > 0 {
		return
	}
	if l.IntN(2) == 0 {
		remains = "none"
	}
	l.does(p, 0, nil, "/settings/delete", "current_password", apptest.Password, "remains", remains)
	for end := time.Now().Add(patience); l.there(`erasures`); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			l.fails("%s is not erased", p.name)
		}
	}
	l.m.depart(p, remains == "none")
	delete(l.at, p)
	l.people = slices.DeleteFunc(l.people, func(other *toldPerson) bool { return other == p })
	l.people = append(l.people, l.joins(sns.RoleUser))
}
