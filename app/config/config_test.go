package config_test

import (
	"log/slog"
	"maps"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/config"
)

// variables are the names of all variables that Read knows.
var variables = []string{
	"ADDR", "OPS_ADDR", "DATABASE_URL", "DATABASE_POOL", "REDIS_URL", "REDIS_POOL", "UPLOADS_DIR", "SESSION_SECRET",
	"PUBLIC_URL", "SMTP_URL", "MAIL_FROM", "TRUSTED_PROXIES", "RATE_LIMITS", "ROOM_MAX_LIMIT", "ROOM_BUFFER_MB", "ROOM_BUFFER_LINES", "REDIS_FULL",
	"ADDRESS_CONNECTIONS", "ADDRESS_STREAMS", "LOG_FORMAT", "LOG_LEVEL", "TZ", "PROVE_EVERY",
}

var (
	secret = strings.Repeat("s", 32)
	mysql  = "mysql://minji:pw@db.example.com:3306/xxsns"
)

func defaults(t testing.TB) config.Config {
	t.Helper()
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	return config.Config{
		Addr: ":8080", OpsAddr: "127.0.0.1:9464", DatabaseURL: "sqlite:db/local/xxsns.db", DatabasePool: 32, RedisPool: 32, UploadsDir: "uploads",
		RateLimits: true, RoomMaxLimit: 15, RoomBufferMB: 4, RoomBufferLines: 20_000, RedisFull: 80, AddressConnections: 256, AddressStreams: 1024,
		LogFormat: "text", LogLevel: slog.LevelInfo, Zone: seoul, ProveEvery: 1000,
	}
}

