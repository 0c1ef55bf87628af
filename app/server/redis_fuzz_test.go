package server_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/config"
	"xxsns/app/server"
)

// FuzzRedisURL: what the configuration takes, the client takes, and reads as meant.
func FuzzRedisURL(f *testing.F) {
	for _, url := range []string{
		"redis://localhost", "redis://:secret@redis:6379/3", "rediss://u:p%2Fw@[::1]:6380?skip_verify=true&db=1", "unix:///run/redis.sock?db=2", "redis://h/1?db=2", "redis://h:/", "redis://u@h",
		"redis://h?db=32767", "redis://h?db=+1", "redis://h%20x", "redis://[::1%25eth0]:1", "unix://u:p@/x", "unix:/x", "redis://h/ 1", "\xff",
	} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		c, err := config.Read(map[string]string{"REDIS_URL": url})
		if err != nil || c.RedisURL == "" {
			return
		}
		client, err := server.OpenRedis(c.RedisURL, 2)
		if err != nil {
			t.Fatalf("the client refuses %q: %v", url, err)
		}
		defer func() { _ = client.Close() }()
		o := client.(*redis.Client).Options()
		if o.Addr == "" || o.DB < 0 || (o.TLSConfig != nil) != strings.HasPrefix(strings.ToLower(url), "rediss:") || o.PoolSize != 2 {
			t.Errorf("%q becomes %+v", url, o)
		}
	})
}
