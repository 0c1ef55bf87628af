package apptest

import (
	"os"
	"path/filepath"
	"testing"

	"xxsns/app/server"
)

// A noted is a test that only notes whether it has failed.
type noted struct {
	testing.TB
	failed bool
}

func (n *noted) Helper()               {}
func (n *noted) Logf(string, ...any)   {}
func (n *noted) Errorf(string, ...any) { n.failed = true }

// TestWrongAnswersFromCachesFail: a line in the log fails the test of the program, in
// process or not, and other lines do not.
func TestWrongAnswersFromCachesFail(t *testing.T) {
	t.Parallel()
	for line, fails := range map[string]bool{
		`level=ERROR msg="` + server.CacheDiffers + `" cache=frames of=post/timeline`: true,
		`level=ERROR msg="the database does not answer"`:                              false,
	} {
		inProcess, apart := &noted{TB: t}, &noted{TB: t}
		if _, err := (logWriter{&App{tb: inProcess}}).Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
		p := &Program{tb: apart, Folder: t.TempDir()}
		for _, run := range []string{"run-1", "run-2"} {
			if err := os.Mkdir(filepath.Join(p.Folder, run), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		log := "level=INFO msg=listening\n" + line + "\n"
		if err := os.WriteFile(filepath.Join(p.Folder, "run-1", "output.log"), []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		p.checkCaches()
		if inProcess.failed != fails || apart.failed != fails {
			t.Errorf("%s: the tests fail: %t and %t, want %t", line, inProcess.failed, apart.failed, fails)
		}
	}
}
