package web_test

import (
	"net/url"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// renamed gives a member another name.
func (v *siteWithMembers) renamed(c *apptest.Client, name string) {
	v.t.Helper()
	leadsTo(v.test(), c.Post("/settings/name", "username", name, "password", apptest.Password), "/settings")
}

// later lets days pass since names were changed.
func (v *siteWithMembers) later(days int) {
	v.t.Helper()
	micros := int64(days) * 24 * 3600 * 1e6
	v.edits("UPDATE users SET renamed_at = renamed_at - ? WHERE renamed_at > 0", micros)
	v.edits("UPDATE former_names SET until_at = until_at - ? WHERE user_id > 0", micros)
}

func TestAMemberTakesAnotherName(t *testing.T) {
	v := open(t)
	v.posts(v.minji, "첫 글")
	v.seojun.Post("/posts/1/comments", "content", "@민지님 반가워요").Want(303)
	p := &plain{t: t, c: v.minji}
	p.opens("/settings").page.Has(`a[href="/settings/name"]`)
	p.opens("/settings/name").presses("#username", "1", "username", "하루")
	says(t, p.page, "username.free")
	if value(p.page, "username") != "하루" {
		t.Error("the check forgets what was typed")
	}
	p.presses("#username", "", "username", "하루", "password", apptest.Password)
	toasts(t, p.page, "done.name")
	if p.at != "/settings" || p.page.Find(".side .me").Length() != 1 || !strings.Contains(p.page.Text(".side .me"), "하루") {
		t.Errorf("at %s the menu says %q", p.at, p.page.Text(".side .me"))
	}
	for _, path := range []string{"/", "/posts/1", homeOf("하루")} {
		page := v.seojun.Get(path).Want(200)
		if name := page.Text("#post-1 .post-by bdi"); name != "하루" {
			t.Errorf("%s says %q", path, name)
		}
	}
	for _, name := range []string{"민지", "%EB%AF%BC%EC%A7%80"} {
		moved := v.seojun.Get("/users/" + name)
		leadsTo(t, moved, homeOf("하루"))
		if kept := moved.Header.Get("Cache-Control"); kept != "no-store" {
			t.Errorf("caches keep where the name leads: %s", kept)
		}
	}
	if to := v.seojun.HX().Get(homeOf("민지")).Want(200).Header.Get("HX-Redirect"); to != homeOf("하루") {
		t.Errorf("htmx is led to %q", to)
	}
	v.minji.Get("/").Want(200) // the session goes on

	says(t, v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(422), "signin.wrong")
	leadsTo(t, v.Guest().Post("/sign-in", "username", "하루", "password", apptest.Password), "/")
	says(t, v.Guest().Post("/sign-up", "username", "민지", "password", "아무도 모르는 말", "password_confirm", "아무도 모르는 말", "email", "y@example.com").Want(422), "username.taken")
}

func TestWhatIsWrongWithANewName(t *testing.T) {
	v := open(t)
	if err := server.SetPassword(t.Context(), v.Config, v.Log(), "서준", "abyssinia77"); err != nil {
		t.Fatal(err)
	}
	seojun := v.Guest()
	seojun.Post("/sign-in", "username", "서준", "password", "abyssinia77").Want(303)
	for _, c := range []struct {
		client                        *apptest.Client
		name, password, key, at, kept string
	}{
		{v.minji, "서준", apptest.Password, "username.taken", "username", "서준"},
		{v.minji, "운영자", apptest.Password, "username.reserved", "username", "운영자"},
		{v.minji, "민지", apptest.Password, "name.same", "username", "민지"},
		{v.minji, "하루", "틀린 비밀번호", "password.wrong", "password", "하루"},
		{v.minji, "하루", "", "password.wrong", "password", "하루"},
		{seojun, "abyssinia", "abyssinia77", "name.guessed", "username", "abyssinia"},
	} {
		for _, client := range []*apptest.Client{c.client, c.client.HX()} {
			p := client.Post("/settings/name", "username", c.name, "password", c.password).Want(422)
			wrong(t, p, c.at)
			says(t, p, c.key)
			if value(p, "username") != c.kept {
				t.Errorf("%s: %q is left of what was typed", c.key, value(p, "username"))
			}
			if strings.Contains(p.Body, "abyssinia77") {
				t.Error("the password is sent back")
			}
		}
	}
	if n := v.count("SELECT COUNT(*) FROM former_names"); n != 0 {
		t.Errorf("%d names were given up", n)
	}
	check := v.minji.HX().Get("/sign-up/username?username=" + url.QueryEscape("민지")).Want(200)
	says(t, check, "name.same")
}

func TestAnotherNameWaitsThirtyDays(t *testing.T) {
	v := open(t)
	v.renamed(v.minji, "하루")
	p := v.minji.Get("/settings/name").Want(200).Lacks("#username")
	if !strings.Contains(p.Text("#rename"), "30일") || !strings.Contains(p.Text("#rename"), "예전 아이디 민지") {
		t.Errorf("the page says %q", p.Text("#rename"))
	}
	v.minji.Post("/settings/name", "username", "보라", "password", apptest.Password).Want(422).Has("#rename .alert")
	v.later(int(sns.NameRest.Hours() / 24))
	v.minji.Get("/settings/name").Has("#username")
	v.renamed(v.minji, "보라")
	leadsTo(t, v.seojun.Get(homeOf("민지")), homeOf("보라"))
	leadsTo(t, v.seojun.Get(homeOf("하루")), homeOf("보라"))
	v.later(int(sns.NameRest.Hours() / 24))
	v.renamed(v.minji, "민지") // taken back
	leadsTo(t, v.seojun.Get(homeOf("하루")), homeOf("민지"))
	v.seojun.Get(homeOf("민지")).Want(200)
}

// A mention keeps pointing to the person, also when the name is somebody else's by then.
func TestAMentionLeadsToThePersonWhateverTheName(t *testing.T) {
	v := open(t)
	post := v.posts(v.seojun, "@민지 어서 오세요")
	to := func() string { return v.seojun.Get("/posts/"+post).Want(200).Find("a.mention").AttrOr("href", "") }
	v.seojun.Get(to()).Want(200).Has("#home-menu")
	v.renamed(v.minji, "하루")
	leadsTo(t, v.seojun.Get(to()), homeOf("하루"))
	later := v.posts(v.seojun, "@민지 새 이름이 좋아요")
	leadsTo(t, v.seojun.Get(v.seojun.Get("/posts/"+later).Find("a.mention").AttrOr("href", "")), homeOf("하루"))

	v.later(int(sns.NameReserved.Hours() / 24))
	v.seojun.Get(homeOf("민지")).Want(404)
	v.renamed(v.haneul, "민지")
	v.seojun.Get(homeOf("민지")).Want(200)
	leadsTo(t, v.seojun.Get(to()), homeOf("하루"))
	v.seojun.Get(homeOf("민지") + "?id=abc").Want(400)
	v.seojun.Get(homeOf("민지") + "?id=999").Want(404)
}

// A blocked member does not learn the new name.
func TestTheBlockedDoNotLearnTheNewName(t *testing.T) {
	v := open(t)
	v.blocks(v.minji, "서준")
	v.blocks(v.minji, "하늘")
	v.blocks(v.haneul, "민지")
	v.renamed(v.minji, "하루")
	for _, c := range []*apptest.Client{v.seojun, v.haneul} {
		for _, path := range []string{homeOf("민지"), homeOf("민지") + "?id=" + minjiID, homeOf("민지") + "/followers"} {
			c.Get(path).Want(404)
		}
		c.Post(homeOf("민지")+"/follow", "on", "true").Want(404)
	}
	v.seojun.Get(homeOf("하루")).Want(200) // bare, as before
}

// A page that was open before goes on working.
func TestWhatIsSentUnderAFormerName(t *testing.T) {
	v := open(t)
	v.renamed(v.minji, "하루")
	leadsTo(t, postFrom(v.seojun, homeOf("민지"), homeOf("민지")+"/follow", "on", "true"), homeOf("민지"))
	if n := v.count("SELECT follower_count FROM users WHERE id = " + minjiID); n != 1 {
		t.Errorf("%d follow", n)
	}
	v.posts(v.minji, "바다를 보러 가요")
	v.seojun.Get("/search?in=posts&q=" + url.QueryEscape("바다를 from:민지")).Want(200).Has("article.post")
	leadsTo(t, v.seojun.Post(homeOf("민지")+"/block", "on", "true"), homeOf("하루"))
}
