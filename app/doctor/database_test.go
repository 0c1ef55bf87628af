package doctor_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// TestFaultsOfServers breaks an installation on MariaDB and Redis.
func TestFaultsOfServers(t *testing.T) {
	t.Parallel()
	mariadb := apptest.StartMariaDB(t, apptest.MariaDBOptions{Durable: true})
	redis, forgetful := apptest.StartRedis(t, apptest.RedisOptions{Durable: true}), apptest.Redis(t)
	app := apptest.Start(t, complete, func(cfg *config.Config) {
		cfg.DatabaseURL, cfg.RedisURL, cfg.SessionSecret = mariadb.Database(t), redis.URL(), strings.Repeat("0123456789abcdef", 2)
	})
	app.AddUser("서준", sns.RoleAdmin)
	s := &site{t: t, folder: filepath.Dir(app.Config.UploadsDir), cfg: app.Config}
	lives(t, s)
	s.finds("")
	address, err := url.Parse(s.cfg.DatabaseURL)
	s.must(err)
	db, err := sql.Open("mysql", address.User.String()+"@tcp("+address.Host+")"+address.Path)
	s.must(err)
	t.Cleanup(func() { _ = db.Close() })
	for _, f := range []struct {
		check, says, statement, back string // back: what an operator does; empty: --fix mends
	}{
		{"likes", "3 posts", `UPDATE posts SET like_count = like_count + 1 WHERE id < 4`, ""},
		{"followers", "1 member", `UPDATE users SET follower_count = 99 WHERE id = 2`, ""},
		{"seats", "open room", `UPDATE rooms SET head_count = head_count + 1 WHERE ended_at IS NULL`, ""},
		{"search", "1 text", `INSERT INTO search_comments (gram, id) VALUES (7, 999999)`, ""},
		{"notices", "1 inbox", `REPLACE INTO inboxes (user_id, unread, news, version) VALUES (1, 3, 0, 9)`, ""},
		{"database-settings", "max_connections is 20", `SET GLOBAL max_connections = 20`, `SET GLOBAL max_connections = 200`},
		{"database-settings", "utf8mb4_bin", `ALTER TABLE resets CONVERT TO CHARACTER SET latin1`, `ALTER TABLE resets CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`},
	} {
		_, err := db.ExecContext(t.Context(), f.statement)
		s.must(err)
		s.says(s.finds(f.check), f.says)
		if f.back != "" {
			_, err := db.ExecContext(t.Context(), f.back)
			s.must(err)
			s.finds("")
			continue
		}
		s.exam.Fix = true
		if names := mended(s.finds("")); !slices.Equal(names, []string{f.check}) {
			t.Errorf("%q were mended, want %s alone", names, f.check)
		}
		s.exam.Fix = false
		s.finds("")
	}
	one := *s
	one.cfg.RedisURL = forgetful
	one.says(one.finds("redis"), "appendonly is no instead of yes")
	redis.Kill9()
	s.says(s.finds("redis"), "does not answer")
}
