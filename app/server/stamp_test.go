package server_test

import (
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/store"
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
	type numbers = [store.Regions]int64
	seen := map[numbers]bool{}
	for round := range 3 {
		if _, err := one.Read(t.Context()); err != nil { // Redis has none yet
			t.Fatal(err)
		}
		for range 3 {
			stamp, err := one.Read(t.Context())
			if err != nil || slices.Contains(stamp[:], 0) || seen[stamp] {
				t.Fatalf("the stamp is %d: %v; seen before: %v", stamp, err, seen)
			}
			if same, err := another.Read(t.Context()); err != nil || same != stamp {
				t.Errorf("the stamp is %d and %d: %v", stamp, same, err)
			}
			seen[stamp] = true
			if err := another.Renew(t.Context(), []int{round, 4}); err != nil {
				t.Fatal(err)
			}
			renewed, err := one.Read(t.Context())
			for i := range stamp {
				if changed := renewed[i] != stamp[i]; err != nil || changed != (i == round || i == 4) {
					t.Errorf("after a commit in the regions %d and 4 the stamp was %d and is %d: %v", round, stamp, renewed, err)
				}
			}
		}
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	_ = client.Close()
	if stamp, err := one.Read(t.Context()); err == nil {
		t.Errorf("without Redis the stamp is %d", stamp)
	}
}
