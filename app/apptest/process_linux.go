package apptest

import (
	"os"
	"os/exec"
	"syscall"
)

// dieWithParent makes the kernel kill the program when this process ends,
// however it ends.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// tryLock locks the file for this process and tells whether that was
// possible. The kernel lifts the lock when the process ends.
func tryLock(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
