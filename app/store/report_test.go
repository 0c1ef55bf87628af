package store_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

// reports lets users report a thing of a subject, and returns what the last one has hidden.
func (d *database) reports(t testing.TB, thing sns.Reported, subject int64, age time.Duration, reporters ...int64) (h sns.Hiding) {
	t.Helper()
	for _, reporter := range reporters {
		var again bool
		var err error
		h, again, err = d.Report(t.Context(), sns.Report{
			Reporter: sns.User{ID: reporter, CreatedAt: noon.Add(-age)}, Reported: thing, Subject: subject, Reason: "spam", Note: "광고예요", At: noon,
			Evidence: sns.Evidence{Path: "/posts/1", Lines: []sns.EvidenceLine{{Author: subject, Name: "민지", Text: "싸게 팔아요", At: noon, Reported: true}}},
			Pictures: []sns.Document{{Name: "a.png", Type: "image/png", Size: 3, Content: strings.NewReader("png")}},
		})
		if err != nil || again {
			t.Fatalf("%d reports: again %t, %v", reporter, again, err)
		}
	}
	return h
}

// opens returns the ids of the open cases.
func (d *database) openCases(t testing.TB, p sns.CasePage) (ids []int64) {
	t.Helper()
	p.Limit = 50
	cases, err := d.Cases(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	return ids
}

func postOf(id int64) sns.Reported    { return sns.Reported{Kind: sns.ReportPost, Thing: id} }
func commentOf(id int64) sns.Reported { return sns.Reported{Kind: sns.ReportComment, Thing: id} }

const old = 48 * time.Hour

func TestAReportIsKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.users(t, 4)
		post := d.post(t, p[0], "싸게 팔아요")
		d.reports(t, postOf(post), p[0], old, p[1], p[2])
		again := sns.Report{Reporter: sns.User{ID: p[1]}, Reported: postOf(post), Subject: p[0], Reason: "abuse", At: noon}
		if _, known, err := d.Report(t.Context(), again); err != nil || !known {
			t.Errorf("again: %t, %v", known, err)
		}
		again.Reporter.ID = 99
		if _, _, err := d.Report(t.Context(), again); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody reports: %v", err)
		}
		c, err := d.Case(t.Context(), 1)
		if err != nil || c.Reporters != 2 || c.Subject.ID != p[0] || c.Evidence.Words() != "싸게 팔아요" || !c.Open() {
			t.Errorf("%+v, %v", c, err)
		}
		in, err := d.ReportsIn(t.Context(), 1, 9)
		mine, errMine := d.ReportsOf(t.Context(), p[2], 9)
		if err != nil || errMine != nil || len(in) != 2 || in[0].Reporter.ID != p[1] || len(mine) != 1 || mine[0].Reason != "spam" || mine[0].Note != "광고예요" {
			t.Errorf("%+v, %+v, %v, %v", in, mine, err, errMine)
		}
	})
}

// Of reports at the same moment, all are kept in one case.
func TestReportsAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.users(t, 5)
		post := d.post(t, p[0], "싸게 팔아요")
		errs := make([]error, 4)
		together(4, func(i int) {
			_, _, errs[i] = d.Report(t.Context(), sns.Report{
				Reporter: sns.User{ID: p[1+i/2], CreatedAt: noon.Add(-old)}, Reported: postOf(post), Subject: p[0], Reason: "spam", At: noon,
			})
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		if cases, reports := d.rows(t, "report_cases"), d.rows(t, "reports"); cases != 1 || reports != 2 {
			t.Errorf("%d cases with %d reports", cases, reports)
		}
		if n, err := d.CountCases(t.Context(), 0, 9); err != nil || n != 1 {
			t.Errorf("%d are open, %v", n, err)
		}
	})
}

