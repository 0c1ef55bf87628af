package apptest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Redis returns the REDIS_URL of a fresh, empty server of the test's own, which
// ends with the test. It is not shared like MariaDB: messages of pub/sub cross
// the databases of a server, and one starts in milliseconds.
func Redis(t testing.TB) string {
	t.Helper()
	return StartRedis(t, RedisOptions{}).URL()
}

// RedisOptions change how a server of StartRedis runs.
type RedisOptions struct {
	// Durable writes every change to disk before it is acknowledged. Without it
	// a server that starts again is empty.
	Durable bool
	// Args are more arguments for redis-server.
	Args []string
}

// RedisServer is a private redis-server on a free port of 127.0.0.1, with its
// data in a temporary folder.
type RedisServer struct {
	folder  string
	remove  func()
	port    int
	options RedisOptions
	process *process
}

// StartRedis starts a server of the test's own, which ends with the test.
func StartRedis(t testing.TB, options RedisOptions) *RedisServer {
	t.Helper()
	Need(t, "redis-server")
	server, err := startRedis(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.close)
	return server
}

// URL returns the REDIS_URL of the server; it stays the same for good.
func (s *RedisServer) URL() string { return "redis://" + s.address() }

// Kill9 kills the server as a crash would (SIGKILL) and waits until it is gone.
func (s *RedisServer) Kill9() { s.process.kill() }

// Stop lets the server end in order, and waits until it is gone. One that is
// paused, or does not end within 10 s, fails the test.
func (s *RedisServer) Stop(t testing.TB) {
	t.Helper()
	if err := s.process.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.process.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("redis-server does not end")
	}
}

// Start starts a server that was killed or stopped again on its port, with the
// data it had kept, and waits until it answers.
func (s *RedisServer) Start(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// StartEmpty is like Start, but everything the server had kept is lost.
func (s *RedisServer) StartEmpty(t testing.TB) {
	t.Helper()
	if err := os.RemoveAll(s.data()); err != nil {
		t.Fatal(err)
	}
	s.Start(t)
}

// Pause stops the server in its tracks (SIGSTOP): it keeps its connections and
// takes new ones, but answers nothing until Resume.
func (s *RedisServer) Pause(t testing.TB) {
	t.Helper()
	if err := s.process.pause(); err != nil {
		t.Fatal(err)
	}
}

// Resume lets a paused server go on.
func (s *RedisServer) Resume(t testing.TB) {
	t.Helper()
	if err := s.process.resume(); err != nil {
		t.Fatal(err)
	}
}

// startRedis looks for a port and tries again if somebody was faster.
func startRedis(options RedisOptions) (*RedisServer, error) {
	folder, remove, err := newFolder()
	if err != nil {
		return nil, err
	}
	s := &RedisServer{folder: folder, remove: remove, options: options}
	var errs error
	for range 3 {
		if s.port, err = freePort(); err == nil {
			err = s.run()
		}
		if err == nil {
			return s, nil
		}
		errs = errors.Join(errs, err)
	}
	remove()
	return nil, errs
}

// run starts redis-server and waits until it answers.
func (s *RedisServer) run() error {
	if err := os.MkdirAll(s.data(), 0o700); err != nil {
		return err
	}
	program, _ := lookUp("redis-server")
	process, err := startProcess(s.folder, program, s.args()...)
	if err != nil {
		return err
	}
	s.process = process
	if err = process.waitFor(s.ping); err != nil {
		process.kill()
	}
	return err
}

func (s *RedisServer) close() {
	s.process.kill() // the data is thrown away, so nothing is gained by asking
	s.remove()
}

func (s *RedisServer) args() []string {
	args := []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dir", s.data(),
		"--save", "", "--maxmemory-policy", "noeviction"}
	if s.options.Durable {
		args = append(args, "--appendonly", "yes", "--appendfsync", "always")
	}
	return append(args, s.options.Args...)
}

// ping fails as long as the server does not take commands, as while it loads
// its data.
func (s *RedisServer) ping() error {
	answer, err := s.command("PING")
	if err == nil && answer != "+PONG" && !strings.HasPrefix(answer, "-NOAUTH") {
		err = errors.New(answer)
	}
	return err
}

// command sends one command on a connection of its own and returns the answer
// as it stands in the protocol.
func (s *RedisServer) command(line string) (answer string, err error) {
	conn, err := net.DialTimeout("tcp", s.address(), 5*time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err = fmt.Fprintf(conn, "%s\r\nQUIT\r\n", line); err != nil {
		return "", err
	}
	all, err := io.ReadAll(conn)
	return strings.TrimSuffix(string(all), "\r\n+OK\r\n"), err // of QUIT
}

func (s *RedisServer) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

func (s *RedisServer) data() string { return filepath.Join(s.folder, "data") }
