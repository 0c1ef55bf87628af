//go:build !linux

package apptest

import (
	"os"
	"os/exec"
)

// dieWithParent needs Linux. Elsewhere a server that a killed test process
// leaves behind has to be stopped by hand.
func dieWithParent(*exec.Cmd) {}

// leadGroup needs Linux, as dieWithParent does.
func leadGroup(*exec.Cmd) {}

// killGroup needs Linux. Elsewhere the program asks its children to end first.
func (p *process) killGroup() {
	_ = p.cmd.Process.Signal(os.Interrupt) // fails only if the program has ended already
	<-p.ended
}

// tryLock needs Linux. Elsewhere no folder counts as left behind.
func tryLock(*os.File) bool { return false }
