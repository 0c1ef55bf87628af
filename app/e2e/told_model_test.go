package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A toldModel says in plain maps what people have done, and what they were told of it. Moments
// count the deeds: a notice tells of the deeds of its kind on its thing from one moment to
// another, as far as these still are, and as its reader sees who did them.
type toldModel struct {
	moments, ranks int
	people         map[int64]*toldPerson
	posts          map[int64]*toldPost
	comments       map[int64]*toldComment
	rooms          map[int64]*toldRoom
	follows        map[[2]int64]int  // by follower and followee: the moment
	blocks         map[[2]int64]bool // by who blocks and who is blocked
	mutes          map[[2]int64]bool // by user and post
	reported       map[toldReport]bool
	cases          map[toldThing]*toldCase // that nobody has decided

	began, ended time.Time                           // of the request of the present deed
	renewed      func(*toldPerson, *toldNotice) bool // asks, where the clock alone cannot say
}

type toldPerson struct {
	id        int64
	name      string
	mentor    bool
	gone      bool
	suspended bool
	off       map[string]bool // kinds of notices
	mentions  []toldMention
	decisions []toldDecision
	notices   []*toldNotice
}

// A toldNotice has the kinds of product.md. An end of 0 means unread.
type toldNotice struct {
	kind                string
	post, room          int64
	first, end, rank    int
	notBefore, notAfter time.Time // of the latest deed that renewed it
}

type toldMention struct {
	actor, post, comment, room int64
	seq, moment                int
}

type toldDecision struct {
	text   string
	moment int
}

func newToldModel() *toldModel {
	return &toldModel{
		people: map[int64]*toldPerson{}, posts: map[int64]*toldPost{}, comments: map[int64]*toldComment{}, rooms: map[int64]*toldRoom{},
		follows: map[[2]int64]int{}, blocks: map[[2]int64]bool{}, mutes: map[[2]int64]bool{}, reported: map[toldReport]bool{}, cases: map[toldThing]*toldCase{},
	}
}

func (m *toldModel) next() int {
	m.moments++
	return m.moments
}

// see reports whether two people see each other.
func (m *toldModel) see(a, b int64) bool {
	return !m.blocks[[2]int64{a, b}] && !m.blocks[[2]int64{b, a}]
}

// alive returns the people with an account, in order of their ids.
func (m *toldModel) alive() (all []*toldPerson) {
	for _, id := range slices.Sorted(maps.Keys(m.people)) {
		if p := m.people[id]; !p.gone {
			all = append(all, p)
		}
	}
	return all
}

// wants reports whether somebody is told of deeds of a kind by an actor (0: by nobody).
func (m *toldModel) wants(p *toldPerson, kind string, post, actor int64) bool {
	if p.gone || p.id == actor || p.off[kind] || m.mutes[[2]int64{p.id, post}] || !m.see(p.id, actor) {
		return false
	}
	return post == 0 || m.see(p.id, m.posts[post].author)
}

// tell tells somebody who wants it of a deed. Likes and follows renew a notice at most once a
// minute.
func (m *toldModel) tell(p *toldPerson, kind string, post, room, actor int64, moment int) bool {
	if !m.wants(p, kind, post, actor) {
		return false
	}
	for _, n := range p.notices {
		if n.kind == kind && n.post == post && n.room == room && n.end == 0 {
			if kind != "like" && kind != "follow" || m.minuteOld(p, n) {
				m.rise(n)
			}
			return true
		}
	}
	n := &toldNotice{kind: kind, post: post, room: room, first: moment}
	m.rise(n)
	p.notices = append(p.notices, n)
	return true
}

func (m *toldModel) rise(n *toldNotice) {
	m.ranks++
	n.rank, n.notBefore, n.notAfter = m.ranks, m.began, m.ended
}

// minuteOld reports whether a notice is old enough to be renewed. The program has looked at its
// clock between the beginning and the end of a request.
func (m *toldModel) minuteOld(p *toldPerson, n *toldNotice) bool {
	switch {
	case m.ended.Sub(n.notBefore) < time.Minute:
		return false
	case m.began.Sub(n.notAfter) >= time.Minute:
		return true
	}
	return m.renewed(p, n)
}

// A toldDeed is what a notice tells of.
type toldDeed struct {
	moment         int
	actor, comment int64
	text           string
}

// deeds returns the deeds of a notice that its reader sees, the latest first.
func (m *toldModel) deeds(p *toldPerson, n *toldNotice) (all []toldDeed) {
	if n.post > 0 && !m.see(p.id, m.posts[n.post].author) {
		return nil
	}
	add := func(d toldDeed) {
		if d.actor != p.id && d.moment >= n.first && (n.end == 0 || d.moment < n.end) && m.see(p.id, d.actor) {
			all = append(all, d)
		}
	}
	switch n.kind {
	case "comment", "thread":
		for _, c := range m.posts[n.post].comments {
			if c.state == toldShown && !p.mentionedIn(c) {
				add(toldDeed{c.moment, c.author, c.id, c.text})
			}
		}
	case "like":
		for user, moment := range m.posts[n.post].likes {
			add(toldDeed{moment: moment, actor: user})
		}
	case "follow":
		for pair, moment := range m.follows {
			if pair[1] == p.id {
				add(toldDeed{moment: moment, actor: pair[0]})
			}
		}
	case "mention":
		for _, in := range p.mentions {
			if in.post == n.post && in.room == n.room {
				d := toldDeed{moment: in.moment, actor: in.actor, comment: in.comment}
				if in.comment > 0 {
					d.text = m.comments[in.comment].text
				}
				add(d)
			}
		}
	case "report":
		for _, d := range p.decisions {
			add(toldDeed{moment: d.moment, text: d.text})
		}
	default:
		all = append(all, toldDeed{moment: n.first, actor: m.rooms[n.room].mentor})
	}
	slices.SortFunc(all, func(a, b toldDeed) int { return cmp.Compare(b.moment, a.moment) })
	return all
}

