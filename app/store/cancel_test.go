package store_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// calls are all methods with a context, on post 1 of user 1, rooms 1 and 2, and
// board 3.
func (d *database) calls() map[string]func(context.Context) error {
	all := map[string]func(context.Context) error{}
	for _, calls := range []map[string]func(context.Context) error{d.reads(), d.writes(), d.roomReads(), d.roomWrites(), d.boardReads(), d.boardWrites()} {
		maps.Copy(all, calls)
	}
	return all
}

func (d *database) reads() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"BoardBySlug":     func(ctx context.Context) error { _, err := d.BoardBySlug(ctx, "free"); return err },
		"Comment":         func(ctx context.Context) error { _, err := d.Comment(ctx, 1); return err },
		"CommentByKey":    func(ctx context.Context) error { _, err := d.CommentByKey(ctx, 1, "k"); return err },
		"Comments":        func(ctx context.Context) error { _, err := d.Comments(ctx, 1, 0, 9, 20); return err },
		"CountPosts":      func(ctx context.Context) error { _, err := d.CountPosts(ctx, sns.Timeline{Limit: 1}); return err },
		"CountUsers":      func(ctx context.Context) error { _, _, err := d.CountUsers(ctx); return err },
		"UsersBeside":     func(ctx context.Context) error { _, err := d.CountUsersBeside(ctx, "%@example.com"); return err },
		"Counts":          func(ctx context.Context) error { _, err := d.Counts(ctx, 0, []int64{1}); return err },
		"SiteID":          func(ctx context.Context) error { _, err := d.SiteID(ctx); return err },
		"CredentialsFrom": func(ctx context.Context) error { _, err := d.CredentialsFrom(ctx, "민지", "home", noon); return err },
		"Credentials":     func(ctx context.Context) error { _, _, err := d.Credentials(ctx, "민지"); return err },
		"ImagesInUse":     func(ctx context.Context) error { _, err := d.ImagesInUse(ctx, []string{"a"}); return err },
		"LiveSessions":    func(ctx context.Context) error { _, err := d.LiveSessions(ctx, []string{"s"}, noon); return err },
		"NewestPost":      func(ctx context.Context) error { _, err := d.NewestPost(ctx); return err },
		"Ping":            d.Ping,
		"Post":            func(ctx context.Context) error { _, err := d.Post(ctx, 1, 1); return err },
		"PostByKey":       func(ctx context.Context) error { _, err := d.PostByKey(ctx, 1, "k"); return err },
		"Session":         func(ctx context.Context) error { _, _, err := d.Session(ctx, "s", noon); return err },
		"RecentSession": func(ctx context.Context) error {
			d.ForgetSession("s") // so that the database is asked
			_, _, err := d.RecentSession(ctx, "s", noon)
			return err
		},
		"Timeline":      func(ctx context.Context) error { _, err := d.Timeline(ctx, sns.Timeline{Limit: 1}); return err },
		"UserByName":    func(ctx context.Context) error { _, err := d.UserByName(ctx, "민지"); return err },
		"UsernameTaken": func(ctx context.Context) error { _, _, err := d.UsernameTaken(ctx, "민지", 0, noon); return err },
	}
}

func (d *database) writes() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"AddComment": func(ctx context.Context) error {
			_, _, err := d.AddComment(ctx, store.NewComment{Post: 1, Author: 1, Content: "댓글", CreatedAt: noon})
			return err
		},
		"CreatePost": func(ctx context.Context) error {
			_, err := d.CreatePost(ctx, store.NewPost{Author: 1, Board: 1, Content: "글", CreatedAt: noon})
			return err
		},
		"CreateSession": func(ctx context.Context) error {
			_, err := d.CreateSession(ctx, sns.Session{ID: "t", UserID: 1, CreatedAt: noon, SeenAt: noon}, "hash")
			return err
		},
		"CreateUser":    func(ctx context.Context) error { _, err := d.CreateUser(ctx, newUser("서준")); return err },
		"DeleteComment": func(ctx context.Context) error { _, err := d.DeleteComment(ctx, 1, 1); return err },
		"DeleteExpiredSessions": func(ctx context.Context) error {
			_, err := d.DeleteExpiredSessions(ctx, noon.AddDate(1, 0, 0))
			return err
		},
		"ForgetNetworks": func(ctx context.Context) error {
			_, err := d.ForgetNetworks(ctx, noon.AddDate(1, 0, 0))
			return err
		},
		"SeeNetwork":       func(ctx context.Context) error { return d.SeeNetwork(ctx, 1, "hash", "office", noon) },
		"DeletePost":       func(ctx context.Context) error { _, err := d.DeletePost(ctx, 1, 1); return err },
		"EditComment":      func(ctx context.Context) error { return d.EditComment(ctx, 1, 1, "바뀐 댓글", noon) },
		"EditPost":         func(ctx context.Context) error { return d.EditPost(ctx, 1, 1, "바뀐 글", noon) },
		"EndSession":       func(ctx context.Context) error { return d.EndSession(ctx, "s") },
		"SeeSession":       func(ctx context.Context) error { return d.SeeSession(ctx, "s", noon.Add(time.Hour)) },
		"ProveSession":     func(ctx context.Context) error { return d.ProveSession(ctx, "s", noon.Add(time.Hour)) },
		"SetImage":         func(ctx context.Context) error { _, err := d.SetImage(ctx, 1, "a.jpg"); return err },
		"SetLike":          func(ctx context.Context) error { _, _, err := d.SetLike(ctx, 1, 1, true, noon); return err },
		"SetPassword":      func(ctx context.Context) error { _, err := d.SetPassword(ctx, 1, "new", ""); return err },
		"SetRole":          func(ctx context.Context) error { return d.SetRole(ctx, 1, sns.RoleAdmin) },
		"SetStatusMessage": func(ctx context.Context) error { return d.SetStatusMessage(ctx, 1, "안녕") },
	}
}

