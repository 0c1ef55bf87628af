package server_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Texts from before there was an index are found after a start, and the metrics tell.
func TestOldTextsAreIndexed(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr = ops })
	minji := app.Member("민지")
	for i := range 3 {
		minji.Post("/posts", "content", fmt.Sprintf("카드결제가 안 돼요 %d", i)).Want(http.StatusSeeOther)
	}
	app.Stop()
	raw, err := sql.Open("sqlite", strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	for _, query := range []string{
		`DELETE FROM search_posts`, `DELETE FROM search_waits`, `UPDATE users SET search = ''`,
		`UPDATE search_states SET below = 4 WHERE kind = 1`, `UPDATE search_states SET below = 2 WHERE kind = 4`,
	} {
		if _, err := raw.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	app.Restart()
	eventually(t, "the metrics tell", func() bool {
		_, body := fetch(t, "http://"+ops+"/metrics")
		return strings.Contains(body, "\nxxsns_search_unindexed 0\n") && strings.Contains(body, "\nxxsns_search_indexed_total 7\n")
	})
	q, _ := sns.ParseQuestion("결제")
	if n := foundIn(t, app.Config.DatabaseURL, sns.Search{Question: q, Limit: 5}); n != 3 {
		t.Errorf("%d posts are found, want 3", n)
	}
}

// foundIn returns the number of posts that a search of a database finds.
func foundIn(t *testing.T, url string, q sns.Search) int {
	t.Helper()
	s, err := store.Open(context.WithoutCancel(t.Context()), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	posts, _, err := s.SearchPosts(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.CheckSearch(t.Context()); err != nil || n > 0 {
		t.Errorf("%d texts differ from the index, %v", n, err)
	}
	return len(posts)
}
