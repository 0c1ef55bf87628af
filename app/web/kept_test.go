package web_test

import (
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// TestPagesFollowEachChange looks at pages again and again, while this program and another
// one on the same file change what they show, and raise the versions. Each page is also compared with the page
// rendered without any cache (Config.ProveEvery).
func TestPagesFollowEachChange(t *testing.T) {
	v := openWithRooms(t)
	id := v.posts(v.minji, "강가의 노을")
	comment := v.comments(v.seojun, id, "와!")
	pages := []string{"/", "/boards/free", "/posts/" + id, "/rooms", "/users/민지"}
	looks := func() {
		for range 2 {
			for _, c := range []*apptest.Client{v.minji, v.seojun} {
				for _, page := range pages {
					c.Get(page).Want(200)
				}
			}
		}
	}
	post, card := "/posts/"+id, "#post-"+id
	sees := func(c *apptest.Client, page, selector, text string) {
		t.Helper()
		looks()
		if got := c.Get(page).Want(200).Text(selector); !strings.Contains(got, text) {
			t.Errorf("%s shows %q in %s, not %q", page, got, selector, text)
		}
	}
	looks()

	v.minji.Post(post, "content", "산 위의 노을").Want(303)
	sees(v.seojun, "/", card+" .post-text", "산 위의")
	v.edits("UPDATE posts SET content = '바다의 노을', edited_at = created_at + 1, version = version + 1 WHERE id = ?", id)
	sees(v.seojun, "/", card+" .post-text", "바다의")
	sees(v.seojun, post, card+" .post-text", "바다의")

	v.seojun.Post(post+"/like", "on", "true").Want(303)
	v.seojun.Get("/").Has(card + ` .like[aria-pressed="true"]`)
	v.seojun.Get(post).Has(card + ` .like[aria-pressed="true"]`)
	v.minji.Get("/").Has(card + ` .like[aria-pressed="false"]`)
	v.minji.Get(post).Has(card + ` .like[aria-pressed="false"]`)
	sees(v.minji, post, card+"-likes", "1")

	v.seojun.Post("/comments/"+comment, "content", "멋져요").Want(303)
	sees(v.minji, post, "#comment-"+comment, "멋져요")
	v.edits("UPDATE comments SET content = '아름다워요', edited_at = created_at + 1 WHERE id = ?", comment)
	v.edits("UPDATE posts SET version = version + 1 WHERE id = ?", id)
	sees(v.minji, post, "#comment-"+comment, "아름다워요")

	v.edits("UPDATE users SET username = '민지2', role = 'MENTOR', image = 'face.jpg' WHERE username = '민지'")
	v.edits("UPDATE revisions SET names = names + 1")
	pages = pages[:4] // the home has another address now
	for _, page := range []string{"/", post} {
		sees(v.seojun, page, card+" .post-by", "민지2")
		v.seojun.Get(page).Has(card + ` .post-head img[src="/uploads/face.jpg"]`)
	}
	v.minji.Get(post).Has(`.reply img[src="/uploads/face.jpg"]`)
	v.minji.Get("/rooms").Has(`a[href="/rooms/new"]`)
	v.seojun.Get("/rooms").Lacks(`a[href="/rooms/new"]`)

	v.seojun.Post("/comments/" + comment + "/delete").Want(303)
	v.minji.Get(post).Lacks("#comment-" + comment)
	v.minji.Post(post + "/delete").Want(303)
	v.seojun.Get(post).Want(http.StatusNotFound)
	v.seojun.Get("/").Lacks(card)
	v.minji.Get("/boards/free").Lacks(card)
}
