package e2e

import (
	"maps"
	"slices"
)

type toldRoom struct {
	id, mentor int64
	name       string
	limit      int
	ended      bool
	lines      []*toldWord // the first has the seq 1
	inside     map[int64]bool
	marks      map[int64]int  // how far somebody has read
	waits      map[int64]bool // who waits for a seat; true: was told of a free one
}

// A toldWord is a line of a room: said, or that somebody has entered or left.
type toldWord struct {
	author int64
	text   string // empty: not said, or deleted
}

func (m *toldModel) openRoom(id, mentor int64, name string, limit int) {
	r := &toldRoom{id: id, mentor: mentor, name: name, limit: limit, inside: map[int64]bool{mentor: true}, marks: map[int64]int{}, waits: map[int64]bool{}}
	m.rooms[id] = r
	moment := m.next()
	for pair := range m.follows {
		if pair[1] == mentor {
			m.tell(m.people[pair[0]], "room", 0, id, mentor, moment)
		}
	}
	r.lines = append(r.lines, &toldWord{author: mentor})
}

func (m *toldModel) enter(r *toldRoom, user int64) {
	if r.inside[user] {
		return
	}
	r.inside[user] = true
	r.lines = append(r.lines, &toldWord{author: user})
	m.waitNoMore(r, user)
}

func (m *toldModel) waitNoMore(r *toldRoom, user int64) {
	if _, waits := r.waits[user]; waits {
		delete(r.waits, user)
		m.people[user].drop(func(n *toldNotice) bool { return n.kind == "seat" && n.room == r.id })
	}
}

// leave takes the notices of mentions along: what was said there is seen no more.
func (m *toldModel) leave(r *toldRoom, user int64) {
	m.people[user].drop(func(n *toldNotice) bool { return n.kind == "mention" && n.room == r.id })
	if !r.inside[user] {
		return
	}
	delete(r.inside, user)
	r.lines = append(r.lines, &toldWord{author: user})
	m.offer(r)
}

func (m *toldModel) wait(r *toldRoom, user int64, on bool) {
	switch _, waits := r.waits[user]; {
	case !on:
		m.waitNoMore(r, user)
		return
	case r.inside[user] || waits && !r.waits[user]:
	default:
		r.waits[user] = false
	}
	m.offer(r)
}

// offer tells those who wait of a free seat, once.
func (m *toldModel) offer(r *toldRoom) {
	for _, user := range slices.Sorted(maps.Keys(r.waits)) {
		if !r.waits[user] && len(r.inside) < r.limit {
			r.waits[user] = true
			m.tell(m.people[user], "seat", 0, r.id, 0, m.next())
		}
	}
}

func (m *toldModel) end(r *toldRoom) {
	r.ended = true
	for user, told := range r.waits {
		if told {
			m.people[user].drop(func(n *toldNotice) bool { return n.kind == "seat" && n.room == r.id })
		}
	}
	clear(r.waits)
}

func (m *toldModel) say(r *toldRoom, author int64, text string, named []int64) {
	r.lines = append(r.lines, &toldWord{author, text})
	named = slices.DeleteFunc(slices.Clone(named), func(id int64) bool { return !r.inside[id] })
	m.mention(toldMention{actor: author, room: r.id, seq: len(r.lines)}, named)
}

func (m *toldModel) erase(r *toldRoom, seq int) {
	r.lines[seq-1].text = ""
	m.forget(func(_ *toldPerson, in toldMention) bool { return in.room == r.id && in.seq == seq })
}

// see reads a room up to a message: what mentions further down tell of stays unread.
func (m *toldModel) seeRoom(r *toldRoom, p *toldPerson, seq int) {
	for _, n := range p.notices {
		if n.room != r.id || n.end > 0 {
			continue
		}
		further := 0
		for _, in := range p.mentions {
			if n.kind == "mention" && in.room == r.id && in.seq > seq && in.moment >= n.first && (further == 0 || in.moment < further) {
				further = in.moment
			}
		}
		if further > 0 {
			n.first = further
		} else {
			m.read(p, func(other *toldNotice) bool { return other == n })
		}
	}
}

func (m *toldModel) readRoom(r *toldRoom, p *toldPerson, seq int) {
	seq = min(seq, len(r.lines))
	r.marks[p.id] = max(r.marks[p.id], seq)
	m.seeRoom(r, p, seq)
}

// unreadIn returns how many messages of others came after what somebody has read. A line of
// one's own reads what stands above.
func (m *toldModel) unreadIn(r *toldRoom, user int64) (n int) {
	for i := len(r.lines); i > r.marks[user] && r.lines[i-1].author != user; i-- {
		if r.lines[i-1].text != "" {
			n++
		}
	}
	return n
}

func (m *toldModel) follow(a, b int64, on bool) {
	pair := [2]int64{a, b}
	switch _, follows := m.follows[pair]; {
	case on && !follows:
		m.follows[pair] = m.next()
		m.tell(m.people[b], "follow", 0, 0, a, m.moments)
	case !on:
		delete(m.follows, pair)
		m.sweep()
	}
}

// block ends what two people have with each other. What tells one of nothing but the other goes.
func (m *toldModel) block(a, b int64, on bool) {
	if !on {
		delete(m.blocks, [2]int64{a, b})
		return
	}
	if m.blocks[[2]int64{a, b}] {
		return
	}
	m.blocks[[2]int64{a, b}] = true
	for _, pair := range [][2]int64{{a, b}, {b, a}} {
		delete(m.follows, pair)
		m.people[pair[0]].drop(func(n *toldNotice) bool { return n.kind == "room" && m.rooms[n.room].mentor == pair[1] })
	}
	m.forget(func(p *toldPerson, in toldMention) bool {
		return p.id == a && in.actor == b || p.id == b && in.actor == a
	})
}

func (m *toldModel) mute(p *toldPerson, post int64, on bool) {
	if on && !m.mutes[[2]int64{p.id, post}] {
		m.read(p, func(n *toldNotice) bool { return n.post == post })
	}
	m.mutes[[2]int64{p.id, post}] = on
}

// depart deletes an account. With everything, also what the person has written, said and liked
// goes; otherwise it stays, without a name.
func (m *toldModel) depart(p *toldPerson, everything bool) {
	for _, id := range slices.Sorted(maps.Keys(m.rooms)) {
		if r := m.rooms[id]; !r.ended && r.inside[p.id] {
			m.leave(r, p.id)
		}
	}
	for _, r := range m.rooms {
		delete(r.waits, p.id)
	}
	p.gone, p.notices, p.mentions, p.decisions = true, nil, nil, nil
	maps.DeleteFunc(m.follows, func(pair [2]int64, _ int) bool { return pair[0] == p.id || pair[1] == p.id })
	maps.DeleteFunc(m.blocks, func(pair [2]int64, _ bool) bool { return pair[0] == p.id || pair[1] == p.id })
	maps.DeleteFunc(m.mutes, func(of [2]int64, _ bool) bool { return of[0] == p.id })
	if everything {
		m.eraseAll(p.id)
	}
	m.sweep()
}

func (m *toldModel) eraseAll(user int64) {
	for _, post := range m.posts {
		if post.author == user {
			m.deletePost(post)
		}
		delete(post.likes, user)
	}
	for _, c := range m.comments {
		if c.author == user {
			m.deleteComment(c)
		}
	}
	for _, r := range m.rooms {
		for i, line := range r.lines {
			if line.author == user && line.text != "" {
				m.erase(r, i+1)
			}
		}
	}
}
