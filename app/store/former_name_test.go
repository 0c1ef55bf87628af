package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// rename gives a user another name at a time.
func (d *database) rename(t testing.TB, user int64, name string, at time.Time) error {
	t.Helper()
	return d.Rename(t.Context(), store.Renaming{User: user, Name: name, At: at})
}

// renames is rename, which must succeed.
func (d *database) renames(t testing.TB, user int64, name string, at time.Time) {
	t.Helper()
	if err := d.rename(t, user, name, at); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// former returns the former names of a user, the latest first.
func (d *database) former(t testing.TB, user int64) (names []string) {
	t.Helper()
	all, err := d.FormerNames(t.Context(), []int64{user})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all[user] {
		names = append(names, name.Name)
	}
	return names
}

func isNobody(err error) bool { return errors.Is(err, sns.ErrNotFound) }

func TestANameIsChangedOnceInThirtyDays(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		if at, err := d.NameChanged(t.Context(), minji); err != nil || !at.IsZero() {
			t.Errorf("changed at %v, %v", at, err)
		}
		first := noon.Add(time.Hour)
		d.renames(t, minji, "하루", first)
		var inv sns.Invalid
		if err := d.rename(t, minji, "보라", first.Add(sns.NameRest-time.Second)); !errors.As(err, &inv) || inv[0].Key != "name.rest" {
			t.Errorf("too soon: %v", err)
		}
		d.renames(t, minji, "보라", first.Add(sns.NameRest))
		if err := d.rename(t, minji, "보라", first.Add(2*sns.NameRest)); !errors.As(err, &inv) || inv[0].Key != "name.same" {
			t.Errorf("the same name: %v", err)
		}
		if at, err := d.NameChanged(t.Context(), minji); err != nil || !at.Equal(first.Add(sns.NameRest)) || !sns.NameNext(at).Equal(first.Add(2*sns.NameRest)) {
			t.Errorf("changed at %v, %v", at, err)
		}
		all, err := d.FormerNames(t.Context(), []int64{minji})
		want := []sns.FormerName{{Name: "하루", Since: first, Until: first.Add(sns.NameRest)}, {Name: "민지", Since: noon, Until: first}}
		if err != nil || !slices.EqualFunc(all[minji], want, func(a, b sns.FormerName) bool {
			return a.Name == b.Name && a.Since.Equal(b.Since) && a.Until.Equal(b.Until)
		}) {
			t.Errorf("former names %+v, %v", all[minji], err)
		}
		if err := d.rename(t, minji+1, "아무", noon); !isNobody(err) {
			t.Errorf("nobody is renamed: %v", err)
		}
	})
}

func TestAFormerNameLeadsToThePersonAndIsGivenToNobody(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "MinJi"), d.user(t, "서준")
		d.renames(t, minji, "하루", noon)
		last := noon.Add(sns.NameReserved - time.Second)
		for _, name := range []string{"minji", "MINJI", "하루"} {
			if u, err := d.UserCalled(t.Context(), name, last); err != nil || u.ID != minji || u.Username != "하루" {
				t.Errorf("%s leads to %+v, %v", name, u, err)
			}
		}
		if _, err := d.UserByName(t.Context(), "MinJi"); !isNobody(err) {
			t.Errorf("the old name is a present one: %v", err)
		}
		if _, _, err := d.Credentials(t.Context(), "MinJi"); !isNobody(err) {
			t.Errorf("the old name has credentials: %v", err)
		}
		taken := newUser("minji")
		taken.CreatedAt = last
		_, errUser := d.CreateUser(t.Context(), taken)
		errWait := d.ApplyForAccount(t.Context(), store.NewApplication{NewUser: taken, Content: "안녕"})
		for what, err := range map[string]error{"a sign-up": errUser, "an application": errWait, "a rename": d.rename(t, seojun, "minji", last), "one that looks alike": d.rename(t, seojun, "MınJi", last)} {
			if !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s gets the name: %v", what, err)
			}
		}
		if taken, alike, err := d.UsernameTaken(t.Context(), "MINJI", seojun, last); err != nil || !taken || !alike {
			t.Errorf("taken %t, alike %t, %v", taken, alike, err)
		}
		if taken, alike, err := d.UsernameTaken(t.Context(), "minJi", minji, last); err != nil || taken || alike {
			t.Errorf("for its owner: taken %t, alike %t, %v", taken, alike, err)
		}

		free := noon.Add(sns.NameReserved)
		if _, err := d.UserCalled(t.Context(), "minji", free); !isNobody(err) {
			t.Errorf("after 90 days the name leads to %v", err)
		}
		d.renames(t, seojun, "minji", free)
		if u, err := d.UserCalled(t.Context(), "MinJi", free); err != nil || u.ID != seojun {
			t.Errorf("the name leads to %+v, %v", u, err)
		}
		if names := d.former(t, minji); !slices.Equal(names, []string{"MinJi"}) {
			t.Errorf("administrators see %q", names)
		}
	})
}

func TestAFormerNameIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.renames(t, minji, "하루", noon)
		d.renames(t, minji, "민지", noon.Add(sns.NameRest))
		if names := d.former(t, minji); !slices.Equal(names, []string{"하루"}) {
			t.Errorf("former names %q", names)
		}
		if err := d.rename(t, minji, "하루", noon.Add(sns.NameRest+time.Hour)); err == nil {
			t.Error("taking a name back is no change")
		}
		d.renames(t, minji, "하루", noon.Add(2*sns.NameRest))
		d.renames(t, minji, "노을", noon.Add(3*sns.NameRest))
		latin := d.user(t, "minji")
		d.renames(t, latin, "MinJi", noon) // another case of the same name
		if u, err := d.UserCalled(t.Context(), "MINJI", noon); err != nil || u.Username != "MinJi" {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

func TestAFormerNameMeansThePersonWhileReserved(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		written := func(at time.Time) (sns.Mentioned, sns.Mentioned) {
			id, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: seojun, Content: "@민지 @하루님", CreatedAt: at})
			if err != nil {
				t.Fatal(err)
			}
			c, err := d.Comment(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			room, err := d.MentionedInside(t.Context(), d.room(t, minji, 5), "@민지 @하루님", at)
			if err != nil {
				t.Fatal(err)
			}
			return c.Mentions, room
		}
		d.renames(t, minji, "하루", noon)
		both, one := sns.NewMentioned([]sns.User{{ID: minji, Username: "민지"}, {ID: minji, Username: "하루"}}), sns.NewMentioned([]sns.User{{ID: minji, Username: "하루"}})
		if c, room := written(noon.Add(time.Hour)); c != both || room != both || len(c.IDs()) != 1 {
			t.Errorf("while reserved: %q and %q, want %q", c, room, both)
		}
		if c, room := written(noon.Add(sns.NameReserved)); c != one || room != one {
			t.Errorf("afterwards: %q and %q, want %q", c, room, one)
		}
		if n := d.rows(t, "mentions WHERE user_id = ?", minji); n != 2 {
			t.Errorf("told %d times, want once a comment", n)
		}
	})
}

