package store_test

import (
	"fmt"
	"testing"
	"time"

	"xxsns/app/store"
)

// BenchmarkNoticed does deeds with notices, in turns with the same deeds as they were before
// there were notices. The metric is the ratio of the speeds (1: notices cost nothing).
func BenchmarkNoticed(b *testing.B) {
	eachBench(b, func(b *testing.B, d *database) {
		author, first, other := d.user(b, "민지"), d.user(b, "하루"), d.user(b, "준호")
		like := func(post int64, inTime func(func())) {
			inTime(func() { d.like(b, post, other) })
			d.unlike(b, post, other)
		}
		untoldLike := func(post int64) time.Duration {
			start := time.Now()
			must(b, d.LikeUntold(b.Context(), post, other, noon))
			took := time.Since(start)
			d.unlike(b, post, other)
			return took
		}
		comment := func(post int64, inTime func(func())) {
			inTime(func() { d.comment(b, post, other, "오늘도 같이 읽어요") })
		}
		untoldComment := func(post int64) time.Duration {
			start := time.Now()
			must(b, d.CommentUntold(b.Context(), store.NewComment{Post: post, Author: other, Content: "오늘도 같이 읽어요", CreatedAt: noon}))
			return time.Since(start)
		}
		for _, deed := range []struct {
			name   string
			before func(post int64)
			do     func(post int64, inTime func(func()))
			untold func(post int64) time.Duration
		}{
			{"like", func(int64) {}, like, untoldLike},
			{"like/gathered", func(post int64) { d.like(b, post, first) }, like, untoldLike},
			{"comment", func(int64) { must(b, d.ReadNotices(b.Context(), author, nil)) }, comment, untoldComment},
			{"comment/gathered", func(post int64) { d.comment(b, post, first, "댓글") }, comment, untoldComment},
			{"comment/thread", func(post int64) {
				for i := range 10 {
					d.comment(b, post, d.user(b, fmt.Sprintf("사람%d.%d", post, i)), "댓글")
				}
			}, comment, untoldComment},
		} {
			b.Run(deed.name, func(b *testing.B) {
				post, untold, untoldTime := d.post(b, author, "글"), d.post(b, author, "또 글"), time.Duration(0)
				deed.before(post)
				for b.Loop() {
					b.StopTimer()
					deed.do(post, func(do func()) { b.StartTimer(); do(); b.StopTimer() })
					untoldTime += deed.untold(untold)
					if deed.name == "comment" {
						deed.before(post)
					}
					b.StartTimer()
				}
				b.ReportMetric(untoldTime.Seconds()/b.Elapsed().Seconds(), "of-untold")
			})
		}
	})
}

// BenchmarkThread makes a comment below those of 5,000 people: in parts, as the program does, in
// turns with telling all of them in the transaction of the comment. The metric is the ratio of
// the times.
func BenchmarkThread(b *testing.B) {
	const people = 5000
	eachBench(b, func(b *testing.B, d *database) {
		author := d.user(b, "민지")
		post := d.post(b, author, "글")
		var users, comments []string
		for i := range people {
			users = append(users, fmt.Sprintf("(%d, '이%d', '이%d', '', '', 'USER', '', '', 1)", 1000+i, i, i))
			comments = append(comments, fmt.Sprintf("(%d, %d, '댓글', '', 1)", post, 1000+i))
		}
		d.insert(b, "users (id, username, folded, email, password_hash, role, status_message, image, created_at)", users)
		d.insert(b, "comments (post_id, user_id, content, mentions, created_at)", comments)
		whole, rest := time.Duration(0), time.Duration(0)
		for b.Loop() {
			d.comment(b, post, author, "오늘도 같이 읽어요")
			b.StopTimer()
			start := time.Now()
			must(b, d.TellRest(b.Context(), noon))
			rest += time.Since(start)
			d.TellAtOnce(people)
			start = time.Now()
			d.comment(b, post, author, "오늘도 같이 읽어요")
			whole += time.Since(start)
			d.TellAtOnce(100)
			b.StartTimer()
		}
		b.ReportMetric(whole.Seconds()/b.Elapsed().Seconds(), "times-faster")
		b.ReportMetric(rest.Seconds()/float64(b.N)*1e9, "rest-ns/op")
	})
}

// BenchmarkInbox reads the badge and the first page of inboxes with 100 and with 100,000
// unread notices, and one notice of 10,000 likes.
func BenchmarkInbox(b *testing.B) {
	eachBench(b, func(b *testing.B, d *database) {
		d.users(b, 3)
		d.likedPosts(b, 1, 0, 100)
		d.likedPosts(b, 2, 1000, 100_000)
		for user, name := range map[int64]string{1: "notices=100", 2: "notices=100000"} {
			b.Run(name+"/badge", func(b *testing.B) {
				for b.Loop() {
					if _, err := d.Inbox(b.Context(), user); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(name+"/badge-after-a-commit", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					must(b, d.SetStatusMessage(b.Context(), 3, "안녕"))
					b.StartTimer()
					if _, err := d.Inbox(b.Context(), user); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(name+"/page", d.benchNotices(user))
			b.Run(name+"/like", func(b *testing.B) {
				post := d.post(b, user, "글")
				for b.Loop() {
					b.StopTimer()
					d.unlike(b, post, 3)
					b.StartTimer()
					d.like(b, post, 3)
				}
			})
		}
		post := d.post(b, 3, "글")
		var likes []string
		for i := range 10_000 {
			likes = append(likes, fmt.Sprintf("(%d, %d, %d, %d)", post, 1000+i, noon.UnixMicro(), i+1))
		}
		d.insert(b, "likes (post_id, user_id, created_at, seq)", likes)
		d.insert(b, "notices (user_id, kind, news, post_id, room_id, first_ref, open, ranked, created_at, changed_at)",
			[]string{fmt.Sprintf("(3, 4, 1, %d, 0, 1, 1, 1, 1, 1)", post)})
		b.Run("likes=10000/page", d.benchNotices(3))
	})
}

func (d *database) benchNotices(user int64) func(*testing.B) {
	return func(b *testing.B) {
		for b.Loop() {
			all, err := d.Notices(b.Context(), user, nil, 0, 21)
			if err != nil || len(all) == 0 {
				b.Fatal(len(all), err)
			}
		}
	}
}

// likedPosts gives an author that many posts with a like each, of which the author was told.
func (d *database) likedPosts(b *testing.B, author int64, after, n int) {
	b.Helper()
	const at = 1000
	for from := after; from < after+n; from += at {
		var posts, likes, notices []string
		for i := from + 1; i <= min(from+at, after+n); i++ {
			posts = append(posts, fmt.Sprintf("(%d, %d, 1, 0, '함께 읽는 글', 1, 1)", i, author))
			likes = append(likes, fmt.Sprintf("(%d, 3, 1, 1)", i))
			notices = append(notices, fmt.Sprintf("(%d, 4, 1, %d, 0, 1, 1, %d, 1, 1)", author, i, i))
		}
		d.insert(b, "posts (id, user_id, board_id, bucket_id, content, created_at, version)", posts)
		d.insert(b, "likes (post_id, user_id, created_at, seq)", likes)
		d.insert(b, "notices (user_id, kind, news, post_id, room_id, first_ref, open, ranked, created_at, changed_at)", notices)
	}
	d.insert(b, "inboxes (user_id, unread, news, version)", []string{fmt.Sprintf("(%d, 0, %d, %d)", author, n, after+n)})
}
