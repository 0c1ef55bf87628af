package apptest

import (
	"fmt"
	"os"
	"regexp"
	"strconv"

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

// PeakMemory returns the most memory, in bytes, that the program has had since its start,
// without the pages of its own file and of the database's, which are returned apart: when
// memory is short, the system takes those back and reads them again.
func (p *Program) PeakMemory() (own, files int64) {
	p.tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.proc.cmd.Process.Pid))
	if err != nil {
		p.tb.Fatal(err)
	}
	var kB [2]int64
	for i, field := range []string{"VmHWM", "RssFile"} {
		found := regexp.MustCompile(field + `:\s*(\d+) kB`).FindSubmatch(status)
		if found == nil {
			p.tb.Fatalf("%s is missing:\n%s", field, status)
		}
		if kB[i], err = strconv.ParseInt(string(found[1]), 10, 64); err != nil {
			p.tb.Fatal(err)
		}
	}
	return (kB[0] - kB[1]) << 10, kB[1] << 10
}