// Pages of others have the new name at once, also what another process has in memory.
func TestTheNewNameStandsEverywhere(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		if err := d.SetRole(t.Context(), minji, sns.RoleMentor); err != nil {
			t.Fatal(err)
		}
		post := d.post(t, minji, "함께 읽어요")
		d.comment(t, post, minji, "댓글")
		room := d.room(t, minji, 5)
		other := opened(t, d.url)
		names := func() []string {
			posts, err := d.Timeline(t.Context(), sns.Timeline{Viewer: seojun, Limit: 20})
			if err != nil || len(posts) != 1 {
				t.Fatal(posts, err)
			}
			comments, err := d.CommentsOf(t.Context(), posts[0], 0, 0, 20)
			if err != nil || len(comments) != 1 {
				t.Fatal(comments, err)
			}
			rooms, err := d.Rooms(t.Context(), store.RoomFilter{Viewer: seojun, Limit: 20})
			if err != nil || len(rooms) != 1 {
				t.Fatal(rooms, err)
			}
			inside, err := d.Participants(t.Context(), room)
			if err != nil || len(inside) != 1 {
				t.Fatal(inside, err)
			}
			return []string{posts[0].Author.Username, comments[0].Author.Username, rooms[0].Mentor.Username, inside[0].User.Username}
		}
		found := func(q string) int {
			people, _, err := d.SearchPeople(t.Context(), sns.Search{Question: questionOf(q), Viewer: sns.User{ID: seojun}, Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			return len(people)
		}
		if !slices.Equal(names(), slices.Repeat([]string{"민지"}, 4)) || found("민지") != 1 {
			t.Fatalf("before: %q", names())
		}
		if err := other.Rename(t.Context(), store.Renaming{User: minji, Name: "하루", At: noon}); err != nil {
			t.Fatal(err)
		}
		if got := names(); !slices.Equal(got, slices.Repeat([]string{"하루"}, 4)) {
			t.Errorf("afterwards: %q", got)
		}
		if found("민지") != 0 || found("ㅎㄹ") != 1 {
			t.Errorf("the old name finds %d, the new one %d", found("민지"), found("ㅎㄹ"))
		}
		people, err := d.People(t.Context(), sns.PeoplePage{Words: questionOf("민지").Words, Limit: 5}, noon)
		if err != nil || len(people) != 1 || people[0].ID != minji {
			t.Errorf("administrators find %+v, %v", people, err)
		}
		texts, _, err := d.SearchPosts(t.Context(), sns.Search{Question: questionOf("읽어요 from:민지"), Viewer: sns.User{ID: seojun}, Limit: 5, Now: noon})
		if err != nil || len(texts) != 1 {
			t.Errorf("from: the former name found %+v, %v", texts, err)
		}
	})
}

func questionOf(text string) sns.Question {
	q, _ := sns.ParseQuestion(text)
	return q
}

func TestFormerNamesGoWithTheAccountAndAreNotGivenAgain(t *testing.T) {
	for what, leave := range map[string]func(*database, *testing.T, int64, time.Time) (store.Deleted, error){
		"deleted": func(d *database, t *testing.T, user int64, at time.Time) (store.Deleted, error) {
			return d.DeleteUser(t.Context(), user, at)
		},
		"erased": func(d *database, t *testing.T, user int64, at time.Time) (store.Deleted, error) {
			return d.EraseUser(t.Context(), user, at)
		},
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, d *database) {
				minji := d.user(t, "민지")
				d.renames(t, minji, "하루", noon)
				d.renames(t, minji, "보라", noon.Add(sns.NameRest))
				now := noon.Add(sns.NameReserved) // 민지 is free by now, 하루 is not
				if _, err := leave(d, t, minji, now); err != nil {
					t.Fatal(err)
				}
				if n := d.rows(t, "former_names WHERE user_id <> 0 OR username <> '' OR search <> '' OR until_at <> 0 OR folded NOT LIKE '~%' OR skeleton NOT LIKE '~%'"); n != 0 {
					t.Errorf("%d rows tell of the person", n)
				}
				if _, err := d.UserCalled(t.Context(), "하루", now); !isNobody(err) {
					t.Errorf("the name leads to somebody: %v", err)
				}
				later := newUser("하루")
				later.CreatedAt = now.AddDate(2, 0, 0)
				if n, err := d.ForgetFormerNames(t.Context(), later.CreatedAt); err != nil || n != 0 {
					t.Errorf("%d digests are forgotten, %v", n, err)
				}
				if _, err := d.CreateUser(t.Context(), later); !errors.Is(err, sns.ErrConflict) {
					t.Errorf("the name is given again: %v", err)
				}
				if taken, _, err := d.UsernameTaken(t.Context(), "하루", 0, later.CreatedAt); err != nil || !taken {
					t.Errorf("taken = %t, %v", taken, err)
				}
				if taken, err := d.TakenUsernames(t.Context(), []string{"하루"}); err != nil || !taken["하루"] {
					t.Errorf("taken are %v, %v", taken, err)
				}
				d.user(t, "민지")
			})
		})
	}
}

