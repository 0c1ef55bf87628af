package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestAnErasureWaitsAndIsClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "지울 글")
		other := d.post(t, seojun, "남는 글")
		comment := d.comment(t, other, minji, "지울 댓글")
		if _, err := d.DeleteUser(t.Context(), seojun, noon); err != nil || d.rows(t, "erasures") != 0 {
			t.Fatalf("what was to remain goes, %v", err)
		}
		if _, err := d.EraseUser(t.Context(), minji, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := d.EraseUser(t.Context(), minji, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("erased twice: %v", err)
		}

		// Hidden at once, also from memory.
		if p, err := d.Post(t.Context(), post, seojun); err != nil || p.Content != "" || !p.Author.Erased {
			t.Errorf("the post is %+v, %v", p, err)
		}
		if c, err := d.Comment(t.Context(), comment); err != nil || c.Content != "" {
			t.Errorf("the comment is %+v, %v", c, err)
		}
		if p, err := d.Post(t.Context(), other, seojun); err != nil || p.Content != "남는 글" {
			t.Errorf("the other post is %+v, %v", p, err)
		}

		// The name is not left, and not given again.
		if n := d.rows(t, "users WHERE folded LIKE '%민지%' OR skeleton LIKE '%민지%'"); n != 0 {
			t.Error("the name is left")
		}
		if _, err := d.CreateUser(t.Context(), newUser("민지")); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the name is given again: %v", err)
		}
		if taken, alike, err := d.UsernameTaken(t.Context(), "민지", 0, noon); err != nil || !taken || !alike {
			t.Errorf("the name is taken: %t, %t, %v", taken, alike, err)
		}
		if taken, err := d.TakenUsernames(t.Context(), []string{"민지", "하늘"}); err != nil || !taken["민지"] || taken["하늘"] {
			t.Errorf("taken are %v, %v", taken, err)
		}
		d.user(t, "민정")

		e, err := d.ClaimErasure(t.Context(), "one", time.Hour, noon)
		if err != nil || e.User != minji || e.Attempts != 0 {
			t.Fatalf("claimed is %+v, %v", e, err)
		}
		if _, err := d.ClaimErasure(t.Context(), "two", time.Hour, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("claimed twice: %v", err)
		}
		if err := errors.Join(d.RenewErasure(t.Context(), minji, "one", time.Hour), d.FailErasure(t.Context(), minji, "one", noon.Add(time.Minute))); err != nil {
			t.Fatal(err)
		}
		if _, err := d.ClaimErasure(t.Context(), "two", time.Hour, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("tried again at once: %v", err)
		}
		if e, err := d.ClaimErasure(t.Context(), "two", time.Hour, noon.Add(time.Minute)); err != nil || e.Attempts != 1 {
			t.Errorf("tried again is %+v, %v", e, err)
		}
		if err := d.FinishErasure(t.Context(), minji, "one"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("finished without the claim: %v", err)
		}
		if err := d.FinishErasure(t.Context(), minji, "two"); err != nil || d.rows(t, "erasures") != 0 {
			t.Errorf("not finished: %v", err)
		}
	})
}

// A scrubbed database is still whole, and the index still finds what was not deleted.
func TestScrubbingChangesNothingThatIsLeft(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for range 30 {
			d.post(t, minji, "지울 글")
			d.post(t, seojun, "남는 글")
		}
		index := func() {
			for n := 1; n > 0; {
				var err error
				if n, err = d.IndexSearch(t.Context(), 10); err != nil {
					t.Fatal(err)
				}
			}
		}
		index()
		for _, p := range d.page(t, sns.Timeline{Author: minji, Limit: 100}) {
			if _, err := d.DeletePost(t.Context(), p, minji); err != nil {
				t.Fatal(err)
			}
		}
		index()
		for range 2 {
			if err := d.Scrub(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if differ, err := d.CheckSearch(t.Context()); err != nil || differ != 0 {
			t.Errorf("%d texts differ from the index, %v", differ, err)
		}
		if left := d.page(t, sns.Timeline{Limit: 100}); len(left) != 30 {
			t.Errorf("%d posts are left", len(left))
		}
		d.post(t, seojun, "새 글")
	})
}

// Likes are no texts, but they say who has liked what.
func TestAnErasureLeavesNothingOnHiddenPosts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji, seojun := d.admin(t, "현우"), d.user(t, "민지"), d.user(t, "서준")
		own, other := d.post(t, minji, "글"), d.post(t, seojun, "글")
		for _, post := range []int64{own, other} {
			d.like(t, post, minji)
			d.like(t, post, seojun)
			_, err := d.rulesTakedown(t, d.asksTakedown(t, post), hyunwoo, sns.TakedownAccept, noon)
			must(t, err)
		}
		if _, err := d.EraseUser(t.Context(), minji, noon); err != nil {
			t.Fatal(err)
		}
		must(t, d.EraseRest(t.Context(), minji))
		var left, others int
		must(t, d.raw.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT COUNT(*) FROM likes WHERE user_id = %d OR post_id = %d`, minji, own)).Scan(&left))
		must(t, d.raw.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM likes`).Scan(&others))
		if left != 0 || others != 1 {
			t.Errorf("%d likes are left of the account or its post, and %d in all", left, others)
		}
	})
}
