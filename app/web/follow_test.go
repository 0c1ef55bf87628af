package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// follows makes a user follow another user.
func (v *siteWithMembers) follows(c *apptest.Client, name string) {
	v.t.Helper()
	c.HX().Post(homeOf(name)+"/follow", "on", "true").Want(200)
}

// followCounts returns the numbers of followers and followees on a home.
func followCounts(p *apptest.Page) (followers, following string) {
	return p.Find(`.numbers a[href$="/followers"] .num`).Text(), p.Find(`.numbers a[href$="/following"] .num`).Text()
}

// people returns the names in a list of people.
func people(p *apptest.Page) []string { return p.Find(".person .grow > .cut:first-child").Map(texts) }

func TestFollowingSetsAState(t *testing.T) {
	v := open(t)
	home := homeOf("민지")
	if got := v.seojun.Get(home).Want(200).Find(".follow button"); got.AttrOr("aria-pressed", "") != "false" || got.AttrOr("value", "") != "true" {
		t.Errorf("before, the button is pressed: %s", got.AttrOr("aria-pressed", ""))
	}
	for i, wish := range []string{"true", "true", "false", "false", "true"} {
		want := map[string]string{"true": "1", "false": "0"}[wish]
		if i%2 == 0 {
			p := v.seojun.HX().Post(home+"/follow", "on", wish).Want(200)
			if got := p.Text(`[hx-target="#followers-` + minjiID + `"] #followers-` + minjiID); got != want {
				t.Errorf("after on=%s the number becomes %q", wish, got)
			}
			if got := p.Find("#follow-"+minjiID+" button").AttrOr("aria-pressed", ""); got != wish {
				t.Errorf("after on=%s the button is pressed: %s", wish, got)
			}
		} else {
			leadsTo(t, postFrom(v.seojun, home, home+"/follow", "on", wish), home)
		}
		p := v.seojun.Get(home).Want(200)
		if followers, _ := followCounts(p); followers != want || p.Find(".follow button").AttrOr("aria-pressed", "") != wish {
			t.Errorf("after on=%s %s follow", wish, followers)
		}
		if _, following := followCounts(v.minji.Get(homeOf("서준"))); following != want {
			t.Errorf("after on=%s 서준 follows %s", wish, following)
		}
	}
	v.haneul.Get(home).Has(`.follow button[aria-pressed=false]`) // the button shows the viewer's own follows
	v.minji.Get(home).Lacks(".follow")
	for _, garbage := range []string{"", "x", "2", "참"} {
		v.seojun.Post(home+"/follow", "on", garbage).Want(400)
	}
}

func TestNobodyFollowsThemselves(t *testing.T) {
	v := open(t)
	p := v.minji.Post(homeOf("민지")+"/follow", "on", "true").Want(422).Has("main h1")
	says(t, p, "follow.self")
	p = v.minji.HX().Post(homeOf("민지")+"/follow", "on", "true").Want(422)
	toasts(t, p, "follow.self")
	if p.Header.Get("HX-Reswap") != "none" {
		t.Error("htmx would put the sentence in the place of the button")
	}
	if followers, following := followCounts(v.seojun.Get(homeOf("민지"))); followers != "0" || following != "0" {
		t.Errorf("민지 is followed by %s and follows %s", followers, following)
	}
}

func TestWhoIsNotThereCannotBeFollowed(t *testing.T) {
	v := open(t)
	leaves(t, v.haneul)
	for _, name := range []string{"유진", "하늘", " ", "\x00", "\xff"} {
		v.minji.Post(homeOf(name)+"/follow", "on", "true").Want(404)
		toasts(t, v.minji.HX().Post(homeOf(name)+"/follow", "on", "true").Want(404), "error.missing_help")
	}
	if n := v.count("SELECT COUNT(*) FROM follows"); n != 0 {
		t.Errorf("%d are followed", n)
	}
}

func TestFollowersAndFolloweesAreListed(t *testing.T) {
	v := open(t)
	p := v.minji.Get(homeOf("민지") + "/followers").Want(200)
	says(t, p, "follow.no_followers")
	says(t, v.minji.Get(homeOf("민지")+"/following").Want(200), "follow.no_followees")
	v.follows(v.seojun, "민지")
	v.follows(v.haneul, "민지")
	v.follows(v.minji, "하늘")
	v.seojun.Post("/settings/profile", "status_message", "졸려요").Want(303)

	p = v.minji.Get(homeOf("민지") + "/followers").Want(200)
	if got := people(p); !slices.Equal(got, []string{"하늘", "서준"}) { // the latest first
		t.Errorf("민지 is followed by %v", got)
	}
	if got := hrefs(p, ".person > a"); !slices.Equal(got, []string{homeOf("하늘"), homeOf("서준")}) {
		t.Errorf("the names lead to %v", got)
	}
	if got := p.Text(".person:last-child .meta"); got != "졸려요" {
		t.Errorf("서준 says %q", got)
	}
	if got := p.Find(".tabs a").Map(texts); !slices.Equal(got, []string{web.Korean("follow.followers", "Count", 2), web.Korean("follow.followees", "Count", 1)}) {
		t.Errorf("the tabs say %v", got)
	}
	// The buttons show the viewer's own follows.
	p.Has("#follow-" + haneulID + ` [aria-pressed=true]`).Has("#follow-" + seojunID + ` [aria-pressed=false]`)
	v.seojun.Get(homeOf("민지") + "/followers").Lacks("#follow-" + seojunID).Has("#follow-" + haneulID + ` [aria-pressed=false]`)
	if got := people(v.seojun.Get(homeOf("민지") + "/following")); !slices.Equal(got, []string{"하늘"}) {
		t.Errorf("민지 follows %v", got)
	}
}

