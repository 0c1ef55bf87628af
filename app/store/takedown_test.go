package store_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"xxsns/app/sns"
)

// asksTakedown asks to have a post hidden, and returns the id.
func (d *database) asksTakedown(t testing.TB, post int64, proofs ...sns.Document) int64 {
	t.Helper()
	id, again, err := d.AskTakedown(t.Context(), sns.Takedown{
		Post: post, Name: "유진", Contact: "yujin@example.org", Harm: "privacy", Statement: "제 전화번호예요", AskedAt: noon, Proofs: proofs,
	})
	if err != nil || again {
		t.Fatalf("asked again: %t, %v", again, err)
	}
	return id
}

// rulesTakedown decides about a takedown.
func (d *database) rulesTakedown(t testing.TB, id, by int64, v sns.TakedownVerdict, at time.Time) (sns.Hiding, error) {
	t.Helper()
	return d.RuleTakedown(t.Context(), sns.TakedownRuling{Takedown: id, By: sns.User{ID: by}, Verdict: v, Note: "살펴봤어요", At: at})
}

// wantTakedown fails the test unless a takedown is in a state, and its post is shown or not.
func (d *database) wantTakedown(t testing.TB, id int64, state sns.TakedownState, shown bool) sns.Takedown {
	t.Helper()
	td, err := d.Takedown(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Post(t.Context(), td.Post, 0)
	if td.State != state || (err == nil) != shown {
		t.Errorf("takedown %d is %s, and the post shown %t, want %s, %t", id, td.State, err == nil, state, shown)
	}
	return td
}

// ends ends takedowns as of a time, twice, as two replicas do.
func (d *database) endsTakedowns(t testing.TB, now time.Time, want int) {
	t.Helper()
	for _, want := range []int{want, 0} {
		if n, err := d.EndTakedowns(t.Context(), now); err != nil || n != want {
			t.Errorf("at %v %d takedowns ended, want %d, %v", now, n, want, err)
		}
	}
}

func TestATakedownHidesAPostForThirtyDays(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 2)
		post := d.post(t, p[0], "서준 번호는 010이에요")
		d.comment(t, post, p[1], "정말요?")
		d.like(t, post, p[1])
		id := d.asksTakedown(t, post)
		if td := d.wantTakedown(t, id, sns.TakedownWaiting, true); td.Author.ID != p[0] || td.Words != "서준 번호는 010이에요" || td.Harm != "privacy" {
			t.Errorf("asked is %+v", td)
		}
		if h, err := d.rulesTakedown(t, id, hyunwoo, sns.TakedownAccept, noon); err != nil || h.Gone != postOf(post) {
			t.Fatal(h, err)
		}
		end := noon.Add(sns.TakedownTime)
		if td := d.wantTakedown(t, id, sns.TakedownHides, false); !td.Until.Equal(end) || td.DecidedBy.ID != hyunwoo || td.Note != "살펴봤어요" {
			t.Errorf("hidden is %+v", td)
		}
		if td, err := d.TakedownOf(t.Context(), post); err != nil || td.ID != id {
			t.Errorf("the post is hidden by %+v, %v", td, err)
		}
		if hidden, err := d.HiddenPost(t.Context(), post, p[1]); err != nil || hidden.Reported || !hidden.At.Equal(noon) {
			t.Errorf("the hidden post is %+v, %v", hidden, err)
		}
		d.endsTakedowns(t, end.Add(-time.Microsecond), 0)
		d.endsTakedowns(t, end, 1)
		if td := d.wantTakedown(t, id, sns.TakedownReturned, true); !td.EndedAt.Equal(end) {
			t.Errorf("ended at %v", td.EndedAt)
		}
		if again, err := d.Post(t.Context(), post, p[1]); err != nil || again.Likes != 1 || again.Comments != 1 {
			t.Errorf("the post came back as %+v, %v", again, err)
		}
		d.wantDecided(t, p[0], sns.DecisionCameBack, sns.DecisionTakenDown)
		if all, err := d.Decisions(t.Context(), p[0], 0, 1); err != nil || all[0].Path != "/takedown/1" {
			t.Errorf("the notice leads to %+v, %v", all, err)
		}
		if got := d.acts(t, p[0]); !slices.Equal(got, []sns.ActKind{sns.ActTakedown}) {
			t.Errorf("the log has %v", got)
		}
	})
}

