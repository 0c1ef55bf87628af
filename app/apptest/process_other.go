//go:build !linux

package apptest

import (
	"os"
	"os/exec"
)

// dieWithParent needs Linux. Elsewhere a server that a killed test process
// leaves behind has to be stopped by hand.
func dieWithParent(*exec.Cmd) {}

// tryLock needs Linux. Elsewhere no folder counts as left behind.
func tryLock(*os.File) bool { return false }
