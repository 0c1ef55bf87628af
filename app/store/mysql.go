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

// Error numbers of MySQL and MariaDB.
const (
	mysqlRecordChanged = 1020 // the row has changed since this transaction's snapshot (MariaDB 11.8 and later)
	mysqlColumnExists  = 1060
	mysqlIndexExists   = 1061
	mysqlDuplicate     = 1062
	mysqlLockTimeout   = 1205
	mysqlDeadlock      = 1213
	mysqlNoIncrement   = 1467 // the next id was not to be had, such as after a deadlock with who else takes ids
)

// mysqlBroken are the errors of a server that shuts down, has ended the
// connection or refuses it.
var mysqlBroken = []uint16{
	1040, // too many connections
	1053, // server shutdown in progress
	1152, // the connection was aborted
	1203, // too many connections of the user
	1927, // the connection was killed (MariaDB)
	3169, // the session was killed (MySQL)
	4031, // the connection was idle for too long (MySQL)
}

// mysqlReadOnly are the errors of a read-only server: another server has become
// the primary.
var mysqlReadOnly = []uint16{1290, 1792, 1836}

// mysqlFull are the errors of a server whose disk is full.
var mysqlFull = []uint16{1021, 1026, 1114}

var mysqlDialect = dialect{
	name:  "mysql",
	goose: goose.DialectMySQL,
	// Not NOW(): the value would be off by an hour when the daylight saving
	// time of the server's zone ends.
	now:       `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))`,
	duplicate: func(err error) bool { return mysqlNumber(err) == mysqlDuplicate },
	retryable: func(err error) bool {
		n := mysqlNumber(err)
		return n == mysqlDeadlock || n == mysqlLockTimeout || n == mysqlRecordChanged || n == mysqlNoIncrement
	},
	connectTimeout: connectTimeout,
	reconnectLimit: reconnectLimit,
	lockTimeout:    lockTimeout,
	broken:         mysqlConnectionBroke,
	readOnly:       func(err error) bool { return slices.Contains(mysqlReadOnly, mysqlNumber(err)) },
	full:           func(err error) bool { return slices.Contains(mysqlFull, mysqlNumber(err)) },
	explain:        func(err error) error { return err },
	version:        `VERSION()`,
	size: `SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) AS all_bytes,
		CAST(COALESCE(SUM(CASE WHEN table_name LIKE 'search!_%' ESCAPE '!' THEN data_length + index_length ELSE 0 END), 0) AS SIGNED) AS search_bytes
		FROM information_schema.tables WHERE table_schema = DATABASE()`,
	grams: postings{},
	scrub: scrubNothing,
	alreadyApplied: func(err error) bool {
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

// dialTimeout bounds the making of a connection. A variable for the tests alone.
var dialTimeout = 3 * time.Second

// Timeouts for a server that hangs or cannot be reached. Without them a request
// would wait as long as its browser does.
const (
	// connectTimeout bounds the wait for a free connection of the pool or a new
	// one. Requests that queue behind hanging ones fail with an error.
	connectTimeout = 5 * time.Second

	// packetTimeout bounds each packet, not a whole answer. The wait for a row
	// lock before the first packet is bounded by mysqlSession.
	packetTimeout = 10 * time.Second
)

// mysqlSession is set on every connection, whatever the defaults of the server
// are. The modes are the strictest that MySQL and MariaDB share. The isolation
// level is set by mysqlIsolation, since the variable has different names in
// MySQL and MariaDB.
var mysqlSession = map[string]string{
	"sql_mode": `'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,` +
		`ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
	"time_zone":                `'+00:00'` + mysqlOnly,
	"innodb_lock_wait_timeout": "5", // seconds, for a row lock
	"lock_wait_timeout":        "5", // seconds, for a table that a migration changes
}

// mysqlOnly is a setting that MariaDB reads as a comment. Without it MySQL uses
// a hash join between a page of posts and the few boards. The hash join loses
// the order of the posts, so that MySQL would read, join and sort all posts.
const mysqlOnly = ` /*!80020 , optimizer_switch = 'block_nested_loop=off' */`

const mysqlIsolation = `SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ`

// mysqlConnector sets mysqlIsolation on each new connection. The transactions
// of this package are written for REPEATABLE READ.
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

// mysqlPool returns a pool without connecting yet.
func mysqlPool(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return sql.OpenDB(mysqlConnector{connector}), nil
}

// SetPool sets the largest number of connections to MySQL; idle connections are
// kept. On SQLite SetPool does nothing, because the number of connections is
// not a bottleneck there.
func (d *database) SetPool(connections int) {
	if d.dialect.name == mysqlDialect.name {
		d.writer.SetMaxOpenConns(connections)
		d.writer.SetMaxIdleConns(connections)
	}
}

// defaultPool is the number of connections before SetPool is called.
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
	s := newStore(&database{dialect: mysqlDialect, writer: pool, reader: pool})
	s.SetPool(defaultPool)
	if err := s.retry(ctx, s.safeToRetry, func() error { return pool.PingContext(ctx) }); err != nil {
		return nil, errors.Join(fmt.Errorf("the database at %s does not answer: %w", cfg.Addr, err), pool.Close())
	}
	return s, nil
}