func TestAnObjectionIsDecidedOrThePostComesBack(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 2)
		posts := d.posts(t, 4, p[0])
		soon, end := noon.Add(time.Hour), noon.Add(sns.TakedownTime)
		for i, post := range posts {
			id := d.asksTakedown(t, post)
			if _, err := d.rulesTakedown(t, id, hyunwoo, sns.TakedownAccept, noon); err != nil {
				t.Fatal(err)
			}
			if i == 3 {
				continue // this author is silent
			}
			for _, other := range []int64{p[1], hyunwoo} {
				if err := d.ObjectTakedown(t.Context(), id, other, "아니에요", soon); !errors.Is(err, sns.ErrConflict) {
					t.Errorf("%d objects: %v", other, err)
				}
			}
			if err := d.ObjectTakedown(t.Context(), id, p[0], "아니에요", end); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("objected when the time is over: %v", err)
			}
			must(t, d.ObjectTakedown(t.Context(), id, p[0], "제 번호예요", soon))
			if err := d.ObjectTakedown(t.Context(), id, p[0], "한 번 더", soon); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("objected twice: %v", err)
			}
			if td := d.wantTakedown(t, id, sns.TakedownObjected, false); td.Objection != "제 번호예요" || !td.ObjectedAt.Equal(soon) {
				t.Errorf("objected is %+v", td)
			}
		}
		if n, err := d.CountTakedowns(t.Context(), 99); err != nil || n != 3 {
			t.Errorf("%d wait, %v", n, err)
		}
		for id, v := range map[int64]sns.TakedownVerdict{1: sns.TakedownRestore, 2: sns.TakedownDelete} {
			if _, err := d.rulesTakedown(t, id, hyunwoo, v, end); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("decided when the time is over: %v", err)
			}
			if _, err := d.rulesTakedown(t, id, hyunwoo, v, end.Add(-time.Second)); err != nil {
				t.Error(err)
			}
		}
		d.wantTakedown(t, 1, sns.TakedownRestored, true)
		d.wantTakedown(t, 2, sns.TakedownDeleted, false)
		d.endsTakedowns(t, end, 2)
		d.wantTakedown(t, 3, sns.TakedownReturned, true)
		d.wantTakedown(t, 4, sns.TakedownReturned, true)
		if left := d.rows(t, "hidden_posts"); left != 0 || d.rows(t, "posts") != 3 {
			t.Errorf("%d posts are hidden", left)
		}
	})
}

// A post is shown only when neither reports nor a takedown hides it, in whatever order they end.
func TestReportsAndATakedownHideAPostTogether(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 4)
		posts := d.posts(t, 5, p[0])
		dismiss := func(id int64) {
			t.Helper()
			_, err := d.Rule(t.Context(), sns.Ruling{Case: id, By: sns.User{ID: hyunwoo}, Verdict: sns.VerdictDismiss, At: noon})
			must(t, err)
		}
		rule := func(id int64, v sns.TakedownVerdict) {
			t.Helper()
			_, err := d.rulesTakedown(t, id, hyunwoo, v, noon)
			must(t, err)
		}
		// Reports come first and go first.
		d.reports(t, postOf(posts[0]), p[0], old, p[1:]...)
		d.asksTakedown(t, posts[0])
		rule(1, sns.TakedownAccept)
		dismiss(1)
		d.wantTakedown(t, 1, sns.TakedownHides, false)
		rule(1, sns.TakedownRestore)
		d.wantTakedown(t, 1, sns.TakedownRestored, true)
		// The takedown comes first and goes first.
		d.asksTakedown(t, posts[1])
		rule(2, sns.TakedownAccept)
		if h := d.reports(t, postOf(posts[1]), p[0], old, p[1:]...); h.Gone.Kind != "" {
			t.Errorf("hidden twice: %+v", h)
		}
		rule(2, sns.TakedownRestore)
		d.wantTakedown(t, 2, sns.TakedownRestored, false)
		if hidden, err := d.HiddenPost(t.Context(), posts[1], p[1]); err != nil || !hidden.Reported {
			t.Errorf("the hidden post is %+v, %v", hidden, err)
		}
		dismiss(2)
		d.wantTakedown(t, 2, sns.TakedownRestored, true)
		// Two takedowns: the later end counts.
		d.asksTakedown(t, posts[2])
		d.asksTakedown(t, posts[2])
		rule(3, sns.TakedownAccept)
		rule(4, sns.TakedownAccept)
		rule(3, sns.TakedownRestore)
		d.wantTakedown(t, 3, sns.TakedownRestored, false)
		d.endsTakedowns(t, noon.Add(sns.TakedownTime), 1)
		d.wantTakedown(t, 4, sns.TakedownReturned, true)
		// A report deletes what two takedowns ask for.
		d.asksTakedown(t, posts[3])
		d.asksTakedown(t, posts[3])
		rule(5, sns.TakedownAccept)
		d.reports(t, postOf(posts[3]), p[0], old, p[1])
		_, err := d.Rule(t.Context(), sns.Ruling{Case: 3, By: sns.User{ID: hyunwoo}, Verdict: sns.VerdictDelete, At: noon})
		must(t, err)
		d.wantTakedown(t, 5, sns.TakedownGone, false)
		d.endsTakedowns(t, noon, 2)
		d.wantTakedown(t, 6, sns.TakedownGone, false)
	})
}

func TestATakedownEndsWithItsPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		posts := d.posts(t, 2, minji)
		waits, hides := d.asksTakedown(t, posts[0]), d.asksTakedown(t, posts[1])
		_, err := d.rulesTakedown(t, hides, hyunwoo, sns.TakedownAccept, noon)
		must(t, err)
		must(t, d.ObjectTakedown(t.Context(), hides, minji, "제 이야기예요", noon))
		if _, err := d.DeletePost(t.Context(), posts[0], minji); err != nil {
			t.Fatal(err)
		}
		d.wantTakedown(t, waits, sns.TakedownGone, false) // at once
		if _, err := d.rulesTakedown(t, waits, hyunwoo, sns.TakedownAccept, noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("accepted without a post: %v", err)
		}
		if n, err := d.CountTakedowns(t.Context(), 9); err != nil || n != 1 {
			t.Errorf("%d wait, %v", n, err)
		}
		if _, err := d.EraseUser(t.Context(), minji, noon); err != nil {
			t.Fatal(err)
		}
		must(t, d.EraseRest(t.Context(), minji))
		d.endsTakedowns(t, noon, 2)
		if td := d.wantTakedown(t, hides, sns.TakedownGone, false); td.Objection != "" || td.Words != "" {
			t.Errorf("left of the author is %q, %q", td.Objection, td.Words)
		}
		if _, _, err := d.AskTakedown(t.Context(), sns.Takedown{Post: posts[0], AskedAt: noon}); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("asked without a post: %v", err)
		}
	})
}

func TestOneAdministratorDecidesAboutATakedown(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, jiwoo, minji := d.admin(t, "현우"), d.admin(t, "지우"), d.user(t, "민지")
		id := d.asksTakedown(t, d.post(t, minji, "글"))
		errs := make([]error, 2)
		together(2, func(i int) {
			by := []int64{hyunwoo, jiwoo}[i]
			_, errs[i] = d.rulesTakedown(t, id, by, []sns.TakedownVerdict{sns.TakedownAccept, sns.TakedownDecline}[i], noon)
		})
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), sns.ErrConflict) {
			t.Errorf("both decide: %v", errs)
		}
		own := d.asksTakedown(t, d.post(t, jiwoo, "글"))
		if _, err := d.rulesTakedown(t, own, jiwoo, sns.TakedownDecline, noon); !isInvalid(err) {
			t.Errorf("about one's own post: %v", err)
		}
		if _, err := d.rulesTakedown(t, own, minji, sns.TakedownAccept, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("a member decides: %v", err)
		}
		if _, err := d.rulesTakedown(t, own, hyunwoo, sns.TakedownDecline, noon); err != nil {
			t.Error(err)
		}
		d.wantDecided(t, jiwoo) // nothing has happened to the author
	})
}

func TestTakedownsAreListed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		for _, post := range d.posts(t, 6, minji) {
			d.asksTakedown(t, post)
		}
		for id, v := range map[int64]sns.TakedownVerdict{1: sns.TakedownAccept, 2: sns.TakedownAccept, 3: sns.TakedownDecline, 4: sns.TakedownDecline} {
			_, err := d.rulesTakedown(t, id, hyunwoo, v, noon)
			must(t, err)
		}
		must(t, d.ObjectTakedown(t.Context(), 2, minji, "아니에요", noon))
		for _, step := range []struct {
			list sns.TakedownList
			from int64
			want []int64
		}{
			{sns.TakedownsWaiting, 0, []int64{2, 5, 6}}, {sns.TakedownsWaiting, 2, []int64{5, 6}}, {sns.TakedownsHiding, 0, []int64{1, 2}},
			{sns.TakedownsHiding, 1, []int64{2}}, {sns.TakedownsEnded, 0, []int64{4, 3}}, {sns.TakedownsEnded, 4, []int64{3}},
		} {
			all, err := d.Takedowns(t.Context(), sns.TakedownPage{List: step.list, From: step.from, Limit: 9})
			var got []int64
			for _, td := range all {
				got = append(got, td.ID)
			}
			if err != nil || !slices.Equal(got, step.want) {
				t.Errorf("%q from %d lists %v, want %v, %v", step.list, step.from, got, step.want, err)
			}
		}
		if all, err := d.TakedownsOn(t.Context(), minji, 9); err != nil || len(all) != 2 || all[0].ID != 2 {
			t.Errorf("on the author are %+v, %v", all, err)
		}
	})
}

func TestProofsAreKeptAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		post := d.post(t, minji, "글")
		large := bytes.Repeat([]byte("%PDF-1.7\x00\xff'\\"), 50_000) // of several parts
		var proofs []sns.Document
		for name, content := range map[string][]byte{"계약서.pdf": large} {
			proofs = append(proofs, sns.Document{Name: name, Type: "application/pdf", Size: int64(len(content)), Content: bytes.NewReader(content)})
		}
		proofs = append(proofs, sns.Document{Name: "화면.png", Type: "image/png", Size: 3, Content: strings.NewReader("png")})
		id := d.asksTakedown(t, post, proofs...)
		td := d.wantTakedown(t, id, sns.TakedownWaiting, true)
		if len(td.Proofs) != 2 || td.Proofs[0].Name != "계약서.pdf" || td.Proofs[1].Type != "image/png" {
			t.Fatalf("the proofs are %+v", td.Proofs)
		}
		var got bytes.Buffer
		if err := d.WriteProof(t.Context(), &got, id, td.Proofs[0]); err != nil || !bytes.Equal(got.Bytes(), large) {
			t.Errorf("%d bytes of %d came back, %v", got.Len(), len(large), err)
		}
		_, err := d.rulesTakedown(t, id, hyunwoo, sns.TakedownDecline, noon)
		must(t, err)
		end := noon.Add(sns.TakedownLife)
		for _, step := range []struct {
			now  time.Time
			want int
		}{{end.Add(-time.Second), 0}, {end, 1}, {end, 0}} {
			if n, err := d.ForgetTakedowns(t.Context(), step.now); err != nil || n != step.want {
				t.Errorf("at %v %d were forgotten, want %d, %v", step.now, n, step.want, err)
			}
		}
		if left := d.rows(t, "takedown_proofs") + d.rows(t, "takedowns") + d.rows(t, "mails"); left != 0 {
			t.Errorf("%d rows are left", left)
		}
	})
}

func TestATakedownIsAskedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		post := d.post(t, d.user(t, "민지"), "글")
		for i := range 2 {
			id, again, err := d.AskTakedown(t.Context(), sns.Takedown{Post: post, Contact: "010-1234-5678", Key: "one", AskedAt: noon})
			if err != nil || id != 1 || again != (i == 1) {
				t.Errorf("%d, %t, %v", id, again, err)
			}
		}
		if n := d.rows(t, "mails"); n != 0 {
			t.Errorf("%d mails go to a telephone", n)
		}
		d.asksTakedown(t, post)
		d.asksTakedown(t, post)
		if n := d.rows(t, "mails WHERE kind = 'takedown'"); n != 2 {
			t.Errorf("%d mails wait", n)
		}
	})
}

// Takedowns of one post end in the same moment: the second sees that the first hides the post
// no more, and a takedown that is accepted in the moment in which another one ends hides the post.
func TestTakedownsOfOnePostEndTogether(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		judges, p := []int64{d.admin(t, "현우"), d.admin(t, "지아")}, d.users(t, 1)
		for i, post := range d.posts(t, 30, p[0]) {
			first, second := d.asksTakedown(t, post), d.asksTakedown(t, post)
			last := sns.TakedownRestore // of the second
			accepted := []int64{first, second}
			if i%2 > 0 {
				last, accepted = sns.TakedownAccept, accepted[:1]
			}
			for _, id := range accepted {
				if _, err := d.rulesTakedown(t, id, judges[0], sns.TakedownAccept, noon); err != nil {
					t.Fatal(err)
				}
			}
			var ruling errgroup.Group
			for n, r := range []sns.TakedownRuling{{Takedown: first, Verdict: sns.TakedownRestore}, {Takedown: second, Verdict: last}} {
				r.By, r.At, r.Note = sns.User{ID: judges[n]}, noon, "살펴봤어요"
				ruling.Go(func() error { _, err := d.RuleTakedown(t.Context(), r); return err })
			}
			if err := ruling.Wait(); err != nil {
				t.Fatal(err)
			}
			want := sns.TakedownRestored
			if last == sns.TakedownAccept {
				want = sns.TakedownHides
			}
			d.wantTakedown(t, second, want, want == sns.TakedownRestored)
		}
	})
}
