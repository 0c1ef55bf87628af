package apptest

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// LimitFiles lets the program open only so many more files and connections.
func (p *Program) LimitFiles(more int) {
	p.tb.Helper()
	pid := p.proc.cmd.Process.Pid
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	var limit unix.Rlimit
	if err == nil {
		err = unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit)
	}
	if err == nil {
		limit.Cur = uint64(len(open) + more)
		err = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil)
	}
	if err != nil {
		p.tb.Fatalf("limiting the files of the program: %v", err)
	}
}