func TestMoreFollowersShowEveryOneOnce(t *testing.T) {
	v := open(t)
	var names, want []string
	for i := range 120 {
		names = append(names, fmt.Sprint("주민", i))
		want = append([]string{names[i]}, want...)
	}
	v.joinAll(names, sns.RoleUser)
	for _, query := range []string{
		"INSERT INTO follows (follower_id, followee_id, created_at) SELECT id, 1, 0 FROM users WHERE username LIKE '주민%' ORDER BY id",
		"INSERT INTO follows (follower_id, followee_id, created_at) SELECT 2, id, 0 FROM users WHERE username LIKE '주민%' ORDER BY id",
		"UPDATE users SET follower_count = 120 WHERE id = 1",
		"UPDATE users SET following_count = 120 WHERE id = 2",
	} {
		if _, err := v.database().Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		for _, path := range []string{homeOf("민지") + "/followers", homeOf("서준") + "/following"} {
			var got []string
			for page := path; page != ""; {
				if len(got) > 200 {
					t.Fatal("there is always more")
				}
				p := c.Get(page).Want(200)
				got = append(got, people(p)...)
				page = p.Find("a.more").AttrOr("href", "")
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: passed %v", path, got)
			}
		}
	}
}

func TestThereIsABoundToFollowing(t *testing.T) {
	v := open(t)
	if _, err := v.database().Exec("UPDATE users SET following_count = ? WHERE id = 1", sns.FollowMost); err != nil {
		t.Fatal(err)
	}
	says(t, v.minji.Post(homeOf("서준")+"/follow", "on", "true").Want(422), "follow.most", "Max", sns.FollowMost)
	if n := v.count("SELECT COUNT(*) FROM follows"); n != 0 {
		t.Error("one more is followed")
	}
}

func TestTheFollowingPageShowsTheirPostsAlone(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/following").Want(200).Lacks("#compose")
	says(t, p, "follow.empty")
	v.posts(v.seojun, "서준의 글")
	v.posts(v.haneul, "하늘의 글")
	v.posts(v.minji, "내 글")
	v.follows(v.minji, "서준")
	p = v.minji.Get("/following").Want(200)
	if got := texted(p); !slices.Equal(got, []string{"서준의 글"}) {
		t.Errorf("there are %v", got)
	}
	if got := p.Text(".tabs [aria-current=page]"); got != web.Korean("home.following") {
		t.Errorf("the tab is %q", got)
	}
	v.minji.Get("/").Has(`.tabs a[href="/following"]`)
	v.follows(v.minji, "하늘")
	if got := texted(v.minji.Get("/following")); !slices.Equal(got, []string{"하늘의 글", "서준의 글"}) {
		t.Errorf("there are %v", got)
	}
	v.minji.HX().Post(homeOf("서준")+"/follow", "on", "false").Want(200)
	if got := texted(v.minji.Get("/following")); !slices.Equal(got, []string{"하늘의 글"}) {
		t.Errorf("there are %v", got)
	}
	if got := texted(v.seojun.Get("/following")); len(got) != 0 {
		t.Errorf("서준, who follows nobody, sees %v", got)
	}
}

func TestMoreOfThoseOneFollowsShowsEveryPostOnce(t *testing.T) {
	v := open(t)
	v.follows(v.minji, "서준")
	v.follows(v.minji, "하늘")
	for range 3 {
		v.addPosts("서준", web.PageSize/2+1)
		v.addPosts("하늘", 5)
		v.addPosts("민지", 3)
	}
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		want := v.names(t, "SELECT id FROM posts WHERE user_id IN (2, 3) ORDER BY id DESC")
		got := walks(t, c, "/following", func() { v.addPosts("서준", 1) })
		if len(want) <= 2*web.PageSize || !slices.Equal(got, want) {
			t.Errorf("passed %v, want %v", got, want)
		}
	}
}

func TestNewsOfThoseOneFollows(t *testing.T) {
	v := open(t)
	v.follows(v.minji, "서준")
	v.posts(v.seojun, "옛 글")
	fresh := v.minji.Get("/following").Find("#fresh")
	ask := fresh.AttrOr("data-src", "") + "after=" + fresh.AttrOr("data-after", "")
	if !strings.HasPrefix(ask, "/posts/new?following=true&") {
		t.Errorf("the page asks %s", ask)
	}
	v.posts(v.haneul, "하늘의 글")
	v.posts(v.minji, "내 글")
	v.minji.HX().Get(ask).Want(200).Lacks("#fresh a")
	news := v.posts(v.seojun, "새 글")
	p := v.minji.HX().Get(ask).Want(200)
	if got := p.Text("#fresh a"); got != web.Korean("post.fresh", "Count", 1) || p.Find("#fresh a").AttrOr("href", "") != "/following" {
		t.Errorf("the banner says %q", got)
	}
	if got := timelineIDs(v.minji.HX().Get(p.Find("#fresh a").AttrOr("hx-get", ""))); !slices.Equal(got, []string{news}) {
		t.Errorf("shown are %v", got)
	}
	v.addPosts("서준", web.PageSize+1)
	if p := v.minji.HX().Get(ask + "&show=true").Want(200); p.Header.Get("HX-Redirect") != "/following" {
		t.Errorf("with many new posts it leads to %q", p.Header.Get("HX-Redirect"))
	}
}
