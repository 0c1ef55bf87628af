package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// hotReads are the queries of every page view. In a big database, no query may
// scan a table or sort.
func (d *database) hotReads() map[string]func(context.Context) error {
	timeline := func(of sns.Timeline) func(context.Context) error {
		of.Viewer, of.Limit = 3, pageSize
		return func(ctx context.Context) error { _, err := d.Timeline(ctx, of); return err }
	}
	count := func(of sns.Timeline) func(context.Context) error {
		of.Limit = 100
		return func(ctx context.Context) error { _, err := d.CountPosts(ctx, of); return err }
	}
	all := map[string]func(context.Context) error{
		"timeline":              timeline(sns.Timeline{}),
		"timeline, second page": timeline(sns.Timeline{Before: 2000}),
		"timeline, last page":   timeline(sns.Timeline{Before: 10}),
		"author":                timeline(sns.Timeline{Author: 5}),
		"author, second page":   timeline(sns.Timeline{Author: 5, Before: 2000}),
		"author of little":      timeline(sns.Timeline{Author: rare}),
		"new posts":             timeline(sns.Timeline{After: 2990}),
		"new posts of others":   timeline(sns.Timeline{After: 2990, Except: 3}),
		"count of new posts":    count(sns.Timeline{After: 2990, Except: 3}),
		"count of an author":    count(sns.Timeline{Author: 5}),
		"newest post":           func(ctx context.Context) error { _, err := d.NewestPost(ctx); return err },
		"post":                  func(ctx context.Context) error { _, err := d.Post(ctx, 1000, 3); return err },
		"post by key":           func(ctx context.Context) error { _, err := d.PostByKey(ctx, 5, "key2004"); return err },
		"comments":              func(ctx context.Context) error { _, err := d.Comments(ctx, busy, 0, 0, pageSize); return err },
		"comments, second page": func(ctx context.Context) error { _, err := d.Comments(ctx, busy, 0, 1500, pageSize); return err },
		"counts":                func(ctx context.Context) error { _, err := d.Counts(ctx, 0, []int64{5, 900, 2100}); return err },
		"session":               func(ctx context.Context) error { _, _, err := d.Session(ctx, "session7", noon); return err },
		"person":                func(ctx context.Context) error { _, err := d.UserByName(ctx, "사람7"); return err },
		"credentials":           func(ctx context.Context) error { _, _, err := d.Credentials(ctx, "사람7"); return err },
		"credentials from":      func(ctx context.Context) error { _, err := d.CredentialsFrom(ctx, "사람7", "net7", noon); return err },
		"comment by key":        func(ctx context.Context) error { _, err := d.CommentByKey(ctx, 5, "key2004"); return err },
	}
	maps.Copy(all, d.hotRoomReads())
	maps.Copy(all, d.hotBoardReads())
	maps.Copy(all, d.hotSearches())
	maps.Copy(all, d.hotNoticeReads())
	maps.Copy(all, d.hotHiddenReads())
	maps.Copy(all, d.hotOverviewReads())
	maps.Copy(all, d.hotPeopleReads())
	return all
}

const (
	pageSize = 21
	busy     = 1200 // a post with many comments
	rare     = 6    // a person with few posts
)

