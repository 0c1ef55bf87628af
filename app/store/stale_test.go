package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// meanwhile runs deeds at the same moment. A deed may fail only because another one has taken away
// what it is about.
func meanwhile(t testing.TB, deeds ...func() error) {
	t.Helper()
	errs := make([]error, len(deeds))
	together(len(deeds), func(i int) { errs[i] = deeds[i]() })
	for i, err := range errs {
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("deed %d: %v", i, err)
		}
	}
}

// wantNoNotice fails if a notice of a post is left, or an inbox counts one that tells of nothing.
func (d *database) wantNoNotice(t testing.TB, post int64) {
	t.Helper()
	if n := d.rows(t, "notices WHERE post_id = ?", post); n != 0 {
		t.Errorf("%d notices of post %d are left", n, post)
	}
	d.wantInboxes(t)
}

// wantInboxes fails if an inbox is not that of a recount.
func (d *database) wantInboxes(t testing.TB) {
	t.Helper()
	if n, err := d.CheckNotices(t.Context()); err != nil || n != 0 {
		t.Errorf("%d inboxes are wrong, %v", n, err)
	}
}

// Administrators decide at the same moment about two posts of one author, which the same people
// have reported: both decisions are told.
func TestCasesOfTheSamePeopleAreDecidedTogether(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		judges := []int64{d.admin(t, "현우"), d.admin(t, "지아")}
		for round := range 20 {
			p := d.uniqueUsers(t, 3, fmt.Sprint(round, "_"))
			for _, post := range d.posts(t, 2, p[0]) {
				d.reports(t, postOf(post), p[0], old, p[1], p[2])
			}
			rules := func(n int64) error {
				_, err := d.Rule(t.Context(), sns.Ruling{Case: int64(2*round) + n, By: sns.User{ID: judges[n-1]}, Verdict: sns.VerdictHide, At: noon})
				return err
			}
			meanwhile(t, func() error { return rules(1) }, func() error { return rules(2) })
			d.wantDecided(t, p[0], sns.DecisionHidden, sns.DecisionHidden)
			for _, user := range p {
				d.wantUnread(t, user, 1, 0)
			}
		}
	})
}

// The third report hides a post at the moment in which somebody comments on it and somebody else
// likes it: no notice of either stays.
func TestAPostIsHiddenWhileItIsCommentedOn(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.users(t, 6)
		for _, post := range d.posts(t, 30, p[0]) {
			d.reports(t, postOf(post), p[0], old, p[1], p[2])
			meanwhile(t,
				func() error { d.reports(t, postOf(post), p[0], old, p[3]); return nil },
				func() error {
					_, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: p[4], Content: "정말 싸요", CreatedAt: noon})
					return err
				},
				func() error { _, _, err := d.SetLike(t.Context(), post, p[5], true, noon); return err },
			)
			if n := d.rows(t, "hidden_posts WHERE id = ?", post); n != 1 {
				t.Errorf("post %d is not hidden", post)
			}
			d.wantNoNotice(t, post)
		}
	})
}

// A comment is hidden at the moment in which the only other one is deleted: the notice, which told
// of both, goes.
func TestACommentIsHiddenWhileTheOtherIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		judge, p := d.admin(t, "현우"), d.users(t, 5)
		for i, post := range d.posts(t, 30, p[0]) {
			comment, other := d.comment(t, post, p[1], "싸게 팔아요"), d.comment(t, post, p[2], "그만해요")
			d.reports(t, commentOf(comment), p[1], old, p[3], p[4])
			hide := func() error { d.reports(t, commentOf(comment), p[1], old, p[0]); return nil }
			if i%2 > 0 {
				hide = func() error {
					_, err := d.Rule(t.Context(), sns.Ruling{Case: int64(i + 1), By: sns.User{ID: judge}, Verdict: sns.VerdictHide, At: noon})
					return err
				}
			}
			meanwhile(t, hide, func() error { _, err := d.DeleteComment(t.Context(), other, p[2]); return err })
			d.wantNoNotice(t, post)
		}
	})
}

// Followers of one person go at the same moment: the notice, which told of both, goes.
func TestFollowersGoTogether(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for round := range 30 {
			p := d.uniqueUsers(t, 3, fmt.Sprint(round, "_"))
			d.follow(t, p[1], p[0], true)
			d.follow(t, p[2], p[0], true)
			other := func() error { _, err := d.DeleteUser(t.Context(), p[2], noon); return err }
			if round%2 > 0 {
				other = func() error { _, err := d.SetFollow(t.Context(), p[2], p[0], false, noon); return err }
			}
			meanwhile(t, func() error { _, err := d.DeleteUser(t.Context(), p[1], noon); return err }, other)
			d.wantUnread(t, p[0], 0, 0)
			d.wantInboxes(t)
		}
		d.followsFit(t)
	})
}

