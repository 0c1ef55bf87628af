package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestDeletedTextsTakeTheirNoticesAlong(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		post := d.post(t, p[0], "글")
		first := d.comment(t, post, p[1], "하나")
		second := d.comment(t, post, p[2], "@하루 @민지 둘")
		third := d.comment(t, post, p[2], "셋")
		d.like(t, post, p[1])
		d.wantTold(t, p[0], "like 하루 unread", "comment 준호 하루 unread", "mention 준호 unread")
		d.wantTold(t, p[1], "thread 준호 unread", "mention 준호 unread")
		delete := func(comment, author int64) {
			if _, err := d.DeleteComment(t.Context(), comment, author); err != nil {
				t.Fatal(err)
			}
		}
		delete(second, p[2])
		d.wantTold(t, p[0], "like 하루 unread", "comment 준호 하루 unread")
		d.wantTold(t, p[1], "thread 준호 unread")
		delete(first, p[1]) // who has no comment there is told of none
		d.wantTold(t, p[0], "like 하루 unread", "comment 준호 unread")
		d.wantTold(t, p[1])
		delete(third, p[2])
		d.wantTold(t, p[0], "like 하루 unread")
		d.comment(t, post, p[1], "@준호 넷")
		must(t, d.SetMute(t.Context(), p[2], post, true))
		if _, err := d.DeletePost(t.Context(), post, p[0]); err != nil {
			t.Fatal(err)
		}
		for _, user := range p {
			d.wantTold(t, user)
		}
		if n := d.rows(t, "notices") + d.rows(t, "mentions") + d.rows(t, "mutes"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestEditsTellWhoIsNew(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		post := d.post(t, p[0], "@하루 글")
		edit := func(text string) { must(t, d.EditPost(t.Context(), post, p[0], text, noon)) }
		edit("@하루 @준호 글")
		d.wantTold(t, p[1], "mention 민지 unread")
		d.wantTold(t, p[2], "mention 민지 unread")
		must(t, d.ReadPost(t.Context(), p[2], post))
		edit("@준호 글")
		d.wantTold(t, p[1])
		d.wantTold(t, p[2], "mention 민지")
		edit("글")
		d.wantTold(t, p[2])

		comment := d.comment(t, post, p[1], "댓글")
		d.wantTold(t, p[0], "comment 하루 unread")
		must(t, d.EditComment(t.Context(), comment, p[1], "@민지 댓글", noon))
		d.wantTold(t, p[0], "mention 하루 unread")
		must(t, d.EditComment(t.Context(), comment, p[1], "@민지 @민지 @준호 댓글", noon))
		d.wantTold(t, p[0], "mention 하루 unread")
		d.wantTold(t, p[2], "mention 하루 unread")
		must(t, d.EditComment(t.Context(), comment, p[1], "댓글", noon))
		d.wantTold(t, p[0])
		d.wantTold(t, p[2])
	})
}

func TestDeletedAccountsAreNotTold(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		post := d.post(t, p[0], "글")
		d.comment(t, post, p[1], "댓글")
		d.follow(t, p[1], p[0], true)
		d.follow(t, p[1], p[2], true)
		d.follow(t, p[3], p[2], true)
		must(t, d.SetMute(t.Context(), p[1], post, true))
		must(t, d.SetNoticeSettings(t.Context(), p[1], sns.NoticeSettings{Quiet: sns.Quiet{Zone: "Asia/Seoul"}}))
		d.like(t, d.post(t, p[1], "@민지 글"), p[0])
		d.post(t, p[2], "@하루")
		if _, err := d.DeleteUser(t.Context(), p[1], noon); err != nil {
			t.Fatal(err)
		}
		d.wantTold(t, p[0], "mention  unread", "comment  unread")
		d.wantTold(t, p[2], "follow 서연 unread")
		d.wantTold(t, p[1])
		d.comment(t, post, p[2], "@하루 댓글")
		d.wantTold(t, p[1])
		if _, err := d.DeleteUser(t.Context(), p[0], noon); err != nil {
			t.Fatal(err)
		}
		d.comment(t, post, p[3], "댓글")
		d.like(t, post, p[3])
		d.wantTold(t, p[0])
		d.wantTold(t, p[2], "thread 서연 unread", "follow 서연 unread")
		if err := d.SetMute(t.Context(), p[0], post, true); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		if err := d.SetNoticeSettings(t.Context(), p[0], sns.NoticeSettings{}); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		for _, table := range []string{"notices", "mentions", "mutes", "notice_settings"} {
			if n := d.rows(t, table+" WHERE user_id IN (?, ?)", p[0], p[1]); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
	})
}

func TestMutedPostsTellNothing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		post := d.post(t, p[0], "글")
		d.comment(t, post, p[1], "댓글")
		d.like(t, post, p[1])
		mute := func(user int64, on bool) {
			for range 2 {
				must(t, d.SetMute(t.Context(), user, post, on))
			}
			if muted, err := d.Muted(t.Context(), user, post); err != nil || muted != on {
				t.Errorf("muted = %t, %v", muted, err)
			}
		}
		mute(p[0], true)
		mute(p[1], true)
		d.comment(t, post, p[2], "@민지 @하루 댓글")
		d.comment(t, post, p[2], "댓글")
		d.like(t, post, p[2])
		d.wantTold(t, p[0], "like 하루", "comment 하루")
		d.wantTold(t, p[1])
		mute(p[0], false)
		d.comment(t, post, p[2], "댓글")
		d.wantTold(t, p[0], "comment 준호 unread", "like 하루", "comment 하루")
		all, err := d.Notices(t.Context(), p[0], nil, 0, 1)
		if err != nil || d.rows(t, "comments WHERE id >= ?", all[0].Comment) != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		if err := d.SetMute(t.Context(), p[0], 99, true); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})
}

