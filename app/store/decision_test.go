package store_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
)

// decide tells a user of a decision.
func (d *database) decide(t *testing.T, user int64, note string, at time.Time) {
	t.Helper()
	must(t, d.Decide(t.Context(), sns.Decision{User: user, Kind: sns.DecisionReport, Note: note, At: at}))
}

// Decisions that were not read are one notice, which shows the latest.
func TestDecisionsAreTold(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		d.decide(t, p[0], "첫 번째", noon)
		d.decide(t, p[0], "두 번째", noon.Add(time.Minute))
		d.wantTold(t, p[0], "report +1 unread")
		notices, err := d.Notices(t.Context(), p[0], nil, 0, 10)
		if err != nil || len(notices) != 1 || notices[0].Decided != sns.DecisionReport || notices[0].Words != "두 번째" {
			t.Errorf("%+v, %v", notices, err)
		}
		must(t, d.ReadDecisions(t.Context(), p[0]))
		d.wantTold(t, p[0], "report +1")
		d.decide(t, p[0], "세 번째", noon.Add(2*time.Minute))
		d.wantTold(t, p[0], "report unread", "report +1")
		d.wantTold(t, p[1])

		all, err := d.Decisions(t.Context(), p[0], 0, 2)
		if err != nil || len(all) != 2 || all[0].Note != "세 번째" || all[1].Note != "두 번째" {
			t.Fatalf("%+v, %v", all, err)
		}
		if rest, err := d.Decisions(t.Context(), p[0], all[1].ID, 2); err != nil || len(rest) != 1 || rest[0].Note != "첫 번째" {
			t.Errorf("%+v, %v", rest, err)
		}
	})
}

// A decision stays as long as a notice tells of it, and goes with the account.
func TestDecisionsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		d.decide(t, p[0], "지난달", noon)
		d.decide(t, p[1], "지난달", noon)
		must(t, d.ForgetDecisions(t.Context(), noon.Add(time.Hour)))
		if n := d.rows(t, "decisions"); n != 2 {
			t.Errorf("%d decisions are left", n)
		}
		if _, err := d.ForgetNotices(t.Context(), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		must(t, d.ForgetDecisions(t.Context(), noon))
		if n := d.rows(t, "decisions"); n != 2 {
			t.Errorf("%d decisions are left", n)
		}
		must(t, d.ForgetDecisions(t.Context(), noon.Add(time.Hour)))
		d.decide(t, p[1], "오늘", noon.Add(time.Hour))
		if _, err := d.DeleteUser(t.Context(), p[1], noon.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n := d.rows(t, "decisions"); n != 0 {
			t.Errorf("%d decisions are left", n)
		}
		d.decide(t, p[1], "아무도 읽지 않아요", noon.Add(3*time.Hour))
		if n := d.rows(t, "decisions"); n != 0 {
			t.Errorf("%d decisions are about nobody", n)
		}
	})
}
