package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// lastBefore runs store.LastBefore over rows with numbers and times, and counts the rows read.
func lastBefore(t *testing.T, numbers []int64, times []time.Time, moments ...time.Time) (found []int64, reads int) {
	t.Helper()
	at := func(n int64) (int64, time.Time, error) {
		reads++
		i, _ := slices.BinarySearch(numbers, n)
		if i == len(numbers) {
			return 0, time.Time{}, sns.ErrNotFound
		}
		return numbers[i], times[i], nil
	}
	last := int64(0)
	if len(numbers) > 0 {
		last = numbers[len(numbers)-1]
	}
	found, err := store.LastBefore(moments, last, at, func(int) (int64, bool) { return 0, false })
	if err != nil {
		t.Fatal(err)
	}
	return found, reads
}

func TestLastBefore(t *testing.T) {
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	numbers, times := []int64{3, 4, 9, 1_000_000_005}, []time.Time{hour(0), hour(1), hour(1), hour(9)}
	got, _ := lastBefore(t, numbers, times, hour(-1), hour(0), hour(1), hour(2), hour(5), hour(9), hour(10))
	if want := []int64{0, 0, 3, 9, 9, 9, 1_000_000_005}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if got, _ := lastBefore(t, nil, nil, hour(0), hour(1)); !slices.Equal(got, []int64{0, 0}) {
		t.Errorf("found %v of nothing", got)
	}
	// A million rows are not read, and days without rows cost nothing.
	numbers, times = nil, nil
	for i := range 1_000_000 {
		numbers, times = append(numbers, int64(i+1)), append(times, noon.Add(time.Duration(i)*time.Millisecond))
	}
	got, reads := lastBefore(t, numbers, times, sns.DayLines(hour(24*10), time.UTC, sns.OverviewDays)...)
	if got[0] != 0 || got[sns.OverviewDays] != 1_000_000 || reads > 100 {
		t.Errorf("from %d to %d, after reading %d rows", got[0], got[sns.OverviewDays], reads)
	}
}

// counted returns the counts of an overview at noon.
func (d *database) counted(t *testing.T) sns.Overview {
	t.Helper()
	o, err := d.CountAll(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestNumbersOfAnOverview(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		if o := d.counted(t); o.Members != 0 || o.Posts != 0 || o.Comments != 0 || o.Messages != 0 || o.ThisMonth != 0 {
			t.Errorf("an empty database has %+v", o)
		}
		people := d.users(t, 5)
		d.session(t, "now", people[0], noon)
		d.session(t, "again", people[0], noon.AddDate(0, 0, -3))
		d.session(t, "before", people[1], noon.AddDate(0, 0, -8))
		d.session(t, "long ago", people[2], noon.AddDate(0, 0, -31))
		if err := d.SeeNetwork(t.Context(), people[3], "hash", "home", noon.AddDate(0, 0, -1)); err != nil { // and signed out
			t.Fatal(err)
		}
		post := d.post(t, people[0], "글")
		d.comment(t, post, people[1], "댓글")
		room := d.room(t, people[0], 5)
		d.settle(t, room, 7)
		if _, err := d.DeleteUser(t.Context(), people[4], noon); err != nil {
			t.Fatal(err)
		}
		d.post(t, people[0], "또 하나")
		o := d.counted(t)
		if o.Members != 4 || o.ThisWeek != 2 || o.ThisMonth != 3 || o.Posts != 2 || o.Comments != 1 || o.Messages != 7 {
			t.Errorf("counted %+v", o)
		}
		if _, err := d.DeletePost(t.Context(), post, people[0]); err != nil {
			t.Fatal(err)
		}
		if o, err := d.CountAll(t.Context(), noon.Add(2*time.Hour)); err != nil || o.Posts != 1 || o.Comments != 0 {
			t.Errorf("after one was deleted: %+v, %v", o, err)
		}
	})
}

func TestPostsAndMembersOfEachDay(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, seoul)
	each(t, func(t *testing.T, d *database) {
		author := d.user(t, "민지")
		var rows []string
		for i, at := range []time.Time{
			midnight.AddDate(0, 0, -40), midnight.AddDate(0, 0, -1), midnight.Add(-time.Microsecond), midnight, midnight.Add(time.Hour), midnight.Add(23 * time.Hour),
		} {
			rows = append(rows, fmt.Sprintf("(%d, %d, 1, '글', 'k%d', %d)", 10*i+7, author, i, at.UnixMicro()))
		}
		d.insert(t, "posts (id, user_id, board_id, content, form_key, created_at)", rows)
		now := midnight.Add(12*time.Hour + 23*time.Hour)
		for range 2 { // the second time, the days are known
			got, err := d.PostsOn(t.Context(), sns.DayLines(now, seoul, 4))
			if err != nil || !slices.Equal(got, []int64{0, 2, 3, 0}) {
				t.Errorf("on four days were written %v posts, %v", got, err)
			}
		}
		d.run(t, `DELETE FROM posts WHERE id = 37`)
		if got, err := d.PostsOn(t.Context(), sns.DayLines(now, seoul, 4)); err != nil || !slices.Equal(got, []int64{0, 2, 2, 0}) {
			t.Errorf("after one was deleted: %v, %v", got, err)
		}
		if got, err := d.JoinedOn(t.Context(), sns.DayLines(noon, seoul, 2)); err != nil || !slices.Equal(got, []int64{0, 1}) {
			t.Errorf("joined have %v, %v", got, err)
		}
	})
}