func TestThreeReportsHideAPostUntilADecision(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 5)
		post := d.post(t, p[0], "싸게 팔아요")
		d.comment(t, post, p[1], "정말 싸요")
		d.like(t, post, p[1])
		d.reports(t, postOf(post), p[0], time.Hour, p[1]) // too young to count
		if h := d.reports(t, postOf(post), p[0], old, p[2], p[3]); h.Gone.Kind != "" {
			t.Fatalf("two have hidden %+v", h)
		}
		if h := d.reports(t, postOf(post), p[0], old, p[4]); h.Gone != postOf(post) {
			t.Fatalf("three have hidden %+v", h)
		}
		gone := func(want bool) {
			t.Helper()
			_, err := d.Post(t.Context(), post, p[1])
			comments, errComments := d.Comments(t.Context(), post, 0, 0, 9)
			found, all := d.foundPosts(t, "싸게"), d.foundComments(t, "정말")
			list, errList := d.Timeline(t.Context(), sns.Timeline{Limit: 9})
			if errors.Is(err, sns.ErrNotFound) != want || errComments != nil || errList != nil || (len(comments) == 0) != want ||
				(len(found) == 0) != want || (len(all) == 0) != want || (len(list) == 0) != want {
				t.Errorf("hidden %t: %v, %v, found %v, %v, listed %v", want, err, comments, found, all, list)
			}
		}
		gone(true)
		if hidden, err := d.HiddenPost(t.Context(), post, p[1]); err != nil || hidden.Author.ID != p[0] || hidden.Content != "싸게 팔아요" || !hidden.At.Equal(noon) {
			t.Errorf("the hidden post is %+v, %v", hidden, err)
		}
		if h, err := d.Rule(t.Context(), sns.Ruling{Case: 1, By: sns.User{ID: hyunwoo}, Verdict: sns.VerdictDismiss, At: noon}); err != nil || h.Gone.Kind != "" {
			t.Fatal(h, err)
		}
		gone(false)
		if again, err := d.Post(t.Context(), post, p[1]); err != nil || again.Likes != 1 || !again.Liked || again.Comments != 1 {
			t.Errorf("the post came back as %+v, %v", again, err)
		}
		d.wantDecided(t, p[0], sns.DecisionShown, sns.DecisionHeld)
		d.wantDecided(t, p[1], sns.DecisionDismissed)
		if got := d.acts(t, p[0]); !slices.Equal(got, []sns.ActKind{sns.ActDismiss}) {
			t.Errorf("the log has %v", got)
		}
	})
}

// wantDecided checks the kinds of the decisions about a user, the latest first.
func (d *database) wantDecided(t testing.TB, user int64, want ...sns.DecisionKind) {
	t.Helper()
	all, err := d.Decisions(t.Context(), user, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	var got []sns.DecisionKind
	for _, one := range all {
		got = append(got, one.Kind)
	}
	if !slices.Equal(got, want) {
		t.Errorf("decided about %d is %v, want %v", user, got, want)
	}
}

func TestAHiddenCommentComesBack(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 4)
		post := d.post(t, p[1], "글")
		comment := d.comment(t, post, p[0], "싸게 팔아요")
		d.comment(t, post, p[1], "그만해요")
		h := d.reports(t, commentOf(comment), p[0], old, p[1:]...)
		if h.Gone != commentOf(comment) || h.Post != post || h.Counts.Comments != 1 {
			t.Errorf("hidden is %+v", h)
		}
		if found := d.foundComments(t, "싸게"); len(found) > 0 {
			t.Errorf("the hidden comment is found: %v", found)
		}
		// The post is hidden, too, and comes back first.
		d.reports(t, postOf(post), p[1], old, p[0], p[2], p[3])
		for i, id := range []int64{1, 2} {
			if _, err := d.Rule(t.Context(), sns.Ruling{Case: id, By: sns.User{ID: hyunwoo}, Verdict: sns.VerdictDismiss, At: noon}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Post(t.Context(), post, p[0]); (err == nil) != (i == 1) {
				t.Errorf("after %d decisions: %v", i+1, err)
			}
		}
		comments, err := d.Comments(t.Context(), post, 0, 0, 9)
		if again, errPost := d.Post(t.Context(), post, p[0]); err != nil || errPost != nil || len(comments) != 2 || again.Comments != 2 {
			t.Errorf("%d comments of %d, %v, %v", len(comments), again.Comments, err, errPost)
		}
		if left := d.rows(t, "hidden_comments") + d.rows(t, "hidden_posts"); left != 0 {
			t.Errorf("%d rows are hidden", left)
		}
	})
}

func TestDecisionsOfAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, jiwoo, p := d.admin(t, "현우"), d.admin(t, "지우"), d.users(t, 3)
		posts := d.posts(t, 4, p[0])
		for _, post := range posts {
			d.reports(t, postOf(post), p[0], old, p[1])
		}
		rules := func(id, by int64, v sns.Verdict) error {
			r := sns.Ruling{Case: id, By: sns.User{ID: by}, Verdict: v, Note: "광고라서", At: noon}
			r.Suspension, _ = sns.SuspensionOf(p[0], by, 3, r.Note, noon)
			_, err := d.Rule(t.Context(), r)
			return err
		}
		must(t, rules(1, hyunwoo, sns.VerdictHide))
		if err := rules(1, jiwoo, sns.VerdictDismiss); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the second administrator: %v", err)
		}
		c, err := d.Case(t.Context(), 1)
		if err != nil || c.DecidedBy.ID != hyunwoo || c.Verdict != sns.VerdictHide || c.Note != "광고라서" || c.Open() {
			t.Errorf("%+v, %v", c, err)
		}
		for _, by := range []int64{p[1], 99} {
			if err := rules(2, by, sns.VerdictDelete); !errors.Is(err, sns.ErrForbidden) {
				t.Errorf("%d decides: %v", by, err)
			}
		}
		must(t, rules(2, hyunwoo, sns.VerdictDelete))
		must(t, rules(3, jiwoo, sns.VerdictWarn))
		must(t, rules(4, jiwoo, sns.VerdictSuspend))
		if n := d.rows(t, "posts"); n != 2 || d.rows(t, "hidden_posts") != 1 {
			t.Errorf("%d posts, %d hidden", n, d.rows(t, "hidden_posts"))
		}
		d.wantDecided(t, p[0], sns.DecisionWarned, sns.DecisionDeleted, sns.DecisionHidden)
		d.wantDecided(t, p[1], sns.DecisionActed, sns.DecisionActed, sns.DecisionActed, sns.DecisionActed)
		if u, err := d.User(t.Context(), p[0]); err != nil || !u.Suspended(noon) {
			t.Errorf("not suspended: %v", err)
		}
		if open, decided := d.openCases(t, sns.CasePage{}), d.openCases(t, sns.CasePage{Decided: true, From: 4}); len(open) > 0 || !slices.Equal(decided, []int64{3, 2, 1}) {
			t.Errorf("open %v, decided %v", open, decided)
		}
		d.reports(t, sns.Reported{Kind: sns.ReportUser, Thing: hyunwoo}, hyunwoo, old, p[1])
		if err := rules(5, hyunwoo, sns.VerdictDismiss); !isInvalid(err) {
			t.Errorf("about oneself: %v", err)
		}
	})
}

// The pictures are those of the first report, whoever reports later and with what.
func TestPicturesOfEvidenceAreKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.users(t, 3)
		post := d.post(t, p[0], "글")
		large := bytes.Repeat([]byte("\x89PNG\x00\xff'\\"), 50_000) // of several parts
		for i, reporter := range p[1:] {
			content := large[i:]
			_, again, err := d.Report(t.Context(), sns.Report{
				Reporter: sns.User{ID: reporter}, Reported: postOf(post), Subject: p[0], Reason: "spam", At: noon,
				Pictures: []sns.Document{{Name: "a.png", Type: "image/png", Size: int64(len(content)), Content: bytes.NewReader(content)}},
			})
			if err != nil || again {
				t.Fatal(again, err)
			}
		}
		c, err := d.Case(t.Context(), 1)
		if err != nil || c.Reporters != 2 || len(c.Pictures) != 1 || c.Pictures[0].Name != "a.png" || c.Pictures[0].Type != "image/png" {
			t.Fatalf("%+v, %v", c, err)
		}
		var got bytes.Buffer
		if err := d.WritePicture(t.Context(), &got, 1, c.Pictures[0]); err != nil || !bytes.Equal(got.Bytes(), large) {
			t.Errorf("%d bytes of %d came back, %v", got.Len(), len(large), err)
		}
		if err := d.WritePicture(t.Context(), io.Discard, 2, c.Pictures[0]); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("of another case: %v", err)
		}
	})
}

func TestEvidenceIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, p := d.admin(t, "현우"), d.users(t, 2)
		for _, post := range d.posts(t, 2, p[0]) {
			d.reports(t, postOf(post), p[0], old, p[1])
		}
		if d.rows(t, "case_pictures") != 2 {
			t.Fatal("the pictures are not kept")
		}
		if _, err := d.Rule(t.Context(), sns.Ruling{Case: 1, By: sns.User{ID: hyunwoo}, Verdict: sns.VerdictDelete, At: noon}); err != nil {
			t.Fatal(err)
		}
		end := noon.Add(sns.EvidenceLife)
		for _, step := range []struct {
			now  time.Time
			want int64
		}{{end.Add(-time.Second), 0}, {end, 1}, {end, 0}} {
			if n, err := d.ForgetEvidence(t.Context(), step.now); err != nil || n != step.want {
				t.Errorf("at %s %d were forgotten, %v, want %d", step.now, n, err, step.want)
			}
		}
		for id, want := range map[int64]string{1: "", 2: "싸게 팔아요"} {
			if c, err := d.Case(t.Context(), id); err != nil || c.Evidence.Words() != want || (len(c.Pictures) > 0) != (want != "") {
				t.Errorf("case %d: %+v, %v, %v", id, c.Evidence, c.Pictures, err)
			}
		}
	})
}
