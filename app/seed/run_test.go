package seed_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"xxsns/app/seed"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/store"
)

const password = "열려라참깨123"

func TestSeedMakesWhatIsAskedFor(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		start := time.Now()
		made := s.seed(t, seed.Size{Users: 40, Follows: 500, Posts: 1200, Comments: 3000, Likes: 9000, Rooms: 12, Messages: 2000, Password: password})
		want := seed.Result{
			Users: 40, Follows: 500, Posts: 1200, Comments: 3000, Likes: 9000, Rooms: 12, Messages: 2000, Somebody: made.Somebody, Mentor: made.Mentor,
		}
		if made != want {
			t.Errorf("made %+v, want %+v", made, want)
		}
		for table, want := range map[string]int64{"users": 40, "follows": 500, "posts": 1200, "comments": 3000, "likes": 9000, "post_images": 0, "rooms": 12, "end_rooms": 7} {
			if n := s.number(t, "SELECT COUNT(*) FROM "+table); n != want {
				t.Errorf("%d %s, want %d", n, table, want)
			}
		}
		s.fits(t)
		s.inOrder(t, start)
		if most, all := s.number(t, "SELECT MAX(like_count) FROM posts"), s.number(t, "SELECT COUNT(*) FROM posts WHERE like_count > 8"); most < 25 || all > 500 {
			t.Errorf("the most popular post has %d likes, and %d have more than 8", most, all)
		}
	})
}

// inOrder checks the order of all times.
func (s *seeding) inOrder(t *testing.T, start time.Time) {
	t.Helper()
	now := time.Now()
	oldest, newest := s.number(t, "SELECT MIN(created_at) FROM posts"), s.number(t, "SELECT MAX(created_at) FROM posts")
	if age := start.Sub(time.UnixMicro(oldest)); age < 80*24*time.Hour || age > 91*24*time.Hour {
		t.Errorf("the oldest post is %v old", age)
	}
	if at := time.UnixMicro(newest); now.Sub(at) < time.Minute || start.Sub(at) > 10*time.Minute {
		t.Errorf("the newest post is %v old", now.Sub(at))
	}
	for _, table := range []string{"posts", "users", "rooms", "follows"} {
		s.none(t, table+" are older than the one before", table+" a JOIN "+table+" b ON b.id = a.id + 1 WHERE b.created_at < a.created_at")
	}
	s.none(t, "posts are older than their authors", "posts p JOIN users u ON u.id = p.user_id WHERE p.created_at < u.created_at")
	s.none(t, "follows are older than who follows or is followed", `follows f JOIN users a ON a.id = f.follower_id JOIN users b ON b.id = f.followee_id
		WHERE f.created_at < a.created_at OR f.created_at < b.created_at`)
	s.none(t, "follows are of the future", "follows WHERE created_at > ?", now.UnixMicro())
	for _, table := range []string{"comments", "likes"} {
		s.none(t, table+" are older than their posts", table+" c JOIN posts p ON p.id = c.post_id WHERE c.created_at < p.created_at")
		s.none(t, table+" are of the future", table+" WHERE created_at > ?", now.UnixMicro())
	}
	s.none(t, "comments under a post are older than the one before",
		"comments a JOIN comments b ON b.post_id = a.post_id AND b.id > a.id WHERE b.created_at < a.created_at")
}

func TestSeededPeopleMaySignInAndAreNoAdministrators(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		made := s.seed(t, seed.Size{Users: 300, Password: "비밀번호는여덟자"})
		db, err := store.Open(t.Context(), s.cfg.DatabaseURL)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		_, hash, err := db.Credentials(t.Context(), made.Somebody)
		if err == nil {
			err = sns.CheckPassword(t.Context(), "비밀번호는여덟자", hash)
		}
		if err != nil {
			t.Errorf("signing in as %q: %v", made.Somebody, err)
		}
		for _, name := range s.texts(t, "SELECT username FROM users") {
			if clean, p := sns.Username(name); p != nil || clean != name {
				t.Errorf("username %q: %v", name, p)
			}
		}
		roles := map[string]int{}
		for _, role := range s.texts(t, "SELECT role FROM users") {
			roles[role]++
		}
		if roles["MENTOR"] == 0 || roles["MENTOR"] > 30 || roles["MENTOR"]+roles["USER"] != 300 {
			t.Errorf("roles %v", roles)
		}
		if silent := s.number(t, "SELECT COUNT(*) FROM users WHERE status_message = ''"); silent == 0 || silent > 150 {
			t.Errorf("%d of 300 have no status message", silent)
		}
	})
}

