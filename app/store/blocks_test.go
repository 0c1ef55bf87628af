package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// block makes a user block another one, or block no more if on is false.
func (d *database) block(t testing.TB, user, other int64, on bool) {
	t.Helper()
	if _, err := d.SetBlock(t.Context(), user, other, on, noon); err != nil {
		t.Fatal(err)
	}
}

func TestABlockEndsBothFollows(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "서준", "하늘")
		minji, seojun, haneul := p[0], p[1], p[2]
		d.follow(t, minji, seojun, true)
		d.follow(t, seojun, minji, true)
		d.follow(t, haneul, minji, true)
		d.wantTold(t, minji, "follow 하늘 서준 unread")
		d.block(t, minji, seojun, true)
		d.block(t, minji, seojun, true) // again
		if n := d.rows(t, "blocks"); n != 1 {
			t.Errorf("%d blocks", n)
		}
		d.followsFit(t)
		if n := d.rows(t, "follows"); n != 1 {
			t.Errorf("%d follows", n)
		}
		d.wantTold(t, minji, "follow 하늘 unread")
		d.wantTold(t, seojun)
		for _, pair := range [][2]int64{{minji, seojun}, {seojun, minji}} {
			if _, err := d.SetFollow(t.Context(), pair[0], pair[1], true, noon); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%v follow: %v", pair, err)
			}
		}
		d.block(t, minji, seojun, false)
		d.follow(t, seojun, minji, true)
	})
}

func TestNobodyBlocksThemselvesOrNobody(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		_, err := d.SetBlock(t.Context(), minji, minji, true, noon)
		if inv, ok := errors.AsType[sns.Invalid](err); !ok || inv[0].Key != "block.self" {
			t.Errorf("oneself: %v", err)
		}
		if _, err := d.SetBlock(t.Context(), minji, minji+1, true, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		d.run(t, fmt.Sprintf("INSERT INTO blocks (user_id, blocked_id, created_at) VALUES %s", rowsOf(sns.BlockMost, func(i int) string {
			return fmt.Sprintf("(%d, %d, 0)", minji, 1000+i)
		})))
		seojun := d.user(t, "서준")
		_, err = d.SetBlock(t.Context(), minji, seojun, true, noon)
		wantInvalid(t, err, "block.most", sns.BlockMost)
	})
}

// rowsOf returns the values of many rows.
func rowsOf(n int, row func(int) string) string {
	all := row(0)
	for i := 1; i < n; i++ {
		all += ", " + row(i)
	}
	return all
}

func TestBlocksAreListedTheLatestFirst(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "서준", "하늘", "도윤")
		for _, other := range p[1:] {
			d.block(t, p[0], other, true)
		}
		d.block(t, p[2], p[0], true)
		first, err := d.Blocked(t.Context(), p[0], 0, 2)
		must(t, err)
		rest, err := d.Blocked(t.Context(), p[0], first[1].ID, 2)
		must(t, err)
		var got []string
		for _, b := range append(first, rest...) {
			got = append(got, b.User.Username)
		}
		if want := []string{"도윤", "하늘", "서준"}; !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		blocks, err := d.Blocks(t.Context(), p[2])
		must(t, err)
		if !blocks.Has(p[0]) || !blocks.Hide(p[0]) || blocks.Hide(p[1]) || len(blocks.Hidden()) != 1 {
			t.Errorf("got %+v", blocks)
		}
		if _, err := d.DeleteUser(t.Context(), p[3], noon); err != nil {
			t.Fatal(err)
		}
		if n := d.rows(t, "blocks WHERE user_id = ? OR blocked_id = ?", p[3], p[3]); n != 0 {
			t.Errorf("%d blocks of who has left", n)
		}
	})
}

// Notices of the other person go; a notice about several people keeps the others.
func TestABlockTakesNoticesAlong(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "서준", "하늘")
		minji, seojun, haneul := p[0], p[1], p[2]
		alone, both := d.post(t, minji, "바다"), d.post(t, minji, "산")
		d.comment(t, alone, seojun, "저도요")
		d.like(t, alone, seojun)
		d.comment(t, both, haneul, "좋아요")
		d.comment(t, both, seojun, "그래요")
		d.like(t, both, haneul)
		d.like(t, both, seojun)
		d.comment(t, d.post(t, haneul, "강"), seojun, "@민지 보세요")
		d.wantTold(t, minji, "mention 서준 unread", "like 서준 하늘 unread", "comment 서준 하늘 unread", "like 서준 unread", "comment 서준 unread")
		d.block(t, seojun, minji, true) // who blocks whom makes no difference
		d.wantTold(t, minji, "like 하늘 unread", "comment 하늘 unread")
		d.comment(t, d.post(t, haneul, "@민지"), seojun, "@민지 @하늘 안녕")
		d.wantTold(t, minji, "mention 하늘 unread", "like 하늘 unread", "comment 하늘 unread")
		if _, err := d.DeletePost(t.Context(), both, minji); err != nil {
			t.Fatal(err)
		}
		d.wantTold(t, minji, "mention 하늘 unread")
		room := d.room(t, seojun, 5)
		d.enter(t, room, minji)
		must(t, d.NoticeMessage(t.Context(), room, 1, seojun, []int64{minji}, noon))
		d.wantTold(t, minji, "mention 하늘 unread")
		d.block(t, seojun, minji, false)
		must(t, d.NoticeMessage(t.Context(), room, 2, seojun, []int64{minji}, noon))
		d.wantTold(t, minji, "mention 서준 unread", "mention 하늘 unread")
	})
}

func TestWhatIsHiddenCannotBeLikedOrCommented(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "서준", "하늘")
		minji, seojun, haneul := p[0], p[1], p[2]
		post := d.post(t, minji, "바다")
		comment, foreign := d.comment(t, post, haneul, "좋아요"), d.comment(t, d.post(t, haneul, "산"), minji, "그래요")
		d.block(t, minji, seojun, true)
		if _, _, err := d.SetLike(t.Context(), post, seojun, true, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("liked: %v", err)
		}
		if _, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: seojun, Content: "저도요", CreatedAt: noon}); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("commented: %v", err)
		}
		if c := d.counts(t, post); c.Likes != 0 || c.Comments != 1 {
			t.Errorf("got %+v", c)
		}
		for _, id := range []int64{comment, foreign} {
			if _, err := d.CommentFor(t.Context(), id, seojun); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("comment %d: %v", id, err)
			}
			if _, err := d.CommentFor(t.Context(), id, haneul); err != nil {
				t.Error(err)
			}
		}
	})
}
