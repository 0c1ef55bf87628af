package store_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// shownPlans are the pages whose plans stand in .docs/query-plans.md.
var shownPlans = []struct{ title, read string }{
	{"Filtered: three kinds of posts, second page", "page of three buckets, second page"},
	{"Filtered: forty kinds of posts, second page", "page of forty buckets, second page"},
	{"A board without a filter, second page", "page of a board, second page"},
	{"The local community", "page of an area"},
	{"팔로잉, of 300 people, second page", "page of a follower of 300, second page"},
	{"What is new on a filtered page", "count of forty buckets, new"},
	{"The kinds of posts of a board, and the counts beside its options", "buckets"},
	{"The inbox, second page", "notices, second page"},
	{"Searching posts for two words", "search"},
	{"Searching the messages of rooms", "search of messages"},
}

const plansHead = `# How the lists of posts are read

Made by ` + "`make plans`" + ` (` + "`app/store/plan_show_test.go`" + `): the statements that reach MariaDB, and how SQLite and MariaDB run
them on 3,000 posts. That none of them sorts the posts or reads more of them when there are more is tested
(` + "`TestPlansOnSQLite`, `TestPlansOnMariaDB`, `TestPagesReadNoMoreOfMorePosts`" + `).

| list | index |
|---|---|
| timeline | the key of posts |
| a board | posts_board (board_id, id) |
| a filter, the local community | posts_bucket (bucket_id, id), one range a bucket; buckets_place (board_id, area, options) |
| a search | MySQL and MariaDB: the key of search_posts (gram, id), of the rarest pair of neighbours, then a look at the others; SQLite: FTS5 |
| the inbox | notices_part (user_id, news, ranked), a page of each part; then a range of likes_seq, comments_post, mentions_reader or follows_followee for each notice |
| 팔로잉 | follows_pair (follower_id, followee_id), then posts_user (user_id, id), one range a person |

A bucket is a kind of posts: those of a board with the same options, written for the same area. A list of several
buckets or people is merged from the heads of their ranges: one statement finds the newest post of each, the next one
reads a page's worth of those whose head is new enough, and the last one loads the posts of the page.
`

// TestShowPlans writes the plans to the file $PLANS.
func TestShowPlans(t *testing.T) {
	file := os.Getenv("PLANS")
	if file == "" {
		t.Skip("needs $PLANS, the file for the plans")
	}
	url := apptest.MariaDB(t)
	crowded(t, url, 400)
	maria, w := wired(t, url)
	maria.run(t, "ANALYZE TABLE posts, users, boards, likes, buckets, follows, "+noticeTables)
	sqlite := crowded(t, sqliteFile(t), 400)
	sqlite.run(t, "ANALYZE")
	sqlite.warm(t)
	reads := maria.hotReads()
	var b strings.Builder
	b.WriteString(plansHead)
	for _, shown := range shownPlans {
		fmt.Fprintf(&b, "\n## %s\n", shown.title)
		for _, query := range heard(t, w, reads[shown.read]) {
			fmt.Fprintf(&b, "\n    %s\n\n", readable(query))
			var steps []string
			for _, line := range sqlitePlan(t, sqlite.raw, sqlite.alike(t, query)) {
				steps = append(steps, "SQLite: "+line)
			}
			for _, s := range mariaPlan(t, maria.Pool(), query) {
				steps = append(steps, strings.TrimSpace(fmt.Sprintf("MariaDB: %s %s by %q, %d rows %s", s.table, s.how, s.key, s.rows, s.extra)))
			}
			for _, line := range counted(steps) {
				b.WriteString("- " + line + "\n")
			}
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// warm runs all searches, so that their queries are known.
func (d *database) warm(t *testing.T) {
	t.Helper()
	for name, read := range d.hotSearches() {
		if err := read(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// gramTable finds the table of a lookup of pairs, which SQLite has in its own way.
var gramTable = regexp.MustCompile(`FROM (search_\w+) g0`)

// alike returns the query of SQLite that does the same as a query of MariaDB.
func (d *database) alike(t *testing.T, query string) string {
	t.Helper()
	found := gramTable.FindStringSubmatch(query)
	if found == nil {
		return query
	}
	for _, known := range d.Queries() {
		if strings.Contains(known, "FROM "+found[1]+" WHERE "+found[1]+" MATCH ? AND") {
			return known
		}
	}
	t.Errorf("SQLite knows no lookup in %s", found[1])
	return query
}

// counted returns the distinct steps with their numbers: the branches of a
// merge are alike.
func counted(steps []string) (lines []string) {
	times := map[string]int{}
	for _, step := range steps {
		if structure.MatchString(step) {
			continue
		}
		step = branch.ReplaceAllString(step, "$1…")
		if times[step]++; times[step] == 1 {
			lines = append(lines, step)
		}
	}
	for i, line := range lines {
		if n := times[line]; n > 1 {
			lines[i] = fmt.Sprintf("%s (%d times)", line, n)
		}
	}
	return lines
}

// heard returns the queries that a read sends, without those for images.
func heard(t *testing.T, w *wire, read func(context.Context) error) (queries []string) {
	t.Helper()
	for _, query := range w.statements(func() {
		if err := read(t.Context()); err != nil {
			t.Error(err)
		}
	}) {
		if strings.HasPrefix(query, "SELECT") && !strings.Contains(query, "FROM post_images") {
			queries = append(queries, query)
		}
	}
	if len(queries) == 0 {
		t.Error("no statement was heard")
	}
	return queries
}

var (
	blanks      = regexp.MustCompile(`\s+`)
	cardColumns = regexp.MustCompile(`SELECT (/\*.*?\*/ )?p\.id, p\.content,.*?FROM`)
	unions      = regexp.MustCompile(`( UNION ALL SELECT \* FROM \(.*?\) s1)?( UNION ALL SELECT \* FROM \(.*?\) s\d+)+`)
	numbers     = regexp.MustCompile(`\((\d+,){6,}\d+\)`)
	structure   = regexp.MustCompile(`: (MERGE|LEFT|RIGHT|CO-ROUTINE|COMPOUND|LEFT-MOST)`)
	branch      = regexp.MustCompile(`(SCAN s|<derived|<union)[0-9,]+`)
)

// readable shortens the lists of columns and the repetitions of a query.
func readable(query string) string {
	query = blanks.ReplaceAllString(query, " ")
	query = cardColumns.ReplaceAllString(query, "SELECT … FROM")
	query = numbers.ReplaceAllString(query, "(…)")
	return unions.ReplaceAllString(query, " UNION ALL …")
}
