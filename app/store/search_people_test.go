package store_test

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// accounts makes accounts with names and returns their ids by name.
func (d *database) accounts(t testing.TB, names ...string) map[string]int64 {
	t.Helper()
	ids := map[string]int64{}
	for _, name := range names {
		ids[name] = d.user(t, name)
	}
	return ids
}

func namesOf(users []sns.User) string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = u.Username
	}
	return strings.Join(names, " ")
}

func TestPeopleAreFound(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids := d.accounts(t, "김민지", "민지", "서준", "Zoë.K", "하늘", "지워진민지")
		for name, status := range map[string]string{"서준": "카드결제 하는 사람", "하늘": "50% 할인_중"} {
			if err := d.SetStatusMessage(t.Context(), ids[name], status); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.DeleteUser(t.Context(), ids["지워진민지"], noon); err != nil {
			t.Fatal(err)
		}
		check := func() {
			t.Helper()
			for typed, want := range map[string]string{
				"민지": "민지 김민지", "ㄱㅁㅈ": "김민지", "ㅁㅈ": "민지 김민지", "민": "민지 김민지", "zoe": "Zoë.K", "결제": "서준", "결제 서준": "서준", "ㅅㅈ 결제": "서준",
				"50%": "하늘", "%": "하늘", "_": "하늘", "*": "", "결제 민지": "", "지워진": "", "": "",
			} {
				if got := namesOf(everything(t, d.SearchPeople, asked(typed, 2))); got != want {
					t.Errorf("%q finds %q, not %q", typed, got, want)
				}
			}
			d.wantCleanIndex(t)
		}
		check()
		d.run(t, `UPDATE users SET search = ''`)
		if err := d.ReindexSearch(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.indexed(t)
		check()
	})
}

func TestNamesAreCompleted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids := d.accounts(t, "민지", "민수", "민호", "민아", "서민", "하늘", "보라")
		if err := d.SetStatusMessage(t.Context(), ids["보라"], "민트 좋아"); err != nil {
			t.Fatal(err)
		}
		follow := func(follower, followee string) {
			t.Helper()
			if _, err := d.SetFollow(t.Context(), ids[follower], ids[followee], true, noon); err != nil {
				t.Fatal(err)
			}
		}
		follow("하늘", "민호")
		follow("보라", "민아")
		follow("서민", "민아")
		post := d.post(t, ids["민지"], "글")
		d.comment(t, post, ids["민수"], "댓글")
		room := d.room(t, ids["민수"], 5)
		d.enter(t, room, ids["민아"])
		complete := func(c sns.Completion) string {
			t.Helper()
			users, err := d.CompletePeople(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			return namesOf(users)
		}
		viewer := sns.User{ID: ids["하늘"]}
		for _, c := range []struct {
			completion sns.Completion
			want       string
		}{
			{sns.Completion{Text: "민", Limit: 9}, "민호 민아 민수 민지"},
			{sns.Completion{Text: "ㅁ", Limit: 2}, "민호 민아"},
			{sns.Completion{Text: "ㅁㅈ", Limit: 9}, "민지"},
			{sns.Completion{Text: "민", Post: post, Limit: 9}, "민수 민지 민호 민아"},
			{sns.Completion{Text: "민", Room: room, Limit: 9}, "민호 민아 민수 민지"}, // the viewer is outside
			{sns.Completion{Text: "하", Limit: 9}, ""},
			{sns.Completion{Text: "없", Limit: 9}, ""},
			{sns.Completion{Text: "", Post: post, Limit: 2}, "민수 민지"},
		} {
			c.completion.Viewer = viewer
			if got := complete(c.completion); got != c.want {
				t.Errorf("%+v: %q, not %q", c.completion, got, c.want)
			}
		}
		d.enter(t, room, ids["하늘"])
		if got := complete(sns.Completion{Text: "민", Room: room, Viewer: viewer, Limit: 9}); got != "민아 민수 민호 민지" {
			t.Errorf("inside: %q", got)
		}
	})
}

func TestBoardsAreFound(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		if _, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: "books", Name: "책 이야기"}); err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]string{"이야기": "books", "ㅊ ㅇㅇㄱ": "books", "책": "books", "없음": "", "": ""} {
			boards, err := d.SearchBoards(t.Context(), asked(typed, 5))
			slugs := ""
			for _, b := range boards {
				slugs += b.Slug
			}
			if slugs != want || err != nil {
				t.Errorf("%q finds %q, not %q (%v)", typed, slugs, want, err)
			}
		}
	})
}

// TestRoomsAreFound has a table of viewers: everybody who is signed in finds open rooms by their
// topic, only people inside by the notice, and those who may read the transcript ended ones.
func TestRoomsAreFound(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids := d.accounts(t, "민지", "서준", "하늘", "보라")
		open, ended := d.room(t, ids["민지"], 5), d.room(t, ids["민지"], 5)
		for _, room := range []int64{open, ended} {
			d.enter(t, room, ids["서준"])
			d.enter(t, room, ids["하늘"])
			change := sns.RoomChange{Name: "함께 읽기", UserLimit: 5, Notice: "비밀 알림"}
			if _, err := d.ChangeRoom(t.Context(), room, change, noon); err != nil {
				t.Fatal(err)
			}
			if _, err := d.RemoveParticipant(t.Context(), room, ids["하늘"], noon); err != nil {
				t.Fatal(err)
			}
		}
		d.end(t, ended)
		both, first := []int64{ended, open}, []int64{open}
		admin := sns.User{ID: ids["보라"], Role: sns.RoleAdmin}
		for name, c := range map[string]struct {
			viewer         sns.User
			topic, notices []int64
		}{
			"mentor": {sns.User{ID: ids["민지"]}, both, both}, "member": {sns.User{ID: ids["서준"]}, both, both}, "removed": {sns.User{ID: ids["하늘"]}, first, nil},
			"stranger": {sns.User{ID: ids["보라"]}, first, nil}, "administrator": {admin, both, both[:1]}, "nobody": {sns.User{}, nil, nil},
		} {
			for typed, want := range map[string][]int64{
				"함께": c.topic, "ㅎㄲ": c.topic, "읽기 민지": c.topic, "ㅁㅈ": c.topic, "읽": c.topic, "비밀": c.notices, "함께 없음": nil,
			} {
				q := asked(typed, 1)
				q.Viewer = c.viewer
				var got []int64
				for _, r := range everything(t, d.SearchRooms, q) {
					got = append(got, r.ID)
					if (r.Notice != "") != slices.Contains(c.notices, r.ID) {
						t.Errorf("%s gets the notice %q of room %d", name, r.Notice, r.ID)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s finds by %q: %v, not %v", name, typed, got, want)
				}
			}
		}
	})
}
