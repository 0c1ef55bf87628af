package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// confirms gives an account a confirmed address.
func (v *siteWithMembers) confirms(user, address string) {
	v.t.Helper()
	v.lives(user, address)
	if _, err := v.database().Exec("UPDATE users SET email_confirmed_at = 1 WHERE id = ?", user); err != nil {
		v.t.Fatal(err)
	}
}

// hurries makes the mails due that the program has queued.
func (v *siteWithMembers) hurries() {
	v.t.Helper()
	if _, err := v.database().Exec("UPDATE mails SET due_at = 1"); err != nil {
		v.t.Fatal(err)
	}
}

// waitsFor asks for a number until a query of the database returns it.
func (v *siteWithMembers) waitsFor(want int, query string) {
	v.t.Helper()
	var n int
	for end := time.Now().Add(patience); time.Now().Before(end); { // the program looks every five seconds
		if err := v.database().QueryRow(query).Scan(&n); err != nil {
			v.t.Fatal(err)
		}
		if n == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatalf("%d, want %d: %s", n, want, query)
}

func TestOnlyAConfirmedAddressMayGetNotices(t *testing.T) {
	v, _ := openWithMail(t)
	v.minji.Get("/settings/notifications").Want(200).Lacks(`input[name="like.mail"]`).Lacks(`input[name="digest"]`)
	v.minji.Post("/settings/notifications", "like.mail", "on", "digest", "on").Want(http.StatusSeeOther)
	v.waitsFor(0, "SELECT COUNT(*) FROM mail_readers")
	v.confirms(minjiID, "minji@example.org")
	v.minji.Get("/settings/notifications").Want(200).Has(`input[name="like.mail"]`).Has(`input[name="digest"]`)
}

func TestNoticesAreMailedUntilOneClick(t *testing.T) {
	v, smtp := openWithMail(t)
	v.confirms(minjiID, "minji@example.org")
	post := v.posts(v.minji, "바다에 다녀왔어요")
	v.comments(v.seojun, post, "전에 남긴 댓글")
	v.minji.Post("/settings/notifications", "comment.inbox", "on", "comment.mail", "on", "like.inbox", "on").Want(http.StatusSeeOther)
	v.comments(v.haneul, post, "저도 가고 싶어요")
	v.waitsFor(1, "SELECT COUNT(*) FROM mails WHERE kind = 'notice'")
	v.hurries()
	m := smtp.Wait(1)[0]
	if m.To != "minji@example.org" || !strings.Contains(m.Text, "하늘님") || !strings.Contains(m.Text, "http://sns.example.org/notifications/") {
		t.Fatalf("got %+v", m)
	}
	stop := strings.TrimSuffix(strings.TrimPrefix(m.Header.Get("List-Unsubscribe"), "<http://sns.example.org"), ">")
	if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || stop != m.Link("/mail/stop/") {
		t.Errorf("the headers are %v", m.Header)
	}
	v.Guest().Get(stop).Want(200).Has("#stop .btn-main")
	v.Guest().Get(stop + "0").Want(404)
	v.Guest().Post(stop, "List-Unsubscribe", "One-Click").Want(http.StatusSeeOther)
	v.waitsFor(0, "SELECT notices FROM mail_readers")
	if box := v.minji.Get("/settings/notifications").Want(200).Find(`input[name="comment.mail"][checked]`); box.Length() != 0 {
		t.Error("the switch is on")
	}
}

func TestADigestHasTheBestPostsAndIsNeverEmpty(t *testing.T) {
	v, smtp := openWithMail(t)
	for user, address := range map[string]string{minjiID: "minji@example.org", seojunID: "seojun@example.org"} {
		v.confirms(user, address)
	}
	for range 6 {
		v.posts(v.minji, "조용한 글")
	}
	loved := v.posts(v.minji, "사랑받는 글")
	v.posts(v.minji, "마지막 글")
	v.haneul.Post("/posts/"+loved+"/like", "on", "true")
	for _, c := range []*apptest.Client{v.minji, v.seojun} {
		c.Post("/settings/notifications", "digest", "on").Want(http.StatusSeeOther)
	}
	if _, err := v.database().Exec("UPDATE mail_readers SET digest_at = 1"); err != nil {
		t.Fatal(err)
	}
	v.waitsFor(0, "SELECT COUNT(*) FROM mail_readers WHERE digest_at = 1")
	v.waitsFor(0, "SELECT COUNT(*) FROM mails")
	all := smtp.Mails()
	if len(all) != 1 || all[0].To != "seojun@example.org" { // 민지 has written all posts there are
		t.Fatalf("got %+v", all)
	}
	_, best, _ := strings.Cut(all[0].Text, "민지")
	if m := all[0]; strings.Count(m.Text, "/posts/") != 5 || !strings.HasPrefix(best, ": 사랑받는 글") {
		t.Errorf("got %s", m.Text)
	}
}
