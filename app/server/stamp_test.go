package server_test

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/server"
)

// A stamp stays until it is renewed, and a new one stands in its place when Redis has lost it.
func TestStampInRedis(t *testing.T) {
	options, err := redis.ParseURL(apptest.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	one, another := server.SharedStamp(client), server.SharedStamp(client)
	seen := map[string]bool{}
	for range 3 {
		if _, err := one.Read(t.Context()); err != nil { // Redis has none yet
			t.Fatal(err)
		}
		for range 3 {
			stamp, err := one.Read(t.Context())
			if err != nil || stamp == "" || seen[stamp] {
				t.Fatalf("the stamp is %q: %v; seen before: %v", stamp, err, seen)
			}
			if same, err := another.Read(t.Context()); err != nil || same != stamp {
				t.Errorf("the stamp is %q and %q: %v", stamp, same, err)
			}
			seen[stamp] = true
			if err := another.Renew(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	_ = client.Close()
	if stamp, err := one.Read(t.Context()); err == nil {
		t.Errorf("without Redis the stamp is %q", stamp)
	}
}