// An author is blocked by a person whom a text mentions that is written at this moment: the mention
// does not stay.
func TestABlockWhileAMentionIsWritten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		host := d.user(t, "주인")
		for round := range 40 {
			p := d.uniqueUsers(t, 2, fmt.Sprint("사람", round, "번"))
			text, post := fmt.Sprint("@사람", round, "번0 안녕"), d.post(t, host, "글")
			own, room := d.post(t, p[1], "글"), d.room(t, host, 5)
			comment := d.comment(t, post, p[1], "처음")
			for _, user := range p {
				if _, err := d.EnterRoom(t.Context(), room, user, noon); err != nil {
					t.Fatal(err)
				}
			}
			mention := []func() error{
				func() error {
					_, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: p[1], Content: text, CreatedAt: noon})
					return err
				},
				func() error { return d.EditComment(t.Context(), comment, p[1], text, noon) },
				func() error { _, err := d.CreatePost(t.Context(), d.newPost(t, p[1], text)); return err },
				func() error { return d.EditPost(t.Context(), own, p[1], text, noon) },
				func() error { return d.NoticeMessage(t.Context(), room, 1, p[1], []int64{p[0]}, noon) },
			}[round%5]
			meanwhile(t, mention, func() error { _, err := d.SetBlock(t.Context(), p[0], p[1], true, noon); return err })
			if n := d.rows(t, "mentions WHERE user_id = ?", p[0]); n != 0 {
				t.Errorf("round %d: %d mentions by somebody who is blocked", round, n)
			}
			d.wantUnread(t, p[0], 0, 0)
		}
		d.wantInboxes(t)
	})
}

// An account of a name is applied for and made at the same moment: the name is given once.
func TestANameIsAppliedForWhileItIsTaken(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for round := range 30 {
			name := fmt.Sprint("민지", round)
			var errs [2]error
			together(2, func(i int) {
				if i == 0 {
					errs[i] = d.ApplyForAccount(t.Context(), store.NewApplication{NewUser: newUser(name), Content: "친구 따라 왔어요"})
				} else {
					_, errs[i] = d.CreateUser(t.Context(), newUser(name))
				}
			})
			if n := d.rows(t, "users WHERE username = ?", name) + d.rows(t, "applications WHERE username = ?", name); n != 1 {
				t.Errorf("%s has %d owners: %v", name, n, errs)
			}
		}
	})
}

// A browser renews its subscription at the moment in which the user removes it: it is removed.
func TestABrowserIsRemovedWhileItRenews(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		user := d.user(t, "민지")
		for round := range 30 {
			session := fmt.Sprint("session", round)
			id := d.subscribes(t, user, session, session)
			renewed := browser(user, session, session)
			renewed.Secret = "fresh"
			meanwhile(t,
				func() error { _, err := d.EndPushDevice(t.Context(), user, id, noon); return err },
				func() error {
					if err := d.SubscribePush(t.Context(), renewed, true, noon.Add(time.Hour)); !errors.Is(err, sns.ErrPushEnded) {
						return err
					}
					return nil
				},
			)
			if left := d.endpoints(t, user); len(left) > 0 {
				t.Errorf("%v are there still", left)
			}
		}
	})
}

// Accounts are renamed and deleted while the index of people is made: people are found by what
// they are called now.
func TestAPersonIsRenamedWhileTheIndexIsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.uniqueUsers(t, 40, "민지")
		for i := range 20 {
			if err := d.ReindexSearch(t.Context()); err != nil {
				t.Fatal(err)
			}
			meanwhile(t,
				func() error { _, err := d.IndexSearch(t.Context(), 200); return err },
				func() error { return d.SetStatusMessage(t.Context(), p[2*i], "바다") },
				func() error { _, err := d.DeleteUser(t.Context(), p[2*i+1], noon); return err },
			)
			d.indexed(t)
		}
		if n := d.rows(t, "users WHERE deleted_at IS NULL AND search NOT LIKE '%바다%'"); n != 0 {
			t.Errorf("%d are not found by their new words", n)
		}
		if n := d.rows(t, "users WHERE deleted_at IS NOT NULL AND search <> ''"); n != 0 {
			t.Errorf("%d who have gone are named still", n)
		}
	})
}

// A person blocks the author of a post at the moment in which a third one comments there: what the
// comment has told meanwhile, alone or by TellRest, goes soon.
func TestABlockWhileAThirdPersonComments(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.TellAtOnce(1)
		for round := range 30 {
			p := d.uniqueUsers(t, 4, fmt.Sprint(round, "_"))
			post := d.post(t, p[0], "글")
			d.comment(t, post, p[1], "처음")
			told := p[1]
			if round%2 > 0 { // of two people TellRest tells the second
				d.comment(t, post, p[2], "둘째")
				told = p[2]
			}
			must(t, d.ReadNotices(t.Context(), told, nil))
			meanwhile(t,
				func() error { _, err := d.SetBlock(t.Context(), told, p[0], true, noon); return err },
				func() error {
					_, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: p[3], Content: "안녕", CreatedAt: noon})
					return errors.Join(err, d.TellRest(t.Context(), noon))
				},
			)
			must(t, d.TellRest(t.Context(), noon.Add(time.Minute)))
			d.wantUnread(t, told, 0, 0)
			if n := d.rows(t, "untold_deeds"); n != 0 {
				t.Errorf("%d deeds are not told", n)
			}
		}
		d.wantInboxes(t)
	})
}