// crowded makes a database of 3,000 posts with as many comments and likes, by
// the given number of users.
func crowded(t *testing.T, url string, people int) *database {
	t.Helper()
	d := migrated(t, url)
	d.users(t, people)
	for i := range 100 {
		d.session(t, fmt.Sprintf("session%d", i), int64(i%people+1), noon)
	}
	var posts, images, comments, likes []string
	for i := 1; i <= 3000; i++ {
		author, post := i%people+1, i
		if author == rare {
			author = 1
		}
		if i%1000 == 500 {
			author = rare
		}
		if i%2 == 0 {
			post = busy
		}
		board, bucket := placeOf(i)
		posts = append(posts, fmt.Sprintf("(%d, %d, %d, %d, '함께 읽는 글', 'key%d', %d)", i, author, board, bucket, i, noon.UnixMicro()))
		images = append(images, fmt.Sprintf("(%d, 0, '%d.jpg', 1, 1, '')", i, i))
		comments = append(comments, fmt.Sprintf("(%d, %d, %d, '댓글', 'key%d', %d)", i, post, author, i, noon.UnixMicro()))
		likes = append(likes, fmt.Sprintf("(%d, %d, %d)", i, author, noon.UnixMicro()))
	}
	d.insert(t, "posts (id, user_id, board_id, bucket_id, content, form_key, created_at)", posts)
	d.insert(t, "post_images (post_id, position, name, width, height, alt)", images)
	d.insert(t, "comments (id, post_id, user_id, content, form_key, created_at)", comments)
	d.insert(t, "likes (post_id, user_id, created_at)", likes)
	d.crowdedRooms(t, people)
	d.crowdedBoards(t, people)
	d.crowdedNotices(t, people)
	d.crowdedBlocks(t)
	d.crowdedCases(t, people)
	if err := d.ReindexSearch(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.indexed(t)
	return d
}

func (d *database) insert(t testing.TB, into string, rows []string) {
	t.Helper()
	if _, err := d.raw.ExecContext(t.Context(), "INSERT INTO "+into+" VALUES "+strings.Join(rows, ",")); err != nil {
		t.Fatal(err)
	}
}

var (
	sqliteSort = regexp.MustCompile(`TEMP B-TREE|AUTOMATIC`)
	// The few boards, the participants of one room, the results of a bounded
	// subquery, and what FTS5 finds by its index.
	sqliteScan = regexp.MustCompile(`^SCAN (?:b|g|counted|CONSTANT ROW)\b|^SCAN search_\w+ VIRTUAL TABLE INDEX \d+:(M\d|=)`)
)

// goodOnSQLite reports whether a step neither sorts nor scans a table. A scan
// of the posts from the newest on is allowed: it stops at the end of the page.
func goodOnSQLite(step, query string) bool {
	switch {
	case sqliteSort.MatchString(step):
		return false
	case step == "SCAN p":
		return strings.Contains(query, "ORDER BY p.id DESC LIMIT") && !strings.Contains(query, "p.user_id =")
	}
	return !strings.HasPrefix(step, "SCAN") || sqliteScan.MatchString(step)
}

// sizes are the numbers of users who write the 3,000 posts: the planners of
// MySQL and MariaDB treat tiny tables differently. SQLite's planner hardly
// does, and the test is slow.
var sizes = []int{10, 100, 400}

// SQLite plans without statistics, which exist only after ANALYZE, and with
// them.
func TestPlansOnSQLite(t *testing.T) {
	for _, people := range sizes[:2] {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			t.Parallel()
			d := crowded(t, sqliteFile(t), people)
			for name, read := range d.hotReads() {
				if err := read(t.Context()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			d.wantGoodSQLitePlans(t)
			d.wantGoodHeads(t)
			d.run(t, "ANALYZE")
			d.wantGoodSQLitePlans(t)
			d.wantGoodHeads(t)
		})
	}
}

func (d *database) wantGoodSQLitePlans(t *testing.T) {
	t.Helper()
	queries := d.Queries()
	if len(queries) < 15 {
		t.Errorf("only %d queries are known", len(queries))
	}
	for _, query := range queries {
		if strings.HasPrefix(query, "SELECT COALESCE(MAX(id)") {
			continue // SQLite says SCAN, but reads the last row only
		}
		steps := sqlitePlan(t, d.raw, query)
		for i, step := range steps {
			if !goodOnSQLite(step, query) && !boundedOnSQLite(steps[:i+1], query) {
				t.Errorf("%s\n\tin %s", step, query)
			}
		}
	}
}

// likely replaces arguments by likely values, since the planner looks at the
// values.
var likely = strings.NewReplacer("LIMIT ?", fmt.Sprint("LIMIT ", pageSize), "user_id = ?", "user_id = 5", "?", "1200")

func sqlitePlan(t *testing.T, db *sql.DB, query string) (steps []string) {
	t.Helper()
	forEachRow(t, db, "EXPLAIN QUERY PLAN "+likely.Replace(query), func(rows *sql.Rows) error {
		var id, parent, unused int
		var step string
		err := rows.Scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	})
	return steps
}

// MySQL and MariaDB explain the very statements that reached the server.
func TestPlansOnMariaDB(t *testing.T) {
	for _, people := range sizes {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			url := apptest.MariaDB(t)
			crowded(t, url, people)
			d, w := wired(t, url)
			d.run(t, "ANALYZE TABLE posts, users, boards, comments, likes, post_images, sessions, "+
				"rooms, participants, messages, end_rooms, room_waits, buffers, buffered_messages, spilled_messages, facets, facet_options, buckets, follows, blocks, "+
				noticeTables+", "+peopleTables+", search_waits, search_states, search_blocks, search_posts, search_comments, search_messages")
			for name, read := range d.hotReads() {
				d.wantGoodMariaDBPlans(t, name, w, read)
			}
		})
	}
}

func (d *database) wantGoodMariaDBPlans(t *testing.T, name string, w *wire, read func(context.Context) error) {
	t.Helper()
	asked := 0
	for _, query := range w.statements(func() {
		if err := read(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}) {
		if !strings.HasPrefix(query, "SELECT") {
			continue
		}
		asked++
		for _, step := range mariaPlan(t, d.Pool(), query) {
			if !step.good() && !step.bounded(query) {
				t.Errorf("%s: %+v\n\tin %s", name, step, query)
			}
		}
	}
	if asked == 0 {
		t.Errorf("%s: no statement was heard", name)
	}
}

func (d *database) run(t testing.TB, statement string) {
	t.Helper()
	if _, err := d.raw.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// A step is a line of EXPLAIN. rows is an estimate.
type step struct {
	table, how, key string
	rows            int64
	extra           string
}

// good reports whether a step neither sorts more than a page nor scans a table,
// except for the few boards and the results of a bounded subquery.
func (s step) good() bool {
	if strings.Contains(s.extra, "temporary") || strings.Contains(s.extra, "filesort") && s.rows > pageSize {
		return false
	}
	if s.how == "index" && s.rows <= pageSize { // in order of the index, up to the end of the page
		return true
	}
	return s.how != "ALL" && s.how != "index" || slices.Contains([]string{"b", "boards", "<derived2>", "<derived3>"}, s.table)
}

// mariaPlan reads the result of EXPLAIN, which has more columns in MySQL.
func mariaPlan(t *testing.T, db *sql.DB, query string) (steps []step) {
	t.Helper()
	forEachRow(t, db, "EXPLAIN FORMAT=TRADITIONAL "+query, func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		values, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		err = rows.Scan(to...)
		of := func(column string) string { return values[slices.Index(columns, column)].String }
		guess, _ := strconv.ParseInt(of("rows"), 10, 64)
		steps = append(steps, step{of("table"), of("type"), of("key"), guess, of("Extra")})
		return err
	})
	return steps
}
