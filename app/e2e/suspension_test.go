package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// TestASuspensionReachesTheOtherReplica: streams and sockets at the other replica end within a
// second, and so do pages, rooms of the suspended mentor, and the suspension itself.
func TestASuspensionReachesTheOtherReplica(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	r.One.AddUser("유진", sns.RoleAdmin)
	yujin, sua, minji := r.One.SignIn("유진"), r.Two.Mentor("수아"), r.Two.Member("민지")
	room := strings.TrimPrefix(sua.Post("/rooms", "name", "질문방", "user_limit", "5").Want(http.StatusSeeOther).Header.Get("Location"), "/rooms/")
	minji.Post("/rooms/" + room + "/enter").Want(http.StatusSeeOther)
	stream, bystander := sua.Listen("timeline"), minji.Listen("timeline")
	socket := sua.Talk("/rooms/" + room + "/socket")
	sua.Get("/settings").Want(http.StatusOK) // known to the replica from now on

	found := yujin.Get("/admin/users?q=" + url.QueryEscape("ㅅㅇ")).Want(http.StatusOK)
	person, _ := found.Find("tbody a").Attr("href")
	yujin.Post(person+"/suspend", "on", "true", "days", "1", "reason", "욕을 해서").Want(http.StatusSeeOther)
	began := time.Now()
	if err := stream.Ended(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if code := socket.CloseCode(); code != 1000 {
		t.Errorf("the socket closed with %d", code)
	}
	t.Logf("the stream and the socket ended after %s", time.Since(began))
	sua.Get("/").Want(http.StatusForbidden)
	sua.Get("/rooms/" + room + "/socket").Want(http.StatusUnauthorized)
	minji.Post("/rooms/"+room+"/messages", "content", "어디 가셨어요", "client_id", "a").Want(http.StatusConflict)

	sua.Post("/appeal", "text", "제가 아니에요").Want(http.StatusSeeOther)
	yujin.Post(person+"/appeal", "decision", "accept").Want(http.StatusSeeOther)
	for answered := time.Now(); time.Since(answered) < store.RecentFor && sua.Get("/").Status != http.StatusOK; { // the event is on its way
		time.Sleep(10 * time.Millisecond)
	}
	sua.Get("/").Want(http.StatusOK)
	post, _ := postsWithPhoto(t, sua, "돌아왔어요")
	bystander.Until("the new post", func(f apptest.Frame) bool { return f.Event == "post" && f.Body == post })
}

// TestAnAdministratorLooksAfterPeople: an administrator finds somebody, suspends them and
// answers the appeal; the suspended person reads why, wherever they go.
func TestAnAdministratorLooksAfterPeople(t *testing.T) {
	t.Parallel()
	for name, look := range map[string][]apptest.Option{"scripts": {apptest.Phone}, "no scripts": {apptest.Phone, apptest.NoJavaScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := name == "scripts"
			app := apptest.Start(t)
			yujin, minji := comes(t, app, "유진", sns.RoleAdmin, look...), comes(t, app, "민지", sns.RoleUser, look...)
			minji.AllowConsole(`status of 40[13]`)
			yujin.AllowConsole(`status of 422`)
			yujin.Goto("/admin/users")
			yujin.Type("#q", "ㅁㅈ")
			yujin.Click("#found .btn-soft")
			yujin.WaitCount("tbody tr", 1)
			yujin.cleanWith(scripts, "people")
			yujin.Click("tbody a")
			yujin.Paste("#reason", "같은 광고를 세 번 올렸어요.")
			yujin.Type("#days", "366")
			yujin.Click("#suspend .btn-danger")
			yujin.WaitContains("#days-hint", "365일")
			yujin.cleanWith(scripts, "refused suspension")
			yujin.Clear("#days")
			yujin.Type("#days", "3")
			yujin.Click("#suspend .btn-danger")
			yujin.WaitContains("#toasts", "정지했어요")
			yujin.WaitContains("#acts", "이용 정지")

			minji.Goto("/boards/free")
			minji.WaitContains("#suspended", "같은 광고를 세 번 올렸어요.")
			minji.cleanWith(scripts, "suspended")
			minji.Paste("#text", "동생이 올렸어요. 지웠어요.")
			minji.Click("#suspended .btn-main")
			minji.WaitContains("#suspended", "살펴보고 있어요")
			yujin.Reload()
			yujin.WaitContains("#person", "동생이 올렸어요. 지웠어요.")
			yujin.cleanWith(scripts, "appeal")
			yujin.Paste("#note", "다음에는 조심해 주세요.")
			yujin.Click("#lift .btn-main")
			yujin.WaitContains("#toasts", "풀었어요")
			yujin.WaitVisible("#suspend")
			minji.Goto("/")
			minji.WaitVisible("#compose")

			yujin.Click("#reset .btn")
			yujin.WaitVisible("#reset-link")
			yujin.cleanWith(scripts, "link for a password")
			link := yujin.Value("#reset-link")
			minji.Goto(strings.TrimPrefix(link, app.URL))
			minji.cleanWith(scripts, "new password")
			minji.Type("#password", "바다로 가는 길목")
			minji.Type("#password_confirm", "바다로 가는 길목")
			minji.Click("#reset .btn-main")
			minji.WaitContains("#toasts", "비밀번호를 바꿨어요")
			yujin.Goto("/admin/log")
			yujin.WaitCount("#log > li", 3)
			yujin.cleanWith(scripts, "log")
		})
	}
}

// cleanWith is clean in a browser that runs scripts: axe is one.
func (m *member) cleanWith(scripts bool, page string) {
	m.t.Helper()
	if scripts {
		m.clean(page)
	}
}
