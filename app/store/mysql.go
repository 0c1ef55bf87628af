package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// Numbers of MySQL's and MariaDB's errors.
const (
	mysqlChanged      = 1020 // since it was read in this transaction; MariaDB 11.8 checks that
	mysqlColumnExists = 1060
	mysqlIndexExists  = 1061
	mysqlDuplicate    = 1062
	mysqlLockTimeout  = 1205
	mysqlDeadlock     = 1213
)

// Those of a server that stops, or has ended or refuses the connection.
var mysqlBroken = []uint16{
	1040, // too many connections
	1053, // the server shuts down
	1152, // the connection was aborted
	1203, // too many connections of the user
	1927, // the connection was killed (MariaDB)
	3169, // the session was killed (MySQL)
	4031, // the connection was idle for too long (MySQL)
}

// Those of a server that lets nobody write: another one took its place.
var mysqlReadOnly = []uint16{1290, 1792, 1836}

var mysqlDialect = dialect{
	name:  "mysql",
	goose: goose.DialectMySQL,
	// Not from NOW(), which is an hour off when summer time of the server's zone ends.
	now:       `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))`,
	duplicate: func(err error) bool { return mysqlNumber(err) == mysqlDuplicate },
	retryable: func(err error) bool {
		n := mysqlNumber(err)
		return n == mysqlDeadlock || n == mysqlLockTimeout || n == mysqlChanged
	},
	patience: connectPatience,
	broken:   mysqlConnectionBroke,
	readOnly: func(err error) bool { return slices.Contains(mysqlReadOnly, mysqlNumber(err)) },
	explain:  func(err error) error { return err },
	madeAlready: func(err error) bool {
		n := mysqlNumber(err)
		return n == mysqlColumnExists || n == mysqlIndexExists
	},
}

func mysqlNumber(err error) uint16 {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return e.Number
	}
	return 0
}

func mysqlConnectionBroke(err error) bool {
	for _, known := range []error{driver.ErrBadConn, mysql.ErrInvalidConn, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	_, network := errors.AsType[net.Error](err)
	return network || slices.Contains(mysqlBroken, mysqlNumber(err))
}

// How long a server may take. One that is stopped or cut off is given up after
// these, since a request lasts as long as its browser waits.
const (
	dialTimeout = 3 * time.Second

	// connectPatience is how long somebody waits for a connection, or for one of
	// the pool's to be free. Who waits behind others that hang is told.
	connectPatience = 5 * time.Second

	// packetTimeout is for each packet, not for a whole answer. A statement may
	// wait for a lock before it answers: the session's settings bound that.
	packetTimeout = 10 * time.Second
)

// mysqlSession is what every connection sets, whatever the server's defaults
// are. The modes are the strictest that MySQL and MariaDB share. The isolation
// has a statement of its own: its variable is called otherwise on each.
var mysqlSession = map[string]string{
	"sql_mode": `'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,` +
		`ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
	"time_zone":                `'+00:00'` + mysqlOnly,
	"innodb_lock_wait_timeout": "5", // seconds, for a row
	"lock_wait_timeout":        "5", // seconds, for a table that a migration changes
}

// mysqlOnly is a setting that MariaDB reads as a comment. MySQL would join the few
// boards to a page of posts by a hash of them, which loses the order of the
// posts: it would read, join and sort all there are.
const mysqlOnly = ` /*!80020 , optimizer_switch = 'block_nested_loop=off' */`

const mysqlIsolation = `SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ`

// mysqlConnector makes connections whose isolation is the one that the
// transactions here are written for.
type mysqlConnector struct{ driver.Connector }

func (c mysqlConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.(driver.ExecerContext).ExecContext(ctx, mysqlIsolation, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// mysqlPool opens a pool that has no connection yet.
func mysqlPool(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return sql.OpenDB(mysqlConnector{connector}), nil
}

// SetPool bounds how many connections to MySQL there are; all of them are kept
// when they are idle. On SQLite, where connections are not what limits anything,
// it does nothing.
func (s *Store) SetPool(connections int) {
	if s.dialect.name == mysqlDialect.name {
		s.writer.SetMaxOpenConns(connections)
		s.writer.SetMaxIdleConns(connections)
	}
}

// defaultPool is how many connections a store has until SetPool.
const defaultPool = 32

func openMySQL(ctx context.Context, raw string) (*Store, error) {
	cfg, err := mysqlConfig(raw)
	if err != nil {
		return nil, err
	}
	db, err := mysqlPool(cfg)
	if err != nil {
		return nil, err
	}
	pool := sqlx.NewDb(db, "mysql")
	pool.SetConnMaxLifetime(5 * time.Minute)
	s := &Store{dialect: mysqlDialect, writer: pool, reader: pool}
	s.SetPool(defaultPool)
	if err := s.again(ctx, s.lostConnection, func() error { return pool.PingContext(ctx) }); err != nil {
		return nil, errors.Join(fmt.Errorf("the database at %s does not answer: %w", cfg.Addr, err), pool.Close())
	}
	return s, nil
}
