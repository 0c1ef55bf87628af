package server_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/server"
)

// openRedis returns a client for an address that the configuration accepts.
func openRedis(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	cfg, err := config.Read(map[string]string{"REDIS_URL": url})
	if err != nil {
		t.Fatal(err)
	}
	client, err := server.OpenRedis(cfg.RedisURL, cfg.RedisPool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// openPatient returns a client whose commands wait for Redis without end.
func openPatient(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	client, err := server.OpenRedisWith(url, never, never, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// ping checks that Redis answers. A machine that pauses for longer than the client waits
// is asked again.
func ping(t *testing.T, client redis.UniversalClient) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		err := client.Ping(t.Context()).Err()
		if slow := errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err); slow && time.Now().Before(end) {
			continue
		}
		if err != nil {
			t.Error(err)
		}
		return
	}
}

func TestWithoutRedisThereIsNoClient(t *testing.T) {
	t.Parallel()
	if client, err := server.OpenRedis("", 32); client != nil || err != nil {
		t.Errorf("got %v, %v", client, err)
	}
}

// The client understands every accepted address like the configuration does.
func TestRedisURLs(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"redis://localhost":                       "tcp localhost:6379 0  ",
		"redis://[::1]/":                          "tcp [::1]:6379 0  ",
		"redis://minji:p%2Fw%23@h:7000/3":         "tcp h:7000 3 minji p/w#",
		"redis://:pw@h?db=4":                      "tcp h:6379 4  pw",
		"rediss://h:1/15?skip_verify=true":        "tcp h:1 15  ",
		"unix:///run/redis.sock":                  "unix /run/redis.sock 0  ",
		"unix://minji:pw@/run/redis.sock?db=2":    "unix /run/redis.sock 2 minji pw",
		"rediss://:a%25b@redis.example.com:6380/": "tcp redis.example.com:6380 0  a%b",
	} {
		client, ok := openRedis(t, url).(*redis.Client)
		if !ok {
			t.Fatalf("%s: got %T", url, client)
		}
		o := client.Options()
		if got := fmt.Sprintf("%s %s %d %s %s", o.Network, o.Addr, o.DB, o.Username, o.Password); got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
		if (o.TLSConfig != nil) != strings.HasPrefix(url, "rediss:") {
			t.Errorf("%s: TLS %v", url, o.TLSConfig)
		}
	}
}

func TestRedisErrorsDoNotShowSecrets(t *testing.T) {
	t.Parallel()
	_, err := server.OpenRedis("redis://:hush-hush@localhost:port", 32)
	if err == nil || !strings.HasPrefix(err.Error(), "REDIS_URL: ") || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}

func TestRedisIsReachedInEveryWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	socket := filepath.Join(dir, "sock")
	tlsPort := apptest.FreePort(t)
	cert, key := certificate(t, dir)
	s := apptest.StartRedis(t, apptest.RedisOptions{Args: []string{
		"--requirepass", "p/w#", "--unixsocket", socket,
		"--tls-port", tlsPort, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no",
	}})
	for _, url := range []string{
		strings.Replace(s.URL(), "//", "//:p%2Fw%23@", 1) + "/3",
		"unix://:p%2Fw%23@" + socket + "?db=3",
		"rediss://:p%2Fw%23@127.0.0.1:" + tlsPort + "/3?skip_verify=true",
	} {
		client := openPatient(t, url)
		info, err := client.Do(t.Context(), "CLIENT", "INFO").Text()
		if err != nil || !strings.Contains(info, " name=xxsns ") || !strings.Contains(info, " db=3 ") {
			t.Errorf("%s: %s, %v", url, info, err)
		}
	}
	for _, url := range []string{s.URL(), "rediss://:p%2Fw%23@127.0.0.1:" + tlsPort} {
		if err := openPatient(t, url).Ping(t.Context()).Err(); err == nil {
			t.Errorf("%s works without password or with a certificate of nobody", url)
		}
	}
}

// certificate writes the test certificate of net/http.
func certificate(t *testing.T, dir string) (certFile, keyFile string) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	pair := s.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, keyFile: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestRedisMayComeAndGo(t *testing.T) {
	t.Parallel()
	s := apptest.StartRedis(t, apptest.RedisOptions{})
	s.Kill9()
	client := openPatient(t, s.URL())
	for range 2 {
		for range 40 { // more than there are connections: none is waited for
			err := client.Ping(t.Context()).Err()
			if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, gobreaker.ErrOpenState) {
				t.Fatalf("got %v", err)
			}
		}
		s.Start(t)
		eventually(t, "Redis answers again", func() bool { return client.Ping(t.Context()).Err() == nil })
		s.Kill9()
		s.Start(t)
		ping(t, client) // the client must replace the dead connections
		s.Kill9()
	}
}

