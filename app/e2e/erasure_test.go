package e2e

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestNothingIsLeftWithReplicas: a member with texts everywhere leaves with everything, and the
// replica that was asked dies in the middle. The other one goes on; afterwards no table, no key
// of Redis and no file has anything of the member.
func TestNothingIsLeftWithReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	r.One.AddUser("민지", sns.RoleUser)
	minji, sua := r.One.SignIn("민지"), r.Two.Mentor("수아")
	var markers []string
	marker := func() string {
		markers = append(markers, fmt.Sprintf("zqx%05dkvw", len(markers)))
		return markers[len(markers)-1]
	}
	sua.Post("/posts", "content", "수아의 글").Want(http.StatusSeeOther)
	for _, name := range []string{"열린 방", "끝난 방"} {
		sua.Post("/rooms", "name", name, "user_limit", "5").Want(http.StatusSeeOther)
	}
	for _, room := range []string{"/rooms/1", "/rooms/2"} {
		minji.Post(room + "/enter").Want(http.StatusSeeOther)
		for range 40 {
			minji.Post(room+"/messages", "content", marker()).Want(http.StatusSeeOther)
		}
	}
	sua.Post("/rooms/2/end").Want(http.StatusSeeOther)
	for range 120 {
		minji.Post("/posts", "content", marker()).Want(http.StatusSeeOther)
		minji.Post("/posts/1/comments", "content", marker()).Want(http.StatusSeeOther)
	}
	minji.Post("/settings/profile", "status_message", marker()).Want(http.StatusSeeOther)
	texts := everyText(t, r)
	if !strings.Contains(texts, markers[0]) || !strings.Contains(texts, markers[len(markers)-1]) {
		t.Fatal("the markers are not found before")
	}

	minji.Post("/settings/delete", "current_password", apptest.Password, "remains", "none").Want(http.StatusSeeOther)
	r.One.Kill9()
	if page := sua.Get("/").Want(http.StatusOK).Body; strings.Contains(page, "zqx") {
		t.Error("what goes is not hidden")
	}
	left := len(markers)
	for end := time.Now().Add(90 * time.Second); left > 0 && time.Now().Before(end); time.Sleep(2 * time.Second) {
		texts, left = everyText(t, r), 0
		for _, m := range markers {
			if strings.Contains(texts, m) {
				left++
			}
		}
	}
	if left > 0 {
		t.Errorf("%d of %d markers are left", left, len(markers))
	}
	sua.Get("/posts/1").Want(http.StatusOK).Lacks("li.comment")
}

// everyText returns what all tables, all keys of Redis and all names of files have.
func everyText(t *testing.T, r *apptest.Replicas) string {
	t.Helper()
	var b strings.Builder
	u, err := url.Parse(r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range column(t, db, `SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()`) {
		for _, c := range column(t, db, `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '`+table+`'`) {
			fmt.Fprintln(&b, column(t, db, "SELECT COALESCE(`"+c+"`, '') FROM `"+table+"`"))
		}
	}
	client := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(r.Redis.URL(), "redis://")})
	defer client.Close()
	keys, err := client.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		fmt.Fprintln(&b, key, client.HGetAll(t.Context(), key).Val(), client.Get(t.Context(), key).Val())
	}
	files, err := os.ReadDir(r.Uploads)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&b, files)
	return b.String()
}

// column returns the first column of a query.
func column(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
