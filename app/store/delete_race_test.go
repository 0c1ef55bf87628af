package store_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// noGhosts fails if a deleted account has an open room, a seat, a session or a
// follow.
func (d *database) noGhosts(t testing.TB) {
	t.Helper()
	for what, from := range map[string]string{
		"open rooms": "rooms r JOIN users u ON u.id = r.mentor_id WHERE r.ended_at IS NULL AND u.deleted_at IS NOT NULL",
		"seats":      "participants p JOIN rooms r ON r.id = p.room_id JOIN users u ON u.id = p.user_id WHERE p.active = 1 AND r.ended_at IS NULL AND u.deleted_at IS NOT NULL",
		"waits":      "room_waits w JOIN users u ON u.id = w.user_id WHERE u.deleted_at IS NOT NULL",
		"devices":    "sessions s JOIN users u ON u.id = s.user_id WHERE u.deleted_at IS NOT NULL",
		"follows":    "follows f JOIN users u ON u.id = f.follower_id OR u.id = f.followee_id WHERE u.deleted_at IS NOT NULL",
		"names":      "users u WHERE u.deleted_at IS NOT NULL AND (u.username <> '' OR u.image <> '' OR u.area <> '' OR u.role <> 'USER' OR u.password_hash <> '')",
	} {
		if n := d.rows(t, from); n != 0 {
			t.Errorf("%d %s of deleted accounts", n, what)
		}
	}
}

// uniqueUsers makes accounts with unique names.
func (d *database) uniqueUsers(t testing.TB, n int, about string) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = d.user(t, fmt.Sprint(about, i))
	}
	return ids
}

// A user who makes or enters rooms while the account is being deleted has
// either the account or no room.
func TestAccountIsDeletedWhileItOpensAndEntersRooms(t *testing.T) { each(t, leavingAndARoom) }

func leavingAndARoom(t *testing.T, d *database) {
	host := d.user(t, "주인")
	var deleted, inside atomic.Int64
	for round := range 10 {
		room, people := d.room(t, host, 15), d.uniqueUsers(t, 4, fmt.Sprint(round, "_"))
		together(3*len(people), func(i int) {
			var err error
			switch user := people[i%len(people)]; i / len(people) {
			case 0:
				if _, err = d.DeleteUser(t.Context(), user, noon); err == nil {
					deleted.Add(1)
				}
			case 1:
				_, _, err = d.CreateRoom(t.Context(), store.NewRoom{Mentor: user, Name: "방", UserLimit: 5, Buffer: "table", CreatedAt: noon})
			default:
				if err = d.WaitForSeat(t.Context(), room, user, true, noon); err == nil {
					_, err = d.EnterRoom(t.Context(), room, user, noon)
				}
				if err == nil {
					inside.Add(1)
				}
			}
			allowed(t, err, sns.ErrConflict, sns.ErrNotFound)
		})
		d.seatsFit(t, room)
	}
	d.noGhosts(t)
	t.Logf("%d of 40 were deleted, %d entered", deleted.Load(), inside.Load())
}

func TestAccountIsDeletedWhileItFollowsAndIsFollowed(t *testing.T) { each(t, leavingAndFollowing) }

func leavingAndFollowing(t *testing.T, d *database) {
	stay := d.uniqueUsers(t, 3, "남는")
	for round := range 6 {
		go3 := d.uniqueUsers(t, 3, fmt.Sprint("가는", round, "_"))
		all := append(append([]int64(nil), stay...), go3...)
		for i, user := range all {
			d.follow(t, user, all[(i+1)%len(all)], true)
		}
		together(len(all)+len(go3), func(i int) {
			if i >= len(all) {
				_, err := d.DeleteUser(t.Context(), go3[i-len(all)], noon)
				allowed(t, err)
				return
			}
			for k := range all {
				if other := all[(i+k)%len(all)]; other != all[i] {
					_, err := d.SetFollow(t.Context(), all[i], other, k%3 > 0, noon)
					allowed(t, err, sns.ErrNotFound)
				}
			}
		})
		d.followsFit(t)
	}
	d.noGhosts(t)
	if n := d.rows(t, "users WHERE deleted_at IS NULL"); n != len(stay) {
		t.Errorf("%d accounts are left", n)
	}
}

// A user who signs in or changes the profile while the account is being deleted
// leaves no rows behind.
func TestAccountIsDeletedWhileItSignsIn(t *testing.T) { each(t, leavingAndSigningIn) }

func leavingAndSigningIn(t *testing.T, d *database) {
	for round, user := range d.uniqueUsers(t, 15, "사람") {
		d.session(t, fmt.Sprint(round, "-first"), user, noon)
		var given [3]string // names of unused images, by the call that returned them
		together(7, func(i int) {
			var err error
			switch i {
			case 0:
				var gone store.Deleted
				gone, err = d.DeleteUser(t.Context(), user, noon)
				given[0] = gone.Image
			case 1, 2:
				id := fmt.Sprint(round, "-", i)
				_, err = d.CreateSession(t.Context(), sns.Session{ID: id, UserID: user, CreatedAt: noon, SeenAt: noon}, "hash")
			case 3:
				_, err = d.SetPassword(t.Context(), user, "hash", "")
			case 4, 5:
				given[i-3], err = d.SetImage(t.Context(), user, fmt.Sprint(i, ".jpg"))
				if err != nil {
					given[i-3] = fmt.Sprint(i, ".jpg") // the caller deletes the new image
				}
			default:
				err = errors.Join(d.SetLocation(t.Context(), user, sns.Location{Area: "서울"}), d.SetRole(t.Context(), user, sns.RoleMentor))
			}
			allowed(t, err, sns.ErrNotFound)
		})
		left := map[string]bool{}
		for _, name := range given {
			left[name] = true
		}
		if !left["4.jpg"] || !left["5.jpg"] {
			t.Errorf("of two images %v are left over", given)
		}
	}
	d.noGhosts(t)
	if n := d.rows(t, "users WHERE deleted_at IS NULL") + d.rows(t, "sessions"); n != 0 {
		t.Errorf("%d accounts and devices are left", n)
	}
}

// If all administrators delete their accounts at once, one account remains.
func TestOneOfTheLastAdministratorsStays(t *testing.T) { each(t, lastAdministrators) }

func lastAdministrators(t *testing.T, d *database) {
	for round := range 8 {
		admins := d.uniqueUsers(t, 2, fmt.Sprint("관리", round, "_"))
		for _, admin := range admins {
			if err := d.SetRole(t.Context(), admin, sns.RoleAdmin); err != nil {
				t.Fatal(err)
			}
		}
		together(2*len(admins), func(i int) {
			_, err := d.DeleteUser(t.Context(), admins[i%len(admins)], noon)
			if _, only := errors.AsType[sns.Invalid](err); !only {
				allowed(t, err, sns.ErrNotFound)
			}
		})
		if _, n, err := d.CountUsers(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d administrators are left, %v", n, err)
		}
		d.run(t, "UPDATE users SET role = 'USER' WHERE deleted_at IS NULL")
	}
}
