package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

const (
	// atOnce is the time limit for hanging up on another replica: replicas that
	// are not told look at all sessions every 30 s.
	atOnce = 25 * time.Second
	// boardsKnown is the time until every replica knows of a changed board:
	// replicas ask again after a second.
	boardsKnown = 2 * time.Second
)

// TestSignOutAcrossReplicas: if a member signs out other devices, or leaves for
// good, on one replica, the other replica hangs up at once.
func TestSignOutAcrossReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji := r.One.Mentor("유진"), r.One.Member("민지")
	seojun := r.Two.Member("서준")
	yujin.Post("/rooms", "name", "먼 방", "user_limit", "5").Want(http.StatusSeeOther)
	seojun.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	seojunHears := seojun.Talk("/rooms/1/socket")
	elsewhere := r.Two.SignIn("민지")
	elsewhere.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	sees, hears, stays := elsewhere.Listen("timeline"), elsewhere.Talk("/rooms/1/socket"), minji.Listen("rooms")

	start := time.Now()
	minji.HX().Post("/settings/sessions", "others", "1").Want(http.StatusOK)
	if err := sees.Ended(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if code := hears.CloseCode(); code != 1000 {
		t.Errorf("the socket closed with %d", code)
	}
	inTime(t, "signing out elsewhere", start, atOnce)
	elsewhere.Get("/").Want(http.StatusSeeOther)

	// The mentor leaves on the one, and the room ends on the other.
	start = time.Now()
	yujin.Post("/settings/delete", "current_password", apptest.Password).Want(http.StatusSeeOther)
	if code := seojunHears.CloseCode(); code != 1000 {
		t.Errorf("the socket closed with %d", code)
	}
	inTime(t, "ending the room of who left", start, atOnce)
	stays.Until("the room leaving the list", func(f apptest.Frame) bool {
		return f.Find(`[data-partial][hx-target="#room-1"][hx-swap="delete"]`).Length() > 0
	})
	if status := seojun.Post("/rooms/1/messages", "content", "아무도 없나요?", "client_id", "late-1").Status; status != http.StatusConflict {
		t.Errorf("saying something afterwards: %d", status)
	}
	transcript := seojun.Get("/rooms/1").Want(http.StatusOK)
	if text := transcript.Text("main"); !strings.Contains(text, "탈퇴한 사용자") || strings.Contains(text, "유진") {
		t.Errorf("the room reads %s", text)
	}
	if status := r.Two.Guest().Post("/sign-in", "username", "유진", "password", apptest.Password).Status; status != http.StatusUnprocessableEntity {
		t.Errorf("who left signs in: %d", status)
	}
}

// TestBoardsAcrossReplicas: an administrator's change to a board on one replica
// holds on the other replica at once for posting, and within two seconds for
// reading; and news of a filtered page come across.
func TestBoardsAcrossReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	r.One.AddUser("유진", sns.RoleAdmin)
	yujin, minji, seojun := r.One.SignIn("유진"), r.One.Member("민지"), r.Two.Member("서준")
	seojun.Get("/boards/free").Want(http.StatusOK) // so that the replica knows the boards from before
	f := makesForum(yujin, "투자")
	made := time.Now()
	eventually(t, "the new board", made, func() bool {
		p := seojun.Get(f.path)
		return p.Status == http.StatusOK && p.Find("#compose-facets select").Length() == len(investing)
	})

	// News of a filtered page, on the other replica than the post.
	page := seojun.Get(f.filtered("단타", "반도체")).Want(http.StatusOK)
	after, _ := page.Find("#fresh").Attr("data-after")
	source, _ := page.Find("#fresh").Attr("data-src")
	sees := seojun.Listen("timeline")
	f.post(minji, "안 맞는 글", "단타x", "반도체", "매수", "실전")
	f.post(minji, "맞는 글", "단타", "반도체", "매수", "실전")
	for range 2 {
		sees.Until("a new post", func(f apptest.Frame) bool { return f.Event == "post" })
	}
	news := seojun.HX().Get(source + "after=" + after).Want(http.StatusOK)
	if text := news.Text("#fresh a"); text != "새 글 1개" {
		t.Errorf("the news are %q", text)
	}
	shown := seojun.HX().Get(source + "after=" + after + "&show=true").Want(http.StatusOK)
	if text := shown.Find(".post-text").Text(); text != "맞는 글" {
		t.Errorf("the news read %q", text)
	}

	renamed := time.Now()
	yujin.Post(f.admin, "name", "투자 일기").Want(http.StatusSeeOther)
	eventually(t, "the new name", renamed, func() bool { return seojun.Get(f.path).Text("h1") == "투자 일기" })

	closed := time.Now()
	yujin.Post(f.admin+"/close", "on", "true").Want(http.StatusSeeOther)
	answer := seojun.Upload("/posts", nil, "board", f.slug, "content", "늦었나요?",
		"f", f.options["단타"], "f", f.options["바이오"], "f", f.options["매수"], "f", f.options["실전"]).Want(http.StatusUnprocessableEntity)
	if text := answer.Text("#compose-error"); !strings.Contains(text, "‘투자 일기’ 게시판은 닫혔어요") {
		t.Errorf("posting on it says %q", text)
	}
	if text := answer.Text("#compose-content"); text != "늦었나요?" {
		t.Errorf("the text became %q", text)
	}
	eventually(t, "the closed board", closed, func() bool {
		tabs := seojun.Get("/boards/free").Find(".tabs a").Map(func(_ int, a *goquery.Selection) string { return a.Text() })
		return !strings.Contains(fmt.Sprint(tabs), "투자")
	})
	if n := seojun.Get(f.path).Want(http.StatusOK).Find("article.post").Length(); n != 2 {
		t.Errorf("it holds %d posts", n)
	}
}

// inTime fails the test if the limit is exceeded.
func inTime(t *testing.T, what string, since time.Time, limit time.Duration) {
	t.Helper()
	took := time.Since(since).Round(time.Millisecond)
	if took > limit {
		t.Errorf("%s took %v", what, took)
	}
	t.Logf("%s took %v", what, took)
}

// eventually waits until a page shows a change that the replica should know
// soon.
func eventually(t *testing.T, what string, since time.Time, seen func() bool) {
	t.Helper()
	for !seen() {
		if time.Since(since) > patience {
			t.Fatalf("%s is not seen", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Logf("%s took %v", what, time.Since(since).Round(time.Millisecond))
}