func TestRoomsThatAreNotSaved(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		mentor := d.user(t, "민지")
		open, late, early, settled := d.room(t, mentor, 5), d.room(t, mentor, 5), d.room(t, mentor, 5), d.room(t, mentor, 5)
		d.settle(t, settled, 3)
		d.end(t, late)
		d.end(t, early)
		d.run(t, fmt.Sprintf(`UPDATE end_rooms SET ended_at = %d WHERE room_id = %d`, noon.Add(-time.Hour).UnixMicro(), early))
		rooms, err := d.UnsettledRooms(t.Context(), 10)
		if err != nil || len(rooms) != 2 || rooms[0].Room != early || rooms[1].Room != late || rooms[0].Name == "" {
			t.Errorf("not saved are %+v, %v", rooms, err)
		}
		lives, err := d.RoomsSince(t.Context(), noon)
		if err != nil || len(lives) != 4 || lives[0].Room.ID != open || lives[0].Room.Ended() {
			t.Errorf("since noon were open %+v, %v", lives, err)
		}
		if lives, err = d.RoomsSince(t.Context(), noon.Add(time.Hour)); err != nil || len(lives) != 1 {
			t.Errorf("later are open %+v, %v", lives, err)
		}
	})
}

func TestWhatTheDatabaseIs(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		product, err := d.Product(t.Context())
		if name, version, _ := strings.Cut(product, " "); err != nil || version == "" || name != map[string]string{"sqlite": "SQLite", "mysql": "MariaDB"}[d.Dialect()] {
			t.Errorf("the product is %q, %v", product, err)
		}
		if n, err := d.Schema(t.Context()); err != nil || n < 90 {
			t.Errorf("the schema is %d, %v", n, err)
		}
		if all, search, err := d.DatabaseSize(t.Context()); err != nil || all < 100_000 || search >= all || (search > 0) != (d.Dialect() == "mysql") {
			t.Errorf("the size is %d and %d, %v", all, search, err)
		}
	})
}

// hotOverviewReads are the queries of the overview of administrators.
func (d *database) hotOverviewReads() map[string]func(context.Context) error {
	lines, later := sns.DayLines(noon, time.UTC, 3), sns.DayLines(noon.AddDate(0, 0, 10), time.UTC, 3)
	all := func(list sns.RoomList, from int64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.AllRooms(ctx, sns.RoomPage{List: list, From: from, Limit: pageSize})
			return err
		}
	}
	return map[string]func(context.Context) error{
		"posts of days":     func(ctx context.Context) error { _, err := d.PostsOn(ctx, lines); return err },
		"members of days":   func(ctx context.Context) error { _, err := d.JoinedOn(ctx, later); return err },
		"rooms since a day": func(ctx context.Context) error { _, err := d.RoomsSince(ctx, later[0]); return err },
		"rooms not saved":   func(ctx context.Context) error { _, err := d.UnsettledRooms(ctx, pageSize); return err },
		"all rooms":         all(sns.RoomsAll, 0),
		"all, second page":  all(sns.RoomsAll, 100),
		"all open rooms":    all(sns.RoomsOpen, 0),
		"all ended rooms":   all(sns.RoomsEnded, 100),
		"all unsaved rooms": all(sns.RoomsUnsaved, 0),
		"applications":      func(ctx context.Context) error { _, err := d.CountApplications(ctx, pageSize); return err },
		"appeals":           func(ctx context.Context) error { _, err := d.CountAppeals(ctx, noon); return err },
	}
}

// settle ends a room and saves n messages of it.
func (d *database) settle(t *testing.T, room int64, n int) {
	t.Helper()
	d.end(t, room)
	if !d.claims(t, room, "settles", time.Minute) {
		t.Fatal("not claimed")
	}
	if err := d.SetTotal(t.Context(), room, "settles", int64(n)); err != nil {
		t.Fatal(err)
	}
	d.save(t, room, "settles", said(room, 1, n))
	if err := d.FinishSettlement(t.Context(), room, "settles", 0, "", noon); err != nil {
		t.Fatal(err)
	}
}
