package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/web"
	"xxsns/app/web/request"
)

// links gives a user a link for a new password with this token.
func (v *siteWithMembers) links(user, token string) {
	v.t.Helper()
	now := time.Now()
	_, err := v.database().Exec("INSERT OR IGNORE INTO resets (id, user_id, by_id, created_at, until_at) VALUES (?, ?, ?, ?, ?)",
		request.TokenID(token), user, hyunwooID, now.UnixMicro(), now.Add(sns.ResetLife).UnixMicro())
	if err != nil {
		v.t.Fatal(err)
	}
}

// suspends suspends a person for days, or for good.
func (v *siteWithRooms) suspends(user, days, reason string) {
	v.t.Helper()
	path := "/admin/users/" + user
	leadsTo(v.test(), v.hyunwoo.Post(path+"/suspend", "on", "true", "days", days, "reason", reason), path)
}

// logged returns the lines of the log as an administrator reads them.
func (v *siteWithRooms) logged(query string) []string {
	v.t.Helper()
	return v.hyunwoo.Get("/admin/log" + query).Want(200).Find("#log li > p:first-child").Map(words)
}

var space = regexp.MustCompile(`\s+`)

func words(i int, s *goquery.Selection) string {
	return space.ReplaceAllString(strings.TrimSpace(texts(i, s)), " ")
}

func TestAnAdministratorLooksForPeople(t *testing.T) {
	v := openWithRooms(t)
	names := func(query string) []string {
		return v.hyunwoo.Get("/admin/users" + query).Want(200).Find("tbody bdi").Map(texts)
	}
	for query, want := range map[string][]string{
		"": {"현우", "도윤", "수아", "하늘", "서준", "민지"}, "?q=" + url.QueryEscape("ㅅ"): {"수아", "서준"}, "?role=MENTOR": {"도윤", "수아"},
		"?role=ADMIN&q=x": nil, "?state=active&q=" + url.QueryEscape("민지"): {"민지"}, "?before=3": {"서준", "민지"},
	} {
		if got := names(query); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	v.suspends(minjiID, "3", "광고를 되풀이해서")
	p := v.hyunwoo.Get("/admin/users?state=suspended").Want(200)
	if got := p.Find("tbody tr").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("id", "") }); !slices.Equal(got, []string{"user-" + minjiID}) {
		t.Errorf("the suspended are %v", got)
	}
	v.hyunwoo.Get(homeOf("서준")).Want(200).Has(`a[href="/admin/users/` + seojunID + `"]`)
	v.sua.Get(homeOf("서준")).Want(200).Lacks(`a[href^="/admin"]`)
}

func TestARoleIsInEffectAtTheNextRequest(t *testing.T) {
	v := openWithRooms(t)
	v.minji.Get("/rooms/new").Want(403)
	leadsTo(t, v.hyunwoo.Post("/admin/users/"+minjiID+"/role", "role", "MENTOR"), "/admin/users/"+minjiID)
	toasts(t, v.hyunwoo.Get("/admin/users/"+minjiID), "done.role")
	v.minji.Get("/rooms/new").Want(200)
	v.hyunwoo.HX().Post("/admin/users/"+suaID+"/role", "role", "USER").Want(200).Has("#person").Lacks("title")
	v.sua.Get("/desk").Want(403)
	says(t, v.hyunwoo.Post("/admin/users/"+hyunwooID+"/role", "role", "USER").Want(422), "people.oneself")

	// An administrator who lost the role in the middle.
	jiwoo := v.joins("지우", sns.RoleAdmin)
	jiwoo.Get("/admin/users/" + minjiID).Want(200)
	v.hyunwoo.Post("/admin/users/7/role", "role", "MENTOR").Want(303)
	jiwoo.Post("/admin/users/"+minjiID+"/role", "role", "ADMIN").Want(403)
	jiwoo.HX().Post("/admin/users/"+hyunwooID+"/suspend", "on", "true", "reason", "심심해서").Want(403)
	if n := v.count("SELECT COUNT(*) FROM users WHERE role = 'ADMIN'"); n != 1 {
		t.Errorf("%d administrators", n)
	}
	want := []string{"현우 · 권한 바꿈 · 지우", "현우 · 권한 바꿈 · 수아", "현우 · 권한 바꿈 · 민지"}
	if got := v.logged("?kind=role"); !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}

