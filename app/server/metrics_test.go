package server_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// Metrics are on OPS_ADDR alone, not on ADDR.
func TestMetrics(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr = ops })
	minji := app.Member("민지")
	shows := func(line string) {
		t.Helper()
		eventually(t, "metrics show "+line, func() bool {
			_, body := fetch(t, "http://"+ops+"/metrics")
			return slices.Contains(strings.Split(body, "\n"), line)
		})
	}
	minji.Get("/").Want(http.StatusOK)
	minji.Get("/posts/17").Want(http.StatusNotFound)
	shows(`xxsns_requests_total{method="GET",route="/",status="200"} 1`)
	shows(`xxsns_requests_total{method="GET",route="/posts/:id",status="404"} 1`)
	shows(`xxsns_live_clients 0`)
	for _, what := range []string{"bodies", "connections", "requests", "streams"} {
		shows(`xxsns_address_refused_total{what="` + what + `"} 0`)
	}
	minji.Get("/").Want(http.StatusOK)
	shows(`xxsns_cache_compared_total{cache="frames"} 2`)
	shows(`xxsns_cache_differences_total{cache="frames"} 0`)
	shows(`xxsns_cache_differences_total{cache="memory"} 0`)
	stream, err := minji.HTTP().Do(minji.Request(http.MethodGet, "/live?topic=timeline", nil))
	if err != nil || stream.StatusCode != http.StatusOK {
		t.Fatalf("no stream: %v, %v", stream, err)
	}
	shows(`xxsns_live_clients 1`)
	_ = stream.Body.Close()
	shows(`xxsns_live_clients 0`)
	wantStatus(t, "http://"+ops+"/debug/pprof/", http.StatusOK)
	wantStatus(t, "http://"+ops+"/debug/pprof/cmdline", http.StatusNotFound)
	wantStatus(t, app.URL+"/metrics", http.StatusNotFound)
	wantStatus(t, app.URL+"/debug/pprof/", http.StatusNotFound)
}

// A room is flooded: the worker saves its older messages before Redis is full, and the
// metrics tell.
func TestMetricsOfAFloodedRoom(t *testing.T) {
	t.Parallel()
	server, ops := apptest.StartRedis(t, apptest.RedisOptions{Args: []string{"--maxmemory", "6mb", "--maxmemory-policy", "noeviction"}}), apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr, c.RedisURL, c.RedisFull = ops, server.URL(), 60 })
	app.AddUser("수아", sns.RoleMentor)
	sua := app.SignIn("수아")
	sua.Post("/rooms", "name", "함께 읽기", "user_limit", "5").Want(http.StatusSeeOther)
	long := strings.Repeat("👍🏽", sns.MessageMax)
	for range 500 { // 4 MB, and with the base of Redis more than 60 % of 6 MB
		sua.Post("/rooms/1/messages", "content", long).Want(http.StatusSeeOther)
	}
	figure := func(name string) float64 {
		_, body := fetch(t, "http://"+ops+"/metrics")
		_, rest, _ := strings.Cut(body, "\n"+name+" ")
		value, _, _ := strings.Cut(rest, "\n")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			t.Fatalf("%s is %q", name, value)
		}
		return n
	}
	eventually(t, "the worker spills", func() bool {
		return figure("xxsns_spilled_messages_total") > 0 && figure("xxsns_spilling_rooms") == 0 && figure("xxsns_redis_memory_ratio") < 0.6
	})
	lines, size, spilled := figure("xxsns_buffered_messages"), figure("xxsns_buffered_bytes"), figure("xxsns_spilled_messages_total")
	if lines+spilled != 501 || size < (lines-2)*8000 || size > lines*9000 {
		t.Errorf("%v messages of %v bytes are buffered, %v are spilled", lines, size, spilled)
	}
	if ratio := figure("xxsns_redis_memory_ratio"); ratio <= 0 {
		t.Errorf("Redis is full to %v", ratio)
	}
	sua.Get("/desk").Want(http.StatusOK).Has("#room-1")
	if p := sua.Get("/desk"); !strings.Contains(p.Body, "501") {
		t.Error("the desk counts other messages than were said")
	}
}
