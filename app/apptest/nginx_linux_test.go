package apptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

func TestNginxLeavesNothingBehind(t *testing.T) {
	Need(t, "nginx")
	var folder string
	var workers []string
	t.Run("its test", func(t *testing.T) {
		n := StartNginx(t, "127.0.0.1:1", "127.0.0.1:1")
		folder, workers = n.folder, n.workers()
	})
	if len(workers) == 0 {
		t.Error("nginx had no workers")
	}
	for _, worker := range workers {
		pid, err := strconv.Atoi(worker)
		if err != nil {
			t.Fatal(err)
		}
		waitGone(t, pid)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("its folder is still there: %v", err)
	}
}

// TestNginxNeedsNoRoot: nginx.conf is good for an ordinary user, who may write
// in their own folder alone.
func TestNginxNeedsNoRoot(t *testing.T) {
	program := Need(t, "nginx")
	folder, remove, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	n := &Nginx{tb: t, folder: folder, port: 20000}
	n.configure("127.0.0.1:1", "127.0.0.1:2")
	output, err := os.Create(filepath.Join(folder, "output.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = output.Close() }()
	cmd := exec.Command(program, "-e", "stderr", "-t", "-p", folder, "-c", filepath.Join(folder, "nginx.conf"))
	cmd.Stdout, cmd.Stderr = output, output
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		for _, path := range []string{folder, filepath.Join(folder, "nginx.conf"), output.Name()} {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(output.Name()) // just made
		t.Errorf("%v\n%s", err, text)
	}
}
