package web_test

import (
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// ages makes all accounts old enough for their reports to count.
func (v *siteWithRooms) ages() {
	v.t.Helper()
	v.edits("UPDATE users SET created_at = created_at - 172800000000")
}

// reports reports a thing.
func (v *siteWithRooms) reports(c *apptest.Client, kind, id, reason, note string) {
	v.t.Helper()
	leadsTo(v.test(), c.Post("/reports", "kind", kind, "id", id, "reason", reason, "note", note), "/reports")
}

// Reports without scripts, and what becomes of them.
func TestAPostIsReportedAndDecided(t *testing.T) {
	v := openWithRooms(t)
	v.ages()
	post := v.posts(v.minji, "싸게 팔아요")
	path := "/reports/new?kind=post&id=" + post
	v.seojun.Get("/posts/" + post).Want(200).Has(`article a.theirs[href="` + path + `"]`)
	p := v.seojun.Get(path).Want(200).Has("form#report[action='/reports'] [name=reason][value=abuse]")
	says(t, p, "report.why")
	says(t, v.minji.Get(path).Want(403), "report.own")
	says(t, v.seojun.Post("/reports", "kind", "post", "id", post, "note", "광고예요").Want(422).Has("#note:contains('광고예요')"), "report.no_reason")
	v.reports(v.seojun, "post", post, "spam", "광고예요")
	toasts(t, v.seojun.Get("/reports"), "done.reported")
	v.reports(v.seojun, "post", post, "abuse", "또 봤어요")
	says(t, v.seojun.Get("/reports").Want(200).Has("#reports li:contains('광고·도배')").Lacks("#reports li + li"), "report.waits")
	if n := v.count("SELECT COUNT(*) FROM reports"); n != 1 {
		t.Errorf("%d reports", n)
	}

	v.reports(v.haneul, "post", post, "spam", "")
	v.seojun.Get("/posts/" + post).Want(200)
	v.reports(v.doyun, "post", post, "spam", "")
	for _, c := range []*apptest.Client{v.seojun, v.haneul, v.sua} {
		c.Get("/posts/" + post).Want(404)
		c.Get("/").Want(200).Lacks("#post-" + post)
		c.Post("/posts/"+post+"/comments", "content", "댓글").Want(404)
	}
	says(t, v.minji.Get("/posts/"+post).Want(200), "report.hidden_help")
	v.hyunwoo.Get("/posts/" + post).Want(200)
	says(t, v.minji.Get("/reports").Want(200), "decision.held")
	says(t, v.sua.Get("/reports/new?kind=post&id="+post).Want(404), "report.gone")

	v.hyunwoo.Get("/admin/users").Want(200).Has(".side .unread:contains('1')")
	v.sua.Get("/").Want(200).Lacks(".side a[href^='/admin']")
	v.hyunwoo.Get("/admin/reports").Want(200).Has("tr#report-1 a[href='/admin/reports/1']")
	p = v.hyunwoo.Get("/admin/reports/1").Want(200).Has("form#decide [value=dismiss]").Has("#reporters li:contains('서준')").Has("#case:contains('싸게 팔아요')")
	p.Has(`a[href="/posts/` + post + `"]`)
	leadsTo(t, v.hyunwoo.Post("/admin/reports/1", "decision", "dismiss", "note", "괜찮은 글이에요"), "/admin/reports")
	v.seojun.Get("/posts/" + post).Want(200).Has("#post-" + post)
	says(t, v.seojun.Get("/reports").Want(200), "decision.dismissed")
	says(t, v.minji.Get("/reports").Want(200), "decision.shown")

	// The second administrator is told who has decided what.
	jiwoo := v.joins("지우", sns.RoleAdmin)
	p = jiwoo.Post("/admin/reports/1", "decision", "delete").Want(409)
	says(t, p, "report.late")
	says(t, p, "report.by", "Name", "현우", "Verdict", "문제없음")
	jiwoo.HX().Post("/admin/reports/1", "decision", "delete").Want(409).Has("#case").Lacks("title")
	v.hyunwoo.Get("/admin/reports?state=decided").Want(200).Has("tr#report-1")
	v.hyunwoo.Get("/admin/reports").Want(200).Lacks("tr#report-1")
	if got := v.logged("?kind=dismiss"); len(got) != 1 {
		t.Errorf("the log says %q", got)
	}
}

// Evidence has the pictures themselves: the author may delete them, and administrators must see
// what they decide about.
func TestPicturesOfEvidenceOutliveThePost(t *testing.T) {
	v := openWithRooms(t)
	v.ages()
	post, image, _ := v.postsImage(v.minji, "바다")
	bytes := v.minji.Get("/uploads/" + image).Want(200).Body
	v.reports(v.seojun, "post", post, "sexual", "")
	v.minji.Post("/posts/" + post + "/delete").Want(303)
	v.minji.Get("/uploads/" + image).Want(404)
	v.hyunwoo.Get("/admin/reports/1").Want(200).Has(`#case a[href="/admin/reports/1/pictures/1"] img[src="/admin/reports/1/pictures/1"][alt]`).Lacks(".exhibits li + li")
	p := v.hyunwoo.Get("/admin/reports/1/pictures/1").Want(200)
	if p.Body != bytes {
		t.Errorf("%d bytes of %d came back", len(p.Body), len(bytes))
	}
	for header, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "private, no-store", "Content-Disposition": "inline; filename=" + image,
	} {
		if got := p.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	for _, c := range []*apptest.Client{v.minji, v.seojun, v.sua} {
		c.Get("/admin/reports/1/pictures/1").Want(403)
	}
	v.Guest().Get("/admin/reports/1/pictures/1").Want(303)
	v.hyunwoo.Get("/admin/reports/1/pictures/2").Want(404)

	// A case from before pictures were kept says so.
	if _, err := v.database().Exec(`DELETE FROM case_pictures`); err != nil {
		t.Fatal(err)
	}
	says(t, v.hyunwoo.Get("/admin/reports/1").Want(200).Lacks(".exhibits"), "report.lost", "Count", 1)
}

// The profile image of a reported person is evidence, too.
func TestTheFaceOfAReportedPersonIsKept(t *testing.T) {
	v := openWithRooms(t)
	v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "얼굴.png", Content: smallPNG()}}).Want(303)
	v.reports(v.seojun, "user", minjiID, "other", "")
	v.hyunwoo.Get("/admin/reports/1").Want(200).Has(`.exhibits img[src="/admin/reports/1/pictures/1"]`)
	v.hyunwoo.Get("/admin/reports/1/pictures/1").Want(200)
}

