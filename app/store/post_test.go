package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

func images(names ...string) []sns.PostImage {
	all := make([]sns.PostImage, len(names))
	for i, name := range names {
		all[i] = sns.PostImage{Name: name, Width: 640 + i, Height: 480, Alt: "사진 " + name}
	}
	return all
}

func TestPostIsReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		if _, err := d.SetImage(t.Context(), minji, "face.jpg"); err != nil {
			t.Fatal(err)
		}
		made := d.newPost(t, minji, "첫 글")
		made.Images = images("d.jpg", "b.jpg", "c.jpg", "a.jpg") // neither sorted nor reversed
		id, err := d.CreatePost(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		want := sns.Post{
			ID: id, Content: "첫 글", Images: made.Images, CreatedAt: noon,
			Author: sns.User{ID: minji, Username: "민지", Role: sns.RoleUser, Image: "face.jpg"},
			Board:  sns.Board{ID: made.Board, Slug: "free", Name: "자유"},
		}
		if got, err := d.Post(t.Context(), id, 0); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		for _, missing := range []int64{0, -1, id + 1} {
			if _, err := d.Post(t.Context(), missing, minji); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("post %d: %v, want ErrNotFound", missing, err)
			}
		}
	})
}

func TestTheSameFormTwiceMakesOnePost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		made := d.newPost(t, minji, "한 번만")
		made.Key, made.Images = "form-1", images("a.jpg")
		id, err := d.CreatePost(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		made.Images = images("b.jpg")
		if _, err := d.CreatePost(t.Context(), made); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the key again: %v, want ErrConflict", err)
		}
		got, err := d.PostByKey(t.Context(), minji, "form-1")
		if err != nil || got.ID != id || !slices.Equal(got.Images, images("a.jpg")) {
			t.Errorf("by key: %+v, %v", got, err)
		}
		if n := d.rows(t, "post_images"); n != 1 {
			t.Errorf("%d images are kept, want 1", n)
		}
		made.Author = seojun // keys of different users are independent
		if _, err := d.CreatePost(t.Context(), made); err != nil {
			t.Errorf("the key of another person: %v", err)
		}
		for range 2 { // posts without a key are never duplicates
			d.post(t, minji, "같은 글")
		}
		for _, key := range []string{"", "form-2"} {
			if _, err := d.PostByKey(t.Context(), minji, key); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("key %q: %v, want ErrNotFound", key, err)
			}
		}
	})
}

func TestOneFormSentManyTimesAtOnceMakesOnePost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		made := d.newPost(t, d.user(t, "민지"), "한 번만")
		made.Key = "form-1"
		var errs [20]error
		together(len(errs), func(i int) { _, errs[i] = d.CreatePost(t.Context(), made) })
		if ok := wantErrors(t, errs[:], sns.ErrConflict); ok != 1 || d.rows(t, "posts") != 1 {
			t.Errorf("%d succeeded, %d posts, want 1", ok, d.rows(t, "posts"))
		}
	})
}

// wantErrors checks that all errors are nil or the allowed one, and returns the
// number of nils.
func wantErrors(t *testing.T, errs []error, allowed error) (ok int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			ok++
		} else if !errors.Is(err, allowed) {
			t.Errorf("%v, want nil or %q", err, allowed)
		}
	}
	return ok
}

func TestImageOfAnotherPostIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		made := d.newPost(t, d.user(t, "민지"), "사진")
		made.Images = images("a.jpg")
		if _, err := d.CreatePost(t.Context(), made); err != nil {
			t.Fatal(err)
		}
		made.Images = images("b.jpg", "a.jpg")
		if _, err := d.CreatePost(t.Context(), made); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		if posts, kept := d.rows(t, "posts"), d.rows(t, "post_images"); posts != 1 || kept != 1 {
			t.Errorf("%d posts and %d images, want one of each: it all or nothing", posts, kept)
		}
	})
}

func TestEditPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		id, later := d.post(t, minji, "처음"), noon.Add(time.Hour)
		for range 2 { // repeating the same text is no error
			if err := d.EditPost(t.Context(), id, minji, "나중", later); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.EditPost(t.Context(), id, seojun, "남의 글", later); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("somebody else's: %v, want ErrForbidden", err)
		}
		if err := d.EditPost(t.Context(), id+1, minji, "없는 글", later); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("a missing one: %v, want ErrNotFound", err)
		}
		got, err := d.Post(t.Context(), id, 0)
		if err != nil || got.Content != "나중" || !got.EditedAt.Equal(later) || !got.CreatedAt.Equal(noon) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestDeletePostTakesAllOfItAlong(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		var ids [2]int64
		for i := range ids {
			made := d.newPost(t, minji, "글")
			made.Images = images(fmt.Sprintf("%d-b.jpg", i), fmt.Sprintf("%d-a.jpg", i))
			id, err := d.CreatePost(t.Context(), made)
			if err != nil {
				t.Fatal(err)
			}
			ids[i] = id
			d.comment(t, id, seojun, "댓글")
			d.like(t, id, seojun)
		}
		got, err := d.DeletePost(t.Context(), ids[0], minji)
		if want := []string{"0-b.jpg", "0-a.jpg"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("returned %v, %v, want %v", got, err, want)
		}
		d.wantGone(t, ids[0])
		for _, table := range []string{"comments", "likes", "post_images"} {
			if d.rows(t, table+" WHERE post_id = ?", ids[1]) == 0 {
				t.Errorf("%s of another post went along", table)
			}
		}
	})
}

// wantGone checks that no row of a post is left.
func (d *database) wantGone(t testing.TB, post int64) {
	t.Helper()
	if _, err := d.Post(t.Context(), post, 0); !errors.Is(err, sns.ErrNotFound) {
		t.Errorf("post %d: %v, want ErrNotFound", post, err)
	}
	for _, table := range []string{"comments", "likes", "post_images"} {
		if n := d.rows(t, table+" WHERE post_id = ?", post); n != 0 {
			t.Errorf("%d %s of post %d are left", n, table, post)
		}
	}
}

func TestDeletePostOfOthersOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		id := d.post(t, minji, "글")
		d.like(t, id, seojun)
		if _, err := d.DeletePost(t.Context(), id, seojun); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("somebody else's: %v, want ErrForbidden", err)
		}
		if d.rows(t, "posts") != 1 || d.rows(t, "likes") != 1 {
			t.Error("something went nevertheless")
		}
		if got, err := d.DeletePost(t.Context(), id, minji); err != nil || len(got) != 0 {
			t.Errorf("one's own, without images: %v, %v", got, err)
		}
		if _, err := d.DeletePost(t.Context(), id, minji); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("a second time: %v, want ErrNotFound", err)
		}
	})
}

// A link to a deleted post must never show another post.
func TestIdsAreNeverUsedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		stays := d.post(t, minji, "남는 글")
		post, comment := stays, d.comment(t, stays, minji, "남는 댓글")
		for range 3 {
			next := d.post(t, minji, "글")
			if next <= post {
				t.Errorf("post %d comes after %d", next, post)
			}
			nextComment := d.comment(t, stays, minji, "댓글")
			if nextComment <= comment {
				t.Errorf("comment %d comes after %d", nextComment, comment)
			}
			post, comment = next, nextComment
			if _, err := d.DeletePost(t.Context(), post, minji); err != nil {
				t.Fatal(err)
			}
			if _, err := d.DeleteComment(t.Context(), comment, minji); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// 1,200 names are more than a statement takes.
func TestImagesInUse(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		names, want := make([]string, 1200), map[string]bool{}
		for i := range names {
			names[i] = fmt.Sprintf("%d.jpg", i)
		}
		for _, i := range []int{0, 499, 500, 501, 1000, 1199} {
			made := d.newPost(t, minji, "사진")
			made.Images = images(names[i])
			if _, err := d.CreatePost(t.Context(), made); err != nil {
				t.Fatal(err)
			}
			want[names[i]] = true
		}
		if _, err := d.SetImage(t.Context(), minji, names[700]); err != nil {
			t.Fatal(err)
		}
		want[names[700]] = true
		if got, err := d.ImagesInUse(t.Context(), names); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		if got, err := d.ImagesInUse(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %v, %v", got, err)
		}
	})
}
