//go:build unix

package live

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// viewersEnv, set to "ADDRESS COUNT PROTOCOL", makes the test binary a process of
// viewers, so that their cost is not counted as cost of the server.
const viewersEnv = "XXSNS_LIVE_VIEWERS"

// mark occurs once in every message of a benchmark and in no frame header, so that
// messages are counted by counting bytes, wherever a read splits them.
const mark = '^'

// requests are the requests of viewers for each protocol.
var requests = [protocols]string{protocolSSE: "GET /live HTTP/1.1\r\nHost: test\r\n\r\n", protocolWebSocket: upgrade}

func TestMain(m *testing.M) {
	if order := os.Getenv(viewersEnv); order != "" {
		var addr string
		var count int
		var on protocol
		if _, err := fmt.Sscan(order, &addr, &count, &on); err != nil {
			panic(err)
		}
		view(addr, count, requests[on])
		return
	}
	if name := os.Getenv(idleEnv); name != "" {
		serveIdle(entrants[name])
		return
	}
	goleak.VerifyTestMain(patiently{m})
}

// patiently runs tests, and then waits for the end of the goroutines that are on their
// way out.
type patiently struct{ *testing.M }

func (p patiently) Run() int {
	defer func() {
		for end := time.Now().Add(patience); goleak.Find() != nil && time.Now().Before(end); {
		}
	}()
	return p.M.Run()
}

// view opens count streams and writes 0 when all are open. Then it echoes each
// number n read from standard input as soon as every viewer has received n
// messages. It panics if a stream ends: no client may be evicted.
func view(addr string, count int, request string) {
	got := make([]atomic.Uint64, count)
	var opened sync.WaitGroup
	opened.Add(count)
	for i := range got {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			panic(err)
		}
		go read(conn, request, &got[i], opened.Done)
	}
	opened.Wait()
	var target uint64
	for err := error(nil); err == nil; err = binary.Read(os.Stdin, binary.LittleEndian, &target) {
		for i := range got {
			for got[i].Load() < target {
				time.Sleep(50 * time.Microsecond)
			}
		}
		_ = binary.Write(os.Stdout, binary.LittleEndian, target)
	}
}

// read counts the messages of one stream.
func read(conn net.Conn, request string, got *atomic.Uint64, opened func()) {
	_, _ = io.WriteString(conn, request)
	buf := make([]byte, 16<<10)
	for first := true; ; first = false {
		n, err := conn.Read(buf)
		if err != nil {
			panic(err)
		}
		if first {
			opened()
		}
		got.Add(uint64(bytes.Count(buf[:n], []byte{mark})))
	}
}

// viewers is the process of viewers, as seen by its parent.
type viewers struct {
	tb  testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.Reader
}

// startViewers starts count viewers of addr and returns when all streams are
// open.
func startViewers(tb testing.TB, addr string, count int, on protocol) *viewers {
	tb.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %d", viewersEnv, addr, count, on))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	v := &viewers{tb: tb, cmd: cmd, in: in, out: out}
	tb.Cleanup(v.stop)
	v.hear()
	return v
}

// wait returns when each viewer has received that many messages.
func (v *viewers) wait(messages int) {
	v.tb.Helper()
	if err := binary.Write(v.in, binary.LittleEndian, uint64(messages)); err != nil {
		v.tb.Fatal("viewers: ", err)
	}
	v.hear()
}

func (v *viewers) hear() {
	v.tb.Helper()
	var answer uint64
	if err := binary.Read(v.out, binary.LittleEndian, &answer); err != nil {
		v.tb.Fatal("viewers: ", err)
	}
}

// stop ends the process and all its connections.
func (v *viewers) stop() {
	_ = v.in.Close()
	_ = v.cmd.Wait()
}
