package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// deleteUser deletes an account.
func (d *database) deleteUser(t testing.TB, user int64) store.Deleted {
	t.Helper()
	gone, err := d.DeleteUser(t.Context(), user, noon)
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

func TestWhatADeletedAccountWroteRemains(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		home := sns.Location{Area: "서울 마포구", Town: "합정동"}
		if _, err := d.SetImage(t.Context(), minji, "face.jpg"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(d.SetStatusMessage(t.Context(), minji, "안녕"), d.SetLocation(t.Context(), minji, home), d.SetRole(t.Context(), minji, sns.RoleMentor)); err != nil {
			t.Fatal(err)
		}
		post, other := d.write(t, minji, d.local(t), home), d.post(t, seojun, "남의 글")
		d.comment(t, other, minji, "댓글")
		d.like(t, other, minji)
		d.session(t, "phone", minji, noon)
		d.session(t, "laptop", minji, noon)
		d.session(t, "else", seojun, noon)

		gone := d.deleteUser(t, minji)
		if gone.Image != "face.jpg" || !slices.Equal(gone.Sessions, []string{"laptop", "phone"}) {
			t.Errorf("what is left to do: %+v", gone)
		}
		d.wantLive(t, noon, "else")
		nobody := sns.User{ID: minji, Role: sns.RoleUser}
		got, err := d.Post(t.Context(), post, seojun)
		if err != nil || got.Author != nobody || !got.Author.Deleted() || got.Content != "글" || got.Location != home {
			t.Errorf("the post: %+v, %v", got, err)
		}
		if page := d.page(t, sns.Timeline{Author: minji, Limit: 5}); !slices.Equal(page, []int64{post}) {
			t.Errorf("their posts: %v", page)
		}
		comments, err := d.Comments(t.Context(), other, 0, 0, 5)
		if err != nil || len(comments) != 1 || comments[0].Author != nobody || comments[0].Content != "댓글" {
			t.Errorf("the comment: %+v, %v", comments, err)
		}
		if counts := d.counts(t, other); counts.Likes != 1 || counts.Comments != 1 {
			t.Errorf("then %+v", counts)
		}
		nobody.CreatedAt = noon
		if users, err := d.Users(t.Context(), []int64{minji}); err != nil || users[minji] != nobody {
			t.Errorf("the account: %+v, %v", users, err)
		}
		if used, err := d.ImagesInUse(t.Context(), []string{"face.jpg"}); err != nil || len(used) != 0 {
			t.Errorf("in use: %v, %v", used, err)
		}
		if n := d.rows(t, "users WHERE id = ? AND email = '' AND password_hash = '' AND deleted_at = ?", minji, noon.UnixMicro()); n != 1 {
			t.Error("particulars are left, or the moment is not")
		}
		if n, _, err := d.CountUsers(t.Context()); err != nil || n != 1 {
			t.Errorf("%d accounts, %v", n, err)
		}
	})
}

func TestNameOfADeletedAccountIsNotGivenAgain(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.deleteUser(t, d.user(t, "Minji"))
		d.deleteUser(t, d.user(t, "서준")) // so that two accounts have the name ""
		for _, name := range []string{"Minji", "mINJI", "서준"} {
			if taken, _, err := d.UsernameTaken(t.Context(), name, 0, noon); err != nil || !taken {
				t.Errorf("%s: taken = %t, %v", name, taken, err)
			}
			if taken, err := d.TakenUsernames(t.Context(), []string{name}); err != nil || !taken[name] {
				t.Errorf("%s: taken = %v, %v", name, taken, err)
			}
			if _, err := d.CreateUser(t.Context(), newUser(name)); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", name, err)
			}
		}
		if taken, _, err := d.UsernameTaken(t.Context(), "", 0, noon); err != nil || taken {
			t.Errorf("no name: taken = %t, %v", taken, err)
		}
	})
}