func TestAnAdministratorDecidesAboutCommentsAndPeople(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.sua, "같이 읽어요")
	comment := v.comments(v.minji, post, "바보들")
	v.reports(v.seojun, "comment", comment, "abuse", "욕했어요")
	v.reports(v.sua, "user", minjiID, "abuse", "")
	p := v.hyunwoo.Get("/admin/reports/1").Want(200).Has("#case:contains('바보들')").Has("#case:contains('같이 읽어요')")
	p.Has("[name=decision][value=hide]")
	v.hyunwoo.Post("/admin/reports/1", "decision", "remove").Want(400)
	says(t, v.hyunwoo.Post("/admin/reports/1", "decision", "warn", "note", strings.Repeat("ㅏ", 501)).Want(422), "invalid.long", "Max", 500, "Length", 501)
	v.hyunwoo.HX().Post("/admin/reports/1", "decision", "hide", "note", "서로 아껴 주세요").Want(200).Has("#case").Lacks("#decide")
	v.seojun.Get("/posts/" + post).Want(200).Lacks("#comment-" + comment)
	says(t, v.seojun.Get("/reports").Want(200), "decision.acted")
	says(t, v.minji.Get("/reports").Want(200).Has("#decisions :contains('서로 아껴 주세요')"), "decision.hidden")

	v.hyunwoo.Get("/admin/reports/2").Want(200).Lacks("[name=decision][value=hide]").Has("#acts li")
	says(t, v.hyunwoo.Post("/admin/reports/2", "decision", "suspend", "days", "3").Want(422).Has("#note[aria-invalid]"), "invalid.empty")
	leadsTo(t, v.hyunwoo.Post("/admin/reports/2", "decision", "suspend", "days", "3", "note", "되풀이해서"), "/admin/reports")
	says(t, v.minji.Get("/").Want(403), "suspension.title")

	// An administrator who lost the role in the middle.
	v.reports(v.doyun, "post", post, "other", "")
	jiwoo := v.joins("지우", sns.RoleAdmin)
	v.hyunwoo.Post("/admin/users/7/role", "role", "MENTOR").Want(303)
	jiwoo.Post("/admin/reports/3", "decision", "delete").Want(403)
	v.reports(v.sua, "user", hyunwooID, "other", "")
	v.hyunwoo.Get("/admin/reports/4").Want(200).Lacks("#decide")
	says(t, v.hyunwoo.Post("/admin/reports/4", "decision", "dismiss").Want(422), "report.oneself")
}

func TestAMentorDecidesReportsOfARoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji, v.seojun)
	saysIn(v.sua, room, "안녕하세요")
	saysIn(v.minji, room, "바보들", "정말 바보들")
	list := v.seojun.Get("/rooms/" + room).Want(200)
	var ids []string
	for _, li := range list.Find(".message[data-seq]").EachIter() {
		id, _ := li.Attr("id")
		ids = append(ids, strings.TrimPrefix(id, "message-"))
	}
	if len(ids) != 3 {
		t.Fatalf("the messages are %v", ids)
	}
	list.Has(`#message-` + ids[1] + ` a.theirs[href="/reports/new?kind=message&id=` + ids[1] + `"]`)
	v.haneul.Get("/reports/new?kind=message&id=" + ids[1]).Want(404) // is not inside
	for _, id := range ids[1:] {
		v.reports(v.seojun, "message", id, "abuse", "욕했어요")
	}
	v.reports(v.seojun, "message", ids[0], "other", "") // about the mentor
	v.sua.Get("/desk").Want(200).Has("a[href='/desk/reports'] .unread:contains('2')")
	v.sua.Get("/desk/reports").Want(200).Has("tr#report-1").Has("tr#report-2").Lacks("tr#report-3")
	v.doyun.Get("/desk/reports").Want(200).Lacks("tr[id^=report]")
	v.doyun.Get("/desk/reports/1").Want(403)
	v.sua.Get("/desk/reports/3").Want(404)
	v.sua.Get("/desk/reports/1").Want(200).Has("#case:contains('안녕하세요')").Has("#case:contains('정말 바보들')").Lacks("#reporters :contains('서준')")
	v.sua.Post("/desk/reports/1", "decision", "suspend").Want(400)
	leadsTo(t, v.sua.Post("/desk/reports/1", "decision", "delete", "note", "서로 아껴 주세요"), "/desk/reports")
	v.seojun.Get("/rooms/" + room).Want(200).Has("#message-" + ids[1] + ".gone")
	says(t, v.sua.Post("/desk/reports/1", "decision", "remove").Want(409), "report.late")
	v.sua.HX().Post("/desk/reports/2", "decision", "remove").Want(200).Has("#case").Lacks("#decide")
	v.minji.Post("/rooms/" + room + "/enter").Want(403)
	says(t, v.minji.Get("/reports").Want(200), "decision.removed")
	says(t, v.seojun.Get("/reports").Want(200), "decision.acted")
	v.hyunwoo.Get("/admin/reports").Want(200).Has("tr#report-3").Lacks("tr#report-2")
}
