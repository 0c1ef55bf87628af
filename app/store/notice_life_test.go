package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// ordinaryDeeds is how many deeds a test does unless $DEEDS says another number.
const ordinaryDeeds = 4_000

func deedsToDo(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("DEEDS")); err == nil {
		return n
	}
	if testing.Short() {
		return ordinaryDeeds / 20
	}
	t.Log("for more deeds: DEEDS=1000000")
	return ordinaryDeeds
}

// A noticeLife is what twenty people do at two Stores, and what they should be told.
type noticeLife struct {
	*database
	m *noticeModel
	*rand.Rand
	stores []*store.Store
	now    time.Time
	named  map[int64]string
	made   int
	board  int64
}

// TestNoticesEqualAModel compares inboxes and lists with a model after each of many random
// deeds.
func TestNoticesEqualAModel(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		other := opened(t, d.url)
		d.Prove(0, nil) // each answer is compared with the model
		other.Prove(0, nil)
		other.TellAtOnce(2) // the others are told by TellRest
		l := &noticeLife{
			database: d, m: newNoticeModel(), Rand: rand.New(rand.NewPCG(17, 1)), //nolint:gosec // no secret
			stores: []*store.Store{d.Store, other}, now: noon, named: map[int64]string{}, board: d.newPost(t, 1, "").Board,
		}
		for range 20 {
			l.join(t)
		}
		began := time.Now()
		done := map[string]int{}
		for i := range deedsToDo(t) {
			l.now = l.now.Add(time.Duration(l.IntN(30_000)) * time.Millisecond)
			name := l.step(t)
			must(t, l.at().TellRest(t.Context(), l.now))
			done[name]++
			l.compareInboxes(t, name)
			l.compareList(t, name, l.any(), 10)
			if i%500 == 499 {
				l.forget(t)
				for _, user := range l.m.people {
					l.compareList(t, name, user, 1000)
				}
			}
			if t.Failed() {
				t.Fatalf("after %d deeds", i+1)
			}
		}
		t.Logf("%v in %v", done, time.Since(began).Round(time.Millisecond))
		if n, err := d.CheckNotices(t.Context()); err != nil || n != 0 {
			t.Errorf("%d inboxes are wrong, %v", n, err)
		}
		for name, n := range done {
			if n == 0 {
				t.Errorf("nobody did %s", name)
			}
		}
	})
}

func (l *noticeLife) at() *store.Store { return l.stores[l.IntN(len(l.stores))] }

func (l *noticeLife) any() int64 { return l.m.people[l.IntN(len(l.m.people))] }

func (l *noticeLife) join(t *testing.T) {
	l.made++
	name := fmt.Sprintf("사람%d", l.made)
	id := l.user(t, name)
	l.m.people, l.named[id] = append(l.m.people, id), name
}

// text returns a text and who is named in it.
func (l *noticeLife) text() (text string, users []int64) {
	text = "오늘도 같이 읽어요"
	for range max(0, l.IntN(5)-2) {
		user := l.any()
		text, users = text+" @"+l.named[user]+" 님", append(users, user)
	}
	return text, users
}

// anyKey returns any key of a map, the same for the same life.
func anyKey[V any](l *noticeLife, of map[int64]V, fits func(V) bool) (int64, bool) {
	keys := slices.Sorted(maps.Keys(of))
	keys = slices.DeleteFunc(keys, func(id int64) bool { return !fits(of[id]) })
	if len(keys) == 0 {
		return 0, false
	}
	return keys[l.IntN(len(keys))], true
}

// A lifeDeed does one thing at a Store and in the model.
type lifeDeed struct {
	name   string
	weight int
	do     func(*noticeLife, *testing.T)
}

var lifeDeeds = []lifeDeed{
	{"comment", 30, (*noticeLife).addComment},
	{"like", 20, func(l *noticeLife, t *testing.T) { l.setLike(t, true) }},
	{"unlike", 10, func(l *noticeLife, t *testing.T) { l.setLike(t, false) }},
	{"read", 12, (*noticeLife).readSome},
	{"follow", 6, func(l *noticeLife, t *testing.T) { l.setFollow(t, true) }},
	{"unfollow", 4, func(l *noticeLife, t *testing.T) { l.setFollow(t, false) }},
	{"edit a comment", 6, (*noticeLife).editComment},
	{"edit a post", 3, (*noticeLife).editPost},
	{"delete a comment", 12, (*noticeLife).removeComment},
	{"post", 4, (*noticeLife).addPost},
	{"mute", 3, func(l *noticeLife, t *testing.T) { l.setMute(t, true) }},
	{"unmute", 3, func(l *noticeLife, t *testing.T) { l.setMute(t, false) }},
	{"switch", 1, (*noticeLife).turn},
	{"room", 1, (*noticeLife).openRoom},
	{"leave", 1, (*noticeLife).goAway},
}