// Changes that are under way when the account is deleted fail.
func TestNothingIsDoneWithADeletedAccount(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		room, post, own := d.room(t, seojun, 5), d.post(t, seojun, "글"), d.post(t, minji, "내 글")
		comment := d.comment(t, post, minji, "댓글")
		d.deleteUser(t, minji)
		_, posts := d.CreatePost(t.Context(), d.newPost(t, minji, "늦은 글"))
		_, _, comments := d.AddComment(t.Context(), store.NewComment{Post: post, Author: minji, Content: "늦은 댓글", CreatedAt: noon})
		_, _, likes := d.SetLike(t.Context(), post, minji, true, noon)
		_, byName := d.UserByName(t.Context(), "민지")
		_, noName := d.UserByName(t.Context(), "")
		_, _, credentials := d.Credentials(t.Context(), "민지")
		_, password := d.SetPassword(t.Context(), minji, "new", "")
		_, image := d.SetImage(t.Context(), minji, "late.jpg")
		_, follows := d.SetFollow(t.Context(), minji, seojun, true, noon)
		_, followed := d.SetFollow(t.Context(), seojun, minji, true, noon)
		_, again := d.DeleteUser(t.Context(), minji, noon)
		_, nobody := d.DeleteUser(t.Context(), 999, noon)
		_, _, opens := d.CreateRoom(t.Context(), store.NewRoom{Mentor: minji, Name: "방", UserLimit: 5, CreatedAt: noon})
		_, enters := d.EnterRoom(t.Context(), room, minji, noon)
		session := sns.Session{ID: "late", UserID: minji, CreatedAt: noon, SeenAt: noon}
		_, signsIn := d.CreateSession(t.Context(), session, "hash")
		_, signsInWithNone := d.CreateSession(t.Context(), session, "")
		for name, err := range map[string]error{
			"found by name": byName, "found by no name": noName, "credentials": credentials, "password": password, "image": image,
			"follows": follows, "followed": followed, "deleted again": again, "nobody": nobody, "opens a room": opens, "enters": enters,
			"posts": posts, "comments": comments, "likes": likes,
			"waits":             d.WaitForSeat(t.Context(), room, minji, true, noon),
			"signs in":          signsIn,
			"signs in with ''":  signsInWithNone,
			"role":              d.SetRole(t.Context(), minji, sns.RoleAdmin),
			"status message":    d.SetStatusMessage(t.Context(), minji, "늦음"),
			"location":          d.SetLocation(t.Context(), minji, sns.Location{Area: "서울"}),
			"one of no devices": d.EndSessionOf(t.Context(), minji, "late"),
		} {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
		for name, err := range map[string]error{
			"edits a post":    d.EditPost(t.Context(), own, minji, "늦음", noon),
			"edits a comment": d.EditComment(t.Context(), comment, minji, "늦음", noon),
		} {
			if !errors.Is(err, sns.ErrForbidden) {
				t.Errorf("%s: %v, want ErrForbidden", name, err)
			}
		}
		if c := d.counts(t, post); c.Likes != 0 || c.Comments != 1 || d.rows(t, "posts") != 2 || d.rows(t, "comments") != 1 || d.rows(t, "likes") != 0 {
			t.Errorf("then there are %+v", c)
		}
		if users, err := d.Users(t.Context(), []int64{minji}); err != nil || users[minji] != (sns.User{ID: minji, Role: sns.RoleUser, CreatedAt: noon}) {
			t.Errorf("the account: %+v, %v", users, err)
		}
		d.seatsFit(t, room)
	})
}

func TestFollowsOfADeletedAccountAreGone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 5)
		gone := people[2]
		for _, other := range people {
			if other != gone {
				d.follow(t, gone, other, true)
				d.follow(t, other, gone, true)
			}
		}
		d.follow(t, people[0], people[1], true)
		posts := d.posts(t, 2, gone, people[1])
		d.deleteUser(t, gone)
		d.followsFit(t)
		if n := d.rows(t, "follows"); n != 1 {
			t.Errorf("%d follows", n)
		}
		if got := d.page(t, sns.Timeline{Follower: people[0], Limit: 9}); !slices.Equal(got, posts[1:]) {
			t.Errorf("they read %v, want %v", got, posts[1:])
		}
	})
}