func TestSwitchesOfTheInbox(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		post := d.post(t, p[0], "글")
		d.like(t, post, p[1])
		var all sns.NoticeSettings
		all.Quiet = sns.Quiet{From: 23 * 60, To: 7 * 60, Zone: "Asia/Seoul"}
		for range 2 {
			all.Turn(sns.NoticeLike, sns.ChannelInbox, false)
			all.Turn(sns.NoticeMention, sns.ChannelInbox, false)
			must(t, d.SetNoticeSettings(t.Context(), p[0], all))
		}
		if got, err := d.NoticeSettings(t.Context(), p[0]); err != nil || got != all {
			t.Errorf("%+v, %v, want %+v", got, err, all)
		}
		if got, err := d.NoticeSettings(t.Context(), p[1]); err != nil || got != (sns.NoticeSettings{}) {
			t.Errorf("%+v, %v, want the defaults", got, err)
		}
		d.wantTold(t, p[0], "like 하루")
		d.unlike(t, post, p[1])
		d.like(t, post, p[1])
		d.post(t, p[1], "@민지")
		d.wantTold(t, p[0])
		d.comment(t, post, p[1], "@민지 댓글") // is a comment like any
		d.wantTold(t, p[0], "comment 하루 unread")
	})
}

func TestNoticesAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		old, young := d.post(t, p[0], "글"), d.post(t, p[0], "또 글")
		d.like(t, old, p[1])
		d.comment(t, old, p[1], "댓글")
		must(t, d.ReadPost(t.Context(), p[0], old))
		d.like(t, old, p[2])
		if _, _, err := d.SetLike(t.Context(), young, p[1], true, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{0, 3, 0} {
			n, err := d.ForgetNotices(t.Context(), noon.Add([]time.Duration{0, time.Minute, time.Minute}[i]))
			if err != nil || n != want {
				t.Errorf("%d were forgotten, %v, want %d", n, err, want)
			}
		}
		d.wantTold(t, p[0], "like 하루 unread")
	})
}

func TestInboxesAreCountedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		d.like(t, d.post(t, p[0], "글"), p[1])
		d.like(t, d.post(t, p[1], "글"), p[0])
		post := d.post(t, p[0], "또 글")
		d.comment(t, post, p[1], "댓글")
		d.run(t, "UPDATE inboxes SET unread = 7")
		if n, err := d.CheckNotices(t.Context()); err != nil || n != 2 {
			t.Errorf("%d inboxes are wrong, %v", n, err)
		}
		must(t, d.RecountInboxes(t.Context()))
		d.wantTold(t, p[0], "comment 하루 unread", "like 하루 unread")
		d.run(t, "DELETE FROM comments") // as by a program of before
		if n, err := d.CheckNotices(t.Context()); err != nil || n != 1 {
			t.Errorf("%d notices are empty, %v", n, err)
		}
		must(t, d.RecountInboxes(t.Context()))
		d.wantTold(t, p[0], "like 하루 unread")
	})
}

// A commit that changes inboxes tells them once, as they are then; what fails tells none.
func TestInboxesAreToldAfterTheCommit(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		var told []sns.Inbox
		d.TellInboxes(func(_ context.Context, all []sns.Inbox) {
			for _, inbox := range all {
				if now, err := d.Inbox(t.Context(), inbox.User); err != nil || now != inbox {
					t.Errorf("%+v was told, %+v is, %v", inbox, now, err)
				}
			}
			told = append(told, all...)
		})
		p := d.names(t, "민지", "하루", "준호")
		post := d.post(t, p[0], "글")
		want := func(what string, inboxes ...sns.Inbox) {
			t.Helper()
			if len(told) != len(inboxes) {
				t.Errorf("%s: %+v, want %+v", what, told, inboxes)
			}
			for i := range min(len(told), len(inboxes)) {
				if told[i] != inboxes[i] {
					t.Errorf("%s: %+v, want %+v", what, told, inboxes)
				}
			}
			told = nil
		}
		want("a post")
		d.comment(t, post, p[1], "댓글")
		want("a comment", sns.Inbox{User: p[0], Mine: 1, Version: 1})
		d.comment(t, post, p[2], "댓글")
		want("the next", sns.Inbox{User: p[0], Mine: 1, Version: 2}, sns.Inbox{User: p[1], Mine: 1, Version: 1})
		d.like(t, post, p[1])
		want("a like", sns.Inbox{User: p[0], Mine: 1, News: 1, Version: 3})
		d.like(t, post, p[2])
		want("the next like")
		must(t, d.ReadPost(t.Context(), p[0], post))
		want("reading", sns.Inbox{User: p[0], Version: 4})
		if _, err := d.DeletePost(t.Context(), post, p[1]); !errors.Is(err, sns.ErrForbidden) {
			t.Error(err)
		}
		want("what is forbidden")
		if _, err := d.DeletePost(t.Context(), post, p[0]); err != nil {
			t.Fatal(err)
		}
		want("deleting", sns.Inbox{User: p[1], Version: 2})
	})
}
