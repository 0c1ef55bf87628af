package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestDoctor: beside a running server and without one, the exit status tells how bad it is.
func TestDoctor(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.AddUser("서준", sns.RoleAdmin)
	backups := filepath.Join(p.Folder, "backups")
	if err := os.Mkdir(backups, 0o700); err != nil {
		t.Fatal(err)
	}
	doctor := func(env []string, args ...string) outcome {
		return operate(t, p, "", env, append([]string{"doctor", "--backups", backups}, args...)...)
	}
	wants := func(o outcome, code int, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(o.out, part) {
				t.Errorf("%s: says no %q:\n%s", o.what, part, o.out)
			}
		}
		if o.code != code || o.errs != "" {
			t.Errorf("%s: exit status %d, want %d\n%s%s", o.what, o.code, code, o.out, o.errs)
		}
	}
	addr := []string{"ADDR=" + strings.TrimPrefix(p.URL, "http://")}
	wants(doctor(addr), 1, "no backup", "(runs)", "0 errors, 1 warning")
	operate(t, p, "", addr, "doctor", "--backups=-").does("Nothing is wrong.", "they are elsewhere")
	operate(t, p, "", nil, "backup", backups)
	wants(doctor(addr), 0, "Nothing is wrong.", p.Folder, "schema")
	p.Kill9()
	wants(doctor(addr, "--fix"), 0, "(none runs)")

	var document struct {
		Status  int
		Places  []struct{ Name, Where string }
		Results []struct {
			Check    string
			Findings []struct{ Severity, What, Why, Do string }
		}
	}
	one := doctor(append(addr, "DATABASE_ULR=sqlite:x.db", "DATABASE_URL=sqlite:"+filepath.Join(p.Folder, "none", "x.db")), "--json")
	wants(one, 2)
	if err := json.Unmarshal([]byte(one.out), &document); err != nil || document.Status != 2 || len(document.Places) < 5 || len(document.Results) < 20 {
		t.Errorf("%v: %s", err, one.out)
	}
	if _, err := os.Stat(filepath.Join(p.Folder, "none")); err == nil {
		t.Error("the doctor has made a database")
	}
	wants(doctor([]string{"TZ=Nowhere"}), 2, "TZ: ", "why: ", "do: ")
	operate(t, p, "", nil, "doctor", "--mail=minji@example.com").refuses("SMTP_URL")
}

// TestDoctorComesThroughNginx: with replicas behind the nginx of the repository nothing is
// wrong, and a Redis that dies is found.
func TestDoctorComesThroughNginx(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{MariaDB: &apptest.MariaDBOptions{Durable: true}})
	r.One.AddUser("서준", sns.RoleAdmin)
	member := r.Two.Member("민지")
	member.Post("/posts", "content", "안녕하세요").Want(http.StatusSeeOther)
	env := []string{"PUBLIC_URL=" + r.URL}
	operate(t, r.One.Program, "", env, "doctor", "--backups=-").does("Nothing is wrong.", "MariaDB", "(runs)", "public")
	r.Redis.Kill9()
	o := operate(t, r.One.Program, "", env, "doctor", "--backups=-")
	if o.code != 2 || !strings.Contains(o.out, "does not answer") || !strings.Contains(o.out, "1 error, 0 warnings") {
		t.Errorf("without Redis: exit status %d\n%s%s", o.code, o.out, o.errs)
	}
}

// TestDoctorSendsAMail: the operator sees whether mails arrive, and what the server says if not.
func TestDoctorSendsAMail(t *testing.T) {
	t.Parallel()
	p, smtp := apptest.StartProgram(t), apptest.NewSMTPServer(t)
	p.AddUser("서준", sns.RoleAdmin)
	env := []string{"SMTP_URL=" + smtp.URL(), "MAIL_FROM=sns@example.org", "PUBLIC_URL=" + p.URL, "ADDR=" + strings.TrimPrefix(p.URL, "http://")}
	operate(t, p, "", env, "doctor", "--backups=-", "--mail", "minji@example.org")
	if mails := smtp.Mails(); len(mails) != 1 || mails[0].To != "minji@example.org" {
		t.Errorf("the server took %+v", mails)
	}
	smtp.Answer("RCPT", "550 nobody of that name")
	if o := operate(t, p, "", env, "doctor", "--backups=-", "--mail", "minji@example.org"); o.code != 2 || !strings.Contains(o.out, "550") {
		t.Errorf("exit status %d\n%s%s", o.code, o.out, o.errs)
	}
}
