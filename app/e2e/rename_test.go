package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestAnotherName: a member finds the page, learns that a name is taken, takes another one, and
// whom others called by the old name is found under the new one. With and without scripts.
func TestAnotherName(t *testing.T) {
	for name, look := range map[string][]apptest.Option{
		"with scripts": {apptest.Phone}, "without scripts": {apptest.Phone, apptest.NoJavaScript},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := name == "with scripts"
			app := apptest.Start(t)
			seojun := comes(t, app, "서준", sns.RoleUser, look...)
			minji := comes(t, app, "민지", sns.RoleUser, look...)
			minji.AllowConsole("status of 422")
			app.SignIn("서준").Post("/posts", "content", "@민지 어서 오세요").Want(http.StatusSeeOther)

			minji.Goto("/settings")
			minji.Click(`a[href="/settings/name"]`)
			minji.WaitContains("#rename", "30일에 한 번")
			minji.cleanWith(scripts, "the form of another name")
			minji.Clear("#username")
			minji.Paste("#username", "서준")
			minji.Click(`[name="check"]`)
			minji.WaitContains("#username-check", "이미 쓰고 있는")
			minji.Clear("#username")
			minji.Paste("#username", "하루")
			minji.Paste("#name-password", "틀린 비밀번호")
			minji.Click("#rename .btn-main")
			minji.WaitContains("#name-password-error", "맞지 않아요")
			if kept := minji.Value("#username"); kept != "하루" {
				t.Errorf("%q is left of what was typed", kept)
			}
			minji.cleanWith(scripts, "the form with an error")
			minji.Paste("#name-password", apptest.Password)
			minji.Click("#rename .btn-main")
			minji.WaitContains("#toasts", "아이디를 바꿨어요")
			minji.Goto("/settings/name")
			minji.WaitContains("#rename", "예전 아이디 민지")
			minji.cleanWith(scripts, "the page of who waits")

			seojun.Goto("/")
			seojun.Click("#post-1 a.mention")
			seojun.WaitContains("#profile", "하루")
			seojun.WaitPath("/users/%ED%95%98%EB%A3%A8")
		})
	}
}

// TestANewNameOnBothReplicas: what the other replica has in memory, and whom it knows to be in a
// room, has the new name at once.
func TestANewNameOnBothReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji := r.Two.Mentor("유진"), r.One.Member("민지")
	seojun, elsewhere := r.Two.Member("서준"), r.Two.SignIn("민지")
	minji.Post("/posts", "content", "바다").Want(http.StatusSeeOther)
	yujin.Post("/rooms", "name", "이야기방", "user_limit", "5").Want(http.StatusSeeOther)
	elsewhere.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	hears, says := yujin.Talk("/rooms/1/socket"), elsewhere.Talk("/rooms/1/socket")
	says.Say("안녕하세요", "before-1")
	hears.Until("the greeting", func(f apptest.Frame) bool { return strings.Contains(f.Find(".message-body").Text(), "안녕하세요") })
	for range 2 { // the second page comes from memory
		if by := seojun.Get("/").Want(http.StatusOK).Text("#post-1 .post-by bdi"); by != "민지" {
			t.Fatalf("the post is by %q", by)
		}
	}

	minji.Post("/settings/name", "username", "하루", "password", apptest.Password).Want(http.StatusSeeOther)
	for _, path := range []string{"/", "/posts/1", "/users/%ED%95%98%EB%A3%A8"} {
		if by := seojun.Get(path).Want(http.StatusOK).Text("#post-1 .post-by bdi"); by != "하루" {
			t.Errorf("%s: the post is by %q", path, by)
		}
	}
	seojun.Get("/users/%EB%AF%BC%EC%A7%80").Want(http.StatusSeeOther)
	hears.Until("the new name among the participants", func(f apptest.Frame) bool {
		return f.Find(`[id^="participant-"] bdi`).First().Text() == "하루"
	})
	waitFor(t, "the menu on the other replica", func() bool {
		return strings.Contains(elsewhere.Get("/").Want(http.StatusOK).Text(".side .me"), "하루")
	})
	says.Say("이름을 바꿨어요", "after-1")
	f := hears.Until("what is said under the new name", func(f apptest.Frame) bool {
		return strings.Contains(f.Find(".message-body").Text(), "이름을 바꿨어요")
	})
	if !strings.Contains(f.Body, "하루") || strings.Contains(f.Body, "민지") {
		t.Errorf("those inside get %s", f.Body)
	}
	if room := yujin.Get("/rooms/1").Want(http.StatusOK); strings.Contains(room.Text("main"), "민지") {
		t.Errorf("the room says %q", room.Text("main"))
	}
	says.Close()
	hears.Until("the new name of who has gone", func(f apptest.Frame) bool {
		p := f.Find(`[id^="participant-"]`).First()
		return p.Length() > 0 && !p.HasClass("online") && p.Find("bdi").First().Text() == "하루"
	})
}

// waitFor waits until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not in time", what)
		}
	}
}
