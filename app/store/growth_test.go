package store_test

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// A plan does not show how many rows a database reads before it has enough.
// MariaDB counts them: eight times as many posts must not make a page read more
// rows.
func TestPagesReadNoMoreOfMorePosts(t *testing.T) {
	t.Parallel()
	d := crowded(t, apptest.MariaDB(t), 10)
	d.SetPool(1) // the counters belong to a connection
	before := d.rowsRead(t)
	for _, more := range []string{"3000", "6000", "12000"} {
		d.run(t, `INSERT INTO posts (id, user_id, board_id, bucket_id, content, created_at)
			SELECT id + `+more+`, user_id, board_id, bucket_id, content, created_at FROM posts`)
	}
	d.run(t, `ANALYZE TABLE posts`)
	after := d.rowsRead(t)
	for _, name := range slices.Sorted(maps.Keys(before)) {
		most := before[name] + before[name]/4 + 50
		if strings.Contains(name, ", last page") && (strings.Contains(name, "forty") || strings.Contains(name, "follower")) {
			most += 10_000 // the query of heads skips newer posts, once per source
		}
		if after[name] > most {
			t.Errorf("%s: %d rows were read of 3,000 posts, %d of 24,000", name, before[name], after[name])
		}
	}
}

// rowsRead returns the number of rows that each page reads, over all tables.
func (d *database) rowsRead(t *testing.T) map[string]int64 {
	t.Helper()
	newest, err := d.NewestPost(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int64{}
	for name, of := range mergedTimelines() {
		switch {
		case strings.HasSuffix(name, "second page"):
			of.Before = newest - 1000
		case strings.HasSuffix(name, "new"):
			of.After = newest - 100
		}
		for _, counts := range []bool{false, true} {
			before := d.handled(t)
			if err := d.readPage(t, of, counts); err != nil {
				t.Fatal(err)
			}
			all[name+map[bool]string{true: ", counted"}[counts]] = d.handled(t) - before
		}
	}
	return all
}

func (d *database) readPage(t *testing.T, of sns.Timeline, counts bool) (err error) {
	if counts {
		_, err = d.CountPosts(t.Context(), of)
	} else {
		_, err = d.Timeline(t.Context(), of)
	}
	return err
}

// handled returns the number of rows that the connection has read so far.
func (d *database) handled(t *testing.T) (n int64) {
	t.Helper()
	forEachRow(t, d.Pool(), `SHOW SESSION STATUS LIKE 'Handler_read%'`, func(rows *sql.Rows) error {
		var name string
		var count int64
		err := rows.Scan(&name, &count)
		n += count
		return err
	})
	return n
}
