package store_test

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// longest returns the longest messages that sns accepts, of characters whose
// escaping doubles their size: together more than the packet of 16 MB that
// MariaDB accepts.
func longest(room int64, n int) []sns.Message {
	all := said(room, 1, n)
	quotes := "'" + strings.Repeat("\u0301", 23) // one grapheme
	for i := range all {
		all[i].Content = strings.Repeat(quotes, sns.MessageMax)
		if i%2 == 0 {
			all[i].Content = strings.Repeat(`'"\`, len(all[i].Content)/3)
		}
	}
	return all
}

func TestManyOfTheLongestMessages(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.endedRoom(t, d.user(t, "민지"))
		d.claim(t, room, "a")
		all := longest(room, 600)
		d.save(t, room, "a", all)
		d.wantMessages(t, room, all)
	})
}

func TestManyOfTheLongestPosts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		row := func(text string, values ...any) func(func([]any) bool) {
			return func(yield func([]any) bool) {
				for range 500 {
					if !yield(append([]any{minji, text, noon}, values...)) {
						return
					}
				}
			}
		}
		board := d.newPost(t, minji, "").Board
		err := d.Bulk(t.Context(), func(b *store.Bulk) {
			b.Insert(`INSERT INTO posts (user_id, content, created_at, board_id)`, row(strings.Repeat(family, sns.PostMax), board))
			b.Insert(`INSERT INTO comments (user_id, content, created_at, post_id)`, row(strings.Repeat(family, sns.CommentMax), 1))
		})
		if posts, comments := d.rows(t, "posts"), d.rows(t, "comments"); err != nil || posts != 500 || comments != 500 {
			t.Errorf("%d posts, %d comments, %v", posts, comments, err)
		}
	})
}

// The count of saved messages is right, whichever messages are saved already.
func TestSavedMessagesAreCountedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		const n = 2100
		minji := d.user(t, "민지")
		for name, there := range map[string][][2]int{ // from, to
			"nothing":          {},
			"the first ones":   {{1, 700}},
			"one of the last":  {{2099, 2099}},
			"a few everywhere": {{3, 4}, {499, 502}, {1000, 1600}, {2100, 2100}},
			"all":              {{1, n}},
		} {
			room := d.endedRoom(t, minji)
			d.claim(t, room, "a")
			for _, seqs := range there {
				d.save(t, room, "a", said(room, int64(seqs[0]), seqs[1]-seqs[0]+1))
			}
			all := said(room, 1, n)
			d.save(t, room, "a", append(slices.Clone(all), all[5], all[n-1])) // with some duplicates
			d.wantMessages(t, room, all)
			if s, err := d.Settlement(t.Context(), room); err != nil || s.Saved != n {
				t.Errorf("%s there: %d are counted, want %d (%v)", name, s.Saved, n, err)
			}
		}
	})
}
