package e2e

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// owned waits until the uploads of a program belong to its database.
func owned(t *testing.T, p *apptest.Program) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(p.Folder, "uploads", ".owner")); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the uploads belong to nobody")
		}
	}
}

// missing fails the test unless there is no such file.
func missing(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was made: %v", path, err)
	}
}

// TestAServerBeginsNoCommunityByMistake: a mistyped DATABASE_URL, a missing and an empty file
// are no new community where the uploads belong to another one, and nothing is made.
func TestAServerBeginsNoCommunityByMistake(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t, "LOG_LEVEL=info")
	database := filepath.Join(p.Folder, "db", "xxsns.db")
	if log := p.Log(); !strings.Contains(log, "a new community begins: its database is not there") || !strings.Contains(log, "database="+database) {
		t.Errorf("the first start says\n%s", log)
	}
	adds(t, p, "민지")
	owned(t, p)
	refuses := func(url, state string) {
		t.Helper()
		o := operate(t, p, "", []string{"DATABASE_URL=" + url, "SESSION_SECRET=" + apptest.Secret}, "serve")
		o.refuses("xxsns: DATABASE_URL: ")
		for _, part := range []string{state, "UPLOADS_DIR " + filepath.Join(p.Folder, "uploads"), "restore FILE", "serve --new"} {
			if !strings.Contains(o.errs, part) {
				t.Errorf("%s: %q is not in\n%s", o.what, part, o.errs)
			}
		}
	}
	typo := filepath.Join(p.Folder, "bd", "xxsns.db")
	refuses("sqlite:"+typo, typo+" is not there")
	missing(t, filepath.Dir(typo))
	refuses(apptest.MariaDB(t), "is an empty database")
	operate(t, p, apptest.Password+"\n", []string{"LOG_LEVEL=warn", "DATABASE_URL=sqlite:" + typo}, "user", "add", "서준").does("서준")
	refuses("sqlite:"+typo, typo+" has never been served")

	<-p.Terminate()
	kept := filepath.Join(p.Folder, "kept.db")
	if err := errors.Join(os.Rename(database, kept), os.WriteFile(database, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	refuses("sqlite:"+database, database+" is an empty file")
	if err := os.Rename(kept, database); err != nil {
		t.Fatal(err)
	}
	p.Start()
	if strings.Contains(p.Log(), "a new community begins") {
		t.Errorf("the second start says\n%s", p.Log())
	}
	signsIn(t, p, "민지", apptest.Password).Get("/").Want(http.StatusOK)
}

// TestAServerBeginsACommunityWhenAsked: --new begins another community beside the images of the
// first, which stay.
func TestAServerBeginsACommunityWhenAsked(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	owned(t, p)
	owner := filepath.Join(p.Folder, "uploads", ".owner")
	before, err := os.ReadFile(owner)
	image := filepath.Join(p.Folder, "uploads", strings.Repeat("a", 32)+".png")
	if err = errors.Join(err, os.WriteFile(image, []byte("그림"), 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := p.Command(ctx, "serve", "--new")
	output, err := os.Create(filepath.Join(p.Folder, "second.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	cmd.Stderr = output
	log := func() string {
		text, _ := os.ReadFile(output.Name())
		return string(text)
	}
	cmd.Env = append(cmd.Env, "LOG_LEVEL=info", "OPS_ADDR=", "DATABASE_URL=sqlite:"+filepath.Join(p.Folder, "second", "xxsns.db"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(log(), "http://localhost:") || !strings.Contains(log(), "uploads not swept") {
		if ctx.Err() != nil {
			t.Fatalf("the second community does not start:\n%s", log())
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !strings.Contains(log(), "a new community begins") {
		t.Errorf("the start says\n%s", log())
	}
	if err := errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait()); err != nil {
		t.Errorf("%v\n%s", err, log())
	}
	after, err := os.ReadFile(owner)
	if _, gone := os.Stat(image); err != nil || gone != nil || !bytes.Equal(before, after) {
		t.Errorf("the uploads were taken over: %q, %q, %v, %v", before, after, err, gone)
	}
}
