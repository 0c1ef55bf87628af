package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// leaves deletes the account of a client.
func leaves(t *testing.T, c *apptest.Client) *apptest.Page {
	t.Helper()
	p := c.Post("/settings/delete", "current_password", apptest.Password)
	leadsTo(t, p, "/sign-in")
	return p
}

func TestDeletingTheAccountNeedsThePassword(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/settings").Want(200).Has(`a[href="/settings/delete"]`)
	p = v.minji.Get(p.Find(`a[href="/settings/delete"]`).AttrOr("href", "")).Want(200)
	says(t, p, "account.delete_help")
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		for _, password := range []string{"", "틀린비밀번호", "\xff", strings.Repeat("a", 100_000)} {
			p := c.Post("/settings/delete", "current_password", password).Want(422)
			wrong(t, p, "current_password")
			says(t, p, "password.wrong")
			if password != "" && strings.Contains(p.Body, password) {
				t.Error("the page holds the password")
			}
		}
	}
	v.minji.Get("/").Want(200)
	v.seojun.Get(homeOf("민지")).Want(200)
}

func TestWhatAnAccountWroteRemainsWithoutItsName(t *testing.T) {
	v := openWithRooms(t)
	post, picture, _ := v.postsImage(v.minji, "남는 글")
	liked := v.posts(v.seojun, "서준의 글")
	comment := v.comments(v.minji, liked, "남는 댓글")
	v.minji.HX().Post("/posts/"+liked+"/like", "on", "true").Want(200)
	v.comments(v.seojun, post, "잘 가요")
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji, v.seojun)
	speaks(t, talks(v.minji, room), "남는 말")
	v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.png", Content: smallPNG()}}, "status_message", "안녕").Want(303)
	face := strings.TrimPrefix(v.seojun.Get(homeOf("민지")).Find(".profile .avatar img").AttrOr("src", ""), "/uploads/")
	v.Guest().Get("/uploads/" + face).Want(200)

	p := leaves(t, v.minji)
	if p.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Error("the browser keeps the pages")
	}
	toasts(t, v.minji.Get("/sign-in").Want(200), "done.account_deleted")

	nobody := web.Korean("user.deleted")
	for path, entry := range map[string]string{
		"/": "#post-" + post, "/boards/free": "#post-" + post, "/posts/" + post: "#post-" + post, "/posts/" + liked: "#comment-" + comment,
		"/rooms/" + room: `[data-from="` + minjiID + `"][data-seq]`,
	} {
		p := v.seojun.Get(path).Want(200).Has(entry)
		author := p.Find(entry).Last()
		if !strings.Contains(author.Text(), nobody) || author.Find(`a[href^="/users/"], .avatar img`).Length() > 0 {
			html, _ := author.Html()
			t.Errorf("%s: it is by %s", path, html)
		}
		if strings.Contains(p.Body, "민지") || strings.Contains(p.Body, homeOf("민지")) || strings.Contains(p.Body, face) {
			t.Errorf("%s still tells whose it was", path)
		}
	}
	if p := v.seojun.Get("/posts/" + post); p.Text(".post-text") != "남는 글" || p.Text("#post-"+post+"-comments") != "1" {
		t.Error("the post is not as it was")
	}
	if p := v.seojun.Get("/posts/" + liked); p.Text("#post-"+liked+"-likes") != "1" || p.Text("#comment-"+comment+" .comment-text") != "남는 댓글" {
		t.Error("the like or the comment is gone")
	}
	if got := spoken(v.seojun.Get("/rooms/" + room)); len(got) == 0 || got[len(got)-1] != "남는 말" && !strings.Contains(strings.Join(got, ","), "남는 말") {
		t.Errorf("said was %v", got)
	}
	v.ends(v.sua, room)
	for _, path := range []string{"/rooms/" + room, "/rooms/" + room + "/transcript?format=txt", "/rooms/" + room + "/transcript?format=json", "/rooms/" + room + "?q=" + url.QueryEscape("남는")} {
		p := v.seojun.Get(path).Want(200)
		unmarked := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(p.Body)
		if strings.Contains(p.Body, "민지") || !strings.Contains(unmarked, "남는 말") || !strings.Contains(p.Body, nobody) {
			t.Errorf("%s of the ended room is not by nobody: %.1500s", path, p.Body)
		}
	}
	v.Guest().Get("/uploads/" + picture).Want(200) // the picture belongs to the post
	v.Guest().Get("/uploads/" + face).Want(404)
}

