package e2e

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// ages makes all accounts two days older, so that their reports count.
func ages(t *testing.T, app *apptest.App) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE users SET created_at = created_at - ?`, (2 * sns.ReportAge).Microseconds()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(store.RecentFor) // what the program remembers of the accounts
}

// reports fills in the form of a report that is open, and sends it.
func (m *member) reports(scripts bool, reason, note string) {
	m.t.Helper()
	m.WaitVisible("#report")
	m.cleanWith(scripts, "form of a report")
	m.Click(`#report .chip:has([value="` + reason + `"])`)
	m.Paste("#note", note)
	m.Click("#report .btn-main")
	m.WaitContains("#toasts", "신고했어요")
}

// decides opens a case from a queue and decides.
func (m *member) decides(queue string, number int, verdict, note string) {
	m.t.Helper()
	m.Goto(queue)
	m.Click(fmt.Sprintf("tr#report-%d a", number))
	m.WaitVisible("#decide")
	m.Click(`#decide .chip:has([value="` + verdict + `"])`)
	m.Paste("#note", note)
	m.Click("#decide .btn-main")
	m.WaitContains("#toasts", "결정했어요")
}

// readsDecision waits until the list of what was decided says something, with the reason.
func (m *member) readsDecision(list, said, reason string) {
	m.t.Helper()
	m.Goto("/reports")
	m.WaitContains(list, said)
	m.WaitContains(list, reason)
}

// TestReportsByRole: members report a post until it is hidden, the mentor decides about a line of
// the own room, and the administrator about the rest; both sides read why. With and without
// scripts.
func TestReportsByRole(t *testing.T) {
	t.Parallel()
	for name, look := range map[string][]apptest.Option{"scripts": {apptest.Phone}, "no scripts": {apptest.Phone, apptest.NoJavaScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := opensReports(t, name == "scripts", look...)
			s.hidesAPost()
			s.cleansARoom()
			s.decidesTheRest()
		})
	}
}

// A reporting site has three members who report what 민지 writes.
type reporting struct {
	t                    *testing.T
	scripts              bool
	hyunwoo, sua, minji  *member
	reporters            []*member
	author, reader, lead *apptest.Client // 민지, 서준 and 수아
}

func opensReports(t *testing.T, scripts bool, look ...apptest.Option) *reporting {
	t.Helper()
	app := apptest.Start(t)
	s := &reporting{
		t: t, scripts: scripts,
		hyunwoo: comes(t, app, "현우", sns.RoleAdmin, look...),
		sua:     comes(t, app, "수아", sns.RoleMentor, look...),
		minji:   comes(t, app, "민지", sns.RoleUser, look...),
	}
	for _, name := range []string{"서준", "하늘", "도윤"} {
		s.reporters = append(s.reporters, comes(t, app, name, sns.RoleUser, look...))
	}
	for _, m := range append(s.reporters, s.hyunwoo, s.minji) {
		m.AllowConsole(`status of 4\d\d|SSE reconnect failed`)
	}
	s.author, s.reader, s.lead = app.SignIn("민지"), app.SignIn("서준"), app.SignIn("수아")
	ages(t, app)
	return s
}

// hidesAPost: three reports hide the post 1, and the administrator shows it again.
func (s *reporting) hidesAPost() {
	s.author.Post("/posts", "content", "싸게 팔아요").Want(http.StatusSeeOther)
	for i, m := range s.reporters {
		s.reader.Get("/posts/1").Want(http.StatusOK)
		m.Goto("/posts/1")
		m.Click(`[popovertarget="post-1-menu"]`)
		m.Click(`#post-1-menu [href^="/reports/new"]`)
		m.reports(s.scripts, "spam", fmt.Sprint("광고예요 ", i+1))
	}
	s.reader.Get("/posts/1").Want(http.StatusNotFound)
	s.minji.readsDecision("#decisions", "관리자가 살펴볼 때까지", "가렸어요")
	s.minji.Goto("/posts/1")
	s.minji.WaitContains("main", "신고 때문에 나와 관리자에게만 보여요")

	s.hyunwoo.Goto("/admin")
	s.hyunwoo.Click(`.tile[href="/admin/reports"]:has(b)`)
	s.hyunwoo.WaitContains("tr#report-1", "싸게 팔아요")
	s.hyunwoo.cleanWith(s.scripts, "reports")
	s.hyunwoo.Click("tr#report-1 a")
	s.hyunwoo.WaitCount("#reporters > li", len(s.reporters))
	s.hyunwoo.cleanWith(s.scripts, "case")
	s.hyunwoo.decides("/admin/reports", 1, "dismiss", "괜찮은 글이에요")
	s.minji.readsDecision("#decisions", "다시 보여요", "괜찮은 글이에요")
	for _, m := range s.reporters {
		m.readsDecision("#reports", "문제없음", "괜찮은 글이에요")
	}
	s.reporters[0].Goto("/posts/1")
	s.reporters[0].WaitVisible("article#post-1")
}

