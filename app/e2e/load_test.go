//go:build unix

package e2e

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"xxsns/app/apptest"
	"xxsns/app/apptest/load"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// The names of the programs that are measured.
const (
	replicaProgram  = "xxsns"
	nginxProgram    = "nginx"
	databaseProgram = "mariadbd"
	redisProgram    = "redis-server"
)

// A town is the whole system with many members.
type town struct {
	*apptest.Replicas
	b    *testing.B
	db   *store.Store
	hash string // of every member's password
}

// newTown starts all servers, set up as in docker-compose.yml, with more
// variables as "NAME=value".
func newTown(b *testing.B, env ...string) *town {
	b.Helper()
	needFiles(b, 12_000)
	env = append([]string{"ROOM_MAX_LIMIT=1000", "PROVE_EVERY=1000"}, env...)
	t := &town{Replicas: apptest.StartReplicas(b, apptest.ReplicasOptions{Env: env, Direct: true}), b: b}
	var err error
	t.db, err = store.Open(b.Context(), t.DatabaseURL)
	t.must(err)
	b.Cleanup(func() { _ = t.db.Close() })
	t.hash, err = sns.HashPassword(b.Context(), apptest.Password)
	t.must(err)
	options, err := redis.ParseURL(t.Redis.URL())
	t.must(err)
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	t.must(client.ConfigSet(b.Context(), "appendfsync", "everysec").Err())
	return t
}

func (t *town) must(err error) {
	t.b.Helper()
	if err != nil {
		t.b.Fatal(err)
	}
}

// stop stops a replica, so that the other replica does all the work.
func (t *town) stop(r *apptest.Replica) {
	t.b.Helper()
	if code := <-r.Terminate(); code != 0 {
		t.b.Fatalf("exit code %d", code)
	}
}

// members makes that many accounts, mentors all, each account signed in with
// its own session.
func (t *town) members(count int) []*load.Person {
	t.b.Helper()
	people := make([]*load.Person, count)
	var making errgroup.Group
	making.SetLimit(16)
	for i := range people {
		making.Go(func() (err error) {
			people[i], err = t.member(fmt.Sprintf("회원%d", i))
			return err
		})
	}
	t.must(making.Wait())
	return people
}

func (t *town) member(name string) (*load.Person, error) {
	now := time.Now()
	id, err := t.db.CreateUser(t.b.Context(), store.NewUser{
		Username: name, Email: "someone@example.com", PasswordHash: t.hash, Role: sns.RoleMentor, CreatedAt: now,
	})
	if err != nil {
		return nil, err
	}
	token := rand.Text() + rand.Text()
	digest := sha256.Sum256([]byte(token))
	_, err = t.db.CreateSession(t.b.Context(), sns.Session{
		ID: hex.EncodeToString(digest[:]), UserID: id, CreatedAt: now, SeenAt: now,
	}, t.hash)
	if err != nil {
		return nil, err
	}
	cookie, err := securecookie.EncodeMulti("session", token, securecookie.CodecsFromPairs([]byte(apptest.Secret))...)
	return &load.Person{Cookie: "session=" + cookie}, err
}

// An entrance is how people come to a replica.
type entrance func(n int, p *load.Person) *load.Person

// direct leads to both replicas by turns, without nginx.
func (t *town) direct(n int, p *load.Person) *load.Person {
	return &load.Person{Address: []*apptest.Replica{t.One, t.Two}[n%2].Address, Cookie: p.Cookie}
}

// throughNginx leads to both replicas by turns.
func (t *town) throughNginx(n int, p *load.Person) *load.Person {
	return t.toOne([]*apptest.Replica{t.One, t.Two}[n%2], p)
}

// toOne leads to one replica, through nginx.
func (t *town) toOne(r *apptest.Replica, p *load.Person) *load.Person {
	t.b.Helper()
	u, err := url.Parse(t.URL)
	t.must(err)
	return &load.Person{Address: u.Host, From: r.Guest().Address(), Cookie: p.Cookie}
}

// rooms opens rooms with so many of the people in each, who come in through the
// entrance: the first person is the mentor. With fewer people than seats a
// person is in several rooms.
func (t *town) rooms(people []*load.Person, count, seats int, in entrance) [][]load.Seat {
	t.b.Helper()
	all := make([][]load.Seat, count)
	var opening errgroup.Group
	opening.SetLimit(16)
	for i := range all {
		opening.Go(func() (err error) {
			all[i], err = openRoom(people, i*seats, seats, in)
			return err
		})
	}
	t.must(opening.Wait())
	return all
}

func openRoom(people []*load.Person, first, seats int, in entrance) (all []load.Seat, err error) {
	path := ""
	for n := range seats {
		p := in(n, people[(first+n)%len(people)])
		line := p.Line()
		var a load.Answer
		if n == 0 {
			a, err = line.Post("/rooms", "name", "이야기방", "user_limit", fmt.Sprint(max(seats, sns.RoomLimitMin)))
			path = a.Location
		} else {
			a, err = line.Post(path + "/enter")
		}
		line.Close()
		if err == nil && a.Status != http.StatusSeeOther {
			err = fmt.Errorf("no seat in %q: status %d", path, a.Status)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, load.Seat{Person: p, Room: path})
	}
	return all, nil
}

// A meter measures the usage of programs from one moment on.
type meter struct {
	begun  time.Time
	before map[string]load.Usage
}

func newMeter() meter { return meter{time.Now(), load.Used()} }

// perUnit reports the processor time of a program for each of count things, in
// microseconds.
func (m meter) perUnit(b *testing.B, name string, count int64, unit string) {
	b.Helper()
	b.ReportMetric(float64(m.used(name).Microseconds())/float64(count), name+"-µs/"+unit)
}

// processors reports how many processors a program kept busy.
func (m meter) processors(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(m.used(name).Seconds()/time.Since(m.begun).Seconds(), name+"-cpus")
}

func (m meter) used(name string) time.Duration { return load.Used()[name].CPU - m.before[name].CPU }

// latency reports quantiles in milliseconds.
func latency(b *testing.B, h *load.Histogram, of string) {
	b.Helper()
	for name, q := range map[string]float64{"p50": 0.5, "p99": 0.99} {
		b.ReportMetric(float64(h.Quantile(q).Microseconds())/1000, name+"-ms/"+of)
	}
}

// settleDown leaves the programs time to finish the work that a beginning
// leaves behind.
func settleDown(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Second):
	}
}

// noTime leaves out the figures that are meaningless for a load that comes at
// its own pace: the time of a round, and the memory of the load generator.
func noTime(b *testing.B) {
	b.Helper()
	for _, unit := range []string{"ns/op", "B/op", "allocs/op"} {
		b.ReportMetric(0, unit)
	}
}

// needFiles skips the benchmark where the process may not open so many files.
func needFiles(b *testing.B, files uint64) {
	b.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < files {
		b.Skipf("needs %d open files, may open %d", files, limit.Cur)
	}
}