// The statement that changes the counts takes at most 500 followers.
func TestAccountThatManyFollowIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		star := d.user(t, "민지")
		ids := d.bulkUsers(t, 1100)
		const follow = `INSERT INTO follows (follower_id, followee_id, created_at) SELECT id, 1, 1 FROM users WHERE id > 1`
		for _, statement := range []string{follow, `UPDATE users SET following_count = 1 WHERE id > 1`, `UPDATE users SET follower_count = 1100 WHERE id = 1`} {
			d.run(t, statement)
		}
		if star != 1 || d.rows(t, "follows") != len(ids) {
			t.Fatalf("user %d, %d follows", star, d.rows(t, "follows"))
		}
		d.followsFit(t)
		d.deleteUser(t, star)
		d.followsFit(t)
		if n := d.rows(t, "follows"); n != 0 {
			t.Errorf("%d follows", n)
		}
	})
}

func TestAccountWithARoomOrSeatIsNotDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		stuck := func(user int64, when string) {
			t.Helper()
			if _, err := d.DeleteUser(t.Context(), user, noon); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", when, err)
			}
		}
		room := d.room(t, minji, 5)
		d.enter(t, room, seojun)
		stuck(minji, "with a room")
		stuck(seojun, "with a seat")
		if _, err := d.LeaveRoom(t.Context(), room, minji, noon); err != nil {
			t.Fatal(err)
		}
		stuck(minji, "with a room that they have left")
		if seats, err := d.SeatsOf(t.Context(), seojun); err != nil || !slices.Equal(seats, []int64{room}) {
			t.Errorf("seats: %v, %v", seats, err)
		}
		if seats, err := d.SeatsOf(t.Context(), minji); err != nil || len(seats) != 0 {
			t.Errorf("seats of who left: %v, %v", seats, err)
		}
		if _, err := d.UserByName(t.Context(), "민지"); err != nil {
			t.Errorf("nevertheless: %v", err)
		}
		d.end(t, room) // not settled; settling does not need the account
		if seats, err := d.SeatsOf(t.Context(), seojun); err != nil || len(seats) != 0 {
			t.Errorf("seats after the end: %v, %v", seats, err)
		}
		other := d.room(t, d.user(t, "하늘"), 5)
		d.wait(t, other, minji, true, noon)
		d.deleteUser(t, minji)
		d.deleteUser(t, seojun)
		if n := d.rows(t, "room_waits"); n != 0 {
			t.Errorf("%d wait", n)
		}
		if r, _ := d.found(t, room, 0); r.Mentor.ID != minji || !r.Mentor.Deleted() || !r.Ended() {
			t.Errorf("the room: %+v", r)
		}
		d.claim(t, room, "a")
		if err := d.FinishSettlement(t.Context(), room, "a", 0, "", noon.Add(time.Hour)); err != nil {
			t.Errorf("settled afterwards: %v", err)
		}
	})
}

func TestOnlyAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		admin := func(user int64) {
			if err := d.SetRole(t.Context(), user, sns.RoleAdmin); err != nil {
				t.Fatal(err)
			}
		}
		admin(minji)
		d.session(t, "phone", minji, noon)
		_, err := d.DeleteUser(t.Context(), minji, noon)
		if inv, ok := errors.AsType[sns.Invalid](err); !ok || inv[0].Key != "account.last_admin" {
			t.Errorf("the only one: %v", err)
		}
		d.wantLive(t, noon, "phone")
		admin(seojun)
		d.deleteUser(t, minji)
		if _, err := d.DeleteUser(t.Context(), seojun, noon); err == nil {
			t.Error("the one who was left is gone, too")
		}
		if n, admins, err := d.CountUsers(t.Context()); err != nil || n != 1 || admins != 1 {
			t.Errorf("%d accounts, %d administrators, %v", n, admins, err)
		}
	})
}
