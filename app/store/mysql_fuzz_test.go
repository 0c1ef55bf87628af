package store_test

import (
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"xxsns/app/store"
)

// FuzzMySQLURL: the driver gets user, password, host and database of a URL as they are, and
// an error shows no password.
func FuzzMySQLURL(f *testing.F) {
	for _, url := range []string{
		"mysql://xxsns:pw@database:3306/xxsns", "mysql://xxsns@[::1]/xxsns?tls=true", "mysql://a:b%2Fc%40@host/x", "mysql://:@h/x", "mysql:///x", "mysql://host", "mysql://u:secret@h/x?parseTime=true",
		"mysql://u:p@h:x/y", "mysql://u:p@h/a/b", "mysql://u:p@h/x?tls=maybe", "mysql://u:p@h/x?tls=true&tls=true", "mysql://u:%zz@h/x", "mysql://u:p)@tcp(evil)/x@h/x", "\xff",
	} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		cfg, err := store.MySQLConfig(raw)
		if err != nil {
			if _, rest, ok := strings.Cut(raw, ":secret@"); ok && rest != "" && strings.Contains(err.Error(), "secret") {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		if cfg.Net != "tcp" || cfg.Addr == "" || cfg.DBName == "" || !cfg.ClientFoundRows || !cfg.InterpolateParams || cfg.AllowAllFiles || cfg.MultiStatements {
			t.Errorf("%q becomes %+v", raw, cfg)
		}
		if _, err := mysql.NewConnector(cfg); err != nil && cfg.TLSConfig == "" {
			t.Errorf("the driver refuses %q: %v", raw, err)
		}
	})
}
