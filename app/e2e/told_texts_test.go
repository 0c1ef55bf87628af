package e2e

import (
	"maps"
	"slices"
)

// The states of comments.
const (
	toldShown          = iota
	toldHidden         // by itself
	toldHiddenWithPost // comes back with its post
)

type toldPost struct {
	id, author int64
	text       string
	hidden     bool
	likes      map[int64]int // by user: the moment
	comments   []*toldComment
}

type toldComment struct {
	id, post, author int64
	text             string
	state, moment    int
}

// A toldThing is what can be reported: a post or a comment.
type toldThing struct {
	kind string
	id   int64
}

type toldReport struct {
	reporter int64
	toldThing
}

type toldCase struct {
	subject   int64
	reporters []int64
}

func (m *toldModel) post(id, author int64, text string, named []int64) {
	m.posts[id] = &toldPost{id: id, author: author, text: text, likes: map[int64]int{}}
	m.mention(toldMention{actor: author, post: id}, named)
}

// mention tells those of the named people who want to be told, and returns them: for others a
// text with their name is a text like any.
func (m *toldModel) mention(in toldMention, named []int64) map[int64]bool {
	told := map[int64]bool{}
	for _, id := range named {
		p := m.people[id]
		in.moment = m.next()
		if !told[id] && m.tell(p, "mention", in.post, in.room, in.actor, in.moment) {
			p.mentions, told[id] = append(p.mentions, in), true
		}
	}
	return told
}

// comment tells the author of the post and who has commented there, but each person once.
func (m *toldModel) comment(id, post, author int64, text string, named []int64) {
	c, on := &toldComment{id: id, post: post, author: author, text: text, moment: m.next()}, m.posts[post]
	m.comments[id] = c
	told := m.mention(toldMention{actor: author, post: post, comment: id}, named)
	for _, p := range m.alive() {
		switch {
		case told[p.id]:
		case p.id == on.author:
			m.tell(p, "comment", post, 0, author, c.moment)
		case m.commented(p.id, on):
			m.tell(p, "thread", post, 0, author, c.moment)
		}
	}
	on.comments = append(on.comments, c)
}

func (m *toldModel) commented(user int64, on *toldPost) bool {
	return slices.ContainsFunc(on.comments, func(c *toldComment) bool { return c.author == user && c.state == toldShown })
}

// edit makes the people named in a text those of the new text: who is new is told.
func (m *toldModel) edit(post, comment, author int64, named []int64) {
	var known []int64
	m.forget(func(p *toldPerson, in toldMention) bool {
		if in.post != post || in.comment != comment || in.room > 0 {
			return false
		}
		known = append(known, p.id)
		return !slices.Contains(named, p.id)
	})
	named = slices.DeleteFunc(slices.Clone(named), func(id int64) bool { return slices.Contains(known, id) })
	m.mention(toldMention{actor: author, post: post, comment: comment}, named)
	m.sweep()
}

// dropComment takes away what tells of a comment that is seen no more. Who has no comment left
// there is told of further ones no more.
func (m *toldModel) dropComment(c *toldComment) {
	m.forget(func(_ *toldPerson, in toldMention) bool { return in.comment == c.id })
	if !m.commented(c.author, m.posts[c.post]) {
		m.people[c.author].drop(func(n *toldNotice) bool { return n.kind == "thread" && n.post == c.post })
	}
}

func (m *toldModel) hideComment(c *toldComment) {
	if c.state == toldShown && !m.posts[c.post].hidden {
		c.state = toldHidden
		m.dropComment(c)
	}
}

func (m *toldModel) deleteComment(c *toldComment) {
	shown := c.state == toldShown
	delete(m.comments, c.id)
	on := m.posts[c.post]
	on.comments = slices.DeleteFunc(on.comments, func(other *toldComment) bool { return other == c })
	if shown {
		m.dropComment(c)
	}
}

// showComment reports whether the comment was hidden by itself.
func (m *toldModel) showComment(c *toldComment) bool {
	if c == nil || c.state != toldHidden {
		return false
	}
	if c.state = toldShown; m.posts[c.post].hidden {
		c.state = toldHiddenWithPost
	}
	return true
}