// aLittle makes the rows for calls.
func (d *database) aLittle(t testing.TB) {
	minji := d.user(t, "민지")
	d.session(t, "s", minji, noon)
	if err := d.SeeNetwork(t.Context(), minji, "hash", "home", noon); err != nil {
		t.Fatal(err)
	}
	post := d.post(t, minji, "글")
	if comment := d.comment(t, post, minji, "댓글"); minji != 1 || post != 1 || comment != 1 {
		t.Fatalf("user %d, post %d, comment %d; want the first of each", minji, post, comment)
	}
	d.twoRooms(t, minji)
	d.aBoard(t)
}

// everything returns the content of all tables that calls can change.
func (d *database) everything(t testing.TB) (all string) {
	t.Helper()
	for _, query := range []string{
		`SELECT CONCAT(username, role, password_hash, image, status_message, area, follower_count, following_count) FROM users`,
		`SELECT CONCAT(id, user_id, seen_at, proved_at) FROM sessions`,
		`SELECT CONCAT(user_id, network, seen_at) FROM known_networks`,
		`SELECT CONCAT(id, content, like_count, comment_count, version) FROM posts`,
		`SELECT CONCAT(id, bucket_id, town) FROM posts`,
		`SELECT names FROM revisions`,
		`SELECT CONCAT(id, name, position, COALESCE(closed_at, 0)) FROM boards`,
		`SELECT CONCAT(id, name, position, optional, COALESCE(closed_at, 0)) FROM facets`,
		`SELECT CONCAT(id, name, position, COALESCE(closed_at, 0)) FROM facet_options`,
		`SELECT CONCAT(id, options, post_count) FROM buckets`,
		`SELECT CONCAT(follower_id, '-', followee_id) FROM follows`,
		`SELECT CONCAT(id, content) FROM comments`,
		`SELECT CONCAT(post_id, user_id) FROM likes`,
		`SELECT CONCAT(id, name, user_limit, head_count, notice, version, COALESCE(ended_at, 0), epoch, spilled, COALESCE(spill_token, ''), spill_until) FROM rooms`,
		`SELECT CONCAT(id, user_id, COALESCE(active, 0), removed, COALESCE(exited_at, 0)) FROM participants`,
		`SELECT CONCAT(room_id, '-', seq, content, deleted) FROM messages`,
		`SELECT CONCAT(room_id, total, saved, attempts, COALESCE(token, ''), lease_until, last_error, COALESCE(executed_at, 0)) FROM end_rooms`,
		`SELECT CONCAT(room_id, '-', user_id, COALESCE(told_at, 0)) FROM room_waits`,
		`SELECT CONCAT(room_id, open, seq, line_count, '-', byte_count, '-', seam, '-', spilled_count, '-', erasures, '-', busy_until) FROM buffers`,
		`SELECT CONCAT(room_id, '-', seq, '-', user_id, COALESCE(client_id, '')) FROM spilled_messages`,
		`SELECT CONCAT(room_id, '-', seq, content, deleted) FROM buffered_messages`,
	} {
		forEachRow(t, d.raw, query, func(rows *sql.Rows) error {
			var row string
			err := rows.Scan(&row)
			all += row + "\n"
			return err
		})
		all += "-\n"
	}
	return all
}

func TestCancelledCallsChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.aLittle(t)
		before := d.everything(t)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		for name, call := range d.calls() {
			if err := call(cancelled); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, want context.Canceled", name, err)
			}
		}
		if after := d.everything(t); after != before {
			t.Errorf("it was\n%s\nand is\n%s", before, after)
		}
	})
}

// After a cancelled call, the next call finds the connection usable.
func TestCallsGivenUpHalfWayDoNoHarm(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.aLittle(t)
		people := d.users(t, 10)
		together(len(people), func(i int) {
			for step := range 40 {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Duration(1+(i*7+step*13)%40)*50*time.Microsecond, cancel)
				_, _, err := d.SetLike(ctx, 1, people[i], step%2 == 0, noon)
				if err == nil {
					_, err = d.Timeline(ctx, sns.Timeline{Limit: 20})
				}
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Errorf("person %d, step %d: %v", i, step, err)
				}
			}
		})
		if counts, n := d.counts(t, 1), d.rows(t, "likes"); counts.Likes != n {
			t.Errorf("%+v with %d rows", counts, n)
		}
		if _, _, err := d.SetLike(t.Context(), 1, 1, true, noon); err != nil {
			t.Error(err)
		}
	})
}

// A caller may give up while another process holds the lock.
func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.aLittle(t)
		holder, err := d.raw.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := holder.ExecContext(t.Context(), `UPDATE posts SET version = version WHERE id = 1`); err != nil {
			t.Fatal(err)
		}
		patient := make(chan error, 1)
		go func() {
			_, _, err := d.SetLike(t.Context(), 1, 1, true, noon)
			patient <- err
		}()
		for writer, _ := d.Stats(); writer.InUse == 0 && len(patient) == 0; writer, _ = d.Stats() {
			time.Sleep(time.Millisecond)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		returns(t, "giving up", func() {
			if _, _, err := d.SetLike(ctx, 1, 1, true, noon); !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want context.Canceled", err)
			}
		})
		if err := holder.Rollback(); err != nil {
			t.Fatal(err)
		}
		if err := <-patient; err != nil {
			t.Errorf("who waited: %v", err)
		}
	})
}
