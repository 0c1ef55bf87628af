package apptest

import (
	"os"
	"os/exec"
	"syscall"
)

// dieWithParent makes the kernel kill the program when this process ends, even
// by a crash.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// leadGroup is dieWithParent for a program with children: the program leads the
// children as a group, for killGroup, and gets SIGTERM, to end the children and
// itself, when this process ends.
func leadGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// killGroup is kill for a program of leadGroup and its children.
func (p *process) killGroup() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // fails only if all have ended already
	<-p.ended
}

// tryLock locks the file for this process and reports whether that was
// possible. The kernel lifts the lock when the process ends.
func tryLock(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
