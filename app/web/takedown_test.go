package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// asksTakedown asks as a guest to have a post hidden, with a proof, and returns the path of the
// page that follows the takedown.
func (v *siteWithMembers) asksTakedown(address string) string {
	v.t.Helper()
	proof := apptest.File{Field: "proof", Name: "화면 갈무리.png", Content: smallPNG()}
	p := v.Guest().Upload("/takedown", []apptest.File{proof}, "url", address, "name", "유진", "contact", "010-1234-5678", "harm", "privacy", "statement", "제 번호예요")
	to := p.Want(http.StatusSeeOther).Header.Get("Location")
	if !strings.HasPrefix(to, "/takedown/") || len(to) < 40 {
		v.t.Fatalf("the page to follow is %s", to)
	}
	return to
}

// replica opens the store of a site, as a replica with a clock of its own.
func (v *siteWithMembers) replica() *store.Store {
	v.t.Helper()
	s, err := store.Open(v.t.Context(), v.Config.DatabaseURL)
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = s.Close() })
	return s
}

// endsTakedowns ends takedowns as of a time after now.
func (v *siteWithMembers) endsTakedowns(after time.Duration, want int) {
	v.t.Helper()
	if n, err := v.replica().EndTakedowns(v.t.Context(), time.Now().Add(after)); err != nil || n != want {
		v.t.Errorf("%d takedowns ended, want %d, %v", n, want, err)
	}
}

