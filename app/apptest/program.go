package apptest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"xxsns/app/server"
	"xxsns/app/sns"
)

// A Program is the built program in a process of its own, for tests that kill
// the program and run its commands.
type Program struct {
	URL    string
	Folder string // the database and the uploads
	tb     testing.TB
	env    []string
	ops    string   // address of the metrics
	files  int      // how many files and connections the program may open; 0: what the test may
	socket *os.File // that the program listens on; nil: the program opens one
	proc   *process
}

// build makes the program once per test process, in the same way as releases
// are made, so that the two builds share the compiler's cache.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "xxsns-program-")
	if err != nil {
		return "", err
	}
	ending.add(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "xxsns")
	cmd := exec.Command("go", "build", "-tags=nomsgpack,nodynamic", "-trimpath", "-o", path, "xxsns/app")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out), err
	}
	return path, nil
})

// StartProgram builds and starts the program on the embedded default in a
// folder of its own, with more variables as "NAME=value", and stops it when
// the test ends.
func StartProgram(tb testing.TB, env ...string) *Program {
	tb.Helper()
	p := newProgram(tb, env...)
	p.Start()
	return p
}

// StartSmallProgram is StartProgram for a machine on which the program may open no more
// than so many files and connections.
func StartSmallProgram(tb testing.TB, files int, env ...string) *Program {
	tb.Helper()
	p := newProgram(tb, env...)
	p.files = files
	p.Start()
	return p
}

// StartActivatedProgram is StartProgram on a socket of the test, as systemd gives its sockets
// to services: the socket stays open while the program stops and starts again.
func StartActivatedProgram(tb testing.TB, env ...string) *Program {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // returns at once
	if err != nil {
		tb.Fatal(err)
	}
	p := newProgram(tb, env...)
	p.socket, err = listener.(*net.TCPListener).File()
	if err = errors.Join(err, listener.Close()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.socket.Close() })
	p.Start()
	return p
}

// newProgram is StartProgram without the start.
func newProgram(tb testing.TB, env ...string) *Program {
	tb.Helper()
	ending.require(tb)
	if testing.Short() {
		tb.Skip("needs the built program, which -short leaves out")
	}
	port, err := freePort()
	if err != nil {
		tb.Fatal(err)
	}
	dir, ops := tb.TempDir(), fmt.Sprintf("127.0.0.1:%d", port)
	p := &Program{tb: tb, Folder: dir, ops: ops, env: append([]string{
		"ADDR=127.0.0.1:0", "OPS_ADDR=" + ops, "RATE_LIMITS=off", "LOG_LEVEL=warn", "PROVE_EVERY=1",
		"DATABASE_URL=sqlite:" + filepath.Join(dir, "db", "xxsns.db"), "UPLOADS_DIR=" + filepath.Join(dir, "uploads"),
	}, env...)}
	tb.Cleanup(p.checkCaches)
	tb.Cleanup(p.Kill9)
	return p
}

// checkCaches fails the test if an answer from a cache was wrong since the first start.
func (p *Program) checkCaches() {
	p.tb.Helper()
	logs, err := filepath.Glob(filepath.Join(p.Folder, "run-*", "*"))
	for _, name := range logs {
		var log []byte
		if log, err = os.ReadFile(name); err != nil {
			break
		}
		for line := range strings.Lines(string(log)) {
			if strings.Contains(line, server.CacheDiffers) {
				p.tb.Errorf("%s", line)
			}
		}
	}
	if err != nil {
		p.tb.Error(err)
	}
}

// listening matches the line in which the program logs its address.
var listening = regexp.MustCompile(`http://localhost:(\d+)`)

// Start starts the program again after Kill9, on the same data.
func (p *Program) Start() {
	p.tb.Helper()
	p.launch()
	p.await()
}

