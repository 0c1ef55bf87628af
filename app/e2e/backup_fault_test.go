package e2e

import (
	"bytes"
	"database/sql"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/backup"
	"xxsns/app/sns"
)

// A restore that is killed at any entry of the backup leaves a database that is not served,
// and the next restore is whole. A backup that is killed leaves nothing under its name.
func TestKilledWhileRestoring(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	operate(t, p, "", nil, "seed", "--users=8", "--follows=10", "--posts=10", "--comments=10", "--likes=10", "--rooms=5", "--messages=100").does("people")
	folder := t.TempDir()
	one := filepath.Join(folder, "one.tar")
	for i := range 5 {
		cmd := p.Command(t.Context(), "backup", one)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 30 * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if raw, err := os.ReadFile(one); err == nil {
			if _, _, err := backup.Verify(bytes.NewReader(raw), nil); err != nil {
				t.Fatalf("half a backup has the name: %v", err)
			}
		}
	}
	if o := operate(t, p, "", nil, "backup", one); o.code != 0 {
		t.Fatalf("after the kills: %s", o.errs)
	}
	<-p.Terminate()
	raw, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	want := readBackup(t, one)
	for _, kind := range []string{"sqlite", "mariadb and redis"} {
		t.Run(kind, func(t *testing.T) { killedWhileRestoring(t, p, kind, raw, want) })
	}
}

func killedWhileRestoring(t *testing.T, p *apptest.Program, kind string, raw []byte, want copied) {
	folder := t.TempDir()
	env := []string{"DATABASE_URL=sqlite:" + filepath.Join(folder, "xxsns.db"), "REDIS_URL=", "UPLOADS_DIR=" + filepath.Join(folder, "uploads")}
	if kind != "sqlite" {
		env = []string{"DATABASE_URL=" + apptest.MariaDB(t), "REDIS_URL=" + apptest.Redis(t), "UPLOADS_DIR=" + filepath.Join(folder, "uploads"), "SESSION_SECRET=" + apptest.Secret}
	}
	steps := 6
	if chaos() {
		steps = 60
	}
	for i := 1; i < steps; i++ {
		cmd := p.Command(t.Context(), "restore", "-")
		cmd.Env = append(cmd.Env, env...)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_, _ = in.Write(raw[:len(raw)*i/steps])
		time.Sleep(time.Second) // the restore waits for the rest
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		operate(t, p, "", env, "migrate").refuses("run restore again")
	}
	path := filepath.Join(folder, "one.tar")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	operate(t, p, "", env, "restore", path).does("restored")
	again := filepath.Join(folder, "again.tar")
	if o := operate(t, p, "", env, "backup", again); o.code != 0 {
		t.Fatalf("backup: %s", o.errs)
	}
	wantSame(t, readBackup(t, again), want)
}

// A damaged file is named by verify, and restore deletes nothing for it.
func TestADamagedBackupChangesNothing(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.AddUser("민지", sns.RoleUser)
	path := filepath.Join(t.TempDir(), "one.tar")
	operate(t, p, "", nil, "backup", path)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	<-p.Terminate()
	operate(t, p, "", nil, "restore", "--replace", path).refuses("--replace asks")
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	operate(t, p, "", nil, "verify", path).refuses("damaged")
	operate(t, p, "", nil, "restore", "--replace", "--yes", path).refuses("damaged")
	p.Start()
	signedIn(p, "민지").Get("/").Want(http.StatusOK)
}

// TestFaultBackupOfAGigabyte prints how long a backup of a gigabyte takes, its check and its
// restore.
func TestFaultBackupOfAGigabyte(t *testing.T) {
	if !chaos() {
		t.Skip("takes minutes: CHAOS=1")
	}
	p := apptest.StartProgram(t)
	<-p.Terminate()
	path := filepath.Join(p.Folder, "db", "xxsns.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	// Hexadecimal digits compress to a half, as texts do.
	_, err = db.ExecContext(t.Context(), `INSERT INTO messages (room_id, seq, user_id, kind, content, created_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
		SELECT 1, i, 1, 'said', hex(randomblob(500)), i FROM n`)
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "one.tar")
	other := []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "xxsns.db"), "UPLOADS_DIR=" + t.TempDir()}
	for _, args := range [][]string{{"backup", file}, {"verify", file}, {"restore", file}} {
		cmd := p.Command(t.Context(), args...)
		if args[0] == "restore" {
			cmd.Env = append(cmd.Env, other...)
		}
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, out)
		}
		t.Logf("%s of 1 GB: %v", args[0], time.Since(start).Round(100*time.Millisecond))
	}
}

// TestOnlyAFinishedBackupIsRemembered: the metric of its age tells when the newest backup was
// made, and a backup that failed does not count.
func TestOnlyAFinishedBackupIsRemembered(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	age := func() float64 { return p.Metric("xxsns_backup_age_seconds") }
	if now := age(); !math.IsInf(now, 1) {
		t.Errorf("before the first backup the age is %v", now)
	}
	operate(t, p, "", nil, "backup", filepath.Join(p.Folder, "missing", "x.tar")).refuses("missing")
	if now := age(); !math.IsInf(now, 1) {
		t.Errorf("after a backup that failed the age is %v", now)
	}
	for _, to := range []string{p.Folder, "-"} {
		if o := operate(t, p, "", nil, "backup", to); o.code != 0 || strings.Contains(o.errs, "warning") {
			t.Fatalf("%s: exit code %d, %s", o.what, o.code, o.errs)
		}
		if now := age(); now < 0 || now > 2*patience.Seconds() {
			t.Errorf("after a backup to %s the age is %v", to, now)
		}
	}
}
