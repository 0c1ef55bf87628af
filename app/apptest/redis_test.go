package apptest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// redisAnswer asks the server and checks the answer.
func redisAnswer(t *testing.T, s *RedisServer, line, want string) {
	t.Helper()
	if got, err := s.command(line); got != want {
		t.Errorf("%s: %q, %v, want %q", line, got, err, want)
	}
}

// redisSetting checks a setting of the server.
func redisSetting(t *testing.T, s *RedisServer, name, want string) {
	t.Helper()
	redisAnswer(t, s, "CONFIG GET "+name, fmt.Sprintf("*2\r\n$%d\r\n%s\r\n$%d\r\n%s", len(name), name, len(want), want))
}

func TestRedisIsFreshForEachCaller(t *testing.T) {
	start := time.Now()
	minji, seojun := Redis(t), Redis(t)
	t.Logf("two servers started in %v", time.Since(start))
	if minji == seojun || !strings.HasPrefix(minji, "redis://127.0.0.1:") {
		t.Errorf("got %s and %s", minji, seojun)
	}
}

func TestRedisIsSetUpAsWeNeedIt(t *testing.T) {
	s := StartRedis(t, RedisOptions{})
	for setting, want := range map[string]string{
		"maxmemory-policy": "noeviction", "appendonly": "no", "save": "", "bind": "127.0.0.1",
	} {
		redisSetting(t, s, setting, want)
	}
	durable := StartRedis(t, RedisOptions{Durable: true, Args: []string{"--databases", "3"}})
	for setting, want := range map[string]string{"appendonly": "yes", "appendfsync": "always", "databases": "3"} {
		redisSetting(t, durable, setting, want)
	}
}

func TestDurableRedisKeepsWhatItAcknowledged(t *testing.T) {
	s := StartRedis(t, RedisOptions{Durable: true})
	url := s.URL()
	redisAnswer(t, s, "SET minji hello", "+OK")
	s.Kill9()
	if _, err := s.command("PING"); err == nil {
		t.Error("a killed server answers")
	}
	s.Start(t)
	redisAnswer(t, s, "STRLEN minji", ":5")
	s.Stop(t)
	s.Start(t)
	redisAnswer(t, s, "STRLEN minji", ":5")
	s.Stop(t)
	s.StartEmpty(t)
	redisAnswer(t, s, "DBSIZE", ":0")
	if s.URL() != url {
		t.Errorf("moved from %s to %s", url, s.URL())
	}
}

func TestRedisForgetsByDefault(t *testing.T) {
	s := StartRedis(t, RedisOptions{})
	redisAnswer(t, s, "SET minji hello", "+OK")
	s.Stop(t)
	s.Start(t)
	redisAnswer(t, s, "DBSIZE", ":0")
}

func TestPausedRedisAnswersWhenItGoesOn(t *testing.T) {
	s := StartRedis(t, RedisOptions{})
	s.Pause(t)
	conn, err := net.Dial("tcp", s.address())
	if err != nil {
		t.Fatal("a paused server takes no connection: ", err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 7)
	_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, err := conn.Read(answer); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a paused server answers %q, %v", answer[:n], err)
	}
	s.Resume(t)
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if n, err := conn.Read(answer); string(answer[:n]) != "+PONG\r\n" {
		t.Errorf("a resumed server answers %q, %v", answer[:n], err)
	}
}

func TestRedisLeavesNothingBehind(t *testing.T) {
	Need(t, "redis-server")
	var folder string
	var server *process
	t.Run("its test", func(t *testing.T) {
		s := StartRedis(t, RedisOptions{Durable: true})
		s.Pause(t)
		folder, server = s.folder, s.process
	})
	if server.alive() {
		t.Error("the server outlived its test")
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("its folder is still there: %v", err)
	}
}

func TestRedisThatCannotStartSaysWhy(t *testing.T) {
	Need(t, "redis-server")
	record(t, func(t testing.TB) {
		StartRedis(t, RedisOptions{Args: []string{"--no-such-setting", "1"}})
		t.Error(wentOn)
	}).expect(t, "failed", "no-such-setting")
}
