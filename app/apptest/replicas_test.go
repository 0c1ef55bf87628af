package apptest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestReplicasAreApart: each replica has people, a line to Redis and a life of
// its own.
func TestReplicasAreApart(t *testing.T) {
	r := StartReplicas(t, ReplicasOptions{})
	for _, replica := range []*Replica{r.One, r.Two} {
		for range 3 {
			if got := replica.Guest().Get("/healthz").Want(http.StatusOK).Header.Get("X-Served-By"); got != replica.Address {
				t.Errorf("a guest lands on %s, not on %s", got, replica.Address)
			}
		}
		res, err := http.Get(replica.Door().URL() + "/healthz") //nolint:noctx // the test has a time limit
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("X-Served-By"); got != replica.Address {
			t.Errorf("the door leads to %s, not to %s", got, replica.Address)
		}
	}
	r.One.Redis.Cut()
	redisIs(t, r.One, "down")
	redisIs(t, r.Two, "up")
	r.One.Redis.Restore()
	redisIs(t, r.One, "up")
	address := r.One.Address
	r.One.Kill9()
	r.One.Start()
	if r.One.AwaitServing(); r.One.URL != "http://"+address {
		t.Errorf("moved from %s to %s", address, r.One.URL)
	}
}

// redisIs waits until the replica reports this state of Redis.
func redisIs(t *testing.T, replica *Replica, state string) {
	t.Helper()
	body := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if body = replica.Program.Guest().Get("/readyz").Body; strings.Contains(body, "redis: "+state) {
			return
		}
	}
	t.Errorf("redis is not %s but\n%s", state, body)
}
