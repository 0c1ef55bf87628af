package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// tick is the unit of processor time in /proc.
const tick = 10 * time.Millisecond

// A Usage is the sum over the processes of one program.
type Usage struct {
	CPU      time.Duration // since they were started, in user and system mode, to 10 ms
	Resident int           // bytes of memory
}

// Used returns the usage of each running program that this process has started,
// with the programs that those have started in turn, by the name of the program
// ("redis-server"). Used works on Linux alone; elsewhere the map is empty.
func Used() map[string]Usage {
	all := map[string]Usage{}
	for _, pid := range children("self") {
		add(all, pid)
	}
	return all
}

// add counts a process and its descendants. A process that ends meanwhile does
// not count.
func add(all map[string]Usage, pid string) {
	if name, own, err := usage(pid); err == nil {
		u := all[name]
		all[name] = Usage{u.CPU + own.CPU, u.Resident + own.Resident}
	}
	for _, child := range children(pid) {
		add(all, child)
	}
}

// children returns the processes that the threads of a process have started.
func children(pid string) (pids []string) {
	files, _ := filepath.Glob("/proc/" + pid + "/task/*/children") // the pattern is a good one
	for _, file := range files {
		text, _ := os.ReadFile(file) // a thread that has ended has no children
		pids = append(pids, strings.Fields(string(text))...)
	}
	return pids
}

// usage reads the usage of one process.
func usage(pid string) (name string, u Usage, err error) {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return "", u, err
	}
	return parseStat(string(text))
}

// parseStat reads a line as proc_pid_stat(5) describes it: "17 (name) S …".
func parseStat(line string) (name string, u Usage, err error) {
	begin, last := strings.Index(line, "("), strings.LastIndex(line, ")") // a name may hold both
	if begin < 0 || last < begin {
		return "", u, fmt.Errorf("no process: %q", line)
	}
	var user, system int64
	var pages int
	fields := strings.Fields(line[last+1:]) // the first is the third of the line
	if len(fields) < 22 {
		return "", u, fmt.Errorf("only %d fields: %q", len(fields), line)
	}
	_, err = fmt.Sscan(fields[11]+" "+fields[12]+" "+fields[21], &user, &system, &pages)
	return line[begin+1 : last], Usage{CPU: time.Duration(user+system) * tick, Resident: pages * os.Getpagesize()}, err
}