func TestDefaults(t *testing.T) {
	got, err := config.Read(map[string]string{"HOME": "/root", "SOMETHING_ELSE": "x"})
	if want := defaults(t); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// An empty variable has the same effect as a missing one, except where empty
// means off.
func TestEmptyVariables(t *testing.T) {
	for _, name := range variables {
		got, err := config.Read(map[string]string{name: ""})
		want := defaults(t)
		if name == "OPS_ADDR" {
			want.OpsAddr = ""
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is empty: got %+v, %v, want %+v", name, got, err, want)
		}
	}
}

func TestRightValues(t *testing.T) {
	tests := []struct {
		environ map[string]string
		want    func(*config.Config)
	}{
		{map[string]string{"ADDR": "127.0.0.1:80"}, func(c *config.Config) { c.Addr = "127.0.0.1:80" }},
		{map[string]string{"ADDR": "[::1]:8443"}, func(c *config.Config) { c.Addr = "[::1]:8443" }},
		{map[string]string{"ADDR": ":0"}, func(c *config.Config) { c.Addr = ":0" }},
		{map[string]string{"OPS_ADDR": ":9000"}, func(c *config.Config) { c.OpsAddr = ":9000" }},
		{map[string]string{"DATABASE_URL": "sqlite:/var/lib/xxsns/x.db"}, func(c *config.Config) { c.DatabaseURL = "sqlite:/var/lib/xxsns/x.db" }},
		{map[string]string{"DATABASE_URL": mysql, "SESSION_SECRET": secret}, func(c *config.Config) { c.DatabaseURL, c.SessionSecret = mysql, secret }},
		{map[string]string{"SESSION_SECRET": secret}, func(c *config.Config) { c.SessionSecret = secret }},
		{map[string]string{"UPLOADS_DIR": "/srv/올린 사진"}, func(c *config.Config) { c.UploadsDir = "/srv/올린 사진" }},
		{map[string]string{"TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.7,,fd00::/8,::1 "}, func(c *config.Config) {
			c.TrustedProxies = []string{"10.0.0.0/8", "192.168.1.7", "fd00::/8", "::1"}
		}},
		{map[string]string{"PUBLIC_URL": "https://sns.example.org/"}, func(c *config.Config) { c.PublicURL = "https://sns.example.org" }},
		{map[string]string{"PUBLIC_URL": "http://[::1]:8080"}, func(c *config.Config) { c.PublicURL = "http://[::1]:8080" }},
		{map[string]string{"MAIL_FROM": "작은 SNS <sns@example.org>"}, func(c *config.Config) { c.MailFrom = "작은 SNS <sns@example.org>" }},
		{map[string]string{"SMTP_URL": "smtps://minji:p%40w@mail.example.org:465", "MAIL_FROM": "sns@example.org", "PUBLIC_URL": "https://sns.example.org"}, func(c *config.Config) {
			c.SMTPURL, c.MailFrom, c.PublicURL = "smtps://minji:p%40w@mail.example.org:465", "sns@example.org", "https://sns.example.org"
		}},
		{map[string]string{"RATE_LIMITS": "on"}, func(*config.Config) {}},
		{map[string]string{"RATE_LIMITS": "off"}, func(c *config.Config) { c.RateLimits = false }},
		{map[string]string{"DATABASE_POOL": "2"}, func(c *config.Config) { c.DatabasePool = 2 }},
		{map[string]string{"REDIS_POOL": "1000"}, func(c *config.Config) { c.RedisPool = 1000 }},
		{map[string]string{"ROOM_MAX_LIMIT": "5"}, func(c *config.Config) { c.RoomMaxLimit = 5 }},
		{map[string]string{"ROOM_MAX_LIMIT": "1000"}, func(c *config.Config) { c.RoomMaxLimit = 1000 }},
		{map[string]string{"ADDRESS_CONNECTIONS": "16"}, func(c *config.Config) { c.AddressConnections = 16 }},
		{map[string]string{"ADDRESS_STREAMS": "1000000"}, func(c *config.Config) { c.AddressStreams = 1_000_000 }},
		{map[string]string{"ROOM_BUFFER_MB": "64", "ROOM_BUFFER_LINES": "200", "REDIS_FULL": "95"}, func(c *config.Config) {
			c.RoomBufferMB, c.RoomBufferLines, c.RedisFull = 64, 200, 95
		}},
		{map[string]string{"LOG_FORMAT": "json"}, func(c *config.Config) { c.LogFormat = "json" }},
		{map[string]string{"LOG_LEVEL": "debug"}, func(c *config.Config) { c.LogLevel = slog.LevelDebug }},
		{map[string]string{"LOG_LEVEL": "WARN"}, func(c *config.Config) { c.LogLevel = slog.LevelWarn }},
		{map[string]string{"LOG_LEVEL": "error"}, func(c *config.Config) { c.LogLevel = slog.LevelError }},
		{map[string]string{"PROVE_EVERY": "1"}, func(c *config.Config) { c.ProveEvery = 1 }},
		{map[string]string{"TZ": "UTC"}, func(c *config.Config) { c.Zone = time.UTC }},
	}
	for _, test := range tests {
		want := defaults(t)
		test.want(&want)
		if got, err := config.Read(test.environ); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v: got %+v, %v, want %+v", test.environ, got, err, want)
		}
	}
}

