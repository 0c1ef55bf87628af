package store_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A noticeModel says in simple words what people have been told: each notice holds the deeds
// it tells of. What happens to a deed happens to each of its copies.
type noticeModel struct {
	people   []int64 // who has an account
	posts    map[int64]*modelPost
	comments map[int64]*modelComment
	follows  map[[2]int64]string // by follower and followee: the deed
	muted    map[[2]int64]bool   // by user and post
	switches map[int64]*sns.NoticeSettings
	notices  map[int64][]*modelNotice // by reader

	deeds, ranks int
	lastComment  int64
}

type modelPost struct {
	author int64
	told   map[int64]bool   // who is mentioned
	likes  map[int64]string // by user: the deed
}

type modelComment struct {
	post, author int64
	told         map[int64]bool
}

type modelNotice struct {
	kind       sns.NoticeKind
	post, room int64
	deeds      []modelDeed
	first      int64 // the first comment
	end        int64 // above the last comment; 0: unread
	rank       int
	at         time.Time
}

type modelDeed struct {
	name    string
	actor   int64
	comment int64
	order   int
}

func newNoticeModel() *noticeModel {
	return &noticeModel{
		posts: map[int64]*modelPost{}, comments: map[int64]*modelComment{}, follows: map[[2]int64]string{}, muted: map[[2]int64]bool{},
		switches: map[int64]*sns.NoticeSettings{}, notices: map[int64][]*modelNotice{},
	}
}

// wants reports whether a person is told of a kind of deeds by somebody.
func (m *noticeModel) wants(user, actor int64, kind sns.NoticeKind, post int64) bool {
	s := m.switches[user]
	return user != actor && slices.Contains(m.people, user) && !m.muted[[2]int64{user, post}] && (s == nil || s.Has(kind, sns.ChannelInbox))
}

// tell tells a person of a deed, unless the person does not want that.
func (m *noticeModel) tell(user int64, kind sns.NoticeKind, post, room int64, d modelDeed, now time.Time) bool {
	if !m.wants(user, d.actor, kind, post) {
		return false
	}
	m.deeds++
	if d.order = m.deeds; kind == sns.NoticeComment || kind == sns.NoticeThread {
		d.order = int(d.comment)
	}
	var n *modelNotice
	for _, known := range m.notices[user] {
		if known.kind == kind && known.post == post && known.room == room && known.end == 0 {
			n = known
		}
	}
	late := n != nil && now.Sub(n.at) >= time.Minute
	if n == nil {
		n = &modelNotice{kind: kind, post: post, room: room, first: d.comment}
		m.notices[user] = append(m.notices[user], n)
		late = true
	}
	n.deeds = append(n.deeds, d)
	if late || kind != sns.NoticeLike && kind != sns.NoticeFollow {
		m.ranks++
		n.rank, n.at = m.ranks, now
	}
	return true
}

// undo takes a deed away from everybody who matches.
func (m *noticeModel) undo(name string, of func(user int64, n *modelNotice) bool) {
	for user, all := range m.notices {
		m.notices[user] = slices.DeleteFunc(all, func(n *modelNotice) bool {
			had := len(n.deeds)
			if of(user, n) {
				n.deeds = slices.DeleteFunc(n.deeds, func(d modelDeed) bool { return d.name == name })
			}
			return len(n.deeds) == 0 && had > 0
		})
	}
}

func everybody(int64, *modelNotice) bool { return true }

// drop takes notices away.
func (m *noticeModel) drop(of func(user int64, n *modelNotice) bool) {
	for user, all := range m.notices {
		m.notices[user] = slices.DeleteFunc(all, func(n *modelNotice) bool { return of(user, n) })
	}
}

// read marks notices of a person as read.
func (m *noticeModel) read(user int64, of func(*modelNotice) bool) {
	for _, n := range m.notices[user] {
		if n.end == 0 && of(n) {
			n.end = m.lastComment + 1
		}
	}
}

// mention tells the people who are named in a text, and returns those who are told.
func (m *noticeModel) mention(post, comment, author int64, users []int64, now time.Time) map[int64]bool {
	told := map[int64]bool{}
	for _, user := range users {
		if !told[user] && m.tell(user, sns.NoticeMention, post, 0, modelDeed{name: mentionName(post, comment), actor: author, comment: comment}, now) {
			told[user] = true
		}
	}
	return told
}

func mentionName(post, comment int64) string { return fmt.Sprintf("mention %d %d", post, comment) }

func commentName(comment int64) string { return fmt.Sprintf("comment %d", comment) }

func (m *noticeModel) comment(post, comment, author int64, users []int64, now time.Time) {
	told := m.mention(post, comment, author, users, now)
	m.lastComment = comment
	d := modelDeed{name: commentName(comment), actor: author, comment: comment}
	p := m.posts[post]
	if !told[p.author] {
		m.tell(p.author, sns.NoticeComment, post, 0, d, now)
	}
	for _, user := range m.people {
		if user != p.author && !told[user] && m.hasCommented(user, post) {
			m.tell(user, sns.NoticeThread, post, 0, d, now)
		}
	}
	m.comments[comment] = &modelComment{post, author, told}
}

