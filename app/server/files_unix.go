//go:build unix

package server

import "syscall"

// mostFiles returns how many files and connections the process may open, or 0 if that is
// not known.
func mostFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<30)) //nolint:gosec,unconvert // bounded; BSD has signed limits
}
