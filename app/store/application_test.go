package store_test

import (
	"errors"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestAnAccountIsMadeWhenTheApplicationIsAccepted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin := sns.User{ID: d.user(t, "현우"), Username: "현우"}
		apply := func(name string) error {
			return d.ApplyForAccount(t.Context(), store.NewApplication{NewUser: newUser(name), Content: "친구 따라 왔어요"})
		}
		if err := errors.Join(apply("Mina"), d.ForgetApplications(t.Context(), noon.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		if err := apply("현우"); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the name of an account applies: %v", err)
		}
		if err := apply("MINA"); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the same name applies: %v", err)
		}
		if taken, _, err := d.UsernameTaken(t.Context(), "mina", 0, noon); !taken || err != nil {
			t.Errorf("the name is free: %v", err)
		}
		if _, err := d.CreateUser(t.Context(), newUser("mina")); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("somebody else gets the name: %v", err)
		}
		waiting, err := d.WaitingApplications(t.Context(), 0, 10)
		if err != nil || len(waiting) != 1 || waiting[0].Username != "Mina" || waiting[0].Content != "친구 따라 왔어요" || waiting[0].Email == "" {
			t.Fatalf("waiting are %+v, %v", waiting, err)
		}
		if got, hash, err := d.AccountApplication(t.Context(), "mina"); err != nil || hash != "hash" || got.State != sns.ApplicationWaiting {
			t.Errorf("the applicant sees %+v, %q, %v", got, hash, err)
		}
		decided, err := d.DecideApplication(t.Context(), waiting[0].ID, store.Verdict{Accept: true, Note: "반가워요", By: admin, At: noon})
		if err != nil || decided.State != sns.ApplicationAccepted || decided.DecidedBy.Username != "현우" || decided.User.Username != "Mina" {
			t.Errorf("decided is %+v, %v", decided, err)
		}
		if u, err := d.UserByName(t.Context(), "mina"); err != nil || u.Role != sns.RoleUser || u.ID != decided.User.ID {
			t.Errorf("the account is %+v, %v", u, err)
		}
		d.wantTold(t, decided.User.ID, "report unread")
		again, err := d.DecideApplication(t.Context(), waiting[0].ID, store.Verdict{By: admin, At: noon})
		if !errors.Is(err, sns.ErrConflict) || again.DecidedBy.Username != "현우" || again.State != sns.ApplicationAccepted {
			t.Errorf("decided again: %+v, %v", again, err)
		}
		if _, _, err := d.AccountApplication(t.Context(), "mina"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("the accepted application is still there: %v", err)
		}
		if n := d.rows(t, "admin_log WHERE kind = 'accept'"); n != 1 {
			t.Errorf("%d acts", n)
		}
		if _, err := d.DecideApplication(t.Context(), 99, store.Verdict{By: admin, At: noon}); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
	})
}

func TestADeclinedApplicantMayApplyAgain(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin := sns.User{ID: d.user(t, "현우")}
		a := store.NewApplication{NewUser: newUser("미나"), Content: "부탁해요"}
		for i := range 2 {
			if err := d.ApplyForAccount(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			waiting, err := d.WaitingApplications(t.Context(), 0, 10)
			if err != nil || len(waiting) != 1 {
				t.Fatal(waiting, err)
			}
			at := noon.Add(time.Duration(i) * time.Hour)
			if _, err := d.DecideApplication(t.Context(), waiting[0].ID, store.Verdict{Note: "다음에요", By: admin, At: at}); err != nil {
				t.Fatal(err)
			}
		}
		if got, _, err := d.AccountApplication(t.Context(), "미나"); err != nil || got.State != sns.ApplicationDeclined || got.Note != "다음에요" {
			t.Errorf("the applicant sees %+v, %v", got, err)
		}
		if err := d.ForgetApplications(t.Context(), noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if n := d.rows(t, "applications"); n != 1 {
			t.Errorf("%d applications are kept", n)
		}
		if err := d.ApplyForAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		d.run(t, "INSERT INTO users (username, folded, email, password_hash, role, status_message, image, created_at) VALUES ('미나', '미나', '', '', 'USER', '', '', 1)")
		waiting, err := d.WaitingApplications(t.Context(), 0, 10)
		if err != nil || len(waiting) != 1 {
			t.Fatal(waiting, err)
		}
		var inv sns.Invalid
		if _, err := d.DecideApplication(t.Context(), waiting[0].ID, store.Verdict{Accept: true, By: admin, At: noon}); !errors.As(err, &inv) {
			t.Errorf("a name that was taken meanwhile: %v", err)
		}
		if waiting, _ = d.WaitingApplications(t.Context(), 0, 10); len(waiting) != 1 {
			t.Error("the application is gone")
		}
	})
}

func TestAMemberAppliesToBeAMentor(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin, minji := sns.User{ID: d.user(t, "현우")}, d.user(t, "민지")
		apply := func(at time.Time) error {
			return d.ApplyAsMentor(t.Context(), store.NewApplication{User: minji, Content: "가르치고 싶어요", NewUser: store.NewUser{CreatedAt: at}})
		}
		decide := func(accept bool) {
			t.Helper()
			got, err := d.MentorApplication(t.Context(), minji)
			if err != nil || got.User.Username != "민지" || got.Username != "민지" {
				t.Fatalf("%+v, %v", got, err)
			}
			if got, err = d.DecideApplication(t.Context(), got.ID, store.Verdict{Accept: accept, By: admin, At: noon}); err != nil || got.User.ID != minji {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		if _, err := d.MentorApplication(t.Context(), minji); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("before any: %v", err)
		}
		if err := apply(noon); err != nil {
			t.Fatal(err)
		}
		if err := apply(noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("twice: %v", err)
		}
		decide(false)
		if err := apply(noon.Add(sns.ApplicationLife - time.Second)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("too soon after a decline: %v", err)
		}
		if err := apply(noon.Add(sns.ApplicationLife)); err != nil {
			t.Fatal(err)
		}
		decide(true)
		all, err := d.Decisions(t.Context(), minji, 0, 5)
		if err != nil || len(all) != 2 || all[0].Kind != sns.DecisionMentorAccepted || all[1].Kind != sns.DecisionMentorDeclined {
			t.Errorf("the decisions are %+v, %v", all, err)
		}
		if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.Role != sns.RoleMentor {
			t.Errorf("then %+v, %v", u, err)
		}
		d.deleteUser(t, minji)
		if n := d.rows(t, "applications"); n != 0 {
			t.Errorf("%d applications of a deleted account", n)
		}
	})
}