func (p *toldPerson) mentionedIn(c *toldComment) bool {
	return slices.ContainsFunc(p.mentions, func(in toldMention) bool { return in.comment == c.id })
}

// sweep takes away the notices that tell their readers of nothing any more.
func (m *toldModel) sweep() {
	for _, p := range m.people {
		p.notices = slices.DeleteFunc(p.notices, func(n *toldNotice) bool { return len(m.deeds(p, n)) == 0 })
	}
}

// drop takes away notices of somebody.
func (p *toldPerson) drop(of func(*toldNotice) bool) { p.notices = slices.DeleteFunc(p.notices, of) }

// forget takes away mentions of everybody, and then the notices that tell of nothing else.
func (m *toldModel) forget(of func(*toldPerson, toldMention) bool) {
	for _, p := range m.people {
		p.mentions = slices.DeleteFunc(p.mentions, func(in toldMention) bool { return of(p, in) })
	}
	m.sweep()
}

// read marks unread notices of somebody as read: the next deed makes another one.
func (m *toldModel) read(p *toldPerson, of func(*toldNotice) bool) {
	for _, n := range p.notices {
		if n.end > 0 || !of(n) {
			continue
		}
		n.end = m.moments + 1
		if n.kind == "comment" || n.kind == "thread" {
			n.end = n.first + 1
			for _, c := range m.posts[n.post].comments {
				if c.state == toldShown {
					n.end = max(n.end, c.moment+1) // of hidden ones nobody was told
				}
			}
		}
	}
}

// unread returns the numbers of the inbox of somebody.
func (p *toldPerson) unread() (mine, news int) {
	for _, n := range p.notices {
		switch {
		case n.end > 0:
		case n.news():
			news++
		default:
			mine++
		}
	}
	return mine, news
}

func (n *toldNotice) news() bool { return n.kind == "like" || n.kind == "follow" || n.kind == "room" }

var toldSentences = map[string]string{
	"comment": "%s 내 글에 댓글을 남겼어요.", "thread": "%s 내가 댓글을 단 글에 댓글을 남겼어요.", "mention": "%s 나를 불렀어요.", "like": "%s 내 글을 좋아해요.",
	"follow": "%s 나를 팔로우해요.", "room": "%s 단톡방을 열었어요.", "seat": "기다리던 방에 자리가 났어요.",
}

// list returns the notices of somebody as the inbox shows them, the newest first.
func (m *toldModel) list(p *toldPerson) []string {
	all := slices.Clone(p.notices)
	slices.SortFunc(all, func(a, b *toldNotice) int { return cmp.Compare(b.rank, a.rank) })
	lines := make([]string, len(all))
	for i, n := range all {
		lines[i] = m.line(n, m.deeds(p, n))
	}
	return lines
}

func (m *toldModel) line(n *toldNotice, deeds []toldDeed) string {
	var actors []int64
	words := ""
	for _, d := range deeds {
		if !slices.Contains(actors, d.actor) {
			actors = append(actors, d.actor)
		}
		if words == "" && d.comment > 0 {
			words = d.text
		}
	}
	first, who := m.people[actors[0]], ""
	switch {
	case first == nil: // a decision
	case len(actors) > 1 && first.gone:
		who = fmt.Sprintf("탈퇴한 사용자님 외 %d명이", len(actors)-1)
	case len(actors) > 1:
		who = fmt.Sprintf("%s님 외 %d명이", first.name, len(actors)-1)
	case first.gone:
		who = "탈퇴한 사용자가"
	default:
		who = first.name + "님이"
	}
	text, title := toldSentences[n.kind], ""
	switch {
	case n.kind == "report" && len(deeds) > 1:
		text = fmt.Sprintf("%s (외 %d건)", deeds[0].text, len(deeds)-1)
	case n.kind == "report":
		text = deeds[0].text
	case n.kind == "seat":
	case n.kind == "mention" && n.room > 0:
		text = who + " 단톡방에서 나를 불렀어요."
	default:
		text = fmt.Sprintf(text, who)
	}
	if n.post > 0 {
		title = m.posts[n.post].text
	} else if n.room > 0 {
		title = m.rooms[n.room].name
	}
	return toldLine(n.kind, n.end == 0, text, title, words)
}

// toldLine is a notice as the page and the model are compared.
func toldLine(kind string, unread bool, text, title, words string) string {
	return fmt.Sprintf("%s, unread %t: %s / %s / %s", kind, unread, text, title, words)
}