// step does any deed, and returns its name.
func (l *noticeLife) step(t *testing.T) string {
	if len(l.m.posts) < 5 {
		l.addPost(t)
		return "post"
	}
	all := 0
	for _, d := range lifeDeeds {
		all += d.weight
	}
	at := l.IntN(all)
	for _, d := range lifeDeeds {
		if at -= d.weight; at < 0 {
			d.do(l, t)
			return d.name
		}
	}
	panic("unreachable")
}

func (l *noticeLife) addPost(t *testing.T) {
	author := l.any()
	text, users := l.text()
	post, err := l.at().CreatePost(t.Context(), store.NewPost{Author: author, Board: l.board, Content: text, CreatedAt: l.now})
	must(t, err)
	l.m.posts[post] = &modelPost{author: author, likes: map[int64]string{}}
	l.m.posts[post].told = l.m.mention(post, 0, author, users, l.now)
	if len(l.m.posts) <= 15 {
		return
	}
	old, ok := anyKey(l, l.m.posts, func(p *modelPost) bool { return slices.Contains(l.m.people, p.author) })
	if ok {
		_, err := l.at().DeletePost(t.Context(), old, l.m.posts[old].author)
		must(t, err)
		l.m.deletePost(old)
	}
}

func (l *noticeLife) anyPost() int64 {
	post, _ := anyKey(l, l.m.posts, func(*modelPost) bool { return true })
	return post
}

func (l *noticeLife) addComment(t *testing.T) {
	post, author := l.anyPost(), l.any()
	text, users := l.text()
	id, _, err := l.at().AddComment(t.Context(), store.NewComment{Post: post, Author: author, Content: text, CreatedAt: l.now})
	must(t, err)
	l.m.comment(post, id, author, users, l.now)
}

// ofThePeople reports whether the author of a comment has an account.
func (l *noticeLife) ofThePeople(c *modelComment) bool { return slices.Contains(l.m.people, c.author) }

func (l *noticeLife) editComment(t *testing.T) {
	if id, ok := anyKey(l, l.m.comments, l.ofThePeople); ok {
		text, users := l.text()
		c := l.m.comments[id]
		must(t, l.at().EditComment(t.Context(), id, c.author, text, l.now))
		l.m.edit(c.post, id, c.author, c.told, users, l.now)
	}
}

func (l *noticeLife) editPost(t *testing.T) {
	id, ok := anyKey(l, l.m.posts, func(p *modelPost) bool { return slices.Contains(l.m.people, p.author) })
	if ok {
		text, users := l.text()
		p := l.m.posts[id]
		must(t, l.at().EditPost(t.Context(), id, p.author, text, l.now))
		l.m.edit(id, 0, p.author, p.told, users, l.now)
	}
}

func (l *noticeLife) removeComment(t *testing.T) {
	if id, ok := anyKey(l, l.m.comments, l.ofThePeople); ok {
		_, err := l.at().DeleteComment(t.Context(), id, l.m.comments[id].author)
		must(t, err)
		l.m.deleteComment(id)
	}
}

func (l *noticeLife) setLike(t *testing.T, on bool) {
	post, user := l.anyPost(), l.any()
	_, _, err := l.at().SetLike(t.Context(), post, user, on, l.now)
	must(t, err)
	l.m.like(post, user, on, l.now)
}

func (l *noticeLife) setFollow(t *testing.T, on bool) {
	a, b := l.any(), l.any()
	if a == b {
		return
	}
	_, err := l.at().SetFollow(t.Context(), a, b, on, l.now)
	must(t, err)
	l.m.follow(a, b, on, l.now)
}

func (l *noticeLife) setMute(t *testing.T, on bool) {
	user, post := l.any(), l.anyPost()
	must(t, l.at().SetMute(t.Context(), user, post, on))
	if on {
		l.m.read(user, func(n *modelNotice) bool { return n.post == post })
	}
	l.m.muted[[2]int64{user, post}] = on
}

func (l *noticeLife) turn(t *testing.T) {
	user := l.any()
	s := l.m.switches[user]
	if s == nil {
		s = &sns.NoticeSettings{}
		l.m.switches[user] = s
	}
	s.Turn(sns.NoticeKinds[l.IntN(len(sns.NoticeKinds))], sns.ChannelInbox, l.IntN(3) > 0)
	must(t, l.at().SetNoticeSettings(t.Context(), user, *s))
	l.m.read(user, func(n *modelNotice) bool { return !s.Has(n.kind, sns.ChannelInbox) })
}