func TestWrongValues(t *testing.T) {
	tests := map[string][]string{
		"ADDR":         {"8080", "localhost", "localhost:", ":", ":99999", ":-1", ":no-such-service", "::1:80", ":80:80", "a\nb"},
		"OPS_ADDR":     {"9464", "127.0.0.1:", "127.0.0.1:x", " ", "off"},
		"DATABASE_URL": {"db/local/xxsns.db", "sqlite:", "sqlite3:x.db", "postgres://localhost/x", "MYSQL://localhost/x", "x\ny"},
		"REDIS_URL": {
			"x", "localhost:6379", "http://localhost", "redis:localhost", "redis:", "redis://", "redis:///3", "redis://:6379",
			"redis://localhost:99999", "redis://localhost:x", "redis://localhost/x", "redis://localhost/-1", "redis://localhost/1/2",
			"redis://localhost//1", "redis://localhost/99999", "redis://localhost#1", "redis://:pa/ss@localhost", "redis://:50%@localhost",
			"redis://localhost?db=x", "redis://localhost?db", "redis://localhost?pool_size=1", "redis://localhost?skip_verify=true",
			"rediss://localhost?skip_verify=maybe", "redis://localhost?%", "redis://localhost\n", " redis://localhost",
			"unix:", "unix://", "unix:///", "unix://run/redis.sock", "unix:/run/redis.sock?skip_verify=true",
		},
		"DATABASE_POOL":   {"1", "0", "-3", "1001", "many", "3.5"},
		"REDIS_POOL":      {"1", "0", "-3", "1001", "many", "3.5"},
		"SESSION_SECRET":  {"short", strings.Repeat("s", 31), "a\nb", config.ExampleSecret},
		"TRUSTED_PROXIES": {"nginx", "10.0.0.0/33", "10.0.0", "10.0.0.1;10.0.0.2", "10.0.0.1, x", "10.0.0.1\n10.0.0.2"},
		"PUBLIC_URL": {
			"sns.example.org", "https://", "https:///", "HTTPS://sns.example.org", "ftp://sns.example.org", "https://sns.example.org/sns", "https://sns.example.org//",
			"https://minji:pw@sns.example.org", "https://sns.example.org?", "https://sns.example.org#x", "https://:443", "https://sns.example.org:", "https://sns.example.org:99999",
			"https://sns.example.org\n", "//sns.example.org", "https:sns.example.org",
		},
		"SMTP_URL": {
			"mail.example.org", "smtp://", "smtp:mail.example.org", "http://mail.example.org", "smtp://mail.example.org:", "smtp://mail.example.org:99999",
			"smtp://mail.example.org/x", "smtp://mail.example.org?x", "smtp://mail.example.org#x", "smtp://:25", "smtp://mail.example.org\n",
			"smtp://mail.example.org", // without PUBLIC_URL and MAIL_FROM
		},
		"MAIL_FROM":      {"sns", "@example.org", "a@example.org, b@example.org", "sns@example.org\nBcc: x@example.org"},
		"RATE_LIMITS":    {"true", "1", "ON", "no", " off"},
		"ROOM_MAX_LIMIT": {"4", "1001", "0", "-15", "many", "15 ", "1e2", "7.5", "99999999999999999999", "15\n"},

		"ROOM_BUFFER_MB":      {"0", "1001", "-4", "4MB", "0.5"},
		"ROOM_BUFFER_LINES":   {"199", "1000001", "20,000", "-1"},
		"REDIS_FULL":          {"9", "100", "80%", "0.8"},
		"ADDRESS_CONNECTIONS": {"15", "0", "-1", "1000001", "many", "64 "},
		"ADDRESS_STREAMS":     {"15", "0", "-1", "1000001", "many", "64 "},

		"LOG_FORMAT":  {"xml", "JSON", "text,json"},
		"PROVE_EVERY": {"0", "-1", "1000001", "all", "1e3"},

		"LOG_LEVEL": {"loud", "3", "warning", "info\n"},
		"TZ":        {"Seoul", "Asia/Pyeongchang", "../../etc/passwd", "KST-9", "Asia/Seoul\n", "+09:00"},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		for _, value := range tests[name] {
			c, err := config.Read(map[string]string{name: value})
			wantNamed(t, err, name, value)
			if !reflect.DeepEqual(c, config.Config{}) {
				t.Errorf("%s=%q: returned %+v, too", name, value, c)
			}
		}
	}
}

func TestRightRedisURLs(t *testing.T) {
	for _, value := range []string{
		"redis://localhost", "redis://localhost/", "redis://redis.example.com:6379/15", "redis://[::1]:6379", "redis://[::1]",
		"redis://:secret@localhost:6379/0", "redis://minji:p%2Fw%23@localhost?db=3", "rediss://localhost:6380/1",
		"rediss://localhost?skip_verify=true", "unix:///run/redis.sock", "unix://minji:pw@/run/redis.sock?db=2", "unix:/run/redis.sock",
	} {
		want := defaults(t)
		want.RedisURL = value
		if got, err := config.Read(map[string]string{"REDIS_URL": value}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", value, got, err, want)
		}
	}
}

// wantNamed checks that err is a single line that starts with the variable's
// name.
func wantNamed(t *testing.T, err error, name, value string) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("%s=%q passes", name, value)
	case !strings.HasPrefix(err.Error(), name+": ") || strings.ContainsAny(err.Error(), "\n\r"):
		t.Errorf("%s=%q: %q", name, value, err)
	}
}

