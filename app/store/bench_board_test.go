package store_test

import (
	"fmt"
	"testing"
	"time"

	"xxsns/app/sns"
)

// BenchmarkPages reads first pages, deep pages and new posts, with 1,000 and
// with 100,000 posts. The metric of-1k is the time divided by that with 1,000
// posts in the same run. Both databases have the same boards, buckets and
// users.
func BenchmarkPages(b *testing.B) {
	eachBench(b, func(b *testing.B, d *database) {
		few := make(map[string]time.Duration)
		d.manyPeople(b)
		for _, posts := range []int{1000, 100_000} {
			d.manyPosts(b, posts)
			for _, name := range []string{"plain", "board", "local", "filter=3", "filter=40", "following=10", "following=100", "following=1000"} {
				of := d.pageOf(b, name)
				b.Run(fmt.Sprintf("%s/posts=%d", name, posts), func(b *testing.B) { d.benchPage(b, of, few, name) })
				of.Before = 900 // with 100,000 posts, deeper than any reader goes
				name += ",end"
				b.Run(fmt.Sprintf("%s/posts=%d", name, posts), func(b *testing.B) { d.benchPage(b, of, few, name) })
			}
			of := d.pageOf(b, "filter=40")
			of.After, of.Except, of.Limit = int64(posts-20), 3, 100
			b.Run(fmt.Sprintf("new/posts=%d", posts), func(b *testing.B) { d.benchPage(b, of, few, "new") })
		}
	})
}

func (d *database) benchPage(b *testing.B, of sns.Timeline, few map[string]time.Duration, name string) {
	want := of.Limit
	if of.After > 0 {
		want = 0
	}
	for b.Loop() {
		posts, err := d.Timeline(b.Context(), of)
		if err != nil || len(posts) < want {
			b.Fatalf("%d posts, %v", len(posts), err)
		}
	}
	took := b.Elapsed() / time.Duration(b.N)
	if _, ok := few[name]; !ok {
		few[name] = took
	}
	b.ReportMetric(float64(took)/float64(few[name]), "of-1k")
}

// pageOf returns the timeline of a page of manyPosts.
func (d *database) pageOf(b *testing.B, name string) sns.Timeline {
	of := sns.Timeline{Viewer: 3, Limit: pageSize - 1}
	var n int
	switch name {
	case "board":
		of.Board = facetBoard
	case "local":
		of.Buckets = []int64{kinds + 3}
	default:
		if _, err := fmt.Sscanf(name, "filter=%d", &n); err == nil {
			of.Buckets = bucketIDs(n)
		}
		if _, err := fmt.Sscanf(name, "following=%d", &n); err == nil {
			of.Follower = int64(2000 + n) // manyPeople makes this user follow n users
		}
	}
	if name != "plain" && of.Board == 0 && of.Buckets == nil && of.Follower == 0 {
		b.Fatal(name)
	}
	return of
}

// manyPeople makes a thousand authors, three users who follow 10, 100 and 1,000
// of them, and the buckets.
func (d *database) manyPeople(b *testing.B) {
	b.Helper()
	var users, follows, buckets []string
	for i := range 1000 {
		users = append(users, fmt.Sprintf("(%d, '사람%d', '사람%d', '', '', 'USER', '', '', 1)", i+1, i, i))
	}
	for _, n := range []int{10, 100, 1000} {
		for k := range n {
			follows = append(follows, fmt.Sprintf("(%d, %d, 1)", 2000+n, k*1000/n+1))
		}
	}
	for id := range kinds + 10 {
		board, area := facetBoard, ""
		if id >= kinds {
			board, area = localBoard, fmt.Sprint("서울 ", id, "구")
		}
		buckets = append(buckets, fmt.Sprintf("(%d, %d, '%s', '%d')", id+1, board, area, id))
	}
	d.insert(b, "users (id, username, folded, email, password_hash, role, status_message, image, created_at)", users)
	d.insert(b, "follows (follower_id, followee_id, created_at)", follows)
	d.insert(b, "buckets (id, board_id, area, options)", buckets)
	d.board(b, "flats")
}

// manyPosts makes posts until there are n.
func (d *database) manyPosts(b *testing.B, n int) {
	b.Helper()
	for first := d.rows(b, "posts") + 1; first <= n; {
		var posts []string
		for ; first <= n && len(posts) < 5000; first++ {
			board, bucket := placeOf(first)
			author := first*7919%1000 + 1
			if first%4 == 0 { // the users whom all three follow write the most
				author = first/4%10*100 + 1
			}
			posts = append(posts, fmt.Sprintf("(%d, %d, %d, %d, '오늘도 같이 읽어요', %d)", first, author, board, bucket, first))
		}
		d.insert(b, "posts (id, user_id, board_id, bucket_id, content, created_at)", posts)
	}
	if d.Dialect() == "mysql" {
		d.run(b, "ANALYZE TABLE posts, users, follows, buckets, boards")
	}
}