// openRoom opens a room and ends it: a mentor of an open room may not leave.
func (l *noticeLife) openRoom(t *testing.T) {
	mentor := l.any()
	room, _, err := l.at().CreateRoom(t.Context(), store.NewRoom{Mentor: mentor, Name: "함께 읽기", UserLimit: 5, Buffer: "table", CreatedAt: l.now})
	must(t, err)
	for pair := range l.m.follows {
		if pair[1] == mentor {
			l.m.tell(pair[0], sns.NoticeRoom, 0, room, modelDeed{name: "room", actor: mentor}, l.now)
		}
	}
	must(t, l.at().TellRest(t.Context(), l.now))
	_, err = l.at().EndRoom(t.Context(), room, l.now)
	must(t, err)
}

func (l *noticeLife) goAway(t *testing.T) {
	user := l.any()
	_, err := l.at().DeleteUser(t.Context(), user, l.now)
	must(t, err)
	l.m.leave(user)
	l.join(t)
}

func (l *noticeLife) readSome(t *testing.T) {
	user, s := l.any(), l.at()
	switch l.IntN(5) {
	case 0:
		must(t, s.ReadNotices(t.Context(), user, nil))
		l.m.read(user, func(*modelNotice) bool { return true })
	case 1:
		must(t, s.ReadFollows(t.Context(), user))
		l.m.read(user, func(n *modelNotice) bool { return n.kind == sns.NoticeFollow })
	case 2:
		all, err := s.Notices(t.Context(), user, nil, 0, 1)
		must(t, err)
		if len(all) == 0 {
			return
		}
		must(t, s.ReadNotices(t.Context(), user, []int64{all[0].ID}))
		newest := slices.MaxFunc(l.m.notices[user], func(a, b *modelNotice) int { return a.rank - b.rank })
		l.m.read(user, func(n *modelNotice) bool { return n == newest })
	default:
		post := l.anyPost()
		must(t, s.ReadPost(t.Context(), user, post))
		l.m.read(user, func(n *modelNotice) bool { return n.post == post })
	}
}

// forget forgets what is older than about a thousand deeds.
func (l *noticeLife) forget(t *testing.T) {
	before := l.now.Add(-4 * time.Hour)
	_, err := l.at().ForgetNotices(t.Context(), before)
	must(t, err)
	l.m.drop(func(_ int64, n *modelNotice) bool { return n.at.Before(before) })
}

// compareInboxes compares the numbers of all people.
func (l *noticeLife) compareInboxes(t *testing.T, after string) {
	rows, err := l.raw.QueryContext(t.Context(), `SELECT user_id, unread, news FROM inboxes WHERE closed = 0`)
	must(t, err)
	defer rows.Close()
	seen := map[int64]bool{}
	for rows.Next() {
		var user int64
		var mine, news int
		must(t, rows.Scan(&user, &mine, &news))
		seen[user] = true
		if wantMine, wantNews := l.m.unread(user); mine != wantMine || news != wantNews {
			t.Errorf("after %s: %d has %d and %d unread, want %d and %d", after, user, mine, news, wantMine, wantNews)
		}
	}
	must(t, rows.Err())
	for _, user := range l.m.people {
		if mine, news := l.m.unread(user); !seen[user] && mine+news > 0 {
			t.Errorf("after %s: %d has no inbox, want %d and %d", after, user, mine, news)
		}
	}
	user := l.any()
	inbox, err := l.at().Inbox(t.Context(), user)
	if mine, news := l.m.unread(user); err != nil || inbox.Mine != mine || inbox.News != news {
		t.Errorf("after %s: %+v, %v, want %d and %d", after, inbox, err, mine, news)
	}
}

// compareList compares the newest notices of a person.
func (l *noticeLife) compareList(t *testing.T, after string, user int64, most int) {
	all, err := l.at().Notices(t.Context(), user, nil, 0, most)
	must(t, err)
	got := make([]string, len(all))
	for i, n := range all {
		actors := make([]int64, len(n.Actors))
		for k, actor := range n.Actors {
			actors[k] = actor.ID
		}
		got[i] = fmt.Sprint(n.Kind, n.Post, n.Room, actors, n.Others, n.Comment, n.Unread)
	}
	want := l.m.list(user)
	want = want[:min(len(want), most)]
	if !slices.Equal(got, want) {
		t.Errorf("after %s: %d was told\n%q, want\n%q", after, user, got, want)
	}
}
