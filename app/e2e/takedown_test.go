package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

// TestATakedownInTheBrowser: a stranger asks with a proof, an administrator hides the post, the
// author objects, and the administrator shows the post again; with scripts and without.
func TestATakedownInTheBrowser(t *testing.T) {
	t.Parallel()
	proof := filepath.Join(t.TempDir(), "갈무리.png")
	if err := os.WriteFile(proof, mediatest.PNG(24, 16), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string][]apptest.Option{"scripts": {apptest.Phone}, "no scripts": {apptest.Phone, apptest.NoJavaScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := name == "scripts"
			app := apptest.Start(t)
			hyunwoo, minji := comes(t, app, "현우", sns.RoleAdmin, look...), comes(t, app, "민지", sns.RoleUser, look...)
			asker := &member{Person: apptest.NewPerson(t, app.URL, look...), t: t, app: app}
			reader := app.Member("서준")
			id, _ := postsWithPhoto(t, app.SignIn("민지"), "서준 번호는 010이에요")
			post := "/posts/" + id
			for _, p := range []*member{hyunwoo, minji, asker} {
				p.AllowConsole(`status of 4\d\d`)
			}

			asker.Goto("/sign-in")
			asker.Click(`a[href="/takedown"]`)
			asker.WaitVisible("#takedown")
			asker.cleanWith(scripts, "form of a takedown")
			asker.Paste("#url", "https://other.example.org"+post)
			asker.Paste("#name", "유진")
			asker.Paste("#contact", "010-1234-5678")
			asker.Click(`#takedown [value="privacy"]`)
			asker.Paste("#statement", "제 전화번호예요.")
			asker.SetFiles("#proof", proof)
			asker.Click("#takedown .btn-main")
			asker.WaitContains("#url-hint", "이 사이트의 글 주소가 아니에요")
			asker.WaitContains("#proof-hint", "파일은 다시 골라 주세요")
			asker.cleanWith(scripts, "refused takedown")
			asker.Clear("#url")
			asker.Paste("#url", app.URL+post)
			asker.SetFiles("#proof", proof)
			asker.Click("#takedown .btn-main")
			asker.WaitContains("#record", "살펴보고 있어요")
			asker.cleanWith(scripts, "page to follow a takedown")

			hyunwoo.Goto("/admin/takedowns")
			hyunwoo.WaitCount("tr#takedown-1", 1)
			hyunwoo.cleanWith(scripts, "takedowns")
			hyunwoo.Click("tr#takedown-1 a")
			hyunwoo.WaitContains("#proofs", "갈무리.png")
			hyunwoo.cleanWith(scripts, "takedown")
			hyunwoo.Click(`#decide [value="accept"]`)
			hyunwoo.Paste("#note", "번호가 보여요.")
			hyunwoo.Click("#decide .btn-main")
			hyunwoo.WaitContains("#toasts", "결정했어요")
			reader.Get(post).Want(http.StatusUnavailableForLegalReasons)

			minji.Goto("/reports")
			minji.Click(`#decisions a[href="/takedown/1"]`)
			minji.WaitContains("#record", "30일 남음")
			minji.cleanWith(scripts, "takedown of the author")
			minji.Paste("#text", "공개된 가게 번호예요.")
			minji.Click("#object .btn-main")
			minji.WaitContains("#record", "이의를 받았어요")
			minji.Goto(post)
			minji.WaitVisible("#hidden")
			minji.cleanWith(scripts, "in the place of the post")

			hyunwoo.Goto("/admin/takedowns/1")
			hyunwoo.WaitContains("#record", "공개된 가게 번호예요.")
			hyunwoo.Click(`#decide [value="restore"]`)
			hyunwoo.Click("#decide .btn-main")
			hyunwoo.WaitContains("#toasts", "결정했어요")
			asker.Reload()
			asker.WaitContains("#record", "다시 보이게 했어요")
			if text := asker.Text("#record"); strings.Contains(text, "가게") || strings.Contains(text, "서준") {
				t.Errorf("the asker reads %q", text)
			}
			minji.Goto(post)
			minji.WaitVisible("article#post-" + id)
		})
	}
}
