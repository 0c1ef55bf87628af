package doctor

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Redis is how a Redis stands.
type Redis struct {
	Version  string
	Warnings []string // settings by which messages may be lost, with the reason after ": "
	ReadOnly bool     // a replica of another one
	Used     int64    // bytes
	Most     int64    // bytes; 0: no bound
	Unsaved  bool     // the last write to the disk has failed
}

// oldRedis is the first major version that the program was tried with.
const oldRedis = 6

func findRedis(ctx context.Context, p *patient) (found []Finding, err error) {
	r, err := p.Redis(ctx)
	if err != nil {
		return []Finding{{ //nolint:nilerr // the finding tells of it
			Error, "Redis at " + p.Config.Redis() + " does not answer: " + err.Error(), "nobody can say anything in rooms, and pages do not move",
			"start Redis, and look at host and password in REDIS_URL",
		}}, nil
	}
	add := func(severity Severity, what, why, do string) { found = append(found, Finding{severity, what, why, do}) }
	for _, w := range r.Warnings {
		what, why, _ := strings.Cut(w, ": ")
		name, _, _ := strings.Cut(what, " ")
		add(Warning, what, why, "set "+name+" in redis.conf, and start Redis again (or redis-cli CONFIG SET)")
	}
	if major, _, _ := strings.Cut(r.Version, "."); major != "" {
		if n, err := strconv.Atoi(major); err == nil && n < oldRedis {
			add(Warning, "Redis is "+r.Version, "the program was never tried with one older than "+strconv.Itoa(oldRedis), "update Redis")
		}
	}
	if r.ReadOnly {
		add(Error, "Redis is the replica of another one, and takes no changes", "nobody can say anything in rooms", "set REDIS_URL to the primary, or: redis-cli REPLICAOF NO ONE")
	}
	if r.Unsaved {
		add(Error, "Redis could not write to its disk", "a crash loses what was said in open rooms; Redis may refuse changes", "look at the space and the rights of the folder of Redis, and at its log")
	}
	if r.Most > 0 && r.Used*100 >= r.Most*int64(p.Config.RedisFull) {
		add(Warning, fmt.Sprintf("Redis uses %s of its %s", size(r.Used), size(r.Most)), "messages of open rooms are refused when it is full", "raise maxmemory")
	}
	return found, nil
}