func (m *noticeModel) hasCommented(user, post int64) bool {
	for _, c := range m.comments {
		if c.post == post && c.author == user {
			return true
		}
	}
	return false
}

// edit makes the people named in a text those of the new text. A comment in which somebody is
// named no longer is a comment like any.
func (m *noticeModel) edit(post, comment, author int64, told map[int64]bool, users []int64, now time.Time) {
	for _, user := range slices.Collect(maps.Keys(told)) {
		if slices.Contains(users, user) {
			continue
		}
		delete(told, user)
		m.undo(mentionName(post, comment), func(of int64, _ *modelNotice) bool { return of == user })
		for _, n := range m.notices[user] {
			if comment > 0 && user != author && n.post == post && (n.kind == sns.NoticeComment || n.kind == sns.NoticeThread) &&
				n.first <= comment && (n.end == 0 || comment < n.end) {
				n.deeds = append(n.deeds, modelDeed{name: commentName(comment), actor: author, comment: comment, order: int(comment)})
			}
		}
	}
	for user := range m.mention(post, comment, author, slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return told[user] }), now) {
		told[user] = true
		m.undo(commentName(comment), func(of int64, _ *modelNotice) bool { return of == user })
	}
}

func (m *noticeModel) deleteComment(comment int64) {
	c := m.comments[comment]
	delete(m.comments, comment)
	m.undo(commentName(comment), everybody)
	m.undo(mentionName(c.post, comment), everybody)
	if !m.hasCommented(c.author, c.post) {
		m.drop(func(user int64, n *modelNotice) bool {
			return user == c.author && n.kind == sns.NoticeThread && n.post == c.post
		})
	}
}

func (m *noticeModel) deletePost(post int64) {
	delete(m.posts, post)
	maps.DeleteFunc(m.comments, func(_ int64, c *modelComment) bool { return c.post == post })
	maps.DeleteFunc(m.muted, func(of [2]int64, _ bool) bool { return of[1] == post })
	m.drop(func(_ int64, n *modelNotice) bool { return n.post == post })
}

func (m *noticeModel) like(post, user int64, on bool, now time.Time) {
	p := m.posts[post]
	name, liked := p.likes[user]
	switch {
	case on && !liked:
		m.deeds++
		name = fmt.Sprintf("like %d", m.deeds)
		p.likes[user] = name
		m.tell(p.author, sns.NoticeLike, post, 0, modelDeed{name: name, actor: user}, now)
	case !on && liked:
		delete(p.likes, user)
		m.undo(name, everybody)
	}
}

func (m *noticeModel) follow(follower, followee int64, on bool, now time.Time) {
	pair := [2]int64{follower, followee}
	name, follows := m.follows[pair]
	switch {
	case on && !follows:
		m.deeds++
		name = fmt.Sprintf("follow %d", m.deeds)
		m.follows[pair] = name
		m.tell(followee, sns.NoticeFollow, 0, 0, modelDeed{name: name, actor: follower}, now)
	case !on && follows:
		delete(m.follows, pair)
		m.undo(name, everybody)
	}
}

func (m *noticeModel) leave(user int64) {
	m.people = slices.DeleteFunc(m.people, func(id int64) bool { return id == user })
	delete(m.notices, user)
	delete(m.switches, user)
	for pair, name := range m.follows {
		if pair[0] == user || pair[1] == user {
			delete(m.follows, pair)
			m.undo(name, everybody)
		}
	}
	for _, p := range m.posts {
		delete(p.told, user)
	}
	for _, c := range m.comments {
		delete(c.told, user)
	}
}

// list returns the notices of a person as they are shown, newest first.
func (m *noticeModel) list(user int64) []string {
	all := slices.Clone(m.notices[user])
	slices.SortFunc(all, func(a, b *modelNotice) int { return b.rank - a.rank })
	lines := make([]string, len(all))
	for i, n := range all {
		lines[i] = n.line()
	}
	return lines
}

func (n *modelNotice) line() string {
	deeds := slices.Clone(n.deeds)
	slices.SortFunc(deeds, func(a, b modelDeed) int { return b.order - a.order })
	var actors []int64
	for _, d := range deeds {
		if !slices.Contains(actors, d.actor) {
			actors = append(actors, d.actor)
		}
	}
	shown := actors[:min(len(actors), sns.NoticeActors)]
	return fmt.Sprint(n.kind, n.post, n.room, shown, len(actors)-len(shown), deeds[len(deeds)-1].comment, n.end == 0)
}

// unread returns the numbers of the inbox of a person.
func (m *noticeModel) unread(user int64) (mine, news int) {
	for _, n := range m.notices[user] {
		switch {
		case n.end > 0:
		case n.kind.IsNews():
			news++
		default:
			mine++
		}
	}
	return mine, news
}
