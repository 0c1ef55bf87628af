//go:build unix

package server

import "syscall"

// diskSpace returns how many bytes the disk with a folder has, and how many of them are free
// for the program; 0 if that is not known.
func diskSpace(dir string) (all, free int64) {
	var disk syscall.Statfs_t
	if syscall.Statfs(dir, &disk) != nil {
		return 0, 0
	}
	block := int64(disk.Bsize)                                    //nolint:unconvert // differs between systems
	return int64(disk.Blocks) * block, int64(disk.Bavail) * block //nolint:gosec // no disk is that large
}

// mostFiles returns how many files and connections the process may open, or 0 if that is
// not known.
func mostFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<30)) //nolint:gosec,unconvert // bounded; BSD has signed limits
}
