package store_test

import (
	"testing"
	"time"
)

// rest tells of all deeds that are not told to everybody, as the workers of two processes do.
func (d *database) rest(t testing.TB, now time.Time) {
	t.Helper()
	must(t, d.TellRest(t.Context(), now))
	must(t, d.TellRest(t.Context(), now))
	if n := d.rows(t, "untold_deeds"); n != 0 {
		t.Errorf("%d deeds are left", n)
	}
}

// A comment below many others tells some in its own transaction, and each of the others once,
// some at a time. Who has read the post meanwhile, or cares no more, is not told.
func TestManyWhoHaveCommentedAreToldInParts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.TellAtOnce(3)
		author, p := d.user(t, "민지"), d.users(t, 10)
		post := d.post(t, author, "글")
		for _, user := range p {
			d.comment(t, post, user, "댓글")
			d.rest(t, noon)
		}
		for _, user := range append(p, author) {
			must(t, d.ReadNotices(t.Context(), user, nil))
		}
		comment := d.comment(t, post, p[0], "@사람8 다시")
		for i, want := range []int{0, 1, 1, 0, 0, 0, 0, 0, 1, 0} {
			d.wantUnread(t, p[i], want, 0)
		}
		d.wantUnread(t, author, 1, 0)
		must(t, d.SetMute(t.Context(), p[4], post, true))
		d.comment(t, post, p[5], "나중") // tells of itself before the rest of the first is told
		d.rest(t, noon)
		for i, want := range []int{1, 1, 1, 1, 0, 1, 1, 1, 2, 1} {
			d.wantUnread(t, p[i], want, 0)
		}
		for _, of := range []struct {
			user   int64
			others int
		}{{p[0], 0}, {p[1], 1}, {p[6], 1}, {p[9], 1}} {
			all, err := d.Notices(t.Context(), of.user, nil, 0, 1)
			if err != nil || len(all[0].Actors)-1 != of.others || all[0].Actors[0].ID != p[5] || of.others > 0 && all[0].Comment != comment {
				t.Errorf("%d is told %+v, %v", of.user, all, err)
			}
		}
	})
}

// A person who has read of a comment while others were told of it is not told again, and nobody is told
// of a comment that was deleted meanwhile.
func TestTheRestIsNotToldOfWhatIsOver(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.TellAtOnce(2)
		author, p := d.user(t, "민지"), d.users(t, 6)
		post := d.post(t, author, "글")
		for _, user := range p {
			d.comment(t, post, user, "댓글")
		}
		d.rest(t, noon)
		d.comment(t, post, p[0], "다시")
		must(t, d.ReadPost(t.Context(), p[4], post))
		d.rest(t, noon)
		d.wantUnread(t, p[4], 0, 0)
		d.wantUnread(t, p[5], 1, 0)
		for _, user := range p {
			must(t, d.ReadNotices(t.Context(), user, nil))
		}
		comment := d.comment(t, post, p[1], "곧 지울 댓글")
		if _, err := d.DeleteComment(t.Context(), comment, p[1]); err != nil {
			t.Fatal(err)
		}
		d.comment(t, post, p[2], "또 하나")
		if _, err := d.DeletePost(t.Context(), post, author); err != nil {
			t.Fatal(err)
		}
		d.rest(t, noon)
		for _, user := range p {
			d.wantUnread(t, user, 0, 0)
		}
	})
}

func TestManyFollowersAreToldOfARoomInParts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.TellAtOnce(3)
		mentor, p := d.user(t, "민지"), d.users(t, 8)
		for _, user := range p {
			d.follow(t, user, mentor, true)
		}
		d.room(t, mentor, 5)
		d.wantTold(t, p[2], "room 민지 unread")
		d.wantTold(t, p[3])
		d.rest(t, noon)
		for _, user := range p {
			d.wantTold(t, user, "room 민지 unread")
		}
		d.end(t, d.room(t, mentor, 5))
		d.rest(t, noon)
		d.wantTold(t, p[7], "room 민지 unread")
	})
}

// A process dies after somebody is blocked, and before the notices that tell of nothing else go:
// another one goes on a little later.
func TestTheRestOfABlockIsDone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		d.like(t, d.post(t, p[0], "글"), p[1])
		must(t, d.DieBlocking(t.Context(), p[0], p[1], noon))
		must(t, d.TellRest(t.Context(), noon.Add(time.Second))) // the process may still be alive
		if inbox, err := d.Inbox(t.Context(), p[0]); err != nil || inbox.News != 1 {
			t.Errorf("%+v, %v", inbox, err)
		}
		d.rest(t, noon.Add(time.Minute))
		d.wantTold(t, p[0])
		d.block(t, p[0], p[1], false)
		d.block(t, p[0], p[1], true)
		d.rest(t, noon.Add(time.Minute))
	})
}

// The wake comes after the commit of a deed that leaves a rest, and of no other.
func TestARestWakesTheWorker(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		woken := 0
		d.OnRest(func() { woken++ })
		d.TellAtOnce(1)
		p := d.users(t, 4)
		post := d.post(t, p[0], "글")
		for i, want := range []int{0, 0, 1, 2} {
			d.comment(t, post, p[i], "댓글")
			if woken != want {
				t.Errorf("woken %d times after comment %d, want %d", woken, i+1, want)
			}
		}
	})
}
