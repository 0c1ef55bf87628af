// Package apptest holds the helpers that tests share: the programs that tests
// need, private servers that end with the test process, and people with a
// browser.
package apptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// systemFolders are searched after PATH: Debian keeps servers there, and the
// PATH of an ordinary user leaves those folders out.
var systemFolders = []string{"/usr/sbin", "/usr/local/sbin", "/sbin"}

// Need returns the path of program, or of the first of its other names that is
// installed. If none of the names is installed the test is skipped, or fails
// when CI=true or REQUIRE_ALL=1. With -short the test is skipped even if the
// program is there.
func Need(t testing.TB, program string, otherNames ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("needs %s, which -short leaves out", program)
	}
	if path, ok := lookUp(append([]string{program}, otherNames...)...); ok {
		return path
	}
	if os.Getenv("CI") == "true" || os.Getenv("REQUIRE_ALL") == "1" {
		t.Fatalf("needs %s, which is not installed; .ci/install installs it", program)
	}
	t.Skipf("needs %s, which is not installed", program)
	return ""
}

// lookUp returns the path of the first of the programs that is installed.
func lookUp(names ...string) (string, bool) {
	for _, name := range names {
		for _, folder := range append([]string{""}, systemFolders...) {
			if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
				return path, true
			}
		}
	}
	return "", false
}