// contents returns the rows of all tables up to the given ids.
func (s *seeding) contents(t *testing.T, user, post, comment int64) string {
	t.Helper()
	var all []string
	for _, query := range []string{
		fmt.Sprintf("SELECT CONCAT(id, ' ', username, ' ', password_hash, ' ', role, ' ', image, ' ', status_message, area, town, follower_count, ' ', following_count) FROM users WHERE id <= %d ORDER BY id", user),
		fmt.Sprintf("SELECT CONCAT(id, ' ', content, ' ', like_count, ' ', comment_count, ' ', version, ' ', board_id, ' ', bucket_id, town) FROM posts WHERE id <= %d ORDER BY id", post),
		fmt.Sprintf("SELECT CONCAT(id, ' ', post_id, ' ', content) FROM comments WHERE id <= %d ORDER BY id", comment),
		fmt.Sprintf("SELECT CONCAT(id, ' ', follower_id, ' ', followee_id) FROM follows WHERE follower_id <= %d ORDER BY id", user),
		fmt.Sprintf("SELECT CONCAT(post_id, ' ', user_id) FROM likes WHERE post_id <= %d ORDER BY post_id, user_id", post),
	} {
		all = append(all, s.texts(t, query)...)
	}
	return strings.Join(all, "\n")
}

func TestSeedingAgainAddsAndTouchesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		size := seed.Size{Users: 120, Follows: 900, Posts: 60, Comments: 100, Likes: 200, Password: password}
		first := s.seed(t, size)
		user, post, comment := s.number(t, "SELECT MAX(id) FROM users"), s.number(t, "SELECT MAX(id) FROM posts"), s.number(t, "SELECT MAX(id) FROM comments")
		before := s.contents(t, user, post, comment)
		second := s.seed(t, size)
		if after := s.contents(t, user, post, comment); after != before {
			t.Error("what was there has changed")
		}
		if first.Somebody == second.Somebody {
			t.Errorf("%s was made twice", first.Somebody)
		}
		for table, want := range map[string]int64{"users": 240, "follows": 1800, "boards": 4, "facets": 5, "posts": 120, "comments": 200, "likes": 400} {
			if n := s.number(t, "SELECT COUNT(*) FROM "+table); n != want {
				t.Errorf("%d %s, want %d", n, table, want)
			}
		}
		s.none(t, "likes of new people on old posts", fmt.Sprintf("likes WHERE (user_id > %d) <> (post_id > %d)", user, post))
		s.none(t, "posts are said to be edited", "posts WHERE edited_at IS NOT NULL")
		s.fits(t)
	})
}

func TestSeedDrawsPicturesThatAreDescribed(t *testing.T) {
	s := onSQLite(t)
	s.seed(t, seed.Size{Users: 4, Posts: 8, Comments: 10, Likes: 20, Images: true, Password: password})
	s.fits(t)
	if n := s.number(t, "SELECT COUNT(DISTINCT post_id) FROM post_images"); n != 2 {
		t.Errorf("%d posts have pictures, want 2", n)
	}
	if n := s.number(t, "SELECT COUNT(*) FROM users WHERE image <> ''"); n != 2 {
		t.Errorf("%d people have a profile image, want 2", n)
	}
	s.none(t, "pictures of a wrong size or position", "post_images WHERE width < 600 OR height < 600 OR position NOT BETWEEN 0 AND 3")
	for _, alt := range s.texts(t, "SELECT alt FROM post_images") {
		if clean, p := sns.Alt(alt); p != nil || clean != alt || len(alt) < 20 {
			t.Errorf("alt text %q: %v", alt, p)
		}
	}
}

