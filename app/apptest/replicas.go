package apptest

import (
	"fmt"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/sns"
)

// ReplicasOptions change the servers of StartReplicas.
type ReplicasOptions struct {
	// MariaDB asks for a private server, which the test may kill. Without MariaDB
	// the database is a fresh database on the server that all tests share.
	MariaDB *MariaDBOptions
	// Bounded keeps the bounds of an address, of nginx and of the replicas.
	Bounded bool
	// Direct lets the replicas speak to Redis without links that a test may cut: for loads,
	// whose figures the copying would spoil.
	Direct bool
	// Env are more variables for both replicas, as "NAME=value".
	Env []string
}

// Secret is the SESSION_SECRET of test servers, which is long enough and has enough different
// bytes for the program not to warn of it.
const Secret = "0123456789abcdefghijklmnopqrstuv"

// Replicas are two processes of the program behind nginx, with one database, one
// Redis and one folder of uploads.
type Replicas struct {
	URL      string // of nginx
	One, Two *Replica
	Nginx    *Nginx
	Redis    *RedisServer   // writes every change to disk before it is acknowledged
	MariaDB  *MariaDBServer // nil unless the server is private

	DatabaseURL string
	Uploads     string // the folder
	tb          testing.TB
}

// A Replica is one of the two processes. People who come through nginx from its
// network (by its Guest, SignIn, Member, Mentor and Door) land on this replica
// as long as the replica is there.
type Replica struct {
	*Program

	Address string // the address at which nginx finds the replica, as in X-Served-By
	Redis   *Link  // the replica's own line to Redis; nil if Direct

	all     *Replicas
	network string       // the beginning of the addresses of the replica's people
	people  atomic.Int64 // number of people so far, for their addresses
}

// StartReplicas starts all servers: the two replicas start at the same moment,
// on an empty database, which both try to migrate. The servers end with the
// test; if the test fails, their logs are shown.
func StartReplicas(tb testing.TB, options ReplicasOptions) *Replicas {
	tb.Helper()
	Need(tb, "nginx")
	r := &Replicas{tb: tb, Redis: StartRedis(tb, RedisOptions{Durable: true}), Uploads: filepath.Join(tb.TempDir(), "uploads")}
	if options.MariaDB == nil {
		r.DatabaseURL = MariaDB(tb)
	} else {
		r.MariaDB = StartMariaDB(tb, *options.MariaDB)
		r.DatabaseURL = r.MariaDB.Database(tb)
	}
	start := StartNginx
	if options.Bounded {
		options.Env = append([]string{"RATE_LIMITS=on"}, options.Env...)
		start = func(tb testing.TB, app1, app2 string) *Nginx { return StartBoundedNginx(tb, app1, app2) }
	}
	r.One, r.Two = r.replica(options), r.replica(options)
	r.One.launch()
	r.Two.launch()
	r.One.await()
	r.Two.await()
	r.Nginx = start(tb, r.One.Address, r.Two.Address)
	r.URL = r.Nginx.URL
	tb.Cleanup(r.showLogs)
	r.findNetworks()
	return r
}

// replica returns a replica that is not started yet.
func (r *Replicas) replica(options ReplicasOptions) *Replica {
	r.tb.Helper()
	port, err := freePort()
	if err != nil {
		r.tb.Fatal(err)
	}
	replica, redis := &Replica{all: r, Address: fmt.Sprintf("127.0.0.1:%d", port)}, r.Redis.address()
	if !options.Direct {
		replica.Redis = StartLink(r.tb, redis)
		redis = replica.Redis.Address()
	}
	replica.Program = newProgram(r.tb, append([]string{
		"ADDR=" + replica.Address, "DATABASE_URL=" + r.DatabaseURL, "REDIS_URL=redis://" + redis,
		"UPLOADS_DIR=" + r.Uploads, "SESSION_SECRET=" + Secret, "TRUSTED_PROXIES=127.0.0.1",
	}, options.Env...)...)
	return replica
}

// findNetworks asks nginx from one network after the other which replica
// answers there: nginx chooses by the first three numbers of an address.
func (r *Replicas) findNetworks() {
	r.tb.Helper()
	for n := 1; r.One.network == "" || r.Two.network == ""; n++ {
		if n > 250 {
			r.tb.Fatal("nginx sends everybody to one replica")
		}
		network := fmt.Sprintf("127.0.%d.", n)
		servedBy := guest(r.tb, r.URL).From(network + "1").Get("/healthz").Want(http.StatusOK).Header.Get("X-Served-By")
		for _, replica := range []*Replica{r.One, r.Two} {
			if replica.Address == servedBy && replica.network == "" {
				replica.network = network
			}
		}
	}
}

// showLogs shows the ends of all logs if the test has failed.
func (r *Replicas) showLogs() {
	if !r.tb.Failed() {
		return
	}
	logs := map[string]string{"one": r.One.Log(), "two": r.Two.Log(), "nginx": r.Nginx.Log()}
	for name, log := range logs {
		r.tb.Logf("log of %s:\n%s", name, log[max(0, len(log)-4000):])
	}
}

// from returns another address in the network of the replica.
func (r *Replica) from() string {
	return fmt.Sprintf("%s%d", r.network, r.people.Add(1)%254+1)
}

// Guest returns the client of a visitor who is not signed in and lands here.
func (r *Replica) Guest() *Client { return guest(r.tb, r.all.URL).From(r.from()) }

// SignIn returns a new client of an account, signed in by the form, which lands
// here.
func (r *Replica) SignIn(name string) *Client {
	r.tb.Helper()
	return r.Guest().signIn(name)
}

// Member makes an account and returns its client, as SignIn does.
func (r *Replica) Member(name string) *Client {
	r.tb.Helper()
	r.AddUser(name, sns.RoleUser)
	return r.SignIn(name)
}

// Mentor is Member for a mentor.
func (r *Replica) Mentor(name string) *Client {
	r.tb.Helper()
	r.AddUser(name, sns.RoleMentor)
	return r.SignIn(name)
}

// Door returns a line to nginx for a browser that should land here: browsers
// cannot choose the address they connect from.
func (r *Replica) Door() *Link {
	r.tb.Helper()
	return startLink(r.tb, r.all.Nginx.address(), r.from())
}

// AwaitServing waits until nginx sends the people of the replica here: for a
// while after the replica was away nginx still sends them to the other replica.
func (r *Replica) AwaitServing() {
	r.tb.Helper()
	c, servedBy := r.Guest(), ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if servedBy = c.Get("/healthz").Header.Get("X-Served-By"); servedBy == r.Address {
			return
		}
	}
	r.tb.Fatalf("nginx sends its people to %q, not to %s", servedBy, r.Address)
}