// Every route but a few answers a suspended person with the page that says why.
func TestASuspendedPersonReadsWhyAndNothingElse(t *testing.T) {
	m := openMatrix(t)
	m.set()
	m.suspends(minjiID, "3", "광고를 되풀이해서 올렸어요")
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	open := []string{"/appeal", "/rules", "/privacy", "/sign-out", "/me.css", "/offline", "/manifest.json", "/healthz", "/readyz", "/favicon.ico", "/sw.js", "/static/:name", "/uploads/:name", "/takedown", "/takedown/:token", "/takedown/:token/object"}
	m.unchanged("a suspended person", func() {
		for _, route := range routes {
			method, path, _ := strings.Cut(route, " ")
			if slices.Contains(open, path) {
				continue
			}
			want := http.StatusForbidden
			if path == "/live" || path == "/rooms/:id/socket" {
				want = http.StatusUnauthorized
			}
			for how, client := range map[string]*apptest.Client{"plain": m.minji, "htmx": m.minji.HX()} {
				p := m.sends(client, method, m.path(route))
				if p.Status != want {
					t.Errorf("%s (%s): %d, want %d", route, how, p.Status, want)
				}
				if how == "plain" && want == http.StatusForbidden && method != http.MethodHead {
					says(t, p, "suspension.title")
					if !strings.Contains(p.Document.Text(), "광고를 되풀이해서 올렸어요") || p.Find(".side, .dock, #live").Length() > 0 {
						t.Errorf("%s: the page has no reason, or a menu", route)
					}
				}
			}
		}
	})
	m.minji.Get("/me.css").Want(200)
	m.minji.Get("/appeal").Want(200).Has(`a[href="/rules"]`).Has(`a[href="/privacy"]`)
	for _, path := range []string{"/rules", "/privacy"} { // what they broke, and what is kept
		m.minji.Get(path).Want(200).Lacks("#live")
	}
	says(t, m.minji.HX().Get("/").Want(403), "error.suspended_help")
}

func TestOneAppealAndItsAnswer(t *testing.T) {
	v := openWithRooms(t)
	v.suspends(minjiID, "", "광고를 되풀이해서")
	p := v.minji.Get("/appeal").Want(200).Has("form[action='/appeal']")
	says(t, p, "suspension.for_good")
	says(t, v.minji.Post("/appeal", "text", " ").Want(422), "invalid.empty")
	leadsTo(t, v.minji.Post("/appeal", "text", "제가 쓴 글이 아니에요"), "/appeal")
	p = v.minji.Get("/").Want(403).Lacks("form[action='/appeal']")
	says(t, p, "suspension.waits")
	v.minji.HX().Post("/appeal", "text", "한 번 더요").Want(409)

	person := "/admin/users/" + minjiID
	says(t, v.hyunwoo.Get("/admin/users"), "people.appeals", "Count", 1)
	if got := v.hyunwoo.Get("/admin/users?state=appeal").Find("tbody bdi").Map(texts); !slices.Equal(got, []string{"민지"}) {
		t.Errorf("appeals of %v wait", got)
	}
	p = v.hyunwoo.Get(person).Want(200).Has("button[value=accept]").Lacks("#suspend")
	if !strings.Contains(p.Document.Text(), "제가 쓴 글이 아니에요") {
		t.Error("the administrator cannot read the appeal")
	}
	jiwoo := v.joins("지우", sns.RoleAdmin)
	leadsTo(t, v.hyunwoo.Post(person+"/appeal", "decision", "decline", "note", "세 번째예요"), person)
	v.hyunwoo.Get("/admin/users?state=appeal").Lacks("tbody tr").Lacks("a[href$='state=appeal']")
	says(t, jiwoo.Post(person+"/appeal", "decision", "decline", "note", "그래요").Want(409), "suspension.answered")
	if p = v.minji.Get("/").Want(403); !strings.Contains(p.Document.Text(), "세 번째예요") {
		t.Error("the answer is not shown")
	}
	says(t, jiwoo.HX().Post(person+"/suspend", "on", "true", "reason", "또").Want(409), "suspension.already")
	v.hyunwoo.HX().Post(person+"/suspend", "on", "false", "note", "그만 풀게요").Want(200).Has("#suspend")
	v.minji.Get("/").Want(200)
	says(t, v.minji.Get("/appeal").Want(200), "suspension.ended")
	want := []string{"현우 · 정지 풂 · 민지", "현우 · 이의 신청을 받아들이지 않음 · 민지", "현우 · 이용 정지 · 민지"}
	if got := v.logged("?user=" + minjiID); !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}

func TestASuspensionClosesStreamsAndSocketsAndEndsTheRoomsOfAMentor(t *testing.T) {
	v := openWithRooms(t)
	own, other := v.opens(v.sua, "질문방", 5), v.opens(v.doyun, "수다방", 5)
	v.enters(own, v.minji)
	v.enters(other, v.sua)
	socket, stream := talks(v.sua, other), v.listen(v.sua, "topic=timeline")
	neighbour := v.listen(v.minji, "topic=timeline")
	v.suspends(suaID, "1", "수업 중에 욕을 해서")
	stream.ends()
	if code := socket.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	neighbour.gets("post", v.posts(v.minji, "저는 그대로예요"))
	v.saved(own)
	v.minji.Post("/rooms/"+own+"/messages", "content", "있나요", "client_id", "a").Want(409)
	if n := v.count("SELECT COUNT(*) FROM participants WHERE user_id = ? AND active = 1 AND room_id = ?", suaID, other); n != 1 {
		t.Error("the seat in the room of another is gone")
	}
	v.sua.Get("/live?topic=timeline").Want(401)
	p := v.hyunwoo.Get("/admin/log").Want(200)
	if got := p.Find("#log li:first-child .post-text").Text(); got != "수업 중에 욕을 해서" || p.Find("#log li:first-child a[href='/rooms/"+own+"']").Length() != 1 {
		t.Errorf("the log does not say why the room ended: %q", got)
	}
}

