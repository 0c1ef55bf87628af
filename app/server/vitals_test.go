package server_test

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/server"
)

// figures returns the metrics at an address, each with its labels as it is written.
func figures(t *testing.T, ops string) map[string]float64 {
	t.Helper()
	_, body := fetch(t, "http://"+ops+"/metrics")
	all := map[string]float64{}
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cut := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(strings.TrimSpace(line[cut+1:]), 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[line[:cut]] = value
	}
	return all
}

// An operator is woken for the database, Redis, room, wrong passwords, and a missing backup.
func TestMetricsOfTheSurroundings(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr, c.Version = ops, "v1.2.3" })
	app.Member("민지")
	app.Guest().Post("/sign-in", "username", "민지", "password", "아닌데요123").Want(http.StatusUnprocessableEntity)
	app.Guest().Post("/sign-in", "username", "없는사람", "password", "아닌데요123").Want(http.StatusUnprocessableEntity)
	eventually(t, "the database answers", func() bool { return figures(t, ops)["xxsns_database_up"] == 1 })
	now := figures(t, ops)
	for name, want := range map[string]float64{"xxsns_sign_ins_failed_total": 2, "xxsns_backup_age_seconds": math.Inf(1)} {
		if now[name] != want {
			t.Errorf("%s is %v, want %v", name, now[name], want)
		}
	}
	if _, there := now["xxsns_redis_up"]; there {
		t.Error("without Redis there is a metric of it")
	}
	if size := now["xxsns_database_bytes"]; size < 100_000 || size > 100_000_000 {
		t.Errorf("the database has %v bytes", size)
	}
	for _, what := range []string{"uploads", "database"} {
		all, left := now[`xxsns_disk_bytes{what="`+what+`"}`], now[`xxsns_disk_free_bytes{what="`+what+`"}`]
		if left <= 0 || left > all {
			t.Errorf("of %v bytes for the %s %v are free", all, what, left)
		}
	}
	built := 0
	for name := range now {
		if strings.HasPrefix(name, "xxsns_build_info{") && strings.Contains(name, `version="v1.2.3"`) && strings.Contains(name, `go="go1.`) {
			built++
		}
	}
	if built != 1 {
		t.Errorf("%d metrics tell which program runs", built)
	}
	recorded := time.Now().Add(-time.Hour)
	if err := server.RecordBackup(app.Config, recorded); err != nil {
		t.Fatal(err)
	}
	age := figures(t, ops)["xxsns_backup_age_seconds"]
	if age < 3600 || age > time.Since(recorded).Seconds()+1 { // the time is kept in whole seconds
		t.Errorf("a backup of an hour ago is %v s old", age)
	}
}

// A Redis that is there and lets nobody in is down.
func TestMetricsOfARedisThatRefusesEverybody(t *testing.T) {
	t.Parallel()
	url, ops := apptest.Redis(t), apptest.FreeAddress(t)
	apptest.Start(t, func(c *config.Config) { c.OpsAddr, c.RedisURL = ops, url })
	eventually(t, "Redis is up", func() bool { return figures(t, ops)["xxsns_redis_up"] == 1 })
	client := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(url, "redis://")})
	defer client.Close()
	for _, command := range [][]any{{"CONFIG", "SET", "requirepass", "somebody-elses"}, {"AUTH", "somebody-elses"}, {"CLIENT", "KILL", "TYPE", "normal"}} {
		if err := client.Do(t.Context(), command...).Err(); err != nil {
			t.Fatal(command, err)
		}
	}
	eventually(t, "Redis is down", func() bool { return figures(t, ops)["xxsns_redis_up"] == 0 })
	eventually(t, "the database is up", func() bool { return figures(t, ops)["xxsns_database_up"] == 1 })
}

// While the database is away the metrics say so, and what they cannot know is missing.
func TestMetricsWithoutADatabase(t *testing.T) {
	t.Parallel()
	database, ops := apptest.StartMariaDB(t, apptest.MariaDBOptions{}), apptest.FreeAddress(t)
	cfg := embedded(t)
	cfg.OpsAddr, cfg.DatabaseURL, cfg.SessionSecret = ops, database.Database(t), apptest.Secret
	launch(t, cfg)
	eventually(t, "the database is measured", func() bool {
		now := figures(t, ops)
		return now["xxsns_database_up"] == 1 && now["xxsns_database_bytes"] > 0
	})
	database.Kill9()
	now := figures(t, ops)
	if up, there := now["xxsns_database_up"]; !there || up != 0 {
		t.Errorf("xxsns_database_up is %v", up)
	}
	for _, name := range []string{"xxsns_database_bytes", `xxsns_disk_bytes{what="database"}`} {
		if value, there := now[name]; there {
			t.Errorf("%s is %v", name, value)
		}
	}
}
