package main_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
)

// TestRedisAsksForItsPassword runs the command of the compose file as it is, but for the
// port and the folder: the service takes its password and no other, keeps what the file
// says, answers its health check, and shows the password in no list of processes.
func TestRedisAsksForItsPassword(t *testing.T) {
	apptest.Need(t, "redis-server")
	password := strings.Repeat("a1", 32)
	service := composed(t, secrets+"REDIS_PASSWORD="+password+"\n").Services["redis"]
	port := apptest.FreePort(t)
	command := strings.Replace(service.Command[2], "redis-server -", "redis-server - --bind 127.0.0.1 --port "+port+" --dir "+t.TempDir(), 1)
	environ := append(os.Environ(), "REDISCLI_AUTH="+service.Environment["REDISCLI_AUTH"])
	cmd := exec.CommandContext(t.Context(), service.Command[0], service.Command[1], command)
	cmd.Env = environ
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })

	right := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port, Password: password})
	defer right.Close()
	for deadline := time.Now().Add(time.Minute); right.Ping(t.Context()).Err() != nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(right.Ping(t.Context()).Err())
		}
	}
	for setting, want := range map[string]string{"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory": "268435456", "maxmemory-policy": "noeviction"} {
		if got := right.ConfigGet(t.Context(), setting).Val()[setting]; got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	for _, wrong := range []string{"", "b2"} {
		stranger := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port, Password: wrong, MaxRetries: -1})
		if err := stranger.Ping(t.Context()).Err(); err == nil {
			t.Errorf("Redis answers a stranger with the password %q", wrong)
		}
		_ = stranger.Close()
	}
	isHealthy(t, service, port, environ)
	arguments := read(t, "/proc/"+strconv.Itoa(cmd.Process.Pid)+"/cmdline")
	if !strings.Contains(arguments, "redis-server") || strings.Contains(arguments, password) {
		t.Errorf("the process is %q", arguments)
	}
}

// isHealthy runs the health check of the service, at another port.
func isHealthy(t *testing.T, s service, port string, environ []string) {
	t.Helper()
	check := strings.Replace(s.Healthcheck.Test[1], "redis-cli", "redis-cli -p "+port, 1)
	if s.Healthcheck.Test[0] != "CMD-SHELL" || !strings.Contains(check, port) {
		t.Fatalf("the check is %q", s.Healthcheck.Test)
	}
	for _, environ := range [][]string{environ, os.Environ()} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", check)
		cmd.Env = environ
		if err := cmd.Run(); (err == nil) != (len(environ) > len(os.Environ())) {
			t.Errorf("the check with %d variables: %v", len(environ), err)
		}
	}
}