// A guest asks, an administrator accepts, the author objects, an administrator decides, all
// without scripts.
func TestATakedownFromTheFirstToTheLastStep(t *testing.T) {
	v := openWithRooms(t)
	jiwoo := v.joins("지우", sns.RoleAdmin)
	post := v.posts(v.minji, "서준 번호는 010이에요")
	v.Guest().Get("/sign-in").Want(200).Has(`a[href="/takedown"]`)
	v.Guest().Get("/rules").Want(200).Has(`a[href="/takedown"]`)
	v.seojun.Get("/posts/" + post).Want(200).Has(`article a.theirs[href="/takedown?url=/posts/` + post + `"]`)
	v.Guest().Get("/takedown?url=/posts/" + post).Want(200).Has(`#url[value="` + v.URL + "/posts/" + post + `"]`)

	followed := v.asksTakedown(v.URL + "/posts/" + post)
	asker := v.Guest()
	says(t, asker.Get(followed).Want(200).Lacks("#object"), "takedown.waiting_asker")
	v.seojun.Get("/posts/" + post).Want(200)
	v.minji.Get("/takedown/1").Want(404) // nothing has happened yet

	v.hyunwoo.Get("/admin/users").Want(200).Has(".side .unread:contains('1')")
	v.hyunwoo.Get("/admin/takedowns").Want(200).Has("tr#takedown-1 a[href='/admin/takedowns/1']")
	p := v.hyunwoo.Get("/admin/takedowns/1").Want(200).Has("#record:contains('유진')").Has("#record:contains('010-1234-5678')").Has("#record:contains('제 번호예요')")
	p.Has("#proofs a[href='/admin/takedowns/1/proofs/1']").Has("#decide [value=accept]").Lacks("#decide [value=delete]")
	leadsTo(t, v.hyunwoo.Post("/admin/takedowns/1", "decision", "accept", "note", "번호가 보여요"), "/admin/takedowns")
	p = jiwoo.Post("/admin/takedowns/1", "decision", "decline", "note", "제 생각은").Want(409).Has("#record:contains('번호가 보여요')").Has("#record:contains('현우')")
	says(t, p, "takedown.decided")

	// In the place of the post.
	for _, c := range []*apptest.Client{v.seojun, v.sua} {
		p := c.Get("/posts/" + post).Want(http.StatusUnavailableForLegalReasons).Lacks("#hidden a").Lacks("#hidden :contains('번호')")
		if until := "까지 가려진 글이에요"; !strings.Contains(p.Text("#hidden"), until) {
			t.Errorf("in the place of the post stands %q", p.Text("#hidden"))
		}
		c.Get("/").Want(200).Lacks("#post-" + post)
		c.Get(homeOf("민지")).Want(200).Lacks("#post-" + post)
		c.Post("/posts/"+post+"/comments", "content", "댓글").Want(404)
	}
	v.Guest().Get("/posts/" + post).Want(http.StatusSeeOther)
	v.hyunwoo.Get("/posts/" + post).Want(200).Has("a[href='/admin/takedowns/1']")
	p = asker.Get(followed).Want(200).Has("#record:contains('번호가 보여요')").Lacks("#record:contains('서준 번호')")
	if left := p.Text("#record .badge"); left != "30일 남음" {
		t.Errorf("the clock of the asker says %q", left)
	}

	// The author is told, sees no more of the asker than the harm, and objects once.
	says(t, v.minji.Get("/reports").Want(200).Has("#decisions a[href='/takedown/1']"), "decision.taken_down")
	v.minji.Get("/posts/" + post).Want(200).Has("a[href='/takedown/1']").Has("#hidden:contains('서준 번호')")
	p = v.minji.Get("/takedown/1").Want(200).Has("form#object[action='/takedown/1/object']").Has("#record:contains('사생활')")
	for _, secret := range []string{"유진", "010-1234-5678", "제 번호예요", "갈무리", strings.TrimPrefix(followed, "/takedown/")} {
		if strings.Contains(p.Body, secret) {
			t.Errorf("the author sees %q", secret)
		}
	}
	v.seojun.Get("/takedown/1").Want(404)
	v.hyunwoo.Get("/takedown/1").Want(404)
	v.Guest().Get("/takedown/1").Want(http.StatusSeeOther)
	v.seojun.Post("/takedown/1/object", "text", "아니에요").Want(404)
	v.minji.Post(followed+"/object", "text", "아니에요").Want(404)
	says(t, v.minji.Post("/takedown/1/object", "text", " ").Want(422).Has("#text[aria-invalid]"), "invalid.empty")
	says(t, v.minji.Post("/takedown/1/object", "text", strings.Repeat("ㅏ", 2001)).Want(422), "invalid.long", "Max", 2000, "Length", 2001)
	leadsTo(t, v.minji.Post("/takedown/1/object", "text", "공개된 가게 번호예요"), "/takedown/1")
	says(t, v.minji.Get("/takedown/1").Want(200).Lacks("#object").Has("#record:contains('가게 번호')"), "done.objected")
	says(t, v.minji.HX().Post("/takedown/1/object", "text", "한 번 더").Want(409).Lacks("title"), "takedown.late")
	asker.Get(followed).Want(200).Lacks("#record:contains('가게 번호')").Has("#record:contains('이의를 냈어요')")
	v.hyunwoo.Get("/admin/takedowns").Want(200).Has("tr#takedown-1")
	v.hyunwoo.Get("/admin/takedowns?state=hidden").Want(200).Has("tr#takedown-1")
	v.hyunwoo.Get("/admin/takedowns/1").Want(200).Has("#record:contains('가게 번호')").Has("#decide [value=restore]")
	v.hyunwoo.HX().Post("/admin/takedowns/1", "decision", "restore", "note", "가게 번호네요").Want(200).Has("#record").Lacks("#decide").Lacks("title")
	v.seojun.Get("/posts/" + post).Want(200).Has("#post-" + post)
	says(t, v.minji.Get("/reports").Want(200), "decision.put_back")
	says(t, v.minji.Get("/takedown/1").Want(200), "takedown.restored_author")
	says(t, asker.Get(followed).Want(200), "takedown.restored_asker")
	v.hyunwoo.Get("/admin/takedowns?state=ended").Want(200).Has("tr#takedown-1")
	v.hyunwoo.Get("/admin/users").Want(200).Lacks(".side .unread:contains('1')")
	if got := len(v.logged("?kind=takedown")) + len(v.logged("?kind=takedown_restore")); got != 2 {
		t.Errorf("the log has %d lines", got)
	}
	v.hyunwoo.Post("/admin/takedowns/1", "decision", "hide").Want(400)
}