// cleansARoom: the mentor deletes a line that was reported in the own room.
func (s *reporting) cleansARoom() {
	room := s.lead.Post("/rooms", "name", "질문방", "user_limit", "5").Want(http.StatusSeeOther).Header.Get("Location")
	for _, c := range []*apptest.Client{s.author, s.reader} {
		c.Post(room + "/enter").Want(http.StatusSeeOther)
	}
	s.author.Post(room+"/messages", "content", "바보들", "client_id", "a").Want(http.StatusSeeOther)
	line := s.reader.Get(room).Find(".message[data-seq]:contains('바보들')").AttrOr("id", "")
	seojun := s.reporters[0]
	seojun.Goto(room)
	if s.scripts {
		seojun.WaitFor(`document.querySelector('#reconnect')?.hidden`)
		seojun.Click("#" + line + " .message-body")
		seojun.Click("#message-menu .theirs")
	} else {
		seojun.Click("#" + line + " .theirs")
	}
	seojun.reports(s.scripts, "abuse", "욕했어요")

	s.sua.Goto("/desk")
	s.sua.Click(`a[href="/desk/reports"]`)
	s.sua.WaitContains("tr#report-2", "바보들")
	s.sua.cleanWith(s.scripts, "reports of a mentor")
	s.sua.decides("/desk/reports", 2, "delete", "서로 아껴 주세요")
	seojun.Goto(room)
	seojun.WaitContains("#"+line, "삭제된 메시지예요")
	seojun.readsDecision("#reports", "조치함", "서로 아껴 주세요")
	s.minji.readsDecision("#decisions", "삭제됐어요", "서로 아껴 주세요")
}

// decidesTheRest: the administrator deletes a post, warns for another, and suspends.
func (s *reporting) decidesTheRest() {
	seojun := s.reporters[0]
	for i, verdict := range []struct{ decision, told string }{{"delete", "삭제됐어요"}, {"warn", "주의를 줬어요"}} {
		post := fmt.Sprint(i + 2)
		s.author.Post("/posts", "content", "또 싸게 팔아요 "+post).Want(http.StatusSeeOther)
		s.reader.Post("/reports", "kind", "post", "id", post, "reason", "spam").Want(http.StatusSeeOther)
		reason := "광고는 그만해 주세요 " + post
		s.hyunwoo.decides("/admin/reports", i+3, verdict.decision, reason)
		s.minji.readsDecision("#decisions", verdict.told, reason)
		seojun.readsDecision("#reports", "글 · 광고·도배", reason)
	}
	s.reader.Get("/posts/2").Want(http.StatusNotFound)
	s.reader.Get("/posts/3").Want(http.StatusOK)

	seojun.Goto("/users/민지")
	seojun.Click(`#profile [popovertarget]`)
	seojun.Click(`a[href^="/reports/new?kind=user"]`)
	seojun.reports(s.scripts, "abuse", "여러 번 봤어요")
	s.hyunwoo.Goto("/admin/reports/5")
	s.hyunwoo.Click(`#decide .chip:has([value="suspend"])`)
	s.hyunwoo.Paste("#days", "3")
	s.hyunwoo.Click("#decide .btn-main")
	s.hyunwoo.WaitCount("#note[aria-invalid]", 1) // a suspension has a reason
	s.hyunwoo.cleanWith(s.scripts, "refused decision")
	s.hyunwoo.Paste("#note", "되풀이해서 정지해요")
	s.hyunwoo.Click("#decide .btn-main")
	s.hyunwoo.WaitContains("#toasts", "결정했어요")
	seojun.readsDecision("#reports", "조치함", "되풀이해서 정지해요")
	s.minji.Goto("/")
	s.minji.WaitContains("#suspended", "되풀이해서 정지해요")
}
