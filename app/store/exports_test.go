package store_test

import (
	"errors"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestOneExportAtATimeAndOneADay(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		ask := func(name string, at time.Time) error { return d.AskExport(t.Context(), minji, name, "ko", at) }
		if err := ask("A", noon); err != nil {
			t.Fatal(err)
		}
		if err := ask("B", noon.Add(48*time.Hour)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("asked for while one waits: %v", err)
		}
		e, err := d.ClaimExport(t.Context(), "token", time.Minute, noon)
		if err != nil || e.User != minji || e.Name != "A" || !e.Waiting {
			t.Fatalf("claimed is %+v, %v", e, err)
		}
		if err := d.FinishExport(t.Context(), minji, "token", 42, noon); err != nil {
			t.Fatal(err)
		}
		if err := ask("B", noon.Add(sns.ExportEvery-time.Second)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("asked for on the same day: %v", err)
		}
		if e, err := d.Export(t.Context(), minji); err != nil || e.Size != 42 || !e.Ready(noon) || e.Ready(noon.Add(sns.ExportKept)) || !e.Next().Equal(noon.Add(sns.ExportEvery)) {
			t.Errorf("the export is %+v, %v", e, err)
		}
		if err := ask("B", noon.Add(sns.ExportEvery)); err != nil {
			t.Errorf("asked for a day later: %v", err)
		}
		named, err := d.ExportsNamed(t.Context(), []string{"A", "B"})
		if err != nil || named["A"] || !named["B"] {
			t.Errorf("named are %v, %v", named, err)
		}
	})
}

func TestAnExportIsClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		if err := d.AskExport(t.Context(), minji, "A", "ko", noon); err != nil {
			t.Fatal(err)
		}
		other := &database{Store: opened(t, d.url), url: d.url, raw: d.raw} // another replica
		if _, err := d.ClaimExport(t.Context(), "one", time.Hour, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := other.ClaimExport(t.Context(), "two", time.Hour, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("claimed twice: %v", err)
		}
		if err := other.FinishExport(t.Context(), minji, "two", 1, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("finished without the claim: %v", err)
		}
		if err := d.RenewExport(t.Context(), minji, "one", -time.Second); err != nil { // the replica dies
			t.Fatal(err)
		}
		if _, err := other.ClaimExport(t.Context(), "two", time.Hour, noon); err != nil {
			t.Errorf("not taken over: %v", err)
		}
		if err := d.RenewExport(t.Context(), minji, "one", time.Hour); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("renewed after it was taken over: %v", err)
		}

		// A failing export is tried again later, and given up at last.
		if err := other.FailExport(t.Context(), minji, "two", noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.ClaimExport(t.Context(), "one", time.Hour, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("tried again at once: %v", err)
		}
		if e, err := d.ClaimExport(t.Context(), "one", time.Hour, noon.Add(time.Minute)); err != nil || e.Attempts != 1 {
			t.Errorf("tried again is %+v, %v", e, err)
		}
		if err := d.FailExport(t.Context(), minji, "one", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if e, err := d.Export(t.Context(), minji); err != nil || !e.Failed() {
			t.Errorf("given up is %+v, %v", e, err)
		}
		if err := d.AskExport(t.Context(), minji, "B", "ko", noon.Add(2*time.Minute)); err != nil {
			t.Errorf("asked for after a failure: %v", err)
		}
	})
}

func TestExportsGoWithTheirTimeAndTheirAccount(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for _, user := range []int64{minji, seojun} {
			if err := d.AskExport(t.Context(), user, "A", "ko", noon); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.DeleteUser(t.Context(), minji, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Export(t.Context(), minji); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("of the deleted account: %v", err)
		}
		if err := d.AskExport(t.Context(), minji, "B", "ko", noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("for the deleted account: %v", err)
		}
		if _, err := d.ClaimExport(t.Context(), "one", time.Hour, noon); err != nil {
			t.Fatal(err)
		}
		if err := d.FinishExport(t.Context(), seojun, "one", 1, noon); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			before time.Time
			left   int
		}{{noon, 1}, {noon.Add(time.Second), 0}} {
			if err := d.ForgetExports(t.Context(), step.before); err != nil || d.rows(t, "exports") != step.left {
				t.Errorf("before %s are left %d, %v", step.before, d.rows(t, "exports"), err)
			}
		}
	})
}

func TestWhatOnlyExportsRead(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, seojun, "글")
		for range 3 {
			d.comment(t, post, minji, "댓글")
		}
		d.comment(t, post, seojun, "답")
		if _, _, err := d.SetLike(t.Context(), post, minji, true, noon); err != nil {
			t.Fatal(err)
		}
		first, err := d.CommentsBy(t.Context(), minji, 0, 2)
		if err != nil || len(first) != 2 || first[0].PostAuthor.Username != "서준" {
			t.Fatalf("the newest comments are %+v, %v", first, err)
		}
		if rest, err := d.CommentsBy(t.Context(), minji, first[1].ID, 2); err != nil || len(rest) != 1 || rest[0].ID >= first[1].ID {
			t.Errorf("the other comments are %+v, %v", rest, err)
		}
		likes, err := d.LikesBy(t.Context(), minji, 0, 2)
		if err != nil || len(likes) != 1 || likes[0].Post != post || likes[0].Author.ID != seojun {
			t.Errorf("the likes are %+v, %v", likes, err)
		}
		if rest, err := d.LikesBy(t.Context(), minji, post, 2); err != nil || len(rest) != 0 {
			t.Errorf("the other likes are %+v, %v", rest, err)
		}
		if email, err := d.Email(t.Context(), minji); err != nil || email == "" {
			t.Errorf("the address is %q, %v", email, err)
		}
	})
}
