package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A siteWithWords is a site with an administrator, who sets the community.
type siteWithWords struct {
	*siteWithMembers
	admin *apptest.Client
}

func openWithWords(t *testing.T) *siteWithWords {
	t.Helper()
	v := open(t)
	return &siteWithWords{v, v.joins("현우", sns.RoleAdmin)}
}

// sets changes fields of the community, and leaves the others as they are without any words.
func (v *siteWithWords) sets(pairs ...string) {
	v.t.Helper()
	fields := map[string]string{"sign_up": "open", "min_age": "0", "invites": "0"}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	var all []string
	for name, value := range fields {
		all = append(all, name, value)
	}
	v.admin.Post("/admin/community", all...).Want(303)
}

func TestACommunityHasANameOfItsOwn(t *testing.T) {
	v := openWithWords(t)
	name := v.minji.Get("/").Text("header .mark")
	v.sets("name", "책 읽는 모임")
	for _, path := range []string{"/", "/settings", "/rooms", "/posts/99"} {
		p := v.minji.Get(path)
		if !strings.HasSuffix(p.Text("title"), " · 책 읽는 모임") {
			t.Errorf("%s is called %q", path, p.Text("title"))
		}
	}
	for _, path := range []string{"/sign-in", "/sign-up", "/offline"} {
		p := v.Guest().Get(path).Want(200)
		if p.Text(".mark") != "책 읽는 모임" || !strings.HasSuffix(p.Text("title"), " · 책 읽는 모임") {
			t.Errorf("%s is called %q and %q", path, p.Text(".mark"), p.Text("title"))
		}
	}
	var manifest struct {
		Name  string
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal([]byte(v.Guest().Get("/manifest.json").Want(200).Body), &manifest); err != nil || manifest.Name != "책 읽는 모임" {
		t.Errorf("the app is called %q, %v", manifest.Name, err)
	}
	v.Guest().Get(manifest.Icons[0].Src).Want(200)
	v.sets("name", "")
	if got := v.minji.Get("/").Text("header .mark"); got != name {
		t.Errorf("without a name of its own the site is called %q", got)
	}
	if n := v.count("SELECT COUNT(*) FROM admin_log WHERE kind = 'community'"); n != 2 {
		t.Errorf("%d changes are in the log", n)
	}
}

// The notice goes away at a press, also without scripts, and comes back when it changes.
func TestANoticeIsPutAwayUntilItChanges(t *testing.T) {
	v := openWithWords(t)
	v.minji.Get("/").Lacks("#site-notice")
	v.sets("notice", "토요일에 만나요: https://example.com 에서")
	if got := v.minji.Get("/").Has("#site-notice a[href='https://example.com']").Text("#site-notice p"); !strings.HasPrefix(got, "토요일에") {
		t.Errorf("the notice says %q", got)
	}
	p := (&plain{t: t, c: v.minji}).opens("/").presses("#site-notice form", "")
	if p.at != "/" {
		t.Errorf("leads to %s", p.at)
	}
	p.page.Lacks("#site-notice")
	v.seojun.Get("/").Has("#site-notice")
	v.seojun.HX().Post("/notice", "version", "1").Want(200).Lacks("#site-notice")
	v.seojun.Get("/").Lacks("#site-notice")
	v.sets("notice", "일요일에 만나요")
	v.minji.Get("/").Has("#site-notice")
	v.sets("notice", "일요일에 만나요", "name", "모임")
	version, _ := v.minji.Get("/").Find("#site-notice button").Attr("value")
	if version != "2" {
		t.Errorf("after a change of the name the version is %s", version)
	}
}

func TestGuestsReadTheRulesAndWhatIsKept(t *testing.T) {
	v := openWithWords(t)
	says(t, v.Guest().Get("/rules").Want(200), "community.no_rules")
	v.sets("rules", "서로 높임말을 써요.\n광고는 하지 않아요.", "contact", "모임지기 admin@example.com")
	p := v.Guest().Get("/rules").Want(200)
	if got := p.Text("main"); !strings.Contains(got, "광고는 하지 않아요.") || !strings.Contains(got, "admin@example.com") {
		t.Errorf("the rules are %q", got)
	}
	p = v.Guest().Get("/privacy").Want(200)
	says(t, p, "privacy.days", "Days", 365)
	says(t, p, "privacy.devices_until", "Days", 30, "Most", 180)
	for _, path := range []string{"/sign-up", "/sign-in"} {
		v.Guest().Get(path).Has("a[href='/rules']").Has("a[href='/privacy']")
	}
	v.minji.Get("/settings").Has("main a[href='/rules']")
	v.minji.Get("/").Has(".side a[href='/rules']")
	for _, text := range evil {
		v.sets("rules", text, "notice", text, "contact", text)
		for _, path := range []string{"/rules", "/privacy", "/", "/admin/community"} {
			harmless(t, v.admin.Get(path).Want(200))
		}
	}
}

func TestWhatACommunityCannotBe(t *testing.T) {
	v := openWithWords(t)
	for _, bad := range []struct{ field, value, key string }{
		{"name", strings.Repeat("가", sns.CommunityNameMax+1), "invalid.long"},
		{"rules", strings.Repeat("가", sns.RulesMax+1), "invalid.long"},
		{"notice", "\xff", "invalid.encoding"},
		{"sign_up", "sometimes", "community.mode"},
		{"min_age", "-1", "invalid.number"},
		{"min_age", "열넷", "invalid.number"},
		{"invites", "101", "invalid.number"},
	} {
		fields := []string{"sign_up", "open", "min_age", "0", "invites", "0", "contact", "남은 글"}
		for _, c := range []*apptest.Client{v.admin, v.admin.HX()} {
			p := c.Post("/admin/community", append([]string{bad.field, bad.value}, fields...)...).Want(422)
			if bad.field == "name" || bad.field == "rules" || bad.field == "notice" {
				p.Has(`[name=` + bad.field + `][aria-invalid=true]`)
			}
			if got := p.Find("[name=contact]").AttrOr("value", ""); got != "남은 글" {
				t.Errorf("of the contact is kept %q", got)
			}
		}
	}
	if n := v.count("SELECT COUNT(*) FROM admin_log"); n != 0 {
		t.Errorf("%d changes were made", n)
	}
}

// On the first day an account writes few posts and links, if the community wants that.
func TestTheFirstDayOfANewcomer(t *testing.T) {
	v := openWithWords(t)
	links := strings.Repeat("https://example.com ", sns.NewcomerLinks)
	v.minji.Post("/posts", "content", links+links).Want(303)
	v.sets("first_day", "on")
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		p := c.Post("/posts", "content", links+links).Want(422)
		says(t, p, "newcomer.links", "Max", sns.NewcomerLinks)
		if got := p.Find("[name=content]").Text(); !strings.Contains(got, links) {
			t.Errorf("of the post is kept %q", got)
		}
	}
	post := v.posts(v.minji, links)
	v.minji.Post("/posts/"+post, "content", links+links).Want(422)
	v.minji.Post("/posts/"+post+"/comments", "content", links+links).Want(422)
	v.minji.Post("/posts/"+post+"/comments", "content", links).Want(303)
	for range sns.NewcomerPosts - 3 {
		v.posts(v.minji, "글")
	}
	const key = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	v.minji.Post("/posts", "content", "열 번째", "key", key).Want(303)
	v.minji.Post("/posts", "content", "열 번째", "key", key).Want(303) // the same form once more
	says(t, v.minji.Post("/posts", "content", "열한 번째").Want(422), "newcomer.posts", "Max", sns.NewcomerPosts)
	v.posts(v.admin, links+links)
	v.edits("UPDATE users SET created_at = created_at - 86400000000 WHERE username = '민지'")
	v.posts(v.minji, links+links)
}