func TestALinkForANewPassword(t *testing.T) {
	v := openWithRooms(t)
	p := v.hyunwoo.Post("/admin/users/" + seojunID + "/reset").Want(200)
	link, _ := p.Find("#reset-link").Attr("value")
	path, ok := strings.CutPrefix(link, v.URL)
	if !ok || !strings.HasPrefix(path, "/reset/") {
		t.Fatalf("the link is %q", link)
	}
	v.hyunwoo.Get("/admin/users/" + seojunID).Want(200).Lacks("#reset-link")
	says(t, v.Guest().Get(path+"x").Want(404), "error.reset")
	p = v.Guest().Get(path).Want(200)
	if name, _ := p.Find("[name=username]").Attr("value"); name != "서준" || p.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the form is for %q, and its address goes to %q", name, p.Header.Get("Referrer-Policy"))
	}
	says(t, v.Guest().Post(path, "password", "바다로 가는 길목", "password_confirm", "다른 말").Want(422), "password.differs")
	leadsTo(t, v.Guest().Post(path, "password", "바다로 가는 길목", "password_confirm", "바다로 가는 길목"), "/sign-in")
	leadsTo(t, v.seojun.Get("/"), "/sign-in?next=%2F")
	v.Guest().Post("/sign-in", "username", "서준", "password", "바다로 가는 길목").Want(303)
	says(t, v.Guest().Post(path, "password", "바다로 가는 길목", "password_confirm", "바다로 가는 길목").Want(404), "error.reset")
	if slices.ContainsFunc(v.Logged(), func(line string) bool { return strings.Contains(line, strings.TrimPrefix(path, "/reset/")) }) {
		t.Error("the log has the token")
	}
}

func TestTheLogTellsOfRoomsAndBoards(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji, v.haneul)
	v.minji.Post("/rooms/"+room+"/messages", "content", "광고예요", "client_id", "a").Want(303)
	seq := v.sua.Get("/rooms/"+room).Find("[data-from='"+minjiID+"'][data-seq]").Last().AttrOr("data-seq", "")
	v.sua.Post("/rooms/" + room + "/messages/" + seq + "/delete").Want(303)
	v.sua.Post("/rooms/" + room + "/participants/" + minjiID + "/remove").Want(303)
	v.sua.Post("/rooms/" + room + "/participants/" + minjiID + "/restore").Want(303)
	v.hyunwoo.Post("/rooms/" + room + "/end").Want(303)
	v.hyunwoo.Post("/admin/boards", "name", "투자", "slug", "invest").Want(303)
	want := []string{
		"현우 · 게시판 바꿈", "현우 · 단톡방 끝냄 · 수아", "수아 · 단톡방에 다시 들임 · 민지", "수아 · 단톡방에서 내보냄 · 민지", "수아 · 메시지 삭제 · 민지",
	}
	if got := v.logged(""); !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}

// suspendsByCommand suspends a person by the command of operators.
func (v *siteWithMembers) suspendsByCommand(name string, days int) {
	v.t.Helper()
	if err := server.Suspend(v.t.Context(), v.Config, v.Log(), name, days, "광고를 되풀이해서"); err != nil {
		v.t.Fatal(err)
	}
}

func (v *siteWithMembers) liftsByCommand(name string) {
	v.t.Helper()
	if err := server.Lift(v.t.Context(), v.Config, v.Log(), name); err != nil {
		v.t.Fatal(err)
	}
}

func TestTheCommandSuspends(t *testing.T) {
	v := openWithRooms(t, withRedis(t))
	room, stream := v.opens(v.sua, "질문방", 5), v.listen(v.sua, "topic=timeline")
	v.suspendsByCommand("수아", 0)
	stream.ends()
	v.sua.Get("/").Want(403)
	v.saved(room)
	for want, err := range map[string]error{
		"already": server.Suspend(t.Context(), v.Config, v.Log(), "수아", 0, "또"), "현우": server.Lift(t.Context(), v.Config, v.Log(), "현우"),
		"365": server.Suspend(t.Context(), v.Config, v.Log(), "민지", 400, "광고"), "the only active administrator": server.Suspend(t.Context(), v.Config, v.Log(), "현우", 1, "광고"),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	v.liftsByCommand("수아")
	v.sua.Get("/").Want(200)
	want := []string{"운영자 명령 · 정지 풂 · 수아", "운영자 명령 · 단톡방 끝냄 · 수아", "운영자 명령 · 이용 정지 · 수아"}
	if got := v.logged(""); !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}