func TestAPostComesBackByItselfOrIsDeleted(t *testing.T) {
	v := openWithRooms(t)
	back, _, _ := v.postsImage(v.minji, "돌아올 글")
	gone, image, _ := v.postsImage(v.minji, "지워질 글")
	removed := v.posts(v.minji, "스스로 지울 글")
	var pages []string
	for i, post := range []string{back, gone, removed} {
		pages = append(pages, v.asksTakedown("/posts/"+post))
		if i < 2 {
			v.hyunwoo.Post(fmt.Sprintf("/admin/takedowns/%d", i+1), "decision", "accept").Want(303)
		}
	}
	v.minji.Post("/takedown/1/object", "text", "제 이야기예요").Want(303)
	v.hyunwoo.Post("/admin/takedowns/2", "decision", "delete", "note", "남의 사진이에요").Want(303)
	v.seojun.Get("/posts/" + gone).Want(404)
	v.minji.Get("/posts/" + gone).Want(404)
	v.Guest().Get("/uploads/" + image).Want(404)
	says(t, v.minji.Get("/takedown/2").Want(200), "takedown.deleted_author")
	says(t, v.Guest().Get(pages[1]).Want(200), "takedown.deleted_asker")

	v.minji.Post("/posts/" + removed + "/delete").Want(303)
	says(t, v.Guest().Get(pages[2]).Want(200), "takedown.gone_asker") // at once
	v.hyunwoo.Get("/admin/takedowns").Want(200).Lacks("tr#takedown-3")
	says(t, v.hyunwoo.Post("/admin/takedowns/3", "decision", "accept").Want(409), "takedown.decided")

	v.endsTakedowns(sns.TakedownTime-time.Hour, 1) // the one without a post
	v.seojun.Get("/posts/" + back).Want(http.StatusUnavailableForLegalReasons)
	v.endsTakedowns(sns.TakedownTime+time.Hour, 1)
	v.seojun.Get("/posts/" + back).Want(200).Has("#post-" + back + " img")
	says(t, v.Guest().Get(pages[0]).Want(200), "takedown.returned_asker")
	says(t, v.minji.Get("/reports").Want(200), "decision.came_back")
}

// The program itself lets posts come back whose time is over.
func TestTheProgramEndsTakedowns(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "글")
	v.asksTakedown("/posts/" + post)
	v.hyunwoo.Post("/admin/takedowns/1", "decision", "accept").Want(303)
	v.edits("UPDATE takedowns SET until_at = until_at - ?", sns.TakedownTime.Microseconds())
	v.Restart()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		p := v.seojun.Get("/posts/" + post)
		if p.Status == 200 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the post does not come back: %d", p.Status)
		}
	}
}

