package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestCommentIsReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		id, counts, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: seojun, Content: "반가워요", CreatedAt: noon})
		if want := (sns.Counts{Post: post, Comments: 1, Version: 1}); err != nil || counts != want {
			t.Errorf("counts %+v, %v, want %+v", counts, err, want)
		}
		want := sns.Comment{
			ID: id, PostID: post, Content: "반가워요", CreatedAt: noon,
			Author: sns.User{ID: seojun, Username: "서준", Role: sns.RoleUser},
		}
		if got, err := d.Comment(t.Context(), id); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if _, err := d.Comment(t.Context(), id+1); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("a missing one: %v, want ErrNotFound", err)
		}
	})
}

func TestCommentOnAMissingPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		_, _, err := d.AddComment(t.Context(), store.NewComment{Post: 7, Author: d.user(t, "민지"), Content: "댓글", CreatedAt: noon})
		if !errors.Is(err, sns.ErrNotFound) || d.rows(t, "comments") != 0 {
			t.Errorf("%v, want ErrNotFound; %d comments", err, d.rows(t, "comments"))
		}
	})
}

func TestTheSameFormTwiceMakesOneComment(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		made := store.NewComment{Post: post, Author: minji, Content: "한 번만", Key: "form-1", CreatedAt: noon}
		id, before, err := d.AddComment(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.AddComment(t.Context(), made); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the key again: %v, want ErrConflict", err)
		}
		if got := d.counts(t, post); got != before {
			t.Errorf("then the counts are %+v, want %+v", got, before)
		}
		if got, err := d.CommentByKey(t.Context(), minji, "form-1"); err != nil || got.ID != id {
			t.Errorf("by key: %+v, %v, want %d", got, err, id)
		}
		if _, err := d.CommentByKey(t.Context(), seojun, "form-1"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("by the key of another: %v, want ErrNotFound", err)
		}
	})
}

func TestCommentsArePagedWithoutGapsOrDoubles(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		post, other := d.post(t, minji, "글"), d.post(t, minji, "다른 글")
		var want []int64
		for range 45 {
			want = append(want, d.comment(t, post, minji, "댓글"))
			d.comment(t, other, minji, "다른 댓글")
		}
		var got []int64
		for before := int64(0); ; before = got[0] {
			comments, err := d.Comments(t.Context(), post, 0, before, 20)
			if err != nil {
				t.Fatal(err)
			}
			if len(comments) == 0 || len(got) > 2*len(want) { // so many pages mean an endless loop
				break
			}
			ids := make([]int64, len(comments))
			for i, c := range comments {
				ids[i] = c.ID
			}
			got = slices.Concat(ids, got) // older comments come first
			d.comment(t, post, minji, "그동안 온 댓글")
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if comments, err := d.Comments(t.Context(), other+1, 0, 0, 20); err != nil || len(comments) != 0 {
			t.Errorf("of a missing post: %v, %v", comments, err)
		}
	})
}

func TestEditComment(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		id, later := d.comment(t, post, seojun, "처음"), noon.Add(time.Hour)
		for range 2 { // repeating the same text is no error
			if err := d.EditComment(t.Context(), id, seojun, "나중", later); err != nil {
				t.Fatal(err)
			}
		}
		// The author of the post may not edit comments of others.
		if err := d.EditComment(t.Context(), id, minji, "남의 댓글", later); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("somebody else's: %v, want ErrForbidden", err)
		}
		if err := d.EditComment(t.Context(), id+1, seojun, "없는 댓글", later); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("a missing one: %v, want ErrNotFound", err)
		}
		got, err := d.Comment(t.Context(), id)
		if err != nil || got.Content != "나중" || !got.EditedAt.Equal(later) || !got.CreatedAt.Equal(noon) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestDeleteComment(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		id := d.comment(t, post, seojun, "댓글")
		d.comment(t, post, minji, "남는 댓글")
		before := d.counts(t, post)
		if _, err := d.DeleteComment(t.Context(), id, minji); !errors.Is(err, sns.ErrForbidden) || d.counts(t, post) != before {
			t.Errorf("somebody else's: %v, want ErrForbidden; counts %+v", err, d.counts(t, post))
		}
		counts, err := d.DeleteComment(t.Context(), id, seojun)
		want := sns.Counts{Post: post, Comments: 1, Version: before.Version + 1}
		if err != nil || counts != want || d.counts(t, post) != want {
			t.Errorf("one's own: %+v, %v, want %+v", counts, err, want)
		}
		if _, err := d.DeleteComment(t.Context(), id, seojun); !errors.Is(err, sns.ErrNotFound) || d.counts(t, post) != want {
			t.Errorf("a second time: %v, want ErrNotFound; counts %+v", err, d.counts(t, post))
		}
	})
}
