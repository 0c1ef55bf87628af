package store

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// mysqlTLS lists the values of the option tls. "true" accepts certificates of
// known authorities, "skip-verify" accepts all certificates, and "preferred"
// connects without encryption if the server offers none.
var mysqlTLS = []string{"true", "skip-verify", "preferred"}

// mysqlConfig parses a URL of the form mysql://user:password@host:port/name,
// optionally followed by ?tls=VALUE.
func mysqlConfig(raw string) (*mysql.Config, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("database URL is not of the form mysql://user:password@host:port/name")
	}
	name := strings.TrimPrefix(u.Path, "/")
	if u.Hostname() == "" || name == "" {
		return nil, errors.New("database URL names no host or no database")
	}
	cfg := mysql.NewConfig()
	if cfg.TLSConfig, err = tlsOption(u.RawQuery); err != nil {
		return nil, err
	}
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, name
	if u.Port() == "" {
		cfg.Addr = net.JoinHostPort(u.Hostname(), "3306")
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.Collation = "utf8mb4_bin"
	cfg.InterpolateParams = true // one round trip instead of two
	cfg.ClientFoundRows = true   // count matched rows, as SQLite does
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = dialTimeout, packetTimeout, packetTimeout
	cfg.Params = mysqlSession
	cfg.Logger = &mysql.NopLogger{} // all that the driver logs is also returned as an error
	return cfg, nil
}

// tlsOption returns the value of tls in a URL's query, or "" if the query is
// empty. No other option is allowed.
func tlsOption(query string) (string, error) {
	if query == "" {
		return "", nil
	}
	options, err := url.ParseQuery(query)
	if err == nil && len(options) == 1 && len(options["tls"]) == 1 && slices.Contains(mysqlTLS, options.Get("tls")) {
		return options.Get("tls"), nil
	}
	return "", errors.New("database URL takes no option after the question mark but tls=" + strings.Join(mysqlTLS, ", tls=") + " (one of them)")
}