func TestSeedGivenUpLeavesWhatFits(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		for round := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			made, err := server.Seed(ctx, s.cfg, seed.Size{Users: 10, Follows: 40, Posts: 4000, Comments: 20_000, Likes: 20_000, Password: password}, func(int) {
				if calls++; calls == 3 {
					time.AfterFunc(time.Duration(round)*15*time.Millisecond, cancel)
				}
				if calls > 9 { // the timer is late
					<-ctx.Done()
				}
			})
			cancel()
			if !errors.Is(err, context.Canceled) || made.Posts == 0 || made.Posts == 4000 || made.Comments == 20_000 || made.Likes == 20_000 {
				t.Errorf("round %d: %+v, %v", round, made, err)
			}
			s.fits(t)
		}
	})
}

func TestSeedGivenUpWhileDrawingLeavesNoFiles(t *testing.T) {
	s := onSQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	_, err := server.Seed(ctx, s.cfg, seed.Size{Users: 3, Posts: 40, Images: true, Password: password}, func(int) {
		if calls++; calls == 2 {
			time.AfterFunc(150*time.Millisecond, cancel)
		}
		if calls > 9 { // the timer is late
			<-ctx.Done()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s.fits(t)
}

func TestSeedThatCannotWriteDeletesItsFiles(t *testing.T) {
	s := onSQLite(t)
	size := seed.Size{Users: 1, Posts: 2, Likes: 1, Password: password}
	s.seed(t, size)
	if _, err := s.raw.ExecContext(t.Context(), "ALTER TABLE likes RENAME TO hidden"); err != nil {
		t.Fatal(err)
	}
	size.Images = true
	if made, err := server.Seed(t.Context(), s.cfg, size, func(int) {}); err == nil || made.Users != 1 || made.Posts != 0 {
		t.Errorf("%+v, %v", made, err)
	}
	if n := s.number(t, "SELECT COUNT(*) FROM posts"); n != 2 {
		t.Errorf("%d posts, want the 2 before", n)
	}
	if files, err := os.ReadDir(s.cfg.UploadsDir); err != nil || len(files) != 1 { // the profile image
		t.Errorf("files %v, %v", files, err)
	}
}

func TestSeedMakesWhatIsPossible(t *testing.T) {
	s := onSQLite(t)
	for _, c := range []struct {
		size seed.Size
		want seed.Result
	}{
		{seed.Size{Users: 3, Comments: 5, Likes: 5}, seed.Result{Users: 3}},
		{seed.Size{Users: 3, Follows: 600}, seed.Result{Users: 3, Follows: 6}},
		{seed.Size{Users: 1, Follows: 600}, seed.Result{Users: 1}},
		{seed.Size{Users: 3, Posts: 4, Likes: 100}, seed.Result{Users: 3, Posts: 4, Likes: 12}},
		{seed.Size{Users: 1, Posts: 1, Comments: 1200, Likes: 1}, seed.Result{Users: 1, Posts: 1, Comments: 1200, Likes: 1}},
		{seed.Size{Users: 1, Rooms: 3, Messages: 40}, seed.Result{Users: 1, Rooms: 3}},
		{seed.Size{Users: 9, Messages: 40}, seed.Result{Users: 9}},
		{seed.Size{Users: 2, Rooms: 1, Messages: 40}, seed.Result{Users: 2, Rooms: 1, Messages: 40}},
		{seed.Size{Users: 3, Rooms: 1, Messages: 400}, seed.Result{Users: 3, Rooms: 1, Messages: 400}},
	} {
		c.size.Password = password
		made := s.seed(t, c.size)
		if c.want.Somebody, c.want.Mentor = made.Somebody, made.Mentor; made != c.want {
			t.Errorf("of %+v, %+v was made, want %+v", c.size, made, c.want)
		}
		s.fits(t)
	}
}

func TestSeedRefusesWhatMakesNoSense(t *testing.T) {
	s := onSQLite(t)
	for _, size := range []seed.Size{
		{Posts: 1, Password: password},
		{Users: 1, Posts: -1, Password: password},
		{Users: 1, Follows: -1, Password: password},
		{Users: 1, Rooms: -1, Password: password},
		{Users: 1, Messages: -1, Password: password},
		{Users: 1, Password: "short"},
		{Users: 1, Password: "password"},
	} {
		if made, err := server.Seed(t.Context(), s.cfg, size, func(int) {}); err == nil || made != (seed.Result{}) {
			t.Errorf("%+v: %+v, %v", size, made, err)
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(s.cfg.DatabaseURL, "sqlite:")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database was made for nothing: %v", err)
	}
}
