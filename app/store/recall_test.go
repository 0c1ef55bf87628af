package store_test

import (
	"fmt"
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// TestListsFollowEachCommit asks for a post, its comments and the rooms of a viewer after
// each change, by the same program and by another. None may be answered from before the
// change.
func TestListsFollowEachCommit(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		ctx := t.Context()
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		other := opened(t, d.url) // as a command beside the server
		post, room, full := d.post(t, minji, "하나"), d.room(t, minji, 5), d.room(t, minji, 5)
		shown := func(s *store.Store) string { return listsOf(t, s, post, seojun) }
		var comment int64
		comments := func(s *store.Store) (err error) {
			comment, _, err = s.AddComment(ctx, store.NewComment{Post: post, Author: minji, Content: "댓글", CreatedAt: noon})
			return err
		}
		enters := func(s *store.Store) error { _, err := s.EnterRoom(ctx, room, seojun, noon); return err }
		for i, change := range []func(s *store.Store) error{
			func(s *store.Store) error { return s.EditPost(ctx, post, minji, "둘", noon) },
			func(s *store.Store) error { _, _, err := s.SetLike(ctx, post, seojun, true, noon); return err },
			comments,
			func(s *store.Store) error { return s.EditComment(ctx, comment, minji, "고친 댓글", noon) },
			func(s *store.Store) error { _, err := s.DeleteComment(ctx, comment, minji); return err },
			func(s *store.Store) error { return s.SetRole(ctx, minji, sns.RoleMentor) },
			func(s *store.Store) error { _, err := s.SetImage(ctx, minji, "face.jpg"); return err },
			func(s *store.Store) error { return s.WaitForSeat(ctx, full, seojun, true, noon) },
			func(s *store.Store) error { _, err := s.TakeWaiting(ctx, full, noon); return err },
			enters,
			func(s *store.Store) error { _, err := s.LeaveRoom(ctx, room, seojun, noon); return err },
			enters,
			func(s *store.Store) error { _, err := s.EndRoom(ctx, room, noon); return err },
			func(s *store.Store) error { _, err := s.DeletePost(ctx, post, minji); return err },
		} {
			for range 2 { // from the database, and from memory
				shown(d.Store)
				shown(other)
			}
			before, changer := shown(other), []*store.Store{d.Store, other}[i%2]
			if err := change(changer); err != nil {
				t.Fatal(err)
			}
			fresh := shown(opened(t, d.url))
			if fresh == before {
				t.Fatalf("change %d changes nothing of %q", i, before)
			}
			for range 2 {
				if got := shown(d.Store); got != fresh {
					t.Errorf("change %d: the program sees %q, not %q", i, got, fresh)
				}
				if got := shown(other); got != fresh {
					t.Errorf("change %d: the other program sees %q, not %q", i, got, fresh)
				}
			}
		}
	})
}

// listsOf returns a post with its comments, and the rooms of a viewer, in words.
func listsOf(t *testing.T, s *store.Store, post, viewer int64) string {
	t.Helper()
	ctx := t.Context()
	var b strings.Builder
	if p, err := s.Post(ctx, post, viewer); err == nil {
		fmt.Fprint(&b, p.Author.Role, p.Author.Image, p.Content, p.Liked, p.Comments, "; ")
	}
	comments, err := s.Comments(ctx, post, 0, 0, 50)
	for _, c := range comments {
		fmt.Fprint(&b, c.Author.Role, c.Author.Image, c.Content, c.EditedAt, "; ")
	}
	for _, f := range []store.RoomFilter{{Viewer: viewer, Mine: true, Limit: 9}, {Viewer: viewer, Others: true, Limit: 9}} {
		rooms, errRooms := s.Rooms(ctx, f)
		if errRooms != nil {
			t.Fatal(errRooms)
		}
		for _, r := range rooms {
			fmt.Fprint(&b, r.ID, r.HeadCount, r.Mentor.Role, r.Membership, "; ")
		}
	}
	past, errPast := s.PastRooms(ctx, viewer, 0, 9)
	freed, errFreed := s.FreedRooms(ctx, viewer)
	if err != nil || errPast != nil || errFreed != nil {
		t.Fatal(err, errPast, errFreed)
	}
	return fmt.Sprint(b.String(), len(past), " past, ", len(freed), " freed")
}