// launch starts the program and does not wait until the program listens.
func (p *Program) launch() {
	p.tb.Helper()
	path, err := build()
	if err != nil {
		p.tb.Fatalf("build: %v\n%s", err, path)
	}
	run, err := os.MkdirTemp(p.Folder, "run-")
	if err != nil {
		p.tb.Fatal(err)
	}
	command := append([]string{"/usr/bin/env"}, append(p.env, path, "serve")...)
	if p.files > 0 {
		command = append([]string{"/bin/sh", "-c", fmt.Sprintf(`ulimit -n %d && exec "$@"`, p.files), "sh"}, command...)
	}
	if p.socket != nil {
		command = append([]string{"/bin/sh", "-c", `LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"`, "sh"}, command...)
	}
	if p.proc, err = startProcess(run, p.socket, command[0], command[1:]...); err != nil {
		p.tb.Fatal(err)
	}
}

// await waits until the program listens.
func (p *Program) await() {
	p.tb.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		output, _ := os.ReadFile(p.proc.logFile)
		if m := listening.FindSubmatch(output); m != nil {
			p.URL = "http://127.0.0.1:" + string(m[1])
			return
		}
		select {
		case <-p.proc.ended:
			p.tb.Fatalf("the program ended at its start:\n%s", output)
		default:
		}
		if time.Now().After(deadline) {
			p.tb.Fatalf("the program does not start:\n%s", output)
		}
	}
}

// Kill9 kills the program as a crash would, and waits until the program is
// gone.
func (p *Program) Kill9() {
	if p.proc != nil {
		p.proc.kill()
	}
}

// Terminate asks the program to stop, as operators do (SIGTERM), and does not
// wait. The returned channel brings the exit code, once.
func (p *Program) Terminate() <-chan int {
	p.tb.Helper()
	proc, code := p.proc, make(chan int, 1)
	if err := proc.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.tb.Fatal(err)
	}
	go func() {
		<-proc.ended
		code <- proc.cmd.ProcessState.ExitCode()
	}()
	return code
}

// Guest returns the client of a visitor who is not signed in.
func (p *Program) Guest() *Client { return guest(p.tb, p.URL) }

// Metric returns the present value of a metric of the program; of a metric with labels, the
// sum of the values.
func (p *Program) Metric(name string) (sum float64) {
	p.tb.Helper()
	res, err := http.Get("http://" + p.ops + "/metrics") //nolint:noctx // the test has a time limit
	if err != nil {
		p.tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		sample, value, _ := strings.Cut(lines.Text(), " ")
		if base, _, _ := strings.Cut(sample, "{"); base != name {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			p.tb.Fatalf("%s: %v", lines.Text(), err)
		}
		sum += n
	}
	return sum
}

// Log returns the output of the program since its start.
func (p *Program) Log() string {
	output, _ := os.ReadFile(p.proc.logFile) // made by startProcess
	return string(output)
}

// AddUser makes an account by the command that operators use.
func (p *Program) AddUser(name string, role sns.Role) {
	p.tb.Helper()
	if out, err := p.Run(Password+"\n", "user", "add", name, "--role="+string(role)); err != nil {
		p.tb.Fatalf("user %s: %v\n%s", name, err, out)
	}
}

// Run runs a command of the program on its data, with input as the standard
// input, and returns the output of the command.
func (p *Program) Run(input string, args ...string) (string, error) {
	cmd := p.Command(context.Background(), args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Command returns a command of the program on its data, for tests that change
// the command's variables or signal the command. The command is killed when ctx
// ends.
func (p *Program) Command(ctx context.Context, args ...string) *exec.Cmd {
	path, _ := build() // StartProgram fails the test if build fails
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), p.env...)
	return cmd
}

// Pause freezes the program (SIGSTOP): a frozen program keeps its connections and the system
// takes new ones, but nobody gets an answer until Resume.
func (p *Program) Pause() {
	p.tb.Helper()
	if err := p.proc.pause(); err != nil {
		p.tb.Fatal(err)
	}
}

// Resume lets a paused program go on.
func (p *Program) Resume() {
	p.tb.Helper()
	if err := p.proc.resume(); err != nil {
		p.tb.Fatal(err)
	}
}
