//go:build unix

package live

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

const idleViewers = 5000

// BenchmarkIdle measures the memory of the server for each of 5,000 idle viewers.
// Every server is a fresh process, so that memory of an earlier run neither counts
// nor is used again.
func BenchmarkIdle(b *testing.B) {
	needFiles(b)
	for name, e := range entrants {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				server := startIdle(b, name)
				v := startViewers(b, server.addr, idleViewers, e.on)
				heap, resident := server.memory()
				b.ReportMetric(heap/idleViewers, "B-heap+stack/client")
				b.ReportMetric(resident/idleViewers, "B-resident/client")
				v.stop()
				server.stop()
			}
		})
	}
}

// idleEnv, set to the name of an entrant, makes the test binary serve that
// entrant.
const idleEnv = "XXSNS_LIVE_IDLE"

// serveIdle prints its address, and then for each line of standard input the
// growth of heap and stack and of resident memory, in bytes.
func serveIdle(e entrant) {
	server := httptest.NewServer(e.open(e.on).handler)
	heap, resident := memory()
	fmt.Println(server.Listener.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		h, r := memory()
		fmt.Println(h-heap, r-resident)
	}
}

func memory() (heap, resident int) {
	time.Sleep(300 * time.Millisecond) // for handlers that have just answered
	for range 3 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm") // pages: all, resident, …
	if err == nil {
		_, err = fmt.Sscan(string(statm), new(int), &resident)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "resident memory unknown:", err)
	}
	return int(m.HeapInuse + m.StackInuse), resident * os.Getpagesize()
}

// idleServer is the process of a server, as seen by the benchmark.
type idleServer struct {
	b    *testing.B
	addr string
	in   *os.File
	out  *bufio.Reader
	stop func()
}

func startIdle(b *testing.B, name string) *idleServer {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), idleEnv+"="+name)
	in, tell, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stdin, cmd.Stderr = in, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = in.Close()
	s := &idleServer{b: b, in: tell, out: bufio.NewReader(out)}
	s.stop = func() { _ = tell.Close(); _ = cmd.Wait() }
	s.addr = strings.TrimSpace(s.line())
	return s
}

func (s *idleServer) memory() (heap, resident float64) {
	_, _ = fmt.Fprintln(s.in)
	if _, err := fmt.Sscan(s.line(), &heap, &resident); err != nil {
		s.b.Fatal("server: ", err)
	}
	return heap, resident
}

func (s *idleServer) line() string {
	line, err := s.out.ReadString('\n')
	if err != nil {
		s.b.Fatal("server: ", err)
	}
	return line
}

func needFiles(b *testing.B) {
	const files = idleViewers + 100
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < files {
		b.Skipf("needs %d open files, may open %d", files, limit.Cur)
	}
}