func TestWhatIsWrongWithATakedown(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "글")
	all := []string{"url", "/posts/" + post, "name", "유진", "contact", "yujin@example.org", "harm", "other", "statement", "제 글을 베꼈어요"}
	with := func(pairs ...string) []string { return append(append([]string{}, all...), pairs...) }
	first := func(field, value string) []string {
		pairs := append([]string{}, all...)
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == field {
				pairs[i+1] = value
			}
		}
		return pairs
	}
	guest := v.Guest()
	p := guest.Post("/takedown", first("url", "https://other.example.org/posts/"+post)...).Want(422).Has("#url[aria-invalid]").Has("#statement:contains('베꼈어요')")
	says(t, p, "takedown.foreign", "Example", v.URL+"/posts/17")
	says(t, guest.Post("/takedown", first("url", "/posts/999")...).Want(422).Has("#url[aria-invalid]"), "takedown.missing")
	says(t, guest.Post("/takedown", first("harm", "")...).Want(422), "takedown.no_harm")
	guest.HX().Post("/takedown", first("name", "")...).Want(422).Has("form#takedown #name[aria-invalid]").Lacks("title")
	if n := v.count("SELECT COUNT(*) FROM takedowns"); n != 0 {
		t.Errorf("%d takedowns are kept", n)
	}

	pdf := func(name string, size int) apptest.File {
		return apptest.File{Field: "proof", Name: name, Content: append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), size)...)}
	}
	for name, step := range map[string]struct {
		files []apptest.File
		key   string
		args  []any
	}{
		"40 MB":          {[]apptest.File{pdf("큰 계약서.pdf", 40<<20)}, "takedown.proof_bytes", []any{"Name", "큰 계약서.pdf"}},
		"4 × 10 MB":      {[]apptest.File{pdf("1.pdf", 10<<20-20), pdf("2.pdf", 10<<20-20), pdf("3.pdf", 10<<20-20), pdf("4.pdf", 10<<20-20)}, "takedown.proof_most", []any{"Max", 3}},
		"70 MB":          {[]apptest.File{pdf("1.pdf", 70<<20)}, "takedown.proof_all", nil},
		"a page":         {[]apptest.File{{Field: "proof", Name: "쪽.pdf", Content: []byte("<script>alert(1)</script>")}}, "takedown.proof_kind", []any{"Name", "쪽.pdf"}},
		"an iPhone's":    {[]apptest.File{{Field: "proof", Name: "사진.heic", Content: mediatest.HEIC()}}, "image.heic", []any{"Name", "사진.heic"}},
		"a broken one's": {[]apptest.File{{Field: "proof", Name: "사진.jpg", Content: mediatest.BrokenJPEG()}}, "image.broken", []any{"Name", "사진.jpg"}},
	} {
		p := guest.Upload("/takedown", step.files, all...)
		if p.Status != 422 {
			t.Errorf("%s: %d", name, p.Status)
			continue
		}
		says(t, p.Has("#proof[aria-invalid]").Has("#name[value='유진']").Has("#statement:contains('베꼈어요')"), step.key, step.args...)
	}
	if n := v.count("SELECT COUNT(*) FROM takedown_proofs"); n != 0 {
		t.Errorf("%d parts of proofs are kept", n)
	}
	// Files of a form that is refused for something else are to be chosen again.
	says(t, guest.Upload("/takedown", []apptest.File{pdf("계약서.pdf", 5)}, first("name", "")...).Want(422), "takedown.proof_again")

	// The same form twice is one takedown.
	to := guest.Post("/takedown", with("key", "one-form")...).Want(303).Header.Get("Location")
	leadsTo(t, guest.Post("/takedown", with("key", "one-form")...), to)
	guest.Post("/takedown", with("key", "?")...).Want(400)
	if n := v.count("SELECT COUNT(*) FROM takedowns"); n != 1 {
		t.Errorf("%d takedowns are kept", n)
	}
	guest.Get(to + "0").Want(404)
	guest.Get(strings.Replace(to, "/1-", "/2-", 1)).Want(404)
	v.seojun.Get(to).Want(200) // whoever has the token
}

func TestProofsAreForAdministratorsAlone(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "글")
	evil := []byte("%PDF-1.7\n<html><script>alert(1)</script>")
	files := []apptest.File{
		{Field: "proof", Name: `계약서 "최종".pdf`, Content: evil},
		{Field: "proof", Name: "../../사진.jpg", Content: mediatest.PhoneJPEG(640, 480, 6)},
	}
	followed := v.Guest().Upload("/takedown", files, "url", "/posts/"+post, "name", "유진", "contact", "010", "harm", "other", "statement", "베꼈어요").Want(303).Header.Get("Location")
	for _, c := range []*apptest.Client{v.minji, v.seojun, v.sua} {
		c.Get("/admin/takedowns/1/proofs/1").Want(403)
		c.Get("/admin/takedowns/1").Want(403)
	}
	v.Guest().Get("/admin/takedowns/1/proofs/1").Want(303)
	v.Guest().Get(followed).Want(200).Lacks("a[href*=proofs]").Lacks("#record:contains('계약서')")
	p := v.hyunwoo.Get("/admin/takedowns/1/proofs/1").Want(200)
	for header, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "private, no-store", "Content-Length": fmt.Sprint(len(evil)),
	} {
		if got := p.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if d := p.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; filename*=utf-8''") || p.Body != string(evil) {
		t.Errorf("the proof comes as %q with %q", d, p.Body)
	}
	p = v.hyunwoo.Get("/admin/takedowns/1/proofs/2").Want(200)
	if p.Header.Get("Content-Type") != "image/jpeg" || mediatest.HasMetadata([]byte(p.Body)) || strings.Contains(p.Header.Get("Content-Disposition"), "..") {
		t.Errorf("the picture comes as %v", p.Header)
	}
	v.hyunwoo.Get("/admin/takedowns/1/proofs/3").Want(404)
	v.hyunwoo.Get("/admin/takedowns/1/proofs/x").Want(404)
	if got := filesIn(t, v.Config.UploadsDir); len(got) > 0 {
		t.Errorf("the folder of the uploads has %v", got)
	}
}

