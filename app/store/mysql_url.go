package store

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// mysqlTLS are the values of the tls option: "true" trusts certificates of known
// authorities, "skip-verify" any, and "preferred" goes on without encryption
// where the server has none.
var mysqlTLS = []string{"true", "skip-verify", "preferred"}

// mysqlConfig reads a URL of the form mysql://user:password@host:port/name, to
// which ?tls= may be added.
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
	cfg.ClientFoundRows = true   // rows matched, as SQLite counts them
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = dialTimeout, packetTimeout, packetTimeout
	cfg.Params = mysqlSession
	cfg.Logger = &mysql.NopLogger{} // what it has to say comes back as an error, too
	return cfg, nil
}

// tlsOption returns the tls option of a URL's query, which is the only one there
// is; "" when it is not given.
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
