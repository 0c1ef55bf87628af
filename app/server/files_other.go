//go:build !unix

package server

// mostFiles returns 0: the system does not say how many files a process may open.
func mostFiles() int { return 0 }

// diskSpace returns 0: not known.
func diskSpace(string) (all, free int64) { return 0, 0 }
