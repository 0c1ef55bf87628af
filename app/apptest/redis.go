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

// Redis returns the REDIS_URL of a fresh, empty, private server, which ends
// with the test. Tests do not share a Redis as they share MariaDB: messages of
// pub/sub cross the databases of a server, and a redis-server starts in
// milliseconds.
func Redis(t testing.TB) string {
	t.Helper()
	return StartRedis(t, RedisOptions{}).URL()
}

// RedisOptions change the settings of StartRedis.
type RedisOptions struct {
	// Durable writes every change to disk before the server acknowledges the
	// change. Without Durable a server that starts again is empty.
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

// StartRedis starts a private server, which ends with the test.
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

// URL returns the REDIS_URL of the server; the URL never changes.
func (s *RedisServer) URL() string { return "redis://" + s.address() }

// Kill9 kills the server as a crash would (SIGKILL) and waits until the server
// is gone.
func (s *RedisServer) Kill9() { s.process.kill() }

// Stop lets the server end in order, and waits until the server is gone. A
// server that is paused, or does not end, fails the test.
func (s *RedisServer) Stop(t testing.TB) {
	t.Helper()
	if err := s.process.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.process.ended:
	case <-time.After(patience):
		t.Fatal("redis-server does not end")
	}
}

// Start starts a killed or stopped server again on its port, with the data it
// had kept, and waits until the server answers.
func (s *RedisServer) Start(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// StartEmpty is like Start, but all data of the server is lost.
func (s *RedisServer) StartEmpty(t testing.TB) {
	t.Helper()
	if err := os.RemoveAll(s.data()); err != nil {
		t.Fatal(err)
	}
	s.Start(t)
}

// Pause freezes the server (SIGSTOP): a frozen server keeps its connections and
// takes new ones, but sends no answers until Resume.
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

// startRedis picks a port and tries again if another program took the port
// first.
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

// run starts redis-server and waits until the server answers.
func (s *RedisServer) run() error {
	if err := os.MkdirAll(s.data(), 0o700); err != nil {
		return err
	}
	program, _ := lookUp("redis-server")
	process, err := startProcess(s.folder, nil, program, s.args()...)
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
	s.process.kill() // a clean end would gain no time: the data is thrown away
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

// command sends one command on a new connection and returns the answer in the
// form of the protocol.
func (s *RedisServer) command(line string) (answer string, err error) {
	conn, err := net.DialTimeout("tcp", s.address(), patience)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err = fmt.Fprintf(conn, "%s\r\nQUIT\r\n", line); err != nil {
		return "", err
	}
	all, err := io.ReadAll(conn)
	return strings.TrimSuffix(string(all), "\r\n+OK\r\n"), err // of QUIT
}

func (s *RedisServer) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

func (s *RedisServer) data() string { return filepath.Join(s.folder, "data") }
