package apptest

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// The account of the tests may do everything on its private server.
const (
	mariaUser     = "xxsns"
	mariaPassword = "secret"
)

// MariaDB returns the DATABASE_URL of a fresh, empty database that is dropped
// when the test ends. All tests of a process share one private server, which
// starts with the first of these tests.
//
// TEST_MYSQL_URL=mysql://USER:PASSWORD@HOST:PORT/ names a running server, such
// as MySQL 9, to be used instead. Its account must be allowed to make
// databases. Tests that kill their server still get a private server.
func MariaDB(t testing.TB) string {
	t.Helper()
	ending.require(t)
	if raw := os.Getenv("TEST_MYSQL_URL"); raw != "" && !testing.Short() {
		return databaseOn(t, raw)
	}
	needMariaDB(t)
	server, err := sharedMariaDB()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t)
}

var sharedMariaDB = sync.OnceValues(func() (*MariaDBServer, error) {
	server, err := startMariaDB(MariaDBOptions{})
	if err == nil {
		ending.add(server.close)
	}
	return server, err
})

// databaseOn makes a fresh database on the server of a URL. The name of the
// database is random: other processes use the server, too.
func databaseOn(t testing.TB, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal("TEST_MYSQL_URL: ", err)
	}
	password, _ := u.User.Password()
	exec := func(statement string) {
		if err := execOn(u.Host, u.User.Username(), password, statement); err != nil {
			t.Error("TEST_MYSQL_URL: ", err)
		}
	}
	name := "test_" + strings.ToLower(rand.Text())
	exec("CREATE DATABASE " + name)
	t.Cleanup(func() { exec("DROP DATABASE IF EXISTS " + name) })
	return u.JoinPath(name).String()
}

// MariaDBOptions change how a server of StartMariaDB runs.
type MariaDBOptions struct {
	// Durable writes every commit to disk before the server acknowledges the
	// commit. Without Durable a killed server may lose the last second.
	Durable bool
	// Args are more arguments for mariadbd.
	Args []string
}

// MariaDBServer is a private mariadbd on a free port of 127.0.0.1, with its
// data in a temporary folder.
type MariaDBServer struct {
	folder    string
	remove    func()
	port      int
	options   MariaDBOptions
	process   *process
	databases atomic.Int64 // number of databases so far, for their names
}

// StartMariaDB starts a private server of the test, for tests that kill the
// server. The server ends with the test.
func StartMariaDB(t testing.TB, options MariaDBOptions) *MariaDBServer {
	t.Helper()
	needMariaDB(t)
	server, err := startMariaDB(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.close)
	return server
}

// Kill9 kills the server as a crash would (SIGKILL) and waits until the server
// is gone.
func (s *MariaDBServer) Kill9() { s.process.kill() }

// Restart starts a killed server again on its port and data, and waits until
// the server answers.
func (s *MariaDBServer) Restart(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// Database returns the DATABASE_URL of a fresh, empty database, which is
// dropped when the test ends if the server is alive then.
func (s *MariaDBServer) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.databases.Add(1))
	if err := s.exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := s.exec("DROP DATABASE " + name)
		if err != nil && s.process.alive() {
			t.Error(err)
		}
	})
	return fmt.Sprintf("mysql://%s:%s@%s/%s", mariaUser, mariaPassword, s.address(), name)
}

func needMariaDB(t testing.TB) {
	t.Helper()
	Need(t, "mariadbd")
	Need(t, "mariadb-install-db")
	Need(t, "my_print_defaults") // which mariadb-install-db calls
}