func TestADeletedAccountIsGone(t *testing.T) {
	v := open(t)
	cookie, elsewhere := v.cookie(v.minji), v.SignIn("민지")
	v.seojun.HX().Post(homeOf("민지")+"/follow", "on", "true").Want(200)
	v.minji.HX().Post(homeOf("하늘")+"/follow", "on", "true").Want(200)
	leaves(t, v.minji)
	for _, path := range []string{"", "/about", "/followers", "/following"} {
		v.seojun.Get(homeOf("민지") + path).Want(404)
	}
	v.seojun.Post(homeOf("민지")+"/follow", "on", "true").Want(404)
	for _, c := range []*apptest.Client{v.holder(cookie), elsewhere} {
		c.Get("/").Want(303)
		c.Get("/live?topic=timeline").Want(401)
		c.Post("/posts", "content", "유령").Want(401)
	}
	says(t, v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(422), "signin.wrong")
	p := v.Guest().Post("/sign-up", "username", "민지", "password", apptest.Password, "password_confirm", apptest.Password, "email", "m@example.com").Want(422)
	says(t, p, "username.taken")
	if got := v.Guest().HX().Get("/sign-up/username?username=" + strings.TrimPrefix(homeOf("민지"), "/users/")).Text("#username-check"); got != web.Korean("username.taken") {
		t.Errorf("the name is said to be %q", got)
	}
	if p := v.haneul.Get(homeOf("하늘")); p.Text("#followers-"+haneulID) != "0" {
		t.Errorf("하늘 is followed by %s", p.Text("#followers-"+haneulID))
	}
	if p := v.seojun.Get(homeOf("서준")); p.Find(`.numbers a[href$="/following"] .num`).Text() != "0" {
		t.Errorf("서준 follows %s", p.Text(".numbers"))
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Error("a ghost has posted")
	}
}

func TestDeletingTheAccountHangsUpEverywhere(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	phone := v.SignIn("민지")
	streams := []*stream{v.listen(v.minji, "topic=timeline"), v.listen(phone, "topic=timeline")}
	sockets := []*apptest.Talk{talks(v.minji, room), talks(phone, room)}
	other := talks(v.sua, room)
	leaves(t, v.minji)
	for _, s := range streams {
		s.ends()
	}
	for _, talk := range sockets {
		if code := talk.CloseCode(); code != 1000 {
			t.Errorf("closed with %d", code)
		}
	}
	speaks(t, other, "아직 열려 있어요")
	if got := v.sua.Get("/rooms/" + room).Text("#room-" + room + "-count"); got != "1" {
		t.Errorf("%s seats are taken", got)
	}
}

func TestTheRoomsOfAMentorEndWithTheAccount(t *testing.T) {
	v := openWithRooms(t)
	mentor := v.joinsWithPassword("윤서")
	v.SetRole("윤서", sns.RoleMentor)
	room, other := v.opens(mentor, "마지막 방", 5), v.opens(v.sua, "남의 방", 5)
	v.enters(room, v.minji)
	v.enters(other, mentor, v.minji)
	talk, still := talks(v.minji, room), talks(v.minji, other)
	speaks(t, talk, "고마웠어요")
	says(t, mentor.Get("/settings/delete").Want(200), "account.delete_rooms", "Count", 1)
	leaves(t, mentor)
	hears(t, talk, `[hx-target="#toasts"] .toast span:first-child`, web.Korean("room.over", "Name", "마지막 방"))
	if code := talk.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	v.minji.Post("/rooms/" + room + "/enter").Want(409)
	v.minji.Post("/rooms/"+room+"/messages", "content", "늦은 말", "client_id", "a").Want(409)
	v.saved(room)
	if got := spoken(v.minji.Get("/rooms/" + room).Want(200)); !strings.Contains(strings.Join(got, ","), "고마웠어요") {
		t.Errorf("the transcript says %v", got)
	}
	for who, paths := range map[*apptest.Client][]string{
		v.minji: {"/rooms/" + room, "/rooms/" + room + "/transcript?format=txt"}, v.seojun: {"/rooms/" + room}, v.hyunwoo: {"/rooms/" + room},
	} {
		for _, path := range paths {
			if p := who.Get(path).Want(200); strings.Contains(p.Body, "윤서") {
				t.Errorf("%s tells who led it", path)
			}
		}
	}
	v.seojun.Get("/rooms").Want(200).Lacks("#room-" + room).Has("#room-" + other)
	speaks(t, still, "여기는 그대로")
}

// The only administrator cannot be deleted, and keeps all rooms and the seats in them.
func TestTheOnlyAdministratorStaysWithTheirRooms(t *testing.T) {
	v := open(t)
	admin := v.joinsWithPassword("윤서")
	v.SetRole("윤서", sns.RoleAdmin)
	room := v.opens(admin, "모두의 방", 5)
	for _, c := range []*apptest.Client{admin, admin.HX()} {
		says(t, c.Post("/settings/delete", "current_password", apptest.Password).Want(422), "account.last_admin")
	}
	admin.Get("/admin/boards").Want(200)
	v.enters(room, v.minji)
	speaks(t, talks(admin, room), "아직 여기 있어요")

	v.SetRole("민지", sns.RoleAdmin)
	leaves(t, admin)
	v.minji.Get("/admin/boards").Want(200)
	says(t, v.minji.Post("/settings/delete", "current_password", apptest.Password).Want(422), "account.last_admin")
	v.minji.Post("/rooms/" + room + "/enter").Want(http.StatusConflict)
}
