package apptest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestServersDieWithTheTestProcess(t *testing.T) {
	needMariaDB(t)
	// A path that is far too long for a unix socket.
	temporary := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), toBeKilled+"=1", "TMPDIR="+temporary)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	pid := readPID(t, bufio.NewScanner(output))
	if !running(pid) {
		t.Fatal("the server does not run")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // the child was killed
	waitGone(t, pid)

	sweep(temporary, 0)
	if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func readPID(t *testing.T, lines *bufio.Scanner) (pid int) {
	t.Helper()
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "pid %d", &pid); err == nil {
			return pid
		}
	}
	t.Fatal("no server was started")
	return 0
}

// running reports whether the process lives; a zombie does not.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func waitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if !running(pid) {
			return
		}
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	t.Errorf("process %d outlived the tests", pid)
}

func TestSweepLeavesTheLiving(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	folder, remove, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	sweep(os.TempDir(), 0)
	if _, err := os.Stat(folder); err != nil {
		t.Errorf("the folder of a living process was deleted: %v", err)
	}
	remove()
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder is still there")
	}
}