// never is a timeout that no test waits for.
const never = time.Hour

// The bounds are seen one by one: the other timeouts of the client never end.
func TestHangingRedisKeepsNobodyLong(t *testing.T) {
	t.Parallel()
	s := apptest.StartRedis(t, apptest.RedisOptions{})
	with := func(command time.Duration) redis.UniversalClient {
		client, err := server.OpenRedisWith(s.URL(), never, command, never)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		ping(t, client)
		return client
	}
	patient, asked, usual := with(never), with(never), openRedis(t, s.URL())
	hasty := with(time.Second)
	ping(t, usual)
	s.Pause(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	returns(t, "a command whose caller waits no longer", func() {
		if err := patient.Ping(ctx).Err(); !errors.Is(err, context.DeadlineExceeded) && !os.IsTimeout(err) {
			t.Errorf("got %v", err)
		}
	})
	returns(t, "looking for warnings", func() {
		if warnings := server.RedisWarnings(t.Context(), asked); warnings != nil {
			t.Errorf("warns of %q", warnings)
		}
	})
	returns(t, "commands without an answer", func() {
		for range 3 { // the breaker opens after three failed commands
			if err := hasty.Ping(t.Context()).Err(); err == nil || errors.Is(err, gobreaker.ErrOpenState) {
				t.Errorf("got %v", err)
			}
		}
		for range 20 {
			if err := hasty.Ping(t.Context()).Err(); !errors.Is(err, gobreaker.ErrOpenState) {
				t.Errorf("a command is tried: %v", err)
			}
		}
		for range 4 {
			if err := usual.Ping(t.Context()).Err(); err == nil {
				t.Error("a paused server answers")
			}
		}
	})
	s.Resume(t)
	eventually(t, "Redis answers again", func() bool { return usual.Ping(t.Context()).Err() == nil })
}

// Error answers of Redis and callers that stop waiting must not open the breaker.
func TestRedisThatRefusesIsNotDead(t *testing.T) {
	t.Parallel()
	client := openPatient(t, apptest.Redis(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if err := client.Do(t.Context(), "NO-SUCH-COMMAND").Err(); err == nil {
			t.Fatal("anything goes")
		}
		if err := client.Get(t.Context(), "nothing").Err(); !errors.Is(err, redis.Nil) {
			t.Fatal(err)
		}
		if err := client.Ping(gone).Err(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	ping(t, client)
}

func TestRedisWarnings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options apptest.RedisOptions
		want    []string // how each warning begins
	}{
		"as it should be":    {apptest.RedisOptions{Durable: true}, nil},
		"without a file":     {apptest.RedisOptions{}, []string{"appendonly is no "}},
		"which drops things": {apptest.RedisOptions{Durable: true, Args: []string{"--maxmemory-policy", "allkeys-lru"}}, []string{"maxmemory-policy is allkeys-lru "}},
		"both": {apptest.RedisOptions{Args: []string{"--maxmemory-policy", "volatile-ttl"}},
			[]string{"appendonly is no ", "maxmemory-policy is volatile-ttl "}},
		"which may not be asked": {apptest.RedisOptions{Args: []string{"--rename-command", "CONFIG", ""}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := openPatient(t, apptest.StartRedis(t, c.options).URL())
			got := server.RedisWarnings(t.Context(), client)
			for end := time.Now().Add(patience); len(got) < len(c.want) && time.Now().Before(end); { // Redis was late
				got = server.RedisWarnings(t.Context(), client)
			}
			if len(got) != len(c.want) {
				t.Fatalf("got %s", strconv.Quote(strings.Join(got, "; ")))
			}
			for i, begin := range c.want {
				if !strings.HasPrefix(got[i], begin) {
					t.Errorf("got %q, want %q…", got[i], begin)
				}
			}
		})
	}
	s := apptest.StartRedis(t, apptest.RedisOptions{})
	s.Kill9()
	if got := server.RedisWarnings(t.Context(), openRedis(t, s.URL())); got != nil {
		t.Errorf("Redis is away: got %q", got)
	}
}