// A suspended author reads of the takedown in the place of every page, and may object.
func TestASuspendedAuthorMayObject(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "서준 번호는 010이에요")
	v.asksTakedown("/posts/" + post)
	v.hyunwoo.Post("/admin/takedowns/1", "decision", "accept").Want(303)
	v.suspends(minjiID, "60", "되풀이해서")
	v.minji.Get("/").Want(403).Has("a[href='/takedown/1']")
	v.minji.Get("/takedown").Want(200).Lacks("#live")
	v.minji.Get("/takedown/1").Want(200).Has("#object").Lacks("#live")
	leadsTo(t, v.minji.Post("/takedown/1/object", "text", "공개된 번호예요"), "/takedown/1")
	v.minji.Get("/posts/" + post).Want(403)
}

// A reader whom a block keeps from the author's posts is not told of a hidden one.
func TestATakedownShowsThroughNoBlock(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "글")
	v.asksTakedown("/posts/" + post)
	v.hyunwoo.Post("/admin/takedowns/1", "decision", "accept").Want(303)
	v.seojun.Get("/posts/" + post).Want(http.StatusUnavailableForLegalReasons)
	v.minji.Post("/users/"+strings.TrimPrefix(homeOf("서준"), "/users/")+"/block", "on", "true").Want(303)
	v.seojun.Get("/posts/" + post).Want(404)
}

func TestTheAskerGetsMails(t *testing.T) {
	v, smtp := openWithMail(t)
	hyunwoo := v.joins("현우", sns.RoleAdmin)
	post := v.posts(v.minji, "글")
	followed := v.Guest().Post("/takedown", "url", "http://sns.example.org/posts/"+post, "name", "여기를 누르세요", "contact", "yujin@example.org", "harm", "other",
		"statement", "지금 누르세요").Want(303).Header.Get("Location")
	m := smtp.Wait(1)[0]
	if m.To != "yujin@example.org" || !strings.Contains(m.Text, "http://sns.example.org"+followed) || strings.Contains(m.Text, "누르세요") {
		t.Errorf("got %+v", m)
	}
	hyunwoo.Post("/admin/takedowns/1", "decision", "accept", "note", "베낀 글이네요").Want(303)
	if m := smtp.Wait(2)[1]; !strings.Contains(m.Text, "베낀 글이네요") || !strings.Contains(m.Text, "가렸어요") {
		t.Errorf("got %+v", m)
	}
}

func TestTakedownsHaveLimits(t *testing.T) {
	v := open(t, limited)
	post := v.posts(v.minji, "글")
	asks := func(contact string) *apptest.Page {
		return v.Guest().Post("/takedown", "url", "/posts/"+post, "name", "유진", "contact", contact, "harm", "other", "statement", "베꼈어요")
	}
	for range 3 {
		asks("yujin@example.org").Want(303)
	}
	asks("yujin@example.org").Want(http.StatusTooManyRequests).Has("#statement:contains('베꼈어요')")
	for range 6 {
		asks("010-1234-5678").Want(303)
	}
	asks("010-1234-5678").Want(http.StatusTooManyRequests)
}
