package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	intoUsers = `INSERT INTO users (username, folded, email, password_hash, role, status_message, image, created_at)`
	intoLikes = `INSERT INTO likes (post_id, user_id, created_at)`
)

// userRows are the rows of n users.
func userRows(n int) (names []string, rows iter.Seq[[]any]) {
	for i := range n {
		names = append(names, fmt.Sprintf("회원_%d", i))
	}
	return names, func(yield func([]any) bool) {
		for _, name := range names {
			if !yield([]any{name, name, "someone@example.com", "hash", sns.RoleUser, "", "", noon}) {
				return
			}
		}
	}
}

// bulkUsers inserts n users and returns the ids.
func (d *database) bulkUsers(t testing.TB, n int) (ids []int64) {
	t.Helper()
	names, rows := userRows(n)
	err := d.Bulk(t.Context(), func(b *store.Bulk) { ids = b.InsertNamed("users", "folded", names, intoUsers, rows) })
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// followsFit fails if a user shows other counts than there are rows.
func (d *database) followsFit(t testing.TB) {
	t.Helper()
	if n := d.rows(t, `users u WHERE follower_count <> (SELECT COUNT(*) FROM follows f WHERE f.followee_id = u.id)
		OR following_count <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = u.id)`); n > 0 {
		t.Errorf("%d users show other counts than there are rows", n)
	}
}

func TestBulkReturnsTheIDsOfNamedRows(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		ids := d.bulkUsers(t, 1201)
		if len(ids) != 1201 || ids[0] <= minji || !slices.IsSorted(ids) {
			t.Fatalf("%d ids after %d", len(ids), minji)
		}
		for _, i := range []int{0, 499, 500, 1200} {
			if u, err := d.UserByName(t.Context(), fmt.Sprintf("회원_%d", i)); err != nil || u.ID != ids[i] || !u.CreatedAt.Equal(noon) {
				t.Errorf("user %d: %+v, %v", i, u, err)
			}
		}
		if next := d.user(t, "서준"); next <= ids[1200] {
			t.Errorf("the next user is %d, after %d", next, ids[1200])
		}
	})
}

func TestBulkNamesThatWereNotInserted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "민지")
		names, rows := userRows(3)
		for _, other := range []string{"민지", "서준"} {
			err := d.Bulk(t.Context(), func(b *store.Bulk) {
				b.InsertNamed("users", "folded", append(names, other), intoUsers, rows)
			})
			if err == nil {
				t.Errorf("%s was found among the inserted rows", other)
			}
		}
		if n := d.rows(t, "users"); n != 1 {
			t.Errorf("%d users, want the existing one", n)
		}
	})
}

func TestBulkInsertsAllRowsOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "회원_700")
		_, rows := userRows(800)
		err := d.Bulk(t.Context(), func(b *store.Bulk) { b.Insert(intoUsers, rows) })
		if !errors.Is(err, sns.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		_, rows = userRows(600)
		err = d.Bulk(t.Context(), func(b *store.Bulk) {
			b.Insert(intoUsers, rows)
			b.Count(`UPDATE nothing SET follower_count = ? WHERE id IN (?)`, map[int64]int{1: 1})
			if id := b.InsertOne(intoUsers, "민지", "민지", "", "hash", sns.RoleUser, "", "", noon); id != 0 {
				t.Errorf("user %d was inserted after an error", id)
			}
		})
		if err == nil {
			t.Error("no error of a wrong statement")
		}
		if n := d.rows(t, "users"); n != 1 {
			t.Errorf("%d users, want the existing one", n)
		}
	})
}

func TestBulkInsertsOneRowWithTimes(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		mentor := d.user(t, "민지")
		var id int64
		err := d.Bulk(t.Context(), func(b *store.Bulk) {
			const into = `INSERT INTO rooms (mentor_id, name, user_limit, head_count, buffer, notice, notice_at, created_at)`
			b.InsertOne(into, mentor, "방", 5, 0, "table", "", time.Time{}, noon)
			id = b.InsertOne(into, mentor, "다른 방", 5, 0, "table", "공지", noon, noon)
		})
		if err != nil {
			t.Fatal(err)
		}
		if r, _, err := d.Room(t.Context(), id, mentor); err != nil || r.Name != "다른 방" || !r.NoticeAt.Equal(noon) || !r.CreatedAt.Equal(noon) {
			t.Errorf("%+v, %v", r, err)
		}
		if n := d.rows(t, "rooms WHERE notice_at IS NULL"); n != 1 {
			t.Errorf("%d rooms without a time of the notice, want 1", n)
		}
	})
}

func TestBulkCountsEachRowOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids, counts := d.bulkUsers(t, 1300), map[int64]int{}
		for i, id := range ids {
			counts[id] = 1 + i%2
		}
		counts[ids[7]] = 40
		for range 2 {
			err := d.Bulk(t.Context(), func(b *store.Bulk) {
				b.Count(`UPDATE users SET follower_count = follower_count + ? WHERE id IN (?)`, counts)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for n, want := range map[int]int{2: 650, 4: 649, 80: 1} {
			if got := d.rows(t, "users WHERE follower_count = ?", n); got != want {
				t.Errorf("%d users count %d, want %d", got, n, want)
			}
		}
	})
}

func TestBulkGivenUpHalfWayLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		post, users := d.post(t, d.user(t, "민지"), "글"), d.bulkUsers(t, 3000)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		asked := 0
		err := d.Bulk(ctx, func(b *store.Bulk) {
			b.Insert(intoLikes, func(yield func([]any) bool) {
				for _, user := range users {
					if asked++; asked == 700 {
						cancel()
					}
					if !yield([]any{post, user, noon}) {
						return
					}
				}
			})
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		if asked > 1100 {
			t.Errorf("%d more rows were asked for", asked-700)
		}
		if n := d.rows(t, "likes"); n > 0 {
			t.Errorf("%d likes are left", n)
		}
	})
}

// MySQL and MariaDB assign ids to other connections while rows are inserted.
func TestBulkBesidePeopleWhoSignUp(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		const perPerson = 20
		names, rows := userRows(2000)
		together(4, func(i int) {
			if i > 0 {
				for step := range perPerson {
					d.user(t, fmt.Sprintf("사람%d.%d", i, step))
					time.Sleep(2 * time.Millisecond)
				}
				return
			}
			err := d.Bulk(t.Context(), func(b *store.Bulk) {
				if ids := b.InsertNamed("users", "folded", names, intoUsers, rows); len(ids) != 2000 || !slices.IsSorted(ids) {
					t.Errorf("%d ids", len(ids))
				}
			})
			if err != nil {
				t.Error(err)
			}
		})
		if n := d.rows(t, "users"); n != 2000+3*perPerson {
			t.Errorf("%d users", n)
		}
	})
}

func TestTakenUsernamesAreFoundInAnyForm(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "Minji")
		d.user(t, "하늘")
		names := []string{"MINJI", "\u1112\u1161\u1102\u1173\u11af", "서준"}
		for i := range 600 {
			names = append(names, fmt.Sprintf("아무개%d", i))
		}
		d.user(t, "아무개599")
		taken, err := d.TakenUsernames(t.Context(), names)
		if want := map[string]bool{"MINJI": true, names[1]: true, "아무개599": true}; err != nil || !maps.Equal(taken, want) {
			t.Errorf("%v, %v, want %v", taken, err, want)
		}
		if taken, err := d.TakenUsernames(t.Context(), nil); err != nil || len(taken) > 0 {
			t.Errorf("of no names: %v, %v", taken, err)
		}
	})
}