// leavePost takes away what tells of a post that is seen no more.
func (m *toldModel) leavePost(post *toldPost) {
	for _, p := range m.people {
		p.drop(func(n *toldNotice) bool { return n.post == post.id })
		p.mentions = slices.DeleteFunc(p.mentions, func(in toldMention) bool { return in.post == post.id })
	}
}

func (m *toldModel) hidePost(post *toldPost) {
	if post.hidden {
		return
	}
	post.hidden = true
	for _, c := range post.comments {
		if c.state == toldShown {
			c.state = toldHiddenWithPost
		}
	}
	m.leavePost(post)
}

// showPost reports whether the post was hidden.
func (m *toldModel) showPost(post *toldPost) bool {
	if post == nil || !post.hidden {
		return false
	}
	post.hidden = false
	for _, c := range post.comments {
		if c.state == toldHiddenWithPost {
			c.state = toldShown
		}
	}
	return true
}

func (m *toldModel) deletePost(post *toldPost) {
	m.leavePost(post)
	for _, c := range post.comments {
		delete(m.comments, c.id)
	}
	delete(m.posts, post.id)
	maps.DeleteFunc(m.mutes, func(of [2]int64, _ bool) bool { return of[1] == post.id })
}

func (m *toldModel) like(post *toldPost, user int64, on bool) {
	_, liked := post.likes[user]
	switch {
	case on && !liked:
		post.likes[user] = m.next()
		m.tell(m.people[post.author], "like", post.id, 0, user, m.moments)
	case !on && liked:
		delete(post.likes, user)
		m.sweep()
	}
}

// report hides what three people have reported, until somebody decides.
func (m *toldModel) report(reporter int64, of toldThing, subject int64) {
	if m.reported[toldReport{reporter, of}] {
		return
	}
	m.reported[toldReport{reporter, of}] = true
	c := m.cases[of]
	if c == nil {
		c = &toldCase{subject: subject}
		m.cases[of] = c
	}
	c.reporters = append(c.reporters, reporter)
	if len(c.reporters) >= 3 && m.hide(of) {
		m.decide(subject, "신고가 여러 번 들어와서, 관리자가 살펴볼 때까지 내 글이나 댓글을 가렸어요.")
	}
}

// hide reports whether the thing was seen before.
func (m *toldModel) hide(of toldThing) bool {
	if post := m.posts[of.id]; of.kind == "post" && post != nil {
		was := post.hidden
		m.hidePost(post)
		return !was
	}
	if c := m.comments[of.id]; of.kind == "comment" && c != nil {
		was := c.state
		m.hideComment(c)
		return was != c.state
	}
	return false
}

func (m *toldModel) show(of toldThing) bool {
	if of.kind == "post" {
		return m.showPost(m.posts[of.id])
	}
	return m.showComment(m.comments[of.id])
}

// rule decides a case, and tells whose thing it is, and then those who have reported it.
func (m *toldModel) rule(of toldThing, verdict string) {
	c := m.cases[of]
	delete(m.cases, of)
	answer := "신고한 내용을 살펴보고 조치했어요. 알려 줘서 고마워요."
	switch verdict {
	case "dismiss":
		answer = "신고한 내용을 살펴봤고, 문제가 없다고 봤어요."
		if m.show(of) {
			m.decide(c.subject, "신고된 내 글이나 댓글이 다시 보여요.")
		}
	case "hide":
		m.hide(of)
		m.decide(c.subject, "신고된 내 글이나 댓글을 관리자가 가렸어요.")
	case "delete":
		if post := m.posts[of.id]; of.kind == "post" && post != nil {
			m.deletePost(post)
		} else if comment := m.comments[of.id]; of.kind == "comment" && comment != nil {
			m.deleteComment(comment)
		}
		m.decide(c.subject, "신고된 내 글, 댓글이나 메시지가 삭제됐어요.")
	case "warn":
		m.decide(c.subject, "관리자가 주의를 줬어요.")
	}
	for _, reporter := range slices.Sorted(slices.Values(c.reporters)) {
		m.decide(reporter, answer)
	}
}

// decide tells somebody what was decided about them.
func (m *toldModel) decide(user int64, text string) {
	p := m.people[user]
	if p.gone {
		return
	}
	p.decisions = append(p.decisions, toldDecision{text, m.next()})
	m.tell(p, "report", 0, 0, 0, m.moments)
}
