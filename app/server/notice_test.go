package server_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

func TestOldNoticesAreDeletedAtStart(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, seojun := app.Member("민지"), app.Member("서준")
	minji.Post("/posts", "content", "글").Want(http.StatusSeeOther)
	minji.Post("/posts", "content", "또 글").Want(http.StatusSeeOther)
	for _, post := range []string{"1", "2"} {
		seojun.Post("/posts/"+post+"/like", "on", "true").Want(http.StatusSeeOther)
	}
	app.Stop()
	raw, err := sql.Open("sqlite", strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	old := time.Now().Add(-sns.NoticesKept - time.Minute).UnixMicro()
	if _, err := raw.ExecContext(t.Context(), `UPDATE notices SET changed_at = ?, created_at = ? WHERE post_id = 1`, old, old); err != nil {
		t.Fatal(err)
	}
	app.Restart()
	eventually(t, "one notice is left", func() bool {
		var notices, news int
		err := raw.QueryRowContext(t.Context(), `SELECT (SELECT COUNT(*) FROM notices), (SELECT news FROM inboxes)`).Scan(&notices, &news)
		return err == nil && notices == 1 && news == 1
	})
}