func TestMySQLNeedsASecret(t *testing.T) {
	_, err := config.Read(map[string]string{"DATABASE_URL": mysql})
	wantNamed(t, err, "SESSION_SECRET", "")
}

// Logs and terminals must not show secrets.
func TestErrorsDoNotShowSecrets(t *testing.T) {
	for _, environ := range []map[string]string{
		{"SESSION_SECRET": "hush-hush"},
		{"DATABASE_URL": "postgres://minji:hush-hush@localhost/x"},
		{"REDIS_URL": "redis://:hush-hush@localhost:x"},
		{"SMTP_URL": "smtp://minji:hush-hush@localhost:x"},
		{"SMTP_URL": "smtp://minji:hush-hush@localhost"},
		{"REDIS_URL": "redis://:hush-hush@localhost?password=hush-hush"},
	} {
		if _, err := config.Read(environ); err == nil || strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("%v: %v", environ, err)
		}
	}
}

// FuzzRead reads lines of the form NAME=value.
func FuzzRead(f *testing.F) {
	f.Add("ADDR=:8080\nTZ=Asia/Seoul\nLOG_LEVEL=info")
	f.Add("DATABASE_URL=" + mysql + "\nSESSION_SECRET=" + secret)
	f.Add("TRUSTED_PROXIES=10.0.0.0/8,::1,fe80::1%eth0\nRATE_LIMITS=off\nLOG_FORMAT=json\nOPS_ADDR=")
	f.Add("LOG_LEVEL=debug-4\nTZ=Local\nADDR=[::]:http")
	f.Add("UPLOADS_DIR=$HOME\nREDIS_URL=\nSESSION_SECRET=${HOME}")
	f.Add("REDIS_URL=rediss://minji:pw@[::1]:6379/3?skip_verify=true\nROOM_MAX_LIMIT=+15")
	f.Add("PUBLIC_URL=https://[::1]:8443/")
	f.Add("REDIS_URL=unix:///run/redis.sock?db=1")
	f.Fuzz(func(t *testing.T, lines string) {
		environ := map[string]string{}
		for line := range strings.SplitSeq(lines, "\n") {
			if name, value, ok := strings.Cut(line, "="); ok {
				environ[name] = value
			}
		}
		c, err := config.Read(environ)
		if err == nil {
			wantUsable(t, environ, c)
			return
		}
		name, _, _ := strings.Cut(err.Error(), ":")
		if !slices.Contains(variables, name) || environ[name] == "" && name != "SESSION_SECRET" {
			t.Errorf("%q: %v", environ, err)
		}
		wantNamed(t, err, name, environ[name])
	})
}

// wantUsable checks what the other packages rely on.
func wantUsable(t *testing.T, environ map[string]string, c config.Config) {
	t.Helper()
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil || port == "" || c.Zone == nil || c.UploadsDir == "" || c.LogFormat != "text" && c.LogFormat != "json" {
		t.Errorf("%q: %+v", environ, c)
	}
	if strings.HasPrefix(c.DatabaseURL, "mysql://") && len(c.SessionSecret) < 32 {
		t.Errorf("%q: a secret of %d bytes", environ, len(c.SessionSecret))
	}
	if c.PublicURL != "" && (strings.TrimSuffix(environ["PUBLIC_URL"], "/") != c.PublicURL || c.PublicTLS() != strings.HasPrefix(c.PublicURL, "https://")) {
		t.Errorf("%q: people come to %q", environ, c.PublicURL)
	}
	if c.RedisURL != environ["REDIS_URL"] || c.RoomMaxLimit < 5 || c.RoomMaxLimit > 1000 {
		t.Errorf("%q: Redis at %q, %d seats", environ, c.RedisURL, c.RoomMaxLimit)
	}
	for _, proxy := range c.TrustedProxies {
		if net.ParseIP(proxy) == nil && !strings.Contains(proxy, "/") && !strings.Contains(proxy, "%") {
			t.Errorf("%q: the proxy %q", environ, proxy)
		}
	}
}