func TestFormerNamesAreKeptForAYear(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.renames(t, minji, "하루", noon)
		d.renames(t, minji, "보라", noon.Add(sns.NameRest))
		if n, err := d.ForgetFormerNames(t.Context(), noon.Add(sns.FormerNameKept-time.Second)); err != nil || n != 0 {
			t.Errorf("%d forgotten, %v", n, err)
		}
		if n, err := d.ForgetFormerNames(t.Context(), noon.Add(sns.FormerNameKept)); err != nil || n != 1 || !slices.Equal(d.former(t, minji), []string{"하루"}) {
			t.Errorf("%d forgotten, %v; left are %q", n, err, d.former(t, minji))
		}
	})
}

func TestTheOperatorRenamesAtAnyTime(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.renames(t, minji, "하루", noon)
		if err := d.Rename(t.Context(), store.Renaming{User: minji, Name: "보라", At: noon.Add(time.Hour), Command: true}); err != nil {
			t.Fatal(err)
		}
		acts, err := d.Acts(t.Context(), sns.ActPage{User: minji, Limit: 5}, noon.Add(time.Hour))
		if err != nil || len(acts) != 1 || acts[0].Kind != sns.ActRename || acts[0].Note != "" {
			t.Errorf("acts %+v, %v", acts, err)
		}
		if err := d.rename(t, minji, "하루", noon.Add(2*time.Hour)); err == nil {
			t.Error("the person takes the name back at once")
		}
	})
}

// Two people want one name, and so does a guest: one gets it, and nobody else loses anything.
func TestOneNewName(t *testing.T) { each(t, oneNewName) }

func oneNewName(t *testing.T, d *database) {
	people := d.users(t, 4)
	errs := make([]error, 8)
	together(len(errs), func(i int) {
		if i < len(people) {
			errs[i] = d.rename(t, people[i], []string{"Minji", "minji"}[i%2], noon)
			return
		}
		_, errs[i] = d.CreateUser(t.Context(), newUser("MINJI"))
	})
	if ok := wantErrors(t, errs, sns.ErrConflict); ok != 1 || d.rows(t, "users WHERE folded = 'minji'") != 1 {
		t.Errorf("%d got the name", ok)
	}
	if n := d.rows(t, "former_names"); n > 1 {
		t.Errorf("%d former names", n)
	}
}

// While somebody gives a name up, others want it: nobody gets it.
func TestANameThatIsBeingGivenUp(t *testing.T) { each(t, nameBeingGivenUp) }

func nameBeingGivenUp(t *testing.T, d *database) {
	for round := range 8 {
		name := []string{"가온", "나래", "다온", "라온", "마루", "바다", "사랑", "아라"}[round]
		owner, other := d.user(t, name), d.user(t, name+"둘")
		errs := make([]error, 3)
		var given error
		together(4, func(i int) {
			switch i {
			case 0:
				given = d.rename(t, owner, name+"셋", noon)
			case 1:
				errs[0] = d.rename(t, other, name, noon)
			case 2:
				_, errs[1] = d.CreateUser(t.Context(), newUser(name))
			case 3:
				errs[2] = d.ApplyForAccount(t.Context(), store.NewApplication{NewUser: newUser(name), Content: "안녕"})
			}
		})
		if given != nil {
			t.Error(given)
		}
		if ok := wantErrors(t, errs, sns.ErrConflict); ok != 0 {
			t.Errorf("%s: %d others got the name", name, ok)
		}
		if u, err := d.UserCalled(t.Context(), name, noon); err != nil || u.ID != owner {
			t.Errorf("%s leads to %+v, %v", name, u, err)
		}
	}
}
