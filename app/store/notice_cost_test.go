package store_test

import (
	"context"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// TestDeedsTellWithLittle counts the statements of deeds, without BEGIN and COMMIT.
func TestDeedsTellWithLittle(t *testing.T) {
	d, w := wired(t, apptest.MariaDB(t))
	d.Prove(0, nil)
	p := d.names(t, "민지", "하루", "준호", "서연")
	minji, haru, junho, seoyeon := p[0], p[1], p[2], p[3]
	post, other := d.post(t, minji, "글"), d.post(t, minji, "또 글")
	d.like(t, other, junho) // the inbox is there
	read := func(ctx context.Context) error { return d.ReadPost(ctx, haru, post) }
	for _, deed := range []struct {
		what string
		want int
		do   func()
	}{
		// Count of the post, like, counts with the author.
		{"a like of one's own", 3, func() { d.like(t, post, minji) }},
		// Raising, notice, count, numbers.
		{"a like that opens a notice", 7, func() { d.like(t, post, haru) }},
		{"a like under an open notice", 3, func() { d.like(t, post, junho) }},
		// Count of the post, the ref, like, counts, the notice, the deeds that are left.
		{"a like taken back", 6, func() { d.unlike(t, post, junho) }},
		// Count of the post, comment, index, counts with those who have commented.
		{"a comment that tells nobody", 4, func() { d.comment(t, post, minji, "댓글") }},
		{"a comment that opens a notice", 8, func() { d.comment(t, other, haru, "댓글") }},
		// The same without the count of the inbox.
		{"a further comment", 7, func() { d.comment(t, other, haru, "댓글") }},
		{"a post", 2, func() { d.post(t, seoyeon, "글") }},
		{"reading when nothing is unread", 1, func() { must(t, read(t.Context())) }},
		{"the badge", 1, func() { _, _ = d.Inbox(t.Context(), minji) }},
		// The notices of both parts, their deeds, the people, the comments.
		{"the inbox", 5, func() { _, _ = d.Notices(t.Context(), minji, nil, 0, 21) }},
		// The badge, the notices; the post, raising, likes, count, numbers.
		{"reading a post", 7, func() { must(t, d.ReadPost(t.Context(), minji, post)) }},
	} {
		heard := w.statements(deed.do)
		said := heard[:0]
		for _, s := range heard {
			if !strings.HasPrefix(s, "START") && s != "COMMIT" && !strings.Contains(s, "FROM boards") && !strings.Contains(s, "FROM facet") {
				said = append(said, s)
			}
		}
		if len(said) != deed.want {
			t.Errorf("%s: %d statements, want %d:\n%s", deed.what, len(said), deed.want, strings.Join(said, "\n"))
		}
	}
}
