package apptest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/go-sql-driver/mysql"
)

func startMariaDB(options MariaDBOptions) (*MariaDBServer, error) {
	folder, remove, err := newFolder()
	if err != nil {
		return nil, err
	}
	s := &MariaDBServer{folder: folder, remove: remove, options: options}
	if err = s.install(); err == nil {
		err = s.firstRun()
	}
	if err != nil {
		remove()
		return nil, err
	}
	return s, nil
}

// install makes the system tables and the account of the tests.
func (s *MariaDBServer) install() error {
	account := fmt.Sprintf("CREATE USER IF NOT EXISTS '%s'@'127.0.0.1' IDENTIFIED BY '%s';\n"+
		"GRANT ALL PRIVILEGES ON *.* TO '%[1]s'@'127.0.0.1' WITH GRANT OPTION;\n", mariaUser, mariaPassword)
	if err := os.WriteFile(s.path("account.sql"), []byte(account), 0o600); err != nil {
		return err
	}
	if err := os.Mkdir(s.path("tmp"), 0o700); err != nil {
		return err
	}
	program, _ := lookUp("mariadb-install-db")
	args := []string{"--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"}
	output, err := exec.Command(program, append(args, s.dataArgs()...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, output)
	}
	return nil
}

// firstRun picks a port and tries again if another program took the port first.
func (s *MariaDBServer) firstRun() error {
	var errs error
	for range 3 {
		port, err := freePort()
		if err != nil {
			return err
		}
		s.port = port
		if err = s.run(); err == nil {
			return nil
		}
		errs = errors.Join(errs, err)
	}
	return errs
}

// run starts mariadbd and waits until the server answers.
func (s *MariaDBServer) run() error {
	program, _ := lookUp("mariadbd")
	process, err := startProcess(s.folder, nil, program, s.args()...)
	if err != nil {
		return err
	}
	s.process = process
	err = process.waitFor(func() error { return s.exec("DO 1") })
	if err != nil {
		process.kill()
	}
	return err
}

func (s *MariaDBServer) close() {
	s.process.kill() // a clean end would gain no time: the data is thrown away
	s.remove()
}

// dataArgs returns the arguments for the folders. A server that starts deletes
// from the folder of temporary files all files that look like leftovers of its
// last run: two servers must not share that folder. The small log makes
// installing five times as fast.
func (s *MariaDBServer) dataArgs() []string {
	args := []string{"--datadir=" + s.path("data"), "--tmpdir=" + s.path("tmp"), "--innodb-log-file-size=4M"}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root") // mariadbd refuses root otherwise
	}
	return args
}

func (s *MariaDBServer) args() []string {
	flush := "--innodb-flush-log-at-trx-commit=0"
	if s.options.Durable {
		flush = "--innodb-flush-log-at-trx-commit=1"
	}
	args := append([]string{"--no-defaults"}, s.dataArgs()...)
	args = append(args,
		"--bind-address=127.0.0.1", "--port="+strconv.Itoa(s.port),
		// Relative to the data folder: the full path may be longer than the
		// 107 bytes a socket's name can have.
		"--socket=sock", "--pid-file=pid",
		"--init-file="+s.path("account.sql"), "--skip-name-resolve",
		"--character-set-server=utf8mb4", "--skip-log-bin", flush,
		"--innodb-buffer-pool-size=64M", "--innodb-autoextend-increment=1",
		"--performance-schema=OFF", "--max-connections=500")
	return append(args, s.options.Args...)
}

func (s *MariaDBServer) exec(statement string) error {
	return execOn(s.address(), mariaUser, mariaPassword, statement)
}

// execOn runs one statement on a connection of its own.
func execOn(address, user, password, statement string) error {
	db, err := poolOn(address, user, password, "")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

// poolOn opens a database of a server, or with an empty name the server alone. A text may
// hold several statements.
func poolOn(address, user, password, name string) (*sql.DB, error) {
	config := mysql.NewConfig()
	config.User, config.Passwd, config.Net, config.Addr, config.DBName = user, password, "tcp", address, name
	config.MultiStatements, config.InterpolateParams = true, true
	config.Logger = &mysql.NopLogger{} // errors are expected until the server is up
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (s *MariaDBServer) address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

func (s *MariaDBServer) path(name string) string { return filepath.Join(s.folder, name) }
